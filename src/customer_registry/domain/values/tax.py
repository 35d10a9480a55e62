"""A number under which a tax office knows the customer, with the scheme it belongs to."""

import re
from types import MappingProxyType, ModuleType
from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import (
    cn_org_code,
    cn_resident_id,
    cn_taxpayer,
    cn_uscc,
    compact,
    hk_brn,
    hk_id,
    mo_tax,
    tw_ubn,
)
from customer_registry.domain.values.masked import Masked, sensitive
from customer_registry.domain.values.text import line, width_folded

__all__ = ["CHECKED_SCHEMES", "TaxIdentifier", "tax_key"]

_MODULES: MappingProxyType[str, ModuleType] = MappingProxyType(
    {
        module.SCHEME: module
        for module in (
            cn_org_code, cn_resident_id, cn_taxpayer, cn_uscc, hk_brn, hk_id, mo_tax, tw_ubn,
        )
    }
)  # fmt: skip
CHECKED_SCHEMES = frozenset(_MODULES)
"""The schemes whose form is checked; numbers of every other one are kept as they are."""

_SCHEME = r"[a-z]{2}\.[a-z0-9_]{1,30}|unchecked|none"
_COUNTRY = "[a-z]{2}"
_OF_ORGANIZATIONS = MappingProxyType({"hk": "hk.brn", "tw": "tw.ubn", "mo": "mo.tax"})
_OF_PERSONS = frozenset(("cn.resident_id", "hk.id"))
_LONGEST = 50
_USCC_OR_RESIDENT_ID = 18


@attrs.frozen
class TaxIdentifier:
    """A tax number and its scheme, such as `cn.uscc`; a scheme we do not know is not checked.

    >>> TaxIdentifier.parse("9144 0300 7152 6726 xg").scheme
    'cn.uscc'
    >>> str(TaxIdentifier.parse("de123456788", "eu.vat"))
    'DE123456788'
    """

    scheme: str
    number: str | Masked = sensitive()

    @classmethod
    def parse(
        cls,
        number: str,
        scheme: str | None = None,
        *,
        country: str = "CN",
        kind: str = "organization",
    ) -> Self:
        """Read a number; without `scheme` it is taken from the country and the kind of customer.

        Raises InvalidValue with a code of the scheme (`uscc.check_digit` …), `tax_id.scheme` for
        a scheme that is not written as `country.name`, `unchecked` or `none`, and `required`.
        """
        wanted = scheme if scheme is not None else _usual_scheme(compact(number), country, kind)
        named = _scheme(wanted)
        if module := _MODULES.get(named):
            canonical: str = module.canonical(number)
            return cls(scheme=named, number=canonical)
        return cls(scheme=named, number=_kept(number))

    @property
    def key(self) -> str:
        """What equal numbers share whatever their scheme or spelling; empty if it names nothing."""
        return tax_key(str(self.number))

    @property
    def is_checked(self) -> bool:
        """Whether the scheme is one whose form is checked."""
        return self.scheme in CHECKED_SCHEMES

    @property
    def is_personal(self) -> bool:
        """Whether the number is or embeds a person's, which makes it sensitive."""
        if isinstance(self.number, Masked) or self.scheme in _OF_PERSONS:
            return True
        if self.is_checked and self.scheme != cn_taxpayer.SCHEME:
            return False
        return cn_taxpayer.embeds_a_person(self.key)

    def __str__(self) -> str:
        return str(self.number)


def tax_key(typed: str) -> str:
    """Return the capital letters and digits of a tax number, which finds it in any spelling.

    Raises InvalidValue for text that no field accepts.

    >>> tax_key("201/123/12340") == tax_key("20112312340")
    True
    """
    return "".join(char for char in compact(typed) if char.isalnum())


def _scheme(typed: str) -> str:
    text = typed.strip().lower()
    if not re.fullmatch(_SCHEME, text):
        # A number that strayed into this field must not come out again in a message.
        shown = "…" if any(char.isdigit() for char in text) else line(text, longest=_LONGEST)
        raise InvalidValue("tax_id.scheme", scheme=shown)
    return text


def _usual_scheme(number: str, country: str, kind: str) -> str:
    here = country.strip().lower()
    person = kind == "person"
    if here == "cn":
        whole = cn_resident_id.SCHEME if person else cn_uscc.SCHEME
        return whole if len(number) == _USCC_OR_RESIDENT_ID else cn_taxpayer.SCHEME
    if here == "hk" and person:
        return hk_id.SCHEME
    if not re.fullmatch(_COUNTRY, here):
        return "unchecked"
    return _OF_ORGANIZATIONS.get(here, f"{here}.tax")


def _kept(number: str) -> str:
    text = line(width_folded(line(number)), longest=_LONGEST).upper()
    if not text:
        raise InvalidValue("required")
    return line(text, longest=_LONGEST)
