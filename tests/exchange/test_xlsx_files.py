import datetime as dt
import importlib
import io
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue, MissingExtra, UnreadableFile
from customer_registry.exchange import export, open_sheet, write_refused
from customer_registry.exchange.cells import CellError, SpoiltCell


def book(path, *sheets):
    workbook = xlsxwriter.Workbook(str(path))
    for name, rows in sheets:
        sheet = workbook.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, CellError):
                    sheet.write_formula(at, place, "=NA()", value=str(value))
                elif isinstance(value, dt.date):
                    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
                    sheet.write_datetime(at, place, value, day)
                else:
                    sheet.write(at, place, value)
    workbook.close()
    return path


def refusal(path):
    with pytest.raises(UnreadableFile) as raised:
        open_sheet(path)
    return raised.value.issue.code


def test_numbers_dates_and_errors_keep_their_kind(tmp_path):
    rows = [
        ["名单"],
        [],
        ["客户名称", "手机", "客户编码", "邮编"],
        ["甲", 13800138000, dt.date(2024, 3, 1), CellError("#N/A")],
    ]
    (row,) = open_sheet(book(tmp_path / "a.xlsx", ("甲", rows))).rows
    assert row.number == 4
    assert row.raw == {
        "name": "甲",
        "contacts": [{"phones": [13800138000]}],
        "code": dt.date(2024, 3, 1),
        "addresses": [{"postal_code": SpoiltCell("#N/A")}],
    }
    assert not row.ok
    assert [(issue.code, issue.path) for issue in row.issues] == [
        ("import.date_in_text", ("code",)),
        ("import.cell_error", ("addresses", 0, "postal_code")),
    ]
    assert row.issues[1].params == {"value": "#N/A"}


@pytest.mark.parametrize(
    ("system", "day"), [("1900", "2024-01-01"), ("1904", "2028-01-02")], ids=["windows", "mac"]
)
def test_a_date_is_counted_from_the_year_the_workbook_counts_from(tmp_path, system, day):
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(str(path), {"date_1904": system == "1904"})
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["客户名称", "成立日期"])
    sheet.write(1, 0, "甲")
    sheet.write_number(1, 1, 45292, workbook.add_format({"num_format": "yyyy-mm-dd"}))
    workbook.close()
    (row,) = open_sheet(path).rows
    assert row.raw["custom"] == {"founded": day}


def test_the_first_sheet_with_a_header_is_read_and_the_others_told(tmp_path):
    path = book(
        tmp_path / "a.xlsx", ("说明", [["请填写"]]), ("客户", [["客户名称", "电话"], ["甲", "1"]])
    )
    read = open_sheet(path)
    assert [row.raw["name"] for row in read.rows] == ["甲"]
    (told,) = [issue for issue in read.issues if issue.code == "import.sheet_used"]
    assert told.params == {"sheet": "客户", "others": "说明"}


def test_a_workbook_without_cells_is_empty(tmp_path):
    assert refusal(book(tmp_path / "a.xlsx", ("甲", []))) == "import.empty"


def test_refused_rows_keep_numbers_and_dates(tmp_path):
    rows = [
        ["客户名称", "手机", "编码", "启用状态"],
        ["甲", 13800138000, dt.date(2024, 3, 1), True],
    ]
    read = open_sheet(book(tmp_path / "a.xlsx", ("甲", rows)))
    write_refused(tmp_path / "r.xlsx", read.headers, [(read.rows[0].cells, ["x"])], "原因")
    again = open_sheet(tmp_path / "r.xlsx")
    assert again.rows[0].raw == read.rows[0].raw
    assert again.rows[0].cells[:4] == read.rows[0].cells
    assert not again.issues


def test_an_export_comes_back(tmp_path):
    raws = [
        {"name": "=甲_x0041_", "notes": "一\n二", "custom": {"a": 1}},
        {"name": "乙", "tags": ["a", "b"]},
    ]
    assert export(tmp_path / "a.xlsx", raws) == 2
    assert [row.raw for row in open_sheet(tmp_path / "a.xlsx").rows] == raws


def test_an_export_is_the_same_bytes_for_the_same_time(tmp_path):
    made = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    for name in "ab":
        export(tmp_path / f"{name}.xlsx", [{"name": "甲"}], created=made)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_text_that_no_cell_holds_is_refused(tmp_path):
    with pytest.raises(InvalidValue, match="too_long"):
        export(tmp_path / "a.xlsx", [{"name": "x" * 40_000}])


def test_a_missing_extra_says_what_to_install(tmp_path, monkeypatch):
    def absent(name):
        raise ImportError(name)

    path = book(tmp_path / "a.xlsx", ("甲", [["客户名称"], ["甲"]]))
    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(MissingExtra, match="xlsx"):
        open_sheet(path)
    with pytest.raises(MissingExtra, match="xlsx"):
        export(tmp_path / "b.xlsx", [])


def repacked(path, change):
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    path.write_bytes(made.getvalue())
    return path


def test_cells_worlds_apart_are_refused_before_they_fill_the_memory(tmp_path):
    path = book(tmp_path / "a.xlsx", ("甲", [["客户名称"], ["甲"]]))
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    repacked(path, lambda _, part: part.replace(b"</sheetData>", far))
    assert refusal(path) == "import.too_large"


def test_a_zip_bomb_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", ("甲", [["客户名称"], ["甲"]]))
    repacked(path, lambda name, part: part + b" " * 20_000_000 if "sheet1" in name else part)
    assert refusal(path) == "import.too_large"


def test_a_workbook_with_a_password_says_so(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    assert refusal(path) == "import.password"


@pytest.mark.parametrize("content", [b"x", b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_a_foreign_file_is_damaged(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refusal(path) == "import.damaged"


def test_a_workbook_that_lost_bytes_on_its_way_is_damaged(tmp_path):
    path = book(tmp_path / "a.xlsx", ("甲", [["客户名称"], ["甲"]]))
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] + whole[1100:])  # its first part now begins before the file
    assert refusal(path) == "import.damaged"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8), st.booleans())
def test_a_workbook_bitten_anywhere_gives_a_sheet_or_a_reason(tmp_path, at, bite, inside):
    path = book(
        tmp_path / "any.xlsx", ("甲", [["客户名称", "电话"], ["甲", 1], ["乙", CellError("#REF!")]])
    )
    if inside:
        repacked(path, lambda _, part: part[: at % len(part)] + bite + part[at % len(part) :])
    else:
        whole = path.read_bytes()
        path.write_bytes(whole[: at % len(whole)] + bite + whole[at % len(whole) + len(bite) :])
    with suppress(UnreadableFile):
        assert open_sheet(path).headers
