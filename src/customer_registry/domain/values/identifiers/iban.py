"""The international bank account number (IBAN, ISO 13616-1:2020)."""

import re
from functools import cache

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact

__all__ = ["canonical", "expected_length", "looks_like_iban", "printed", "remainder"]

_FORM = "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
_PRINTED_BEFORE = "^IBAN:?"
_LENGTHS = """\
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28
EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26
IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28
NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25
SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""


def canonical(typed: str) -> str:
    """Return the number without spaces and without the word IBAN that paper prints before it.

    Raises InvalidValue `bank_account.format` or `iban.check_digit`; 00, 01 and 99 are no check
    digits though they leave the same remainder as 97, 98 and 02. The length is not refused, since
    countries join: see `expected_length`.

    >>> canonical("gb82 west 1234 5698 7654 32")
    'GB82WEST12345698765432'
    """
    number = re.sub(_PRINTED_BEFORE, "", compact(typed))
    if not looks_like_iban(number):
        raise InvalidValue("bank_account.format")
    if number[2:4] != f"{98 - remainder(number[4:] + number[:2] + '00'):02}":
        raise InvalidValue("iban.check_digit")
    return number


def looks_like_iban(number: str) -> bool:
    """Return whether a text without spaces has a country, two digits and a basic account number."""
    return re.fullmatch(_FORM, number) is not None


def expected_length(number: str) -> int | None:
    """Return how long a country's IBAN is by the registry of SWIFT (release 101), if it is there.

    >>> expected_length("DE89370400440532013000"), expected_length("US12")
    (22, None)
    """
    return _lengths().get(number[:2])


def printed(number: str) -> str:
    """Return a canonical number in groups of four, as paper shows it.

    >>> printed("DE89370400440532013000")
    'DE89 3704 0044 0532 0130 00'
    """
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def remainder(text: str) -> int:
    """Return capital letters and digits modulo 97, letters counting 10 to 35 (ISO 7064)."""
    return int("".join(str(int(char, 36)) for char in text)) % 97


@cache
def _lengths() -> dict[str, int]:
    return {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}
