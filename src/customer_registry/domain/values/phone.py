"""Telephone numbers of any country, with what people in China write around them."""

import re
from functools import cache
from typing import TYPE_CHECKING, Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.cn_phone import (
    AREA_CODE,
    COUNTRY_CODE,
    MobileRange,
    chinese_international,
    chinese_national,
    chinese_number,
    mobile_kind,
    mobile_range,
    split_dashed_extension,
)
from customer_registry.domain.values.late_pattern import late_pattern
from customer_registry.domain.values.phone_kind import PhoneKind
from customer_registry.domain.values.phone_level import PhoneLevel

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber as LibraryNumber

    from customer_registry.domain.values.phone_text import WrittenNumber

__all__ = ["PhoneKind", "PhoneLevel", "PhoneNumber"]

_CHINA = "CN"
_MOST_DIGITS = 20  # with prefixes; E.164 allows fifteen
_PLAIN_MOBILE = late_pattern(r"(?:\+?86[ -]?)?(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})")
_PLAIN_LANDLINE = late_pattern(
    rf"(?:0|\+86 ?)({AREA_CODE})[ -]?([2-8][0-9]{{2,3}}) ?([0-9]{{4}})(?: ?转 ?([0-9]{{1,6}}))?"
)
_INTERNATIONAL = r"00|086(?=[0-9]{10})"  # 086 is a slip for 0086, and no area code
_NEIGHBOURS = frozenset(("HK", "JP", "KR", "MO", "SG", "TW"))
"""Where no number looks like a mainland mobile, but for those their numbering plan knows."""

_TAIWAN = "886"  # no area code begins so
_SATELLITE = ("+870", "+881", "+88216")  # Inmarsat, global mobile satellite, Thuraya


@attrs.frozen(kw_only=True, repr=False)
class PhoneNumber:
    """A telephone number, its extension and what it is used for.

    `number` is in E.164; one that exists inside one country only (95588, or 62345678 without
    its area code) carries that country as RFC 3966 does. `region` is an ISO 3166 code, None for
    numbers of no country (+800…). `raw` is the text as typed and takes no part in equality.

    >>> phone = PhoneNumber.parse("０１０－６２３４５６７８ 转 801")
    >>> str(phone), phone.national
    ('+861062345678;ext=801', '010-6234 5678 转 801')
    """

    number: str
    region: str | None
    kind: PhoneKind = attrs.field(converter=PhoneKind)
    extension: str | None = None
    use: str | None = None
    raw: str = attrs.field(default="", eq=False)

    @classmethod
    def parse(cls, typed: str, region: str = _CHINA, *, use: str | None = None) -> Self:
        """Return the number in `typed`, which is dialled from `region` (ISO 3166 alpha-2).

        A mainland mobile typed in Hong Kong, Japan, Korea, Macau, Singapore or Taiwan is read as
        one, unless their numbering plan has that number; where any other country refuses it, the
        refusal suggests it with +86.

        Raises InvalidValue `phone.multiple` (with the `parts`), `phone.mobile_length` (with
        `len`), `phone.scientific`, `phone.letters`, `phone.extension`, `phone.mobile_prefix`,
        `phone.too_short`, `phone.too_long` or `phone.invalid`.
        """
        number, home, kind, extension = _plain_number(typed, region) or _read(typed, region)
        return cls(number=number, region=home, kind=kind, extension=extension, use=use, raw=typed)

    @property
    def is_local(self) -> bool:
        """Whether this is a landline number that lacks its area code."""
        return self.kind is PhoneKind.LANDLINE and self.number[0] != "+"

    @property
    def key(self) -> str | None:
        """What look-ups compare: the number without extension; None where it proves nothing.

        Service numbers are everybody's, and a local number is another one in each town.
        """
        return None if self.kind is PhoneKind.SERVICE or self.number[0] != "+" else self.number

    @property
    def national(self) -> str:
        """The number as people write it in its own country."""
        if self.region == _CHINA:
            return self._extended(chinese_national(self.number, self.kind))
        return self._extended(_formatted(self.number, abroad=self.region is None))

    @property
    def international(self) -> str:
        """The number as people write it abroad; a local number as `str` gives it."""
        if self.number[0] != "+":
            return str(self)
        if self.region == _CHINA:
            return self._extended(chinese_international(self.number, self.kind))
        return self._extended(_formatted(self.number, abroad=True))

    @property
    def level(self) -> PhoneLevel:
        """How well the numbering plan knows it, by the MIIT's table of mobiles and phonenumbers.

        >>> PhoneNumber.parse("0716-81234567").level, PhoneNumber.parse("19412345678").level
        (<PhoneLevel.POSSIBLE: 'possible'>, <PhoneLevel.UNKNOWN_RANGE: 'unknown_range'>)
        """
        if self.region == _CHINA:
            return _chinese_level(self.number, self.kind)
        return PhoneLevel.VALID if _is_in_plan(self.number) else PhoneLevel.UNKNOWN_RANGE

    def with_area_code(self, area_code: str) -> Self:
        """Return this local number completed by an area code; any other number as it is.

        >>> str(PhoneNumber.parse("62345678").with_area_code("010"))
        '+861062345678'
        """
        if not self.is_local:
            return self
        local = self.number.partition(";")[0]
        number, kind = chinese_number(f"0{area_code.lstrip('0')}{local}", international=False)
        if kind is not PhoneKind.LANDLINE:  # 139 and eight digits are a mobile
            raise InvalidValue("phone.invalid")
        return attrs.evolve(self, number=number, kind=kind)

    def __str__(self) -> str:
        return f"{self.number};ext={self.extension}" if self.extension else self.number

    def __repr__(self) -> str:
        return f"{type(self).__name__}(kind={str(self.kind)!r}, region={self.region!r})"

    def _extended(self, text: str) -> str:
        mark = "转" if self.region == _CHINA else "ext."
        return f"{text} {mark} {self.extension}" if self.extension else text


