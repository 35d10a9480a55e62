"""Numbers of Hong Kong, Macau and Taiwan."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import hk_brn, hk_id, mo_tax, tw_ubn


@pytest.mark.parametrize(
    ("module", "typed", "kept"),
    [
        (tw_ubn, "00501503", "00501503"),
        (tw_ubn, "10458570", "10458570"),
        (tw_ubn, "00000074", "00000074"),
        (tw_ubn, "04595257", "04595257"),
        (tw_ubn, "62140097", "62140097"),
        (tw_ubn, "00501508", "00501508"),
        (tw_ubn, "12345675", "12345675"),
        (hk_brn, "66820292", "66820292"),
        (hk_brn, "66820292-000-06-23-5", "66820292"),
        (hk_brn, "66820292-000", "66820292"),
        (hk_brn, "66820292 001", "66820292"),
        (hk_brn, "６６８２０２９２－０００", "66820292"),
        (hk_brn, "6682 0292-000", "66820292"),
        (hk_brn, "66820292-000-06-235", "66820292"),
        (hk_brn, "2837074", "2837074"),
        (hk_id, "A123456(3)", "A1234563"),
        (hk_id, "ab987654（3）", "AB9876543"),
        (hk_id, "G123456(A)", "G123456A"),
        (hk_id, "L555555 (0)", "L5555550"),
        (mo_tax, "8123-4567", "81234567"),
    ],
)
def test_a_sound_number_is_kept(module, typed, kept):
    assert module.canonical(typed) == kept
    assert module.canonical(kept) == kept


@pytest.mark.parametrize(
    ("module", "typed", "code", "params"),
    [
        (tw_ubn, "00501502", "tw_ubn.check_digit", {}),
        (tw_ubn, "00000000", "tw_ubn.check_digit", {}),
        (tw_ubn, "0050150", "tw_ubn.length", {}),
        (tw_ubn, "٠٠٥٠١٥٠٣", "tw_ubn.length", {}),
        (hk_brn, "ABC12345", "hk_br.format", {}),
        (hk_brn, "00000000", "tax_id.placeholder", {}),
        (mo_tax, "0000 0000", "tax_id.placeholder", {}),
        (hk_brn, "66820292-00", "hk_br.format", {}),
        (hk_brn, "66820292-A00", "hk_br.format", {}),
        (hk_brn, "13800138000", "hk_br.format", {}),
        (hk_brn, "138-0013-8000", "hk_br.format", {}),
        (hk_brn, "66820292-000-13-23-5", "hk_br.format", {}),
        (hk_id, "A123456(4)", "hkid.check_digit", {"expected_check": "3"}),
        (hk_id, "1234567", "hkid.format", {}),
        (mo_tax, "812345678", "mo.format", {}),
    ],
)
def test_what_is_wrong_is_named(module, typed, code, params):
    with pytest.raises(InvalidValue) as refused:
        module.canonical(typed)
    assert (refused.value.code, dict(refused.value.params)) == (code, params)


@given(st.text() | st.text("0123456789０- A\u2013\u200b", min_size=8, max_size=20))
@example("\ud800")
@example("1" * 1_000_000)
def test_any_text_is_a_business_registration_number_that_reads_back_or_is_refused(typed):
    try:
        number = hk_brn.canonical(typed)
    except InvalidValue:
        return
    assert hk_brn.canonical(number) == number
    assert hk_brn.branch(number) is None


def test_a_certificate_number_tells_the_branch():
    assert hk_brn.branch("66820292-000-06-23-5") == "000"
    assert hk_brn.branch("66820292-001") == "001"
    assert hk_brn.branch("66820292") is None
