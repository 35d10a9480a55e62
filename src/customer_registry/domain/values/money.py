"""An amount of money in a currency (ISO 4217)."""

import re
from decimal import Context, Decimal
from functools import cache
from types import MappingProxyType
from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.text import line, match_key, width_folded

__all__ = ["Money", "currency_code", "currency_codes"]

# Active codes as the maintenance agency (SIX) lists them in 2026, metals and test codes left out.
_ACTIVE = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR "
    "FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU "
    "MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON "
    "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP "
    "TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER "
    "ZAR ZMW ZWG"
)
# Withdrawn since 2021, kept because limits agreed in them still stand in files.
_WITHDRAWN = "ANG BGN CUC HRK SLL ZWL"

# Each sign with the currencies it may mean; the first unless the default is another of them.
_SIGNS = MappingProxyType(
    {
        "¥": "CNY JPY",
        "元": "CNY TWD HKD MOP USD JPY",
        "块": "CNY TWD HKD",
        "圆": "CNY TWD HKD MOP JPY",
        "$": "USD HKD TWD SGD AUD CAD NZD MXN CLP COP ARS BND FJD JMD TTD",
        "€": "EUR",
        "£": "GBP EGP",
        "₩": "KRW KPW",
        "₹": "INR",
        "฿": "THB",
        "₫": "VND",
        "₽": "RUB",
        "us$": "USD",
        "hk$": "HKD",
        "nt$": "TWD",
        "mop$": "MOP",
        "s$": "SGD",
        "a$": "AUD",
        "c$": "CAD",
        "rmb": "CNY",
        "cnh": "CNY",
        "人民币": "CNY",
        "人民币元": "CNY",
        "美元": "USD",
        "美金": "USD",
        "港币": "HKD",
        "港元": "HKD",
        "台币": "TWD",
        "新台币": "TWD",
        "澳门元": "MOP",
        "澳门币": "MOP",
        "欧元": "EUR",
        "英镑": "GBP",
        "日元": "JPY",
        "日圆": "JPY",
        "韩元": "KRW",
        "新加坡元": "SGD",
        "新币": "SGD",
        "澳元": "AUD",
        "加元": "CAD",
        "瑞士法郎": "CHF",
        "卢布": "RUB",
        "泰铢": "THB",
        "越南盾": "VND",
        "印度卢比": "INR",
        "马来西亚林吉特": "MYR",
    }
)
_SCALES = MappingProxyType(
    {"千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "億": 8, "万亿": 12}
)
_PLAIN = r"([0-9]{1,18})(?:\.([0-9]{1,4}))?(?: ([A-Z]{3}))?"
_SCALE_WORDS = tuple(sorted(_SCALES, key=len, reverse=True))
_NUMBER = r"[0-9]{1,40}(?:\.[0-9]{1,40})?|[0-9]{1,3}(?:[, ][0-9]{3}){1,12}(?:\.[0-9]{1,40})?"
_AMOUNT = r"([^0-9.,]{0,12})([0-9][0-9., ]{0,60})([^0-9.,]{0,12})"
_LONGEST = 100
_DECIMALS = 4
_WHOLE_DIGITS = 18


@attrs.frozen
class Money:
    """An exact amount, at most four decimals and below 10^18, with its currency.

    >>> str(Money.parse("¥200,000.50"))
    '200000.5 CNY'
    >>> Money.parse("20万元") == Money.parse("200000 CNY")
    True
    """

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, typed: str, currency: str = "CNY") -> Self:
        """Read an amount; `currency` is meant where the text names none.

        Raises InvalidValue `money.format` or `currency.unknown` (`value`).
        """
        if plain := _plain(typed, currency):
            return cls(*plain)
        text = width_folded(line(typed, longest=_LONGEST)).replace("\u2212", "-")
        amount = re.fullmatch(_AMOUNT, text)
        if not amount:
            raise InvalidValue("money.format")
        before, number, after = (part.strip() for part in amount.groups())
        negative, sign = _signed(before)
        scale, unit = _scaled(after)
        value = _exact(number, scale)
        named = _meant(sign, unit, currency)
        return cls(amount=value.copy_negate() if negative and value else value, currency=named)

    def __str__(self) -> str:
        plain = f"{self.amount:f}"
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        return f"{plain} {self.currency}"


def _plain(typed: str, currency: str) -> tuple[Decimal, str] | None:
    """Return a plain amount, alone or before its code, and the currency; None for any other."""
    found = re.fullmatch(_PLAIN, typed)
    if found is None or (code := found[3] or currency) not in currency_codes():
        return None
    decimals = (found[2] or "").rstrip("0")
    return Decimal(f"{found[1]}.{decimals}" if decimals else found[1]), code


def currency_code(typed: str) -> str:
    """Return the ISO 4217 code of a currency given by code or by its Chinese name.

    Raises InvalidValue `currency.unknown` (`value`).

    >>> currency_code("人民币"), currency_code("usd")
    ('CNY', 'USD')
    """
    if typed in currency_codes():
        return typed
    text = line(typed, longest=_LONGEST)
    code = width_folded(text).upper()
    if code in currency_codes():
        return code
    signs = _SIGNS.get(match_key(text))
    if not signs:
        raise InvalidValue("currency.unknown", value=text)
    return signs[:3]


@cache
def currency_codes() -> frozenset[str]:
    """Return the codes that are known, those lately withdrawn among them."""
    return frozenset(f"{_ACTIVE} {_WITHDRAWN}".split())


def _signed(before: str) -> tuple[bool, str]:
    """Split what stands before the number into its minus and its currency sign."""
    bare = before.strip("+-").strip()
    marks = len(before) - len(before.replace("-", "").replace("+", ""))
    if marks > 1 or "-" in bare or "+" in bare:
        raise InvalidValue("money.format")
    return "-" in before, bare


def _scaled(after: str) -> tuple[int, str]:
    """Split what stands behind the number into its power of ten and its currency."""
    for word in _SCALE_WORDS:
        if after.startswith(word):
            return _SCALES[word], after.removeprefix(word).strip()
    return 0, after


def _exact(number: str, scale: int) -> Decimal:
    if not re.fullmatch(_NUMBER, number):
        raise InvalidValue("money.format")
    # A context of our own: the host's may round or trap.
    value = Decimal(number.replace(",", "").replace(" ", "")).scaleb(scale, Context(prec=100))
    whole, _, decimals = f"{value:f}".partition(".")
    if len(whole.lstrip("0")) > _WHOLE_DIGITS or len(decimals.rstrip("0")) > _DECIMALS:
        raise InvalidValue("money.format")
    return Decimal(f"{whole}.{decimals.rstrip('0')}") if decimals.rstrip("0") else Decimal(whole)


def _meant(sign: str, unit: str, default: str) -> str:
    """Return the currency of the words around the number; both may speak if they agree."""
    named = {_candidate(word, default) for word in (sign, unit) if word}
    if len(named) > 1:
        raise InvalidValue("money.format")
    return named.pop() if named else currency_code(default)


def _candidate(word: str, default: str) -> str:
    if word.casefold() not in _SIGNS and not word.isalpha():
        raise InvalidValue("money.format")
    possible = _SIGNS.get(match_key(word), "").split()
    return default if default in possible else currency_code(word)