_Parts = tuple[str, str | None, PhoneKind, str | None]


def _plain_number(typed: str, region: str) -> _Parts | None:
    """Return what `_read` would, only sooner, for a plainly typed mobile or landline number."""
    if region != _CHINA and typed[:1] != "+":
        return None
    return _mainland_mobile(typed) or _plain_landline(typed)


def _plain_landline(typed: str) -> _Parts | None:
    found = _PLAIN_LANDLINE.fullmatch(typed)
    if found is None:
        return None
    area, first, last, extension = found.groups()
    return f"+{COUNTRY_CODE}{area}{first}{last}", _CHINA, PhoneKind.LANDLINE, extension


def _mainland_mobile(text: str, extension: str | None = None) -> _Parts | None:
    found = _PLAIN_MOBILE.fullmatch(text)
    if found is None:
        return None
    national = "".join(found.groups())
    return f"+{COUNTRY_CODE}{national}", _CHINA, mobile_kind(national), extension


def _read(typed: str, region: str) -> _Parts:
    from customer_registry.domain.values.phone_text import read_written  # noqa: PLC0415  most numbers are plain

    written = read_written(typed)
    digits, international = written.digits, written.is_international
    if len(digits) > _MOST_DIGITS:
        raise InvalidValue("phone.too_long")
    region = region.upper()
    if written.context:
        return _in_context(written)
    if international or (region == _CHINA and re.match(_INTERNATIONAL, digits)):
        digits, international = digits.lstrip("0"), True
    if international and not digits.startswith(COUNTRY_CODE):
        return _elsewhere(f"+{digits}", None, written.extension)
    if international or region == _CHINA:
        return _chinese(written, international=international)
    return _dialled_in(region, written)


def _in_context(written: "WrittenNumber") -> _Parts:
    """Return a number written as RFC 3966 writes one that is local to a country."""
    code = (written.context or "").lstrip("+")
    if code != COUNTRY_CODE:
        return _elsewhere(f"+{code}{written.digits}", None, written.extension)
    number, kind = chinese_number(written.digits, international=False)
    return number, _CHINA, kind, written.extension


def _chinese(written: "WrittenNumber", *, international: bool) -> _Parts:
    text, extension = written.text, written.extension
    if international:
        text = "+" + text.lstrip(" (+0")
    if extension is None:
        text, extension = split_dashed_extension(text, international=international)
    digits = "".join(char for char in text if "0" <= char <= "9")
    try:
        number, kind = chinese_number(digits, international=international)
    except InvalidValue as refusal:
        if international or not digits.startswith(_TAIWAN):
            raise
        raise _with_plus(refusal, digits, extension) from refusal
    return number, _CHINA, kind, extension


def _with_plus(refusal: InvalidValue, digits: str, extension: str | None) -> InvalidValue:
    """Return a refusal that suggests the number abroad, if only its plus was left out."""
    try:
        parts = _elsewhere(f"+{digits}", None, extension)
    except InvalidValue:
        return refusal
    meant = _shown(*parts) if _is_in_plan(parts[0]) else None
    return InvalidValue(refusal.code, suggestion=meant, **refusal.params)


def _chinese_level(number: str, kind: PhoneKind) -> PhoneLevel:
    if kind is PhoneKind.MOBILE:
        known = mobile_range(number.removeprefix(f"+{COUNTRY_CODE}")) is not MobileRange.UNKNOWN
        return PhoneLevel.VALID if known else PhoneLevel.UNKNOWN_RANGE
    if kind is PhoneKind.LANDLINE and not (number[0] == "+" and _is_in_plan(number)):
        return PhoneLevel.POSSIBLE
    return PhoneLevel.VALID


def _dialled_in(region: str, written: "WrittenNumber") -> _Parts:
    """Return the number there, or the mainland mobile that people write without its +86."""
    if from_abroad := _dialled_to_china(written):
        return from_abroad
    mobile = _mainland_mobile(written.text, written.extension)
    try:
        there = _dialled_there(region, written.digits, written.extension)
    except InvalidValue as refusal:
        if mobile is None:
            raise
        if region not in _NEIGHBOURS:
            raise InvalidValue(
                refusal.code, suggestion=_shown(*mobile), **refusal.params
            ) from refusal
        return mobile
    if mobile and region in _NEIGHBOURS and not _is_in_plan(there[0]):
        return mobile
    return there


