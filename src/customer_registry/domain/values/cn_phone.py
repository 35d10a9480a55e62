"""The numbering plan of mainland China, where it knows more than the phonenumbers library."""

import re
from enum import StrEnum

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.phone_kind import PhoneKind

__all__ = [
    "AREA_CODE",
    "COUNTRY_CODE",
    "MobileRange",
    "chinese_international",
    "chinese_national",
    "chinese_number",
    "is_area_code",
    "mobile_kind",
    "mobile_range",
    "split_dashed_extension",
]

COUNTRY_CODE = "86"
AREA_CODE = r"(?:10|2[0-9]|(?![48]00|950)[3-9][0-9]{2})"
"""A regular expression for an area code without its trunk 0."""

_LOCAL_SUFFIX = ";phone-context=+86"

# Source: MIIT, 公众移动通信网网号及H0分配情况 (as of the end of March 2023). Ranges are added to it
# from time to time, and a number keeps its range when it is ported, so this is a hint.
_ORDINARY = frozenset(
    str(prefix)
    for prefix in (
        *(*range(130, 140), 145, 147, *range(150, 154), *range(155, 160), 166, 172, 173),
        *(*range(175, 179), *range(180, 194), *range(195, 200)),
    )
)
_RESALE = frozenset(("162", "165", "167", "170", "171"))
_DATA = frozenset(("146", "148", "149"))
_DATA_ONLY = frozenset(("146", "148"))
_SATELLITE = ("174", "1349", "1619")

_MOBILE = r"1[3-9][0-9]{9}"
_IOT = r"14[0-4][0-9]{10}|1064[0-9]{9}"
_SHARED_COST = r"400[0-9]{7}|950[0-9]{7,8}"
_TOLL_FREE = r"(?:10|21)?800[0-9]{7}"
_LANDLINE = rf"{AREA_CODE}[0-9]{{7,8}}"
_AREA_SERVICE = r"(?:10|2[0-9]|[3-9][0-9]{2})(?:9[56][0-9]{3,4}|1[0-2][0-9]{3}|123[0-9])"
_LOCAL = r"[2-8][0-9]{6,7}"
_SERVICE = (
    r"1[0-2][0-9]{1,4}|100(?:00|01|10|86|99)[0-9]{2,3}|1010[0-9]{4}|16[08][0-9]{5}|9[56][0-9]{3,6}"
)

_COMPLETE_LANDLINE = r"(?:10|2[0-9])[0-9]{8}|[3-9][0-9]{2}[0-9]{7,8}"
_DASHED = r"(.+)- ?([0-9]{1,6})"


class MobileRange(StrEnum):
    """What the number range of an eleven-digit mobile number was given out for."""

    ORDINARY = "ordinary"
    RESALE = "resale"
    DATA = "data"
    SATELLITE = "satellite"
    UNKNOWN = "unknown"


def mobile_range(national: str) -> MobileRange:
    """Return the sort of range that an eleven-digit number lies in.

    >>> mobile_range("17012345678"), mobile_range("19412345678")
    (<MobileRange.RESALE: 'resale'>, <MobileRange.UNKNOWN: 'unknown'>)
    """
    if national.startswith(_SATELLITE):
        return MobileRange.SATELLITE
    prefix = national[:3]
    if prefix in _ORDINARY:
        return MobileRange.ORDINARY
    if prefix in _RESALE:
        return MobileRange.RESALE
    return MobileRange.DATA if prefix in _DATA else MobileRange.UNKNOWN


def mobile_kind(national: str) -> PhoneKind:
    """Return the kind of an eleven-digit number that starts with 13 to 19."""
    if national.startswith(_SATELLITE):
        return PhoneKind.SATELLITE
    return PhoneKind.IOT if national[:3] in _DATA_ONLY else PhoneKind.MOBILE


def chinese_number(digits: str, *, international: bool) -> tuple[str, PhoneKind]:
    """Return the canonical number and its kind for dialled `digits`.

    `international` says that they start with the country code. Raises InvalidValue.

    >>> chinese_number("01062345678", international=False)
    ('+861062345678', <PhoneKind.LANDLINE: 'landline'>)
    """
    national, prefixed, trunk = _undialled(digits, international=international)
    kind = _kind_with_area(national, prefixed=prefixed or trunk)
    if kind:
        return f"+{COUNTRY_CODE}{national}", kind
    if not trunk and re.fullmatch(_LOCAL, national):
        return national + _LOCAL_SUFFIX, PhoneKind.LANDLINE
    if not trunk and re.fullmatch(_SERVICE, national):
        return national + _LOCAL_SUFFIX, PhoneKind.SERVICE
    raise _refusal(national, trunk=trunk)


