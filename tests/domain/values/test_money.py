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


WORDS = """
¥ CNY  元 CNY  块 CNY  圆 CNY  $ USD  € EUR  £ GBP  ₩ KRW  ₹ INR  ฿ THB  ₫ VND  ₽ RUB
US$ USD  HK$ HKD  NT$ TWD  MOP$ MOP  S$ SGD  A$ AUD  C$ CAD  RMB CNY  CNH CNY
人民币 CNY  人民币元 CNY  美元 USD  美金 USD  港币 HKD  港元 HKD  台币 TWD  新台币 TWD  澳门元 MOP
澳门币 MOP  欧元 EUR  英镑 GBP  日元 JPY  日圆 JPY  韩元 KRW  新加坡元 SGD  新币 SGD  澳元 AUD
加元 CAD  瑞士法郎 CHF  卢布 RUB  泰铢 THB  越南盾 VND  印度卢比 INR  马来西亚林吉特 MYR
""".split()


@pytest.mark.parametrize(("word", "code"), [*zip(WORDS[::2], WORDS[1::2], strict=True)])
def test_a_sign_or_a_word_of_the_trade_names_its_currency(word, code):
    assert currency_code(word) == code
    assert Money.parse(f"5 {word}", "SEK") == Money(Decimal(5), code)
    assert Money.parse(f"{word}5", "SEK") == Money(Decimal(5), code)


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("¥", "CNY JPY"),
        ("元", "CNY TWD HKD MOP USD JPY"),
        ("块", "CNY TWD HKD"),
        ("圆", "CNY TWD HKD MOP JPY"),
        ("$", "USD HKD TWD SGD AUD CAD NZD MXN CLP COP ARS BND FJD JMD TTD"),
        ("£", "GBP EGP"),
        ("₩", "KRW KPW"),
    ],
)
def test_a_sign_that_several_currencies_use_is_read_as_the_default_among_them(word, codes):
    for code in codes.split():
        assert Money.parse(f"{word}5", code).currency == code


@pytest.mark.parametrize(
    ("word", "zeros"),
    [
        *(("千", 3), ("万", 4), ("萬", 4), ("十万", 5), ("百万", 6)),
        *(("千万", 7), ("亿", 8), ("億", 8), ("万亿", 12)),
    ],
)
def test_an_amount_may_be_counted_in_larger_units(word, zeros):
    assert Money.parse(f"2.5{word}").amount == Decimal(25) * 10 ** (zeros - 1)


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


@given(
    st.from_regex(r"[0-9]{1,20}(\.[0-9]{0,6})?( [A-Z]{3})?", fullmatch=True),
    st.sampled_from(["CNY", "USD", "cny", "XXQ"]),
)
def test_a_plain_amount_is_read_the_short_way_as_the_long_way_reads_it(typed, currency):
    def read(written):
        try:
            money = Money.parse(written, currency)
        except InvalidValue as refusal:
            return refusal.code, refusal.params
        return money.amount.as_tuple(), money.currency

    assert read(typed) == read(f"+{typed}")