def _dialled_to_china(written: "WrittenNumber") -> _Parts | None:
    """Return the complete Chinese number behind 0086, which the library may take for 008 and 6…."""
    if not written.text.lstrip(" (").startswith(f"00{COUNTRY_CODE}"):
        return None
    try:
        parts = _chinese(written, international=True)
    except InvalidValue:
        return None
    return parts if parts[0].startswith("+") else None


def _dialled_there(region: str, digits: str, extension: str | None) -> _Parts:
    try:
        return _elsewhere(digits, region, extension)
    except InvalidValue:
        if not digits.startswith("00"):
            raise
        return _elsewhere(f"+{digits[2:]}", None, extension)


def _shown(number: str, region: str | None, kind: PhoneKind, extension: str | None) -> str:
    shown = PhoneNumber(number=number, region=region, kind=kind, extension=extension)
    return shown.international


def _elsewhere(dialled: str, region: str | None, extension: str | None) -> _Parts:
    import phonenumbers  # noqa: PLC0415  costs 20 ms to import

    number = _parsed(dialled, region)
    if number.country_code == int(COUNTRY_CODE):
        digits = f"{number.country_code}{phonenumbers.national_significant_number(number)}"
        chinese, kind = chinese_number(digits, international=True)
        return chinese, _CHINA, kind, extension
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text, _home(number), _kind(number, text), extension


def _home(number: "LibraryNumber") -> str | None:
    """Return the region of a number, the main one of its country code where ranges do not tell."""
    from phonenumbers import region_code_for_country_code, region_code_for_number  # noqa: PLC0415  as above

    region = region_code_for_number(number) or region_code_for_country_code(
        number.country_code or 0
    )
    return region if region.isalpha() else None


def _parsed(dialled: str, region: str | None) -> "LibraryNumber":
    """Return the number that its own E.164 form gives again; an impossible one is refused."""
    import phonenumbers  # noqa: PLC0415  costs 20 ms to import

    try:
        number = phonenumbers.parse(dialled, region)
        for _ in range(3):  # a trunk prefix may hide behind another
            if number.country_code == int(COUNTRY_CODE):
                return number
            _refuse_impossible(number)
            text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            if text == dialled:
                return number
            before, number = number, phonenumbers.parse(text)
            if number == before:
                return number
    except phonenumbers.NumberParseException as error:
        raise InvalidValue(_unparsed(error.error_type)) from error
    raise InvalidValue("phone.invalid")


def _unparsed(error_type: int) -> str:
    from phonenumbers import NumberParseException as Reason  # noqa: PLC0415  as above

    if error_type in {Reason.TOO_SHORT_NSN, Reason.TOO_SHORT_AFTER_IDD}:
        return "phone.too_short"
    return "phone.too_long" if error_type == Reason.TOO_LONG else "phone.invalid"


def _refuse_impossible(number: "LibraryNumber") -> None:
    """Refuse a length that no number of the country has; ranges are a matter for a rule."""
    from phonenumbers import (  # noqa: PLC0415  as above
        ValidationResult,
        is_possible_number_with_reason,
        is_valid_number,
    )

    reason = is_possible_number_with_reason(number)
    if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY and is_valid_number(number):
        return  # 310-1234 is one number in all of Canada
    if reason in {ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        raise InvalidValue("phone.too_short")
    if reason == ValidationResult.TOO_LONG:
        raise InvalidValue("phone.too_long")
    if reason != ValidationResult.IS_POSSIBLE:
        raise InvalidValue("phone.invalid")


@cache
def _chinese_landlines() -> "re.Pattern[str]":
    """Return the library's own pattern of the numbers that are most often asked about."""
    from phonenumbers import PhoneMetadata  # noqa: PLC0415  as below

    plan = PhoneMetadata.metadata_for_region(_CHINA)
    known = plan.fixed_line.national_number_pattern if plan and plan.fixed_line else None
    return re.compile(known or "(?!)")


def _is_in_plan(number: str) -> bool:
    from phonenumbers import is_valid_number, parse  # noqa: PLC0415  costs 20 ms to import

    if number.startswith("+86"):
        return _chinese_landlines().fullmatch(number[3:]) is not None
    return is_valid_number(parse(number))


def _kind(number: "LibraryNumber", text: str) -> PhoneKind:
    """Return the kind of a number abroad; one that may be landline or mobile is `other`."""
    from phonenumbers import PhoneNumberType, number_type  # noqa: PLC0415  as above

    if text.startswith(_SATELLITE):
        return PhoneKind.SATELLITE
    known = {
        PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
        PhoneNumberType.MOBILE: PhoneKind.MOBILE,
        PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
        PhoneNumberType.SHARED_COST: PhoneKind.SHARED_COST,
    }
    return known.get(number_type(number), PhoneKind.OTHER)


def _formatted(number: str, *, abroad: bool) -> str:
    from phonenumbers import PhoneNumberFormat, format_number, parse  # noqa: PLC0415  as above

    style = PhoneNumberFormat.INTERNATIONAL if abroad else PhoneNumberFormat.NATIONAL
    return format_number(parse(number), style)