def is_area_code(text: str) -> bool:
    """Return whether `text` is an area code with its trunk 0.

    >>> is_area_code("0755"), is_area_code("0139")
    (True, False)
    """
    return re.fullmatch(f"0{AREA_CODE}", text) is not None


def split_dashed_extension(text: str, *, international: bool) -> tuple[str, str | None]:
    """Return the number and the extension that follows a complete number after a dash.

    >>> split_dashed_extension("010-62345678-801", international=False)
    ('010-62345678', '801')
    """
    dashed = re.fullmatch(_DASHED, text)
    if dashed is None or _needs_no_area(_undialled(_digits(text), international=international)[0]):
        return text, None
    head = dashed[1].strip()
    national, prefixed, trunk = _undialled(_digits(head), international=international)
    complete = _needs_no_area(national) or (
        (prefixed or trunk) and re.fullmatch(_COMPLETE_LANDLINE, national)
    )
    if complete or re.fullmatch(_LOCAL, head):
        return head, dashed[2]
    return text, None


def chinese_national(number: str, kind: PhoneKind) -> str:
    """Return a canonical number as it is written inside China.

    >>> chinese_national("+861062345678", PhoneKind.LANDLINE)
    '010-6234 5678'
    """
    area, *groups = _groups(number, kind)
    if kind in {PhoneKind.SHARED_COST, PhoneKind.TOLL_FREE} and len(groups) > 1:
        return "-".join([area, *groups])
    if _has_area(number, kind):
        return f"0{area}-{' '.join(groups)}"
    return " ".join([area, *groups])


def chinese_international(number: str, kind: PhoneKind) -> str:
    """Return a canonical number as it is written for the world; a local one as it stands."""
    return " ".join([f"+{COUNTRY_CODE}", *_groups(number, kind)]) if number[0] == "+" else number


def _undialled(digits: str, *, international: bool) -> tuple[str, bool, bool]:
    """Return the number without country code and trunk 0, and whether it had either."""
    shortest = 9  # 86 and less than an area code with a number is a local number
    prefixed = international or (digits.startswith(COUNTRY_CODE) and len(digits) >= shortest)
    national = digits[2:] if prefixed else digits
    trunk = national.startswith("0")
    return national[trunk:], prefixed, trunk


def _kind_with_area(national: str, *, prefixed: bool) -> PhoneKind | None:
    """Return the kind of a number that can be dialled from anywhere, None for any other."""
    if kind := _needs_no_area(national):
        return kind
    if prefixed and re.fullmatch(_AREA_SERVICE, national):
        return PhoneKind.SERVICE
    return PhoneKind.LANDLINE if re.fullmatch(_LANDLINE, national) else None


def _needs_no_area(national: str) -> PhoneKind | None:
    if re.fullmatch(_MOBILE, national):
        return mobile_kind(national)
    if re.fullmatch(_IOT, national):
        return PhoneKind.IOT
    if re.fullmatch(_SHARED_COST, national):
        return PhoneKind.SHARED_COST
    return PhoneKind.TOLL_FREE if re.fullmatch(_TOLL_FREE, national) else None


def _refusal(national: str, *, trunk: bool) -> InvalidValue:
    length = len(national)
    if re.fullmatch(r"1[3-9][0-9]{5,11}", national):
        return InvalidValue("phone.mobile_length", len=length)
    if re.fullmatch(r"1[0-2][0-9]{9}", national) and not trunk:
        return InvalidValue("phone.mobile_prefix")
    if length < _shortest(national):
        return InvalidValue("phone.too_short")
    return InvalidValue("phone.too_long" if length > 10 else "phone.invalid")  # noqa: PLR2004  area and number


def _shortest(national: str) -> int:
    return 9 if national.startswith(("1", "2")) else 10


def _has_area(number: str, kind: PhoneKind) -> bool:
    return number[0] == "+" and kind in {PhoneKind.LANDLINE, PhoneKind.SERVICE}


def _groups(number: str, kind: PhoneKind) -> list[str]:
    """Return the digits after the country code as people group them, an area code first."""
    digits = number.removeprefix("+86").removesuffix(_LOCAL_SUFFIX)
    if _has_area(number, kind):
        area = 2 if digits[0] in "12" else 3
        return [digits[:area], *_halves(digits[area:])]
    if len(digits) == 11 and digits[0] == "1":  # noqa: PLR2004  a mobile number
        return [digits[:3], digits[3:7], digits[7:]]
    if len(digits) == 10:  # noqa: PLR2004  400-810-8888
        return [digits[:3], digits[3:6], digits[6:]]
    return _halves(digits) if kind is PhoneKind.LANDLINE else [digits]


def _halves(local: str) -> list[str]:
    return [local[:-4], local[-4:]] if len(local) in {7, 8} else [local]


def _digits(text: str) -> str:
    return "".join(char for char in text if "0" <= char <= "9")
