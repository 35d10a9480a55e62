import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import InvalidValue
from customer_registry.domain.values.postal import postal_code

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
TRICKY = st.text("aZ09 -１\tŉß①\0\ud800\u200b", max_size=15)
COUNTRIES = st.sampled_from(["CN", "TW", "HK", "GB", "DE", ""])


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("100083", "CN", "100083"),
        ("１０００８３", "CN", "100083"),
        ("100 083", "CN", "100083"),
        ("100-083", "CN", "100083"),
        ("999077", "CN", "999077"),
        ("110", "TW", "110"),
        ("11049", "TW", "11049"),
        ("110-204", "TW", "110204"),
        ("sw1a 1aa", "GB", "SW1A 1AA"),
        ("20500-0003", "US", "20500-0003"),
    ],
)
def test_a_postal_code_is_read_as_its_country_writes_it(typed, country, kept):
    assert postal_code(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("10083", "CN", "postal.format"),
        ("1000831", "CN", "postal.format"),
        ("10008A", "CN", "postal.format"),
        ("١٠٠٠٨٣", "CN", "postal.format"),
        ("1104", "TW", "postal.format"),
        ("12_34", "DE", "postal.format"),
        ("1" * 13, "DE", "postal.too_long"),
        ("1\0", "CN", "text.forbidden"),
        ("1" * 5000, "CN", "too_long"),
    ],
    ids=lambda text: ascii(text)[:12],
)
def test_what_no_post_office_knows_is_refused(typed, country, code):
    with pytest.raises(InvalidValue) as refused:
        postal_code(typed, country)
    assert refused.value.code == code


@given(ANYTHING | TRICKY, COUNTRIES)
def test_any_text_is_a_postal_code_or_refused_and_reads_back_as_it_is_kept(typed, country):
    try:
        kept = postal_code(typed, country)
    except InvalidValue:
        return
    assert postal_code(kept, country) == kept
