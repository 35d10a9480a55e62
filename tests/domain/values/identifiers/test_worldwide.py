"""Codes that are the same the world over: LEI, IBAN, BIC."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import bic, iban, lei

LEIS = ["5493001KJTIIGC8Y1R12", "213800WSGIIZCXF1P572", "529900T8BM49AURSDO55"]
IBANS = """
AD1200012030200359100100 AE070331234567890123456 AL47212110090000000235698741 AT611904300234573201
BE68539007547034 BG80BNBG96611020345678 BR1800360305000010009795493C1 CH9300762011623852957
CY17002001280000001200527600 CZ6508000000192000145399 DE89370400440532013000 DK5000400440116243
EE382200221020145685 ES9121000418450200051332 FI2112345600000785 FR1420041010050500013M02606
GB29NWBK60161331926819 GR1601101250000000012300695 HR1210010051863000160
HU42117730161111101800000000 IE29AIBK93115212345678 IS140159260076545510730339
IT60X0542811101000000123456 LI21088100002324013AA LT121000011101001000 LU280019400644750000
LV80BANK0000435195001 MC5811222000010123456789030 MT84MALT011000012345MTLCAST001S
NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874 PT50000201231234567890154
RO49AAAA1B31007593840000 SA0380000000608010167519 SE4550000000058398257466 SI56263300012039086
SK3112000000198742637541 TR330006100519786457841326 UA213223130000026007233566001
XK051212012345678906
""".split()


@pytest.mark.parametrize("number", LEIS)
def test_an_lei_ends_in_its_check_digits(number):
    assert lei.canonical(number.lower()) == number
    assert lei.check_digits(number[:18]) == number[18:]


@pytest.mark.parametrize("number", LEIS)
def test_every_wrong_digit_or_letter_and_swapped_digits_in_an_lei_are_found(number):
    for at, char in enumerate(number):
        like = "0123456789" if char.isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        wrong = {number[:at] + other + number[at + 1 :] for other in like}
        if number[at : at + 2].isdigit():
            wrong.add(number[:at] + number[at : at + 2][::-1] + number[at + 2 :])
        for typed in wrong - {number}:
            with pytest.raises(InvalidValue, match=r"lei\.(check_digit|format)"):
                lei.canonical(typed)


@pytest.mark.parametrize(
    "typed", ["", "1", "5493001KJTIIGC8Y1R1", "5493001KJTIIGC8Y1R1A", "９" * 19]
)
def test_an_lei_has_twenty_characters(typed):
    with pytest.raises(InvalidValue, match=r"lei\.format"):
        lei.canonical(typed)


@pytest.mark.parametrize("number", IBANS)
def test_the_registry_s_own_example_passes(number):
    assert iban.canonical(iban.printed(number).lower()) == number
    assert iban.expected_length(number) == len(number)


def test_a_wrong_digit_in_an_iban_is_found():
    with pytest.raises(InvalidValue, match=r"iban\.check_digit"):
        iban.canonical("DE89370400440532013001")
    with pytest.raises(InvalidValue, match=r"bank_account\.format"):
        iban.canonical("DE8")


@pytest.mark.parametrize("code", ["ICBKCNBJ", "ICBKCNBJSHI", "DEUTDEFF", "E123DEFFXXX", "NCBVXKPR"])
def test_a_bic_has_eight_or_eleven_characters_and_a_country(code):
    assert bic.canonical(f" {code.lower()} ") == code
    assert bic.country_known(code)


@pytest.mark.parametrize("typed", ["", "ICBKCNB", "ICBKCNBJSH", "ICBK12BJ", "中BKCNBJX"])
def test_anything_else_is_no_bic(typed):
    with pytest.raises(InvalidValue, match=r"bic\.format"):
        bic.canonical(typed)


@pytest.mark.parametrize("module", [lei, iban, bic])
@given(st.text(st.characters(), max_size=40) | st.text("ABX019 -", min_size=8, max_size=34))
def test_any_text_is_a_code_or_is_refused(module, typed):
    try:
        code = module.canonical(typed)
    except InvalidValue:
        return
    assert module.canonical(code) == code
