import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.exchange.cells import guarded, is_blank, starts_a_formula, typed


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (13800138000.0, 13800138000),
        (0.13, 0.13),
        ("1.38E+10", "1.38E+10"),
        ("00123", "00123"),
        ("'13800138000", "13800138000"),
        ("\u00a0上海浦江\u3000\u200b", "上海浦江"),
        ("'t Hoen B.V.", "'t Hoen B.V."),
        ('="010010"', "010010"),
        ('="a ""b"""', 'a "b"'),
        ('=""', None),
        ('="a"&"b"', '="a"&"b"'),
        ("\u202d13800138000\u202c", "13800138000"),
        ("\u200e9144030071526726XG\u200f", "9144030071526726XG"),
        ("甲\n乙", "甲\n乙"),
        (" \u3000\ufeff", None),
        ("", None),
        (None, None),
        (True, True),
        (dt.date(2024, 1, 5), dt.date(2024, 1, 5)),
    ],
)
def test_a_cell_gives_what_was_typed_into_it(cell, value):
    assert typed(cell) == value
    assert type(typed(cell)) is type(value)


@pytest.mark.parametrize("cell", ["#N/A", " #ref! ", "########", float("inf"), float("nan")])
def test_an_error_value_is_refused(cell):
    with pytest.raises(InvalidValue) as refusal:
        typed(cell)
    assert refusal.value.code == "import.cell_error"


@pytest.mark.parametrize(
    "text", ["=1+1", "＝1", "+86", "-", "@x", "＠x", ' "=1', "\t1", "“＋1", "\u200b=1"]
)
def test_what_a_spreadsheet_would_run_is_guarded(text):
    assert starts_a_formula(text)
    assert guarded(text) == f"'{text}"


@given(st.text())
def test_a_guarded_text_never_starts_a_formula_and_comes_back(text):
    assert not starts_a_formula(guarded(text))
    if text and not is_blank(text[0]) and not is_blank(text[-1]):
        assert typed(guarded(text)) == text
