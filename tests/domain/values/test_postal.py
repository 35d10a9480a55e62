import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import InvalidValue
from customer_registry.domain.values.postal import postal_code

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
TRICKY = st.text("aZ09 -１\tŉß①\0\ud800\u200b〒.DEJPCN", max_size=15)
MARKS = st.sampled_from(["〒", "JP-", "cn-", "D-", " ", "-", "1", "A", ".0"])
MARKED = st.lists(MARKS).map("".join)
COUNTRIES = st.sampled_from(["CN", "TW", "HK", "GB", "DE", "JP", "LV", ""])


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
        ("〒100-0001", "JP", "100-0001"),
        ("〒 １００－０００１", "JP", "100-0001"),
        ("〶100-0001", "JP", "100-0001"),
        ("JP-100-0001", "JP", "100-0001"),
        ("jp-〒100-0001", "JP", "100-0001"),
        ("CN-100083", "CN", "100083"),
        ("TW-110", "TW", "110"),
        ("D-10117", "DE", "10117"),
        ("D 10117", "DE", "10117"),
        ("CN 100083", "CN", "100083"),
        ("GB EC1Y 8SY", "GB", "EC1Y 8SY"),
        ("١١٥٦٤", "SA", "11564"),
        ("DE-10117", "DE", "10117"),
        ("FIN-00100", "FI", "00100"),
        ("D02-X285", "IE", "D02 X285"),
        ("sw1a1aa", "GB", "SW1A 1AA"),
        ("K1A-0B1", "CA", "K1A 0B1"),
        ("1012ab", "NL", "1012 AB"),
        ("1000001", "JP", "100-0001"),
        ("00950", "PL", "00-950"),
        ("01310100", "BR", "01310-100"),
        ("1000205", "PT", "1000-205"),
        ("11455", "SE", "114 55"),
        ("205000003", "US", "20500-0003"),
        ("110 001", "IN", "110001"),
        ("kt1 1sw-1", "GB", "KT1 1SW-1"),
        ("LV-1010", "LV", "LV-1010"),
        ("KY1-1100", "KY", "KY1-1100"),
        ("200000.0", "CN", "200000"),
        ("200000.00", "CN", "200000"),
        ("94105.0", "US", "94105"),
    ],
)
def test_a_postal_code_is_read_as_its_country_writes_it(typed, country, kept):
    assert postal_code(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("10083", "CN", "postal.format"),
        ("1000831", "CN", "postal.format"),
        ("5180000", "CN", "postal.format"),
        ("ABC123", "CN", "postal.format"),
        ("10008A", "CN", "postal.format"),
        ("١٠٠٠٨٣", "CN", "postal.format"),
        ("D-100083", "CN", "postal.format"),
        ("CN-", "CN", "postal.format"),
        ("200000.5", "CN", "postal.format"),
        ("1104", "TW", "postal.invalid"),
        ("CN-110", "TW", "postal.invalid"),
        ("12_34", "DE", "postal.invalid"),
        ("94105.5", "US", "postal.invalid"),
        ("〒", "JP", "postal.invalid"),
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


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("10010", "010010"),
        ("71000", "071000"),
        ("10010.0", "010010"),
        ("CN-10010", "010010"),
        ("80000", None),
        ("01001", None),
        ("1001", None),
        ("1000831", None),
    ],
)
def test_a_lost_zero_is_suggested_where_a_province_begins_with_it(typed, suggestion):
    with pytest.raises(InvalidValue) as refused:
        postal_code(typed)
    assert (refused.value.code, refused.value.suggestion) == ("postal.format", suggestion)
    assert suggestion is None or postal_code(suggestion) == suggestion


@given(ANYTHING | TRICKY | MARKED, COUNTRIES)
def test_any_text_is_a_postal_code_or_refused_and_reads_back_as_it_is_kept(typed, country):
    try:
        kept = postal_code(typed, country)
    except InvalidValue:
        return
    assert postal_code(kept, country) == kept
