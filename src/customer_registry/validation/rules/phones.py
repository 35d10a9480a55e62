"""What is worth a second look in a telephone number that can be kept."""

import re
from collections.abc import Iterator

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.cn_phone import MobileRange, mobile_range
from customer_registry.domain.values.phone import PhoneKind, PhoneLevel, PhoneNumber
from customer_registry.domain.values.text import width_folded

__all__ = ["RULES"]

_CHINA = "CN"
_MOBILE_DIGITS = 11
_MOBILE = r"(?:86)?(1[3-9][0-9]{9})"


def phone_mobile_range_is_ordinary(phone: PhoneNumber) -> Iterator[Issue]:
    """A Chinese mobile number lies in a range given out for calls by a network operator.

    Source: MIIT, 公众移动通信网网号及H0分配情况 (as of the end of March 2023).
    """
    national = _chinese_mobile(phone)
    if not national:
        return
    if len(national) > _MOBILE_DIGITS:
        yield _warning("phone.iot")
        return
    found = mobile_range(national)
    if found is MobileRange.RESALE:
        yield _warning("phone.mvno", value=national[:3])
    elif found is MobileRange.DATA:
        yield _warning("phone.iot_or_data")
    elif found is MobileRange.UNKNOWN:
        yield _warning("phone.unknown_prefix", value=national[:3])


def phone_is_not_by_satellite(phone: PhoneNumber) -> Iterator[Issue]:
    """A telephone number is not one of a satellite network, where a call is dear.

    Source: MIIT, as above, for 174, 1349 and 1619; ITU-T E.164 for +870, +881 and +882 16.
    """
    if phone.kind is PhoneKind.SATELLITE:
        yield _warning("phone.satellite")


def phone_suits_its_area_code(phone: PhoneNumber) -> Iterator[Issue]:
    """A Chinese landline number is as long as its area's numbers are.

    Source: the numbering plan as phonenumbers holds it; areas move from 7 to 8 digits. Since
    0852 and 0853 went out of use in 2014, such a number may be a mistyped one of Hong Kong
    (+852) or Macau (+853).
    """
    if phone.kind is not PhoneKind.LANDLINE or phone.is_local:
        return
    if phone.level is PhoneLevel.POSSIBLE:
        yield _warning("phone.unverified_landline", suggestion=_in_hong_kong_or_macau(phone))


def phone_has_an_area_code(phone: PhoneNumber) -> Iterator[Issue]:
    """A landline number can be dialled from another town.

    Source: the house; many towns have the same local number.
    """
    if phone.is_local:
        yield _warning("phone.no_area_code")


def phone_is_more_than_a_short_code(phone: PhoneNumber) -> Iterator[Issue]:
    """A telephone number is the customer's own, not a service number such as 95588.

    Source: the MIIT's numbering plan, which sets 1xx, 95xxx and 96xxx apart for services.
    """
    if phone.kind is PhoneKind.SERVICE:
        yield _warning("phone.short_code")


def phone_range_is_known_abroad(phone: PhoneNumber) -> Iterator[Issue]:
    """A number outside mainland China lies in a range that its country has given out.

    Source: the numbering plans as phonenumbers holds them. Where the digits are a Chinese mobile
    number's, somebody left out its +86.
    """
    if phone.region != _CHINA and phone.level is PhoneLevel.UNKNOWN_RANGE:
        yield _warning("phone.unknown_range", suggestion=_in_mainland_china(phone))


RULES = (
    phone_mobile_range_is_ordinary,
    phone_is_not_by_satellite,
    phone_suits_its_area_code,
    phone_has_an_area_code,
    phone_is_more_than_a_short_code,
    phone_range_is_known_abroad,
)


def _chinese_mobile(phone: PhoneNumber) -> str:
    mobile = phone.kind is PhoneKind.MOBILE or phone.kind is PhoneKind.IOT
    return phone.number.removeprefix("+86") if mobile and phone.region == _CHINA else ""


def _in_hong_kong_or_macau(phone: PhoneNumber) -> str | None:
    if not phone.number.startswith(("+86852", "+86853")):
        return None
    try:
        meant = PhoneNumber.parse("+" + phone.number.removeprefix("+86"))
    except InvalidValue:
        return None
    if meant.level is not PhoneLevel.VALID:
        return None
    return str(attrs.evolve(meant, extension=phone.extension))


def _in_mainland_china(phone: PhoneNumber) -> str | None:
    if not phone.number.startswith("+"):
        return None
    from phonenumbers import national_significant_number, parse  # noqa: PLC0415  costs 20 ms to import

    typed = national_significant_number(parse(phone.number))
    if _begins_with(phone.raw, phone.number[1:]):  # in America, the 1 of 138 was taken for +1
        typed = phone.number[1:]
    mobile = re.fullmatch(_MOBILE, typed)
    if mobile is None:
        return None
    meant = PhoneNumber.parse(f"+86{mobile[1]}")
    return attrs.evolve(meant, extension=phone.extension).international


def _begins_with(raw: str, digits: str) -> bool:
    """Return whether these are the digits as typed, with no plus in front."""
    written = width_folded(raw)
    return "+" not in written and re.sub("[^0-9]", "", written).startswith(digits)


def _warning(code: str, *, suggestion: str | None = None, **params: object) -> Issue:
    return Issue(code, severity=Severity.WARNING, params=params, suggestion=suggestion)
