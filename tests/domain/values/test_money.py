import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.money import Money, currency_code, currency_codes


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("200000 CNY", "200000 CNY"),
        ("¥200,000.50", "200000.5 CNY"),
        ("￥ 200，000", "200000 CNY"),
        ("20万", "200000 CNY"),
        ("1.5亿元", "150000000 CNY"),
        ("20万元", "200000 CNY"),
        ("20万美元", "200000 USD"),
        ("HK$ 1,000", "1000 HKD"),
        ("usd 12.3400", "12.34 USD"),
        ("人民币100元", "100 CNY"),
        ("-5", "-5 CNY"),
        ("-¥5", "-5 CNY"),
        ("¥-5", "-5 CNY"),
        ("−5 EUR", "-5 EUR"),
        ("-0.00", "0 CNY"),
        ("007", "7 CNY"),
        ("2 000 000", "2000000 CNY"),
        ("999999999999999999.9999", "999999999999999999.9999 CNY"),
    ],
)
def test_an_amount_is_read_in_the_ways_of_the_trade(typed, kept):
    assert str(Money.parse(typed)) == kept


@pytest.mark.parametrize(
    ("typed", "default", "kept"),
    [
        ("¥5", "JPY", "5 JPY"),
        ("¥5", "USD", "5 CNY"),
        ("$5", "HKD", "5 HKD"),
        ("$5", "CNY", "5 USD"),
        ("5元", "TWD", "5 TWD"),
        ("5", "人民币", "5 CNY"),
    ],
)
def test_a_sign_of_several_currencies_follows_the_default(typed, default, kept):
    assert str(Money.parse(typed, default)) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "money.format"),
        ("abc", "money.format"),
        ("NaN", "money.format"),
        ("Infinity", "money.format"),
        ("1e5", "money.format"),
        ("1,5", "money.format"),
        ("1,00,000", "money.format"),
        ("1.23456", "money.format"),
        ("1000000000000000000", "money.format"),
        ("--5", "money.format"),
        ("(5)", "money.format"),
        ("5 CNY USD", "money.format"),
        ("USD 5 CNY", "money.format"),
        ("5 XYZ", "currency.unknown"),
        ("9" * 101, "too_long"),
        ("٥", "money.format"),
    ],
)
def test_what_is_no_amount_is_refused(typed, code):
    with pytest.raises(InvalidValue) as refused:
        Money.parse(typed)
    assert refused.value.code == code


def test_the_hosts_decimal_context_neither_rounds_nor_traps():
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact])):
        assert str(Money.parse("123456.7891万")) == "1234567891 CNY"
        assert str(Money.parse("12345.6789")) == "12345.6789 CNY"


def test_a_currency_is_known_by_code_and_by_chinese_name():
    assert currency_code("eur") == "EUR"
    assert currency_code("港币") == "HKD"
    with pytest.raises(InvalidValue, match=r"currency\.unknown"):
        currency_code("DM")


def test_a_currency_lately_withdrawn_is_still_known():
    assert "HRK" in currency_codes()


@given(
    st.decimals(min_value=-(10**17), max_value=10**17, places=4),
    st.sampled_from(sorted(currency_codes())),
)
def test_reading_what_was_written_gives_the_same(amount, currency):
    money = Money.parse(f"{amount:f} {currency}")
    assert money.amount == amount
    assert Money.parse(str(money)) == money


@given(st.text(st.characters(), max_size=40) | st.text("0123456789.,-¥$万亿元CNY ", max_size=20))
def test_any_text_is_an_amount_or_is_refused(typed):
    try:
        money = Money.parse(typed)
    except InvalidValue:
        return
    assert Money.parse(str(money)) == money
    assert abs(money.amount) < Decimal(10) ** 18
