"""公民身份号码 (GB 11643-1999) with the numbers of residence permits for those from elsewhere.

Residence permits of Hong Kong, Macau and Taiwan residents (areas 810000, 820000, 830000) and the
permanent residence card of foreigners in its version of 2023 (9, province, ISO 3166-1 numeric
nationality) follow the citizen's number: six characters, birth date, sequence and a check
character by ISO 7064 MOD 11-2. The card of 2004 and 2017 has fifteen (ICAO Doc 9303 check).
"""

import re
from datetime import date

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact, precision_hint

__all__ = [
    "SCHEME",
    "area_known",
    "birth_date",
    "canonical",
    "check_character",
    "gender",
    "kind",
    "reads_as_legacy",
    "upgraded",
]

SCHEME = "cn.resident_id"

_LONG, _SHORT = 18, 15
_EARLIEST = 1800  # numbers are given out since 1984: nobody older was alive
_EIGHTEEN = "[0-9]{17}[0-9X]"
_FIFTEEN = "[0-9]{15}"
_OLD_CARD = "[A-Z]{3}[0-9]{12}"
_PROVINCES = frozenset(
    f"{region}{province}"
    for region, provinces in enumerate(
        ("12345", "123", "1234567", "123456", "01234", "12345", "1", "123"), 1
    )
    for province in provinces
)
_PERMITS = {
    "810000": "residence_permit_hk",
    "820000": "residence_permit_mo",
    "830000": "residence_permit_tw",
}
_CENTENARIANS = frozenset(("996", "997", "998", "999"))


def canonical(typed: str, *, today: date | None = None) -> str:
    """Return the number in 18 characters, or in 15 where it was given out so.

    Raises InvalidValue `id.length` (`len`), `id.charset`, `id.birth_date` when no such day
    exists or it lies after `today` (unless that is None), `id.check_digit` (`expected_check`).
    The day comes first: a slip in it makes the check character wrong too.

    >>> canonical("110105 19491231 002x")
    '11010519491231002X'
    """
    number = compact(typed)
    if len(number) == _LONG:
        return _eighteen(number, today or date.max)
    if len(number) == _SHORT:
        return _fifteen(number)
    raise InvalidValue("id.length", len=len(number))


def check_character(body: str) -> str:
    """Return the check character for 17 digits, by ISO 7064 MOD 11-2."""
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(body[:17]))
    return "10X98765432"[total % 11]


def kind(number: str) -> str:
    """Return what was given out: `id18 id15 residence_permit_hk|mo|tw fpr18 fpr15`."""
    if len(number) == _SHORT:
        return "id15" if number.isdecimal() else "fpr15"
    return "fpr18" if number[0] == "9" else _PERMITS.get(number[:6], "id18")


def birth_date(number: str) -> date | None:
    """Return the day of birth, `None` for the older card of foreigners, which tells no century.

    >>> birth_date("110105491231002")
    datetime.date(1949, 12, 31)
    """
    if kind(number) == "fpr15":
        return None
    long = upgraded(number)
    return _day(long[6:14])


def gender(number: str) -> str | None:
    """Return `M` or `F` by the last digit of the sequence, `None` where the number tells none."""
    if kind(number) == "fpr15":
        return None
    return "M" if int(upgraded(number)[16]) % 2 else "F"


def area_known(number: str) -> bool:
    """Return whether the first two digits of the area are those of a province (GB/T 2260).

    Hong Kong, Macau and Taiwan have one code each, that of the residence permits.

    >>> area_known("810000199408230021"), area_known("815000199408230021")
    (True, False)
    """
    if kind(number) == "id18" and number[0] == "8":
        return False
    start = {"fpr18": 1, "fpr15": 3}.get(kind(number), 0)
    return number[start : start + 2] in _PROVINCES


def upgraded(number: str) -> str:
    """Return the 18 characters that replaced a citizen's 15, and every other number as it is.

    The sequences 996 to 999 were kept for people older than a hundred years.

    >>> upgraded("110105491231002")
    '11010519491231002X'
    """
    if kind(number) != "id15":
        return number
    century = "18" if number[12:] in _CENTENARIANS else "19"
    body = number[:6] + century + number[6:]
    return body + check_character(body)


def reads_as_legacy(number: str) -> bool:
    """Return whether 15 digits could be a citizen's first-generation number: province and day."""
    return (
        bool(re.fullmatch(_FIFTEEN, number))
        and area_known(number)
        and birth_date(number) is not None
    )


def _eighteen(number: str, today: date) -> str:
    if not re.fullmatch(_EIGHTEEN, number):
        raise InvalidValue("id.charset")
    born = _day(number[6:14])
    if born is None or born.year < _EARLIEST or born > today:
        raise InvalidValue("id.birth_date")
    expected = check_character(number)
    if number[17] != expected:
        hint = precision_hint(number)
        raise InvalidValue("id.check_digit", expected_check=expected, **hint)
    return number


def _fifteen(number: str) -> str:
    if re.fullmatch(_OLD_CARD, number):
        return _old_card(number)
    if not re.fullmatch(_FIFTEEN, number):
        raise InvalidValue("id.charset")
    if birth_date(number) is None:
        raise InvalidValue("id.birth_date")
    return number


def _old_card(number: str) -> str:
    """Check nationality (3), area (4), YYMMDD, sequence (1) and the 7-3-1 check digit."""
    if _day("19" + number[7:13]) is None and _day("20" + number[7:13]) is None:
        raise InvalidValue("id.birth_date")
    weighted = (int(char, 36) * (7, 3, 1)[at % 3] for at, char in enumerate(number[:14]))
    expected = str(sum(weighted) % 10)
    if number[14] != expected:
        raise InvalidValue("id.check_digit", expected_check=expected)
    return number


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
