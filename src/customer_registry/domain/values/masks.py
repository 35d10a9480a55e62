"""Masks: what of a value a screen may show to somebody who need not know the whole."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import cn_taxpayer, compact
from customer_registry.domain.values.late_pattern import late_pattern
from customer_registry.domain.values.phone import PhoneKind, PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.values.text import width_folded

__all__ = ["MaskKind", "holds_mask", "mask", "phone_mask", "stands_for"]

MaskKind: TypeAlias = Literal[
    "address",
    "bank_account",
    "bank_card",
    "email",
    "identity_number",
    "landline",
    "mobile",
    "person_name",
    "tax_number",
]
"""The kinds of fields that have a mask of their own."""

_STAR = "*"
_SIGNS = "*＊•●∗×"
_AS_STARS = str.maketrans(dict.fromkeys(_SIGNS, _STAR))
_LEAST_HIDDEN = 3  # what hides less is soon guessed
_PHONE = late_pattern(r"(\+[0-9]{1,3}(?=[ -])|\+86|0086)?(.*?)(转.*|;?ext.*|#.*)?", re.DOTALL)
_AREA = late_pattern(r"010|02[0-9]|0[3-9][0-9]{2}")
_PROVINCE = "[^省市县区0-9]{2,10}(?:省|自治区|特别行政区)"
_CITY = "[^省市县区0-9路街]{1,10}(?:市|自治州|地区|盟)"
_NO_DISTRICT = "[小社园校厂一二三四五六七八九十]"  # 小区, 园区, 三区 name a place within one
_DISTRICT = f"[^区县旗市路街道镇乡村号弄巷0-9A-Za-z]{{1,15}}(?:(?<!{_NO_DISTRICT})区|县|旗|市)"
_KNOWN_PLACE = late_pattern(f"((?:{_PROVINCE})?(?:{_CITY})?)((?:{_DISTRICT})?)")


def mask(value: object, kind: MaskKind, *, strict: bool = False) -> str:
    """Return the mask of a value, or of its text; `strict` shows less, as long lists want it.

    Characters are counted by code point; a text hardly longer than what may be seen is hidden
    whole. A company's tax number is public and stays, as its name does; a person's is masked, and a
    `TaxIdentifier` knows by its scheme whose it is. Raises ValueError for an unknown kind. No law
    fixes the digits: this is how the trade de-identifies on display (GB/T 35273-2020, 7.2).

    >>> mask("13800138000", "mobile"), mask("010-62345678", "landline")
    ('138****8000', '010-****5678')
    >>> mask("欧阳娜娜", "person_name"), mask("a@b.com", "email")
    ('欧***', '*@b.com')
    """
    if kind not in _MASKS:
        raise ValueError(f"no mask is called {kind!r}; there are {', '.join(_MASKS)}")
    if isinstance(value, TaxIdentifier) and value.is_personal:
        kind = "identity_number"
    normal, tight = _MASKS[kind]
    return (tight if strict else normal)(_written(value))


def phone_mask(phone: PhoneNumber) -> MaskKind:
    """Return the kind of mask a phone number has."""
    return "landline" if phone.kind is PhoneKind.LANDLINE else "mobile"


def stands_for(typed: str, value: object, *kinds: MaskKind) -> bool:
    """Return whether a typed text is a mask of this very value, whatever signs stand for stars.

    >>> stands_for("138＊＊＊＊8000", "13800138000", "mobile")
    True
    >>> stands_for("138****8000", "13900138000", "mobile")
    False
    """
    shown = _compared(typed)
    if _STAR not in shown:
        return False
    written = [value.national, value.international] if isinstance(value, PhoneNumber) else [value]
    return any(
        shown == _compared(mask(text, kind, strict=strict))
        for text in written
        for kind in kinds
        for strict in (False, True)
    )


def holds_mask(typed: str) -> bool:
    """Return whether a text holds a sign that masks are made of."""
    return any(sign in typed for sign in _SIGNS)


def _written(value: object) -> str:
    """Return how people write a value: a phone number of China without its country code."""
    if isinstance(value, PhoneNumber):
        return value.national if value.region == "CN" else value.international
    return str(value)


def _compared(text: str) -> str:
    return "".join(width_folded(text.translate(_AS_STARS)).lower().split())


def _stars(text: str) -> str:
    return _STAR * len(text)


def _ends(*shown: tuple[int, int]) -> Callable[[str], str]:
    """Return the mask that shows so many characters of both ends, the first that hides enough."""

    def hide(text: str) -> str:
        for front, back in shown:
            if len(text) - front - back >= _LEAST_HIDDEN:
                return (
                    text[:front] + _stars(text[front : len(text) - back]) + text[len(text) - back :]
                )
        return _stars(text)

    return hide


def _tighter(tight: Callable[[str], str], than: Callable[[str], str]) -> Callable[[str], str]:
    """Return the mask that never shows anything of what another one hides whole."""
    return lambda text: tight(text) if than(text) != _stars(text) else _stars(text)


def _phone(hide: Callable[[str], str]) -> Callable[[str], str]:
    """Return the mask of a phone number: its country stays, the digits of an extension go."""

    def hide_phone(text: str) -> str:
        found = _PHONE.fullmatch(text)
        country, number, extension = found.groups("") if found else ("", text, "")
        digits = "".join(char for char in number if char not in "()（） -\u2013\u2014\u00a0")
        behind = re.sub("[0-9]", _STAR, extension)
        return " ".join(part for part in (country, hide(digits), behind) if part)

    return hide_phone


def _local(digits: str) -> str:
    area = _AREA.match(digits)
    if not area:
        return _LAST_FOUR(digits)
    return f"{area[0]}-{_LAST_FOUR(digits[area.end() :])}"


def _name(text: str) -> str:
    return text[:1] + _stars(text[1:]) if len(text) > 1 else _stars(text)


def _short_name(text: str) -> str:
    return f"{text[:1]}**" if len(text) > 1 else "***"


def _email(shown: int) -> Callable[[str], str]:
    """Return the mask of an address whose local part shows its first characters."""

    def hide(text: str) -> str:
        local, at, domain = text.rpartition("@")
        seen = local[:shown] if len(local) > shown else ""
        return f"{seen}{_stars(local[len(seen) :])}{at}{domain}" if at else _stars(text)

    return hide


def _street(text: str) -> str:
    known = _KNOWN_PLACE.match(text)
    return text[: known.end()] + _stars(text[known.end() :]) if known else _stars(text)


def _street_of_city(text: str) -> str:
    known = _KNOWN_PLACE.match(text)
    return text[: known.end(1)] + _stars(text[known.end(1) :]) if known else _stars(text)


def _tax_number(hide: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: hide(text) if _may_be_a_citizens(text) else text


def _may_be_a_citizens(text: str) -> bool:
    try:
        number = compact(text)
        return cn_taxpayer.embeds_a_person(number) or cn_taxpayer.holds_a_document(number)
    except InvalidValue:
        return True


_LAST_FOUR = _ends((0, 4))
_SIX_AND_FOUR = _ends((6, 4))
_FIRST_AND_LAST = _tighter(_ends((1, 1)), than=_SIX_AND_FOUR)
_MASKS: Mapping[MaskKind, tuple[Callable[[str], str], Callable[[str], str]]] = MappingProxyType(
    {
        "address": (_street, _street_of_city),
        "bank_account": (_LAST_FOUR, _stars),
        "bank_card": (_SIX_AND_FOUR, _tighter(_LAST_FOUR, than=_SIX_AND_FOUR)),
        "email": (_email(1), _email(0)),
        "identity_number": (_SIX_AND_FOUR, _FIRST_AND_LAST),
        "landline": (_phone(_local), _phone(_tighter(_ends((0, 2)), than=_local))),
        "mobile": (_phone(_ends((3, 4), (0, 4))), _phone(_LAST_FOUR)),
        "person_name": (_name, _short_name),
        "tax_number": (_tax_number(_SIX_AND_FOUR), _tax_number(_FIRST_AND_LAST)),
    }
)
"""What is shown for each kind: as usual, and where it is strict."""
