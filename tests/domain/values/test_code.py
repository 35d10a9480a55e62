import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import CustomerCode, InvalidValue

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
TRICKY = st.text("aZ09._-/# \tßŉǰéé客户１Ａ\0\ud800\u200b①½", max_size=45)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("c000001", "C000001"),
        (" ｋｈ-0001 ", "KH-0001"),
        ("a.b_c-d/e#f", "A.B_C-D/E#F"),
        ("kh（01）&{x}", "KH(01)&{X}"),
        ("客户１", "客户1"),
        ("C\u200b1", "C1"),
    ],
)
def test_a_code_is_read_whatever_its_case_and_width(typed, kept):
    assert str(CustomerCode.parse(typed)) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u200b"], ids=ascii)
def test_nothing_is_no_code(typed):
    with pytest.raises(InvalidValue, match=r"code\.required"):
        CustomerCode.parse(typed)


@pytest.mark.parametrize("typed", ["C 1", "C=1", "C'1", "C,1", "C\\1", "%", "C;1", "C\n1"])
def test_other_signs_are_refused_and_the_allowed_ones_named(typed):
    with pytest.raises(InvalidValue, match=r"code\.format") as refused:
        CustomerCode.parse(typed)
    assert refused.value.params == {"pattern": "A-Z 0-9 ._-/#+&*@:()[]{}"}


@pytest.mark.parametrize("typed", ["C" * 41, "ß" * 40, "㎏" * 30])
def test_a_code_that_is_or_becomes_too_long_is_refused(typed):
    with pytest.raises(InvalidValue, match="too_long"):
        CustomerCode.parse(typed)


def test_codes_sort_as_texts():
    codes = [CustomerCode(text) for text in ("C10", "C2", "B9")]
    assert [str(code) for code in sorted(codes)] == ["B9", "C10", "C2"]


def test_a_code_shows_itself():
    assert repr(CustomerCode("C1")) == "CustomerCode('C1')"


@given(ANYTHING | TRICKY)
def test_any_text_is_a_code_or_refused_and_reads_back_as_it_is_kept(typed):
    try:
        code = CustomerCode.parse(typed)
    except InvalidValue:
        return
    assert CustomerCode.parse(str(code)) == code
    assert len(str(code)) <= 40
