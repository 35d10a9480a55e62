import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import cn_taxpayer


@pytest.mark.parametrize(
    ("number", "form", "personal"),
    [
        ("110108551385082", "legacy15", False),
        ("110108551385083", "unverified15", False),
        ("110000012345673", "unverified15", False),
        ("110105491231002", "unverified15", True),
        ("11010549123100201", "id15+2", True),
        ("11010549133100201", "unverified17", True),
        ("9144030071526726XG", "uscc", False),
        ("11010519491231002X", "id18", True),
        ("L9144030071526726XG", "L+uscc", False),
        ("L11010519491231002X", "L+id18", True),
        ("11010519491231002X01", "id18+2", True),
        ("E1234567890123456701", "unverified20", True),
        ("W2019840000000001X", "unverified18", True),
        ("L2019840000000001X", "unverified18", True),
        ("LA19900101156000010", "L+unverified18", True),
    ],
)
def test_a_number_tells_its_form_and_whether_it_embeds_a_person(number, form, personal):
    assert cn_taxpayer.canonical(number.lower()) == number
    assert cn_taxpayer.form(number) == form
    assert cn_taxpayer.embeds_a_person(number) is personal


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("H1234567801", "unverified_document"),
        ("M123456780102", "unverified_document"),
        ("E1234567801", "unverified_document"),
        ("EA123456701", "unverified_document"),
        ("LH12345678", "L+document"),
        ("LE12345678", "L+document"),
        ("L12345678", "L+document"),
    ],
)
def test_a_permit_or_passport_may_stand_inside(number, form):
    assert cn_taxpayer.canonical(number.lower()) == number
    assert cn_taxpayer.form(number) == form
    assert cn_taxpayer.holds_a_document(number)
    assert not cn_taxpayer.embeds_a_person(number)  # of a number whose scheme nobody knows


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1234567890", "tax_id.format"),
        ("H12345678", "tax_id.format"),
        ("0" * 15, "tax_id.placeholder"),
        ("0" * 17, "tax_id.placeholder"),
        ("DE123456788", "tax_id.format"),
        ("L1234567", "tax_id.format"),
        ("A1110000600037341L", "tax_id.check_digit"),
        ("1234567890123456", "tax_id.format"),
        ("X9144030071526726XG", "tax_id.format"),
        ("11010855138508*", "tax_id.format"),
        ("9144030071526726XA", "tax_id.check_digit"),
        ("L9144030071526726XA", "tax_id.check_digit"),
        ("11010519491231002101", "tax_id.check_digit"),
        ("", "tax_id.format"),
    ],
)
def test_what_no_form_allows_is_refused(typed, code):
    with pytest.raises(InvalidValue) as refused:
        cn_taxpayer.canonical(typed)
    assert refused.value.code == code
    assert not refused.value.params


@given(st.text(st.characters(), max_size=25) | st.text("0123456789XLA", min_size=15, max_size=20))
def test_any_text_is_a_number_or_is_refused(typed):
    cn_taxpayer.embeds_a_person(typed)
    try:
        number = cn_taxpayer.canonical(typed)
    except InvalidValue:
        return
    assert cn_taxpayer.canonical(number) == number
