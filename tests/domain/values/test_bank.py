from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.bank import (
    BankAccount,
    account_number,
    bank_of,
    bic_code,
    cnaps_check_ok,
    cnaps_code,
    looks_like_personal_card,
    luhn_ok,
)
from customer_registry.domain.values.masked import is_sensitive


@pytest.mark.parametrize(
    ("parse", "typed", "kept"),
    [
        (account_number, "6228480012345671", "6228480012345671"),
        (account_number, "1100 1234 5678 9012 345", "1100123456789012345"),
        (account_number, "012-345-6-789012", "0123456789012"),
        (account_number, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
        (account_number, "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        (account_number, "IBAN DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        (account_number, "IBAN: DE89370400440532013000", "DE89370400440532013000"),
        (account_number, "nra 1234 5678 9012 34", "NRA12345678901234"),
        (account_number, "OSA11443632000123456", "OSA11443632000123456"),
        (account_number, "FTN7030 1234 5678", "FTN703012345678"),
        (cnaps_code, "1021 0009 9996", "102100099996"),
        (bic_code, "icbkcnbj", "ICBKCNBJ"),
        (bic_code, "ICBKCNBJSHI", "ICBKCNBJSHI"),
    ],
)
def test_a_sound_number_is_kept_without_spaces(parse, typed, kept):
    assert parse(typed) == kept
    assert parse(kept) == kept


@pytest.mark.parametrize(
    ("parse", "typed", "code"),
    [
        (account_number, "1234567", "bank_account.format"),
        (account_number, "1" * 33, "bank_account.format"),
        (account_number, "账号12345678", "bank_account.format"),
        (account_number, "****0123", "bank_account.format"),
        (account_number, "FTX703012345678", "bank_account.format"),
        (account_number, "NRA1234567", "bank_account.format"),
        (account_number, "GB82WEST12345698765433", "iban.check_digit"),
        (cnaps_code, "10210009999", "cnaps.length"),
        (cnaps_code, "10210009999A", "cnaps.length"),
        (bic_code, "ICBKCNB", "bic.format"),
    ],
)
def test_what_is_wrong_is_named(parse, typed, code):
    with pytest.raises(InvalidValue) as refused:
        parse(typed)
    assert refused.value.code == code
    assert not refused.value.params


@pytest.mark.parametrize(
    ("sound", "typed"),
    [
        ("DE97370400440000000060", "DE00370400440000000060"),
        ("DE98370400440000000042", "DE01370400440000000042"),
        ("DE02370400440000000024", "DE99370400440000000024"),
    ],
)
def test_check_digits_are_never_those_that_only_leave_the_right_remainder(sound, typed):
    assert account_number(sound) == sound
    with pytest.raises(InvalidValue) as refused:
        account_number(typed)
    assert refused.value.code == "iban.check_digit"


PUBLISHED = """
    102100099996 103100000026 104100000004 105100000017 201100000017 202100000003 203100000027
    301290000007 302100011000 303100000006 304100040000 305100000013 306581000003 307584007998
    308584000013 309391000011 310290000013 313100000013 313290000017 313301099999 313332082914
    314305006665 315456000105 316331000018 318110000014 322290000011 403100000004 501290000012
""".split()
"""Codes of head offices, as the banks publish them."""


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_cnaps_codes_have_the_right_check_digit(code):
    assert cnaps_check_ok(cnaps_code(code))


def test_the_check_digit_of_a_cnaps_code_is_iso_7064():
    assert cnaps_check_ok("102100099996")
    assert not cnaps_check_ok("102100099997")


@pytest.mark.parametrize(
    ("number", "card"),
    [
        ("6228480012345671", True),
        ("6217001234567890123", True),
        ("4123456789012345", True),
        ("4000023109200123456", False),
        ("1100123456789012345", False),
        ("62284800123456711", False),
    ],
)
def test_length_and_first_digits_make_a_personal_card(number, card):
    assert looks_like_personal_card(number) is card


@pytest.mark.parametrize(
    ("code", "bank"),
    [
        ("102100099996", "中国工商银行"),
        ("403100000004", "中国邮政储蓄银行"),
        ("313290000017", None),
    ],
)
def test_the_first_three_digits_of_a_cnaps_code_are_its_banks(code, bank):
    assert bank_of(code) == bank


@given(st.text("0123456789", min_size=8, max_size=18))
def test_exactly_one_last_digit_passes_luhn(body):
    assert sum(luhn_ok(body + digit) for digit in "0123456789") == 1


@given(st.text("0123456789", min_size=11, max_size=11))
def test_exactly_one_last_digit_passes_the_cnaps_check(body):
    assert sum(cnaps_check_ok(body + digit) for digit in "0123456789") == 1


def test_an_account_shows_neither_number_nor_holder():
    account = BankAccount.parse("6228480012345671", bank="农业银行", holder="王芳")
    assert is_sensitive(BankAccount, "number")
    assert "6228" not in repr(account)
    assert "王芳" not in repr(account)


def test_blank_parts_of_an_account_are_none():
    account = BankAccount.parse("12345678", bank=" ", holder="", cnaps="", bic=None)
    assert account == BankAccount(number="12345678")


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_an_account_number_or_is_refused(typed):
    for parse in (account_number, cnaps_code, bic_code):
        with suppress(InvalidValue):
            number = parse(typed)
            assert parse(number) == number
