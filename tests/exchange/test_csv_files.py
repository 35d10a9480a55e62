import codecs
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_registry.domain.errors import UnreadableFile
from customer_registry.exchange import export, open_sheet, write_refused
from customer_registry.exchange.cells import starts_a_formula
from customer_registry.exchange.csv import decoded, separator_of
from customer_registry.exchange.placing import placed

TEXT = "客户名称,电话\n上海䶮江,021-62345678\n"


def sheet(tmp_path, content, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_sheet(path)


def refusal(path):
    with pytest.raises(UnreadableFile) as raised:
        open_sheet(path)
    return raised.value.issue.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_the_trade_is_read_and_told(tmp_path, encoding):
    read = sheet(tmp_path, TEXT.encode(encoding))
    assert read.rows[0].raw == {"name": "上海䶮江", "contacts": [{"phones": ["021-62345678"]}]}
    assert [issue.code for issue in read.issues] == ["import.encoding_used"]


def test_big5_is_read_where_headers_appear_under_it(tmp_path):
    text = "客戶名稱,聯絡人,電話\n台灣積體電路有限公司,李雷,02-23456789\n"
    read = sheet(tmp_path, text.encode("big5"))
    contacts = [{"name": "李雷", "phones": ["02-23456789"]}]
    assert read.rows[0].raw == {"name": "台灣積體電路有限公司", "contacts": contacts}
    assert [issue.params for issue in read.issues] == [{"encoding": "BIG5"}]


@pytest.mark.parametrize(
    "content",
    [
        "甲有限公司,企业,9144030071526726XG\n",
        "FNumber,FName,FSOCIALCRECODE,FCustTypeId\nC001,甲有限公司,9144030071526726XG,企业\n",
    ],
)
def test_a_customer_is_no_header_because_a_cell_says_what_it_is(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_text(content, "utf-8")
    assert refusal(path) == "import.no_header"
    assert sheet(tmp_path, "企业,颜色\n甲有限公司,红\n").rows[0].raw == {"name": "甲有限公司"}


def test_a_rare_character_is_read_that_gbk_has_not():
    rare = b"\xfe\x9f"
    with pytest.raises(UnicodeDecodeError):
        rare.decode("gbk")
    text, (told,) = decoded(rare)
    assert text == "䶮"
    assert told.params == {"encoding": "GB18030"}


def test_the_euro_byte_of_windows_is_read_and_warned_of():
    text, issues = decoded("客户名称,备注\n甲,".encode("gbk") + b"5\x80\n")
    assert text.endswith("5€\n")
    assert [issue.code for issue in issues] == ["import.encoding_used", "import.euro_byte"]


@pytest.mark.parametrize(
    "content", [b"\xff\xff\xff,\x81", codecs.BOM_UTF8 + b"\xff", codecs.BOM_UTF16_LE + b"\x00"]
)
def test_an_unknown_encoding_is_refused(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(path) == "import.encoding"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_under_which_headers_appear(separator):
    text = f"说明：A、B，C\n客户名称{separator}电话\n甲;乙,丙{separator}1\n"
    assert separator_of(text) == separator


def test_a_declared_separator_is_obeyed_and_counts_as_a_row(tmp_path):
    read = sheet(tmp_path, "sep=;\r\n客户名称;电话\r\n甲;1\r\n")
    assert read.rows[0].number == 3


def test_rows_that_hold_no_customer_are_skipped_and_told(tmp_path):
    lines = [
        "客户档案,,", "说明：带*为必填,,", "*客户名称,电话,信用额度", "必填,11位数字,文本",
        "甲,1,5", ",,", "小计,,5", "客户名称,电话,信用额度", "合计有限公司,2,6", "合计：,,11",
    ]  # fmt: skip
    read = sheet(tmp_path, "\n".join(lines))
    assert [(row.number, row.raw["name"]) for row in read.rows] == [(5, "甲"), (9, "合计有限公司")]
    (told,) = [issue for issue in read.issues if issue.code == "import.rows_skipped"]
    assert told.params["rows"] == "4, 7, 8, 10"


@pytest.mark.parametrize(
    "total", ["合计,2,,300", "总计,2家,2,300", ",合计：,,300", ",共 2 家,小计,300"]
)
def test_a_total_row_is_no_customer_wherever_its_word_stands(tmp_path, total):
    read = sheet(tmp_path, f"序号,客户名称,联系电话,信用额度\n1,甲,021-62345678,300\n{total}\n")
    assert [row.raw["name"] for row in read.rows] == ["甲"]


@pytest.mark.parametrize(
    "customer",
    [
        "1001,Total,,300",
        ",Total,13800138000,",
        ",360,13800138000,total",
        "2,58,Sum,",
        "合计,甲,,300",
    ],
)
def test_a_customer_that_looks_like_a_total_stays_one(tmp_path, customer):
    read = sheet(tmp_path, f"客户编码,客户名称,联系电话,备注\n{customer}\n")
    assert len(read.rows) == 1


def test_numbers_in_a_text_file_stay_text(tmp_path):
    headers = "客户编码,客户名称,联系电话,邮编,银行账号,税率,信用额度"
    read = sheet(
        tmp_path, f"{headers}\n00123,360,02162345678,10000,0012345678901234567,0.130,10.50\n"
    )
    assert read.rows[0].raw == {
        "code": "00123",
        "name": "360",
        "contacts": [{"phones": ["02162345678"]}],
        "addresses": [{"postal_code": "10000"}],
        "bank_accounts": [{"number": "0012345678901234567"}],
        "custom": {"tax_rate": "0.130"},
        "credit_limit": "10.50",
    }


def test_two_header_rows_are_read_together(tmp_path):
    read = sheet(tmp_path, "客户名称,联系人,,开票信息,\n,姓名,电话,名称,税号\n甲,李雷,1,乙,91\n")
    assert read.rows[0].raw == {
        "name": "甲",
        "contacts": [{"name": "李雷", "phones": ["1"]}],
        "invoice_profile": {"title": "乙", "tax_number": "91"},
    }


def test_numbered_groups_above_the_header_are_contacts(tmp_path):
    read = sheet(tmp_path, ",联系人1,,联系人2,\n客户名称,姓名,电话,姓名,电话\n甲,李雷,1,王芳,2\n")
    assert read.rows[0].raw["contacts"] == [
        {"name": "李雷", "phones": ["1"]},
        {"name": "王芳", "phones": ["2"]},
    ]


def test_groups_above_the_header_lend_their_words(tmp_path):
    read = sheet(tmp_path, "联系人,,开票信息,\n客户名称,电话,名称,税号\n甲,1,乙,91\n")
    assert dict(read.columns)[2] == "invoice_profile.title"
    assert read.headers[2] == "开票名称"


def test_a_second_header_row_in_english_is_no_customer(tmp_path):
    read = sheet(tmp_path, "客户名称,电话\nCustomer Name,Phone\n甲,1\n")
    assert [row.raw["name"] for row in read.rows] == ["甲"]


def test_cells_without_a_header_are_told(tmp_path):
    read = sheet(tmp_path, "客户名称,\n甲,x,y\n")
    assert [i.params["header"] for i in read.issues if i.code == "import.header_unknown"] == [
        "B",
        "C",
    ]


def test_cells_stay_as_in_the_file(tmp_path):
    assert sheet(tmp_path, "客户名称,电话\n 甲 ,'138\n").rows[0].cells == (" 甲 ", "'138")


def test_a_long_field_and_a_nul_are_read(tmp_path):
    read = sheet(tmp_path, f"客户名称,备注\n甲\0,{'x' * 200_000}\n")
    assert len(read.rows[0].raw["notes"]) == 200_000
    assert read.rows[0].raw["name"] == "甲\0"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"x", "import.type"),
        ("a", b"x", "import.type"),
        ("a.csv", b"", "import.empty"),
        ("a.csv", b" \n,,\n", "import.empty"),
        ("a.csv", b"a,b\n1,2\n", "import.no_header"),
        ("a.csv", b"phone,email\n1,2\n", "import.header_missing"),
        ("a.csv", b'name,phone\n"x,1\ny,2\n', "import.quote_open"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    assert refusal(tmp_path / "none.csv") == "import.missing"
    assert refusal(f"{tmp_path}/\0.csv") == "import.missing"
    assert refusal(tmp_path) == "import.directory"


def test_refused_rows_come_back_as_they_were(tmp_path):
    read = sheet(tmp_path, "客户名称,电话,神秘列,原因\n=甲,'138,x,旧\n'=乙,+86 1,y,旧\n")
    path = tmp_path / "refused.csv"
    assert (
        write_refused(
            path, read.headers, [(row.cells, ["太短", "不对"]) for row in read.rows], "原因"
        )
        == 2
    )
    again = open_sheet(path)
    assert again.headers == ("客户名称", "电话", "神秘列", "原因")
    assert [row.raw for row in again.rows] == [row.raw for row in read.rows]
    assert again.rows[0].cells[3] == "太短\n不对"
    assert not any(starts_a_formula(cell) for row in again.rows for cell in row.cells)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_text_written_as_a_formula_comes_back_from_the_refused_rows(tmp_path, suffix):
    first = sheet(tmp_path, '客户名称,邮编\n"=""甲""","=""010010"""\n')
    assert first.rows[0].raw == {"name": "甲", "addresses": [{"postal_code": "010010"}]}
    assert not first.rows[0].issues
    refused = tmp_path / f"b{suffix}"
    write_refused(refused, first.headers, [(first.rows[0].cells, ["x"])], "原因")
    assert open_sheet(refused).rows[0].raw == first.rows[0].raw


def test_an_export_comes_back(tmp_path):
    raws = [
        {
            "name": "甲",
            "contacts": [{"name": "a", "phones": ["1", "2"]}, {"name": "+b"}],
            "tags": ["x、y"],
        },
        {
            "name": "=乙",
            "contacts": [{"phones": [{"number": "3", "use": "fax"}]}],
            "notes": "一\n二",
        },
    ]
    path = tmp_path / "out.csv"
    assert export(path, raws) == 2
    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    assert [row.raw for row in open_sheet(path).rows] == raws
    assert export(path, raws, language="en") == 2
    assert [row.raw for row in open_sheet(path).rows] == raws


def test_an_export_of_nobody_has_a_header(tmp_path):
    assert export(tmp_path / "out.csv", []) == 0
    read = open_sheet(tmp_path / "out.csv")
    assert read.headers == ("客户名称",)
    assert "import.empty" in [issue.code for issue in read.issues]


def test_a_place_that_cannot_be_written_says_so(tmp_path):
    for path, code in (
        (tmp_path / "no" / "a.csv", "export.unwritable"),
        (tmp_path / "a.doc", "import.type"),
    ):
        with pytest.raises(UnreadableFile) as raised:
            export(path, [{"name": "x"}])
        assert raised.value.issue.code == code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.binary(max_size=300) | st.text(alphabet="客户名称,电话\n\";'=\0\t|").map(str.encode))
def test_any_bytes_give_a_sheet_or_a_reason(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    with suppress(UnreadableFile):
        assert open_sheet(path).headers


def test_a_number_kept_by_a_formula_is_still_kept_in_the_refused_rows(tmp_path):
    first = sheet(tmp_path, '客户名称,邮编\n甲,"=""010010"""\n')
    refused = tmp_path / "refused.csv"
    write_refused(refused, first.headers, [(first.rows[0].cells, ["x"])], "原因")
    assert ",'010010," in refused.read_text("utf-8-sig")


def test_two_exports_to_one_place_do_not_write_into_each_other(tmp_path):
    target = tmp_path / "same.csv"

    def write(fresh):
        fresh.write_text("first")
        placed(target, lambda other: other.write_text("second"))
        return fresh.read_text()

    assert placed(target, write) == "first"
    assert target.read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["same.csv"]
