import datetime as dt

import pytest

from customer_registry import CustomerRegistry
from customer_registry.exchange import export, open_sheet
from customer_registry.exchange.cells import CellError
from customer_registry.exchange.headers import vocabulary
from customer_registry.exchange.sheet import Grid, sheet_of

COLUMNS = {
    key: next(alias for alias, column in vocabulary().aliases.items() if column.key == key)
    for key in vocabulary().columns
}
SOUND = {"name": "上海浦江贸易有限公司", "customer_type": "企业"}
TAKE_DATES = {"notes"} | {
    column.field for column in vocabulary().columns.values() if column.field.startswith("custom.")
}
UNREADABLE = (CellError("#N/A"), "#REF!", float("nan"), dt.date(2024, 1, 5), dt.time(1))
SPOILT = [
    (key, cell)
    for key, column in vocabulary().columns.items()
    for cell in UNREADABLE
    if column.field not in TAKE_DATES or not isinstance(cell, (dt.date, dt.time))
]


def row_with(key, cell):
    sound = {other: value for other, value in SOUND.items() if other != key}
    headers = (*(COLUMNS[other] for other in sound), COLUMNS[key])
    (row,) = sheet_of(Grid(rows=[headers, (*sound.values(), cell)])).rows[-1:]
    return row


@pytest.mark.parametrize(("key", "cell"), SPOILT)
def test_a_row_with_an_unreadable_cell_never_registers(key, cell):
    row = row_with(key, cell)
    registry = CustomerRegistry()
    (told,) = registry.load([row.raw])
    assert not row.ok
    assert told.outcome == "refused"
    assert not registry.check(row.raw).ok


@pytest.mark.parametrize(
    "key", ["mobile", "fax", "email", "tags", "address", "postal_code", "name"]
)
def test_what_is_told_of_a_row_names_each_unreadable_cell_once(key):
    row = row_with(key, "#N/A")
    told = row.told(CustomerRegistry().check(row.raw))
    assert [issue.code for issue in told.errors] == ["import.cell_error"]
    assert told.lines("zh")


def test_a_sound_row_is_told_what_the_registry_tells():
    row = row_with("mobile", "1380013800")
    report = CustomerRegistry().check(row.raw)
    assert row.ok
    assert row.told(report) == report


def test_custom_values_come_back_from_an_export(tmp_path):
    with CustomerRegistry() as registry:
        receipt = registry.register(
            kind="person",
            name="王芳",
            custom={"rate": 1.5, "since": dt.date(2026, 1, 1), "vip": True},
        )
        export(tmp_path / "a.csv", [receipt.customer.raw(as_new=True)])
    (row,) = open_sheet(tmp_path / "a.csv").rows
    with CustomerRegistry() as other:
        assert other.register(row.raw).customer.custom == receipt.customer.custom
