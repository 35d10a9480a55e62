"""The document by which a natural person proves who they are."""

import re
from datetime import date
from types import MappingProxyType, ModuleType
from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import cn_resident_id, compact, hk_id
from customer_registry.domain.values.masked import Masked, sensitive
from customer_registry.domain.values.text import line, match_key

__all__ = ["IdentityDocument"]

_MODULES: MappingProxyType[str, ModuleType] = MappingProxyType(
    {module.SCHEME: module for module in (cn_resident_id, hk_id)}
)
_USUAL_FORMS = MappingProxyType(
    {
        "cn.hk_mo_permit": "[HM][0-9]{8}(?:[0-9]{2})?",
        "cn.tw_permit": "[0-9]{8}|[0-9]{10}[A-Z]",
        "passport": "[A-Z0-9]{5,9}",
    }
)
_SPOKEN = MappingProxyType(
    {
        "身份证": "cn.resident_id",
        "身份證": "cn.resident_id",
        "身份证号": "cn.resident_id",
        "居民身份證": "cn.resident_id",
        "居民身份证": "cn.resident_id",
        "二代身份证": "cn.resident_id",
        "居住证": "cn.resident_id",
        "港澳台居民居住证": "cn.resident_id",
        "港澳居民居住证": "cn.resident_id",
        "台湾居民居住证": "cn.resident_id",
        "外国人永久居留身份证": "cn.resident_id",
        "香港身份证": "hk.id",
        "香港身份證": "hk.id",
        "回乡证": "cn.hk_mo_permit",
        "港澳通行证": "cn.hk_mo_permit",
        "港澳居民来往内地通行证": "cn.hk_mo_permit",
        "台胞证": "cn.tw_permit",
        "台湾居民来往大陆通行证": "cn.tw_permit",
        "护照": "passport",
        "護照": "passport",
    }
)
_LONGEST = 50
_FEW = 3


@attrs.frozen
class IdentityDocument:
    """An identity document: its `type` and its number, which never shows in `repr`.

    Numbers of `cn.resident_id` and `hk.id` are proved by their check characters; those of
    `cn.hk_mo_permit`, `cn.tw_permit` and `passport` have a usual form that a rule looks at; any
    other type is kept unchecked.

    >>> IdentityDocument.parse("11010519491231002x").birth_date
    datetime.date(1949, 12, 31)
    >>> IdentityDocument.parse("H12345678", "回乡证")
    IdentityDocument(type='cn.hk_mo_permit')
    """

    type: str
    number: str | Masked = sensitive()

    @classmethod
    def parse(
        cls,
        number: str,
        type: str = "cn.resident_id",  # noqa: A002  the field's name
        *,
        today: date | None = None,
    ) -> Self:
        """Read a number; `type` is an identifier or a word of the trade (身份证, 护照).

        Raises InvalidValue with the codes of the number's own form (`id.length`,
        `hkid.check_digit` …; `id.birth_date` for a day after `today` too, where that is told),
        `required` for no number, `not_in_list` for no type.
        """
        named = _type(type)
        if named == cn_resident_id.SCHEME:
            return cls(type=named, number=cn_resident_id.canonical(number, today=today))
        if module := _MODULES.get(named):
            canonical: str = module.canonical(number)
            return cls(type=named, number=canonical)
        return cls(type=named, number=_kept(number))

    @property
    def key(self) -> str:
        """What equal documents share: the type and the number, a citizen's 15 digits as 18."""
        number = str(self.number)
        if self.type == cn_resident_id.SCHEME and isinstance(self.number, str):
            number = cn_resident_id.upgraded(number)
        return f"{self.type}:{number}"

    @property
    def is_checked(self) -> bool:
        """Whether anything is known about numbers of this type."""
        return self.type in _MODULES or self.type in _USUAL_FORMS

    @property
    def looks_right(self) -> bool:
        """Whether the number has the usual form of its type, as far as one is known."""
        usual = _USUAL_FORMS.get(self.type)
        return usual is None or re.fullmatch(usual, str(self.number)) is not None

    @property
    def birth_date(self) -> date | None:
        """The day of birth where the number tells it: derived on demand, never stored."""
        number = self._resident_number()
        return cn_resident_id.birth_date(number) if number else None

    @property
    def gender(self) -> str | None:
        """`M` or `F` where the number tells it: derived on demand, never stored."""
        number = self._resident_number()
        return cn_resident_id.gender(number) if number else None

    def __str__(self) -> str:
        return str(self.number)

    def _resident_number(self) -> str | None:
        shown = isinstance(self.number, str) and self.type == cn_resident_id.SCHEME
        return str(self.number) if shown else None


def _type(typed: str) -> str:
    text = line(typed, longest=_LONGEST)
    named = _SPOKEN.get(match_key(text), text.lower())
    # A number that strayed into this field would show in reprs and messages.
    if not named or sum(char.isdigit() for char in named) > _FEW:
        raise InvalidValue("not_in_list", value="…")
    return named


def _kept(number: str) -> str:
    text = compact(number)
    if not text:
        raise InvalidValue("required")
    if len(text) > _LONGEST:
        raise InvalidValue("too_long", max=_LONGEST, len=len(text))
    return text
