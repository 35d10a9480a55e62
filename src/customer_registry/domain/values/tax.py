"""A number under which a tax office knows the customer, with the scheme it belongs to."""

import re
from types import MappingProxyType, ModuleType
from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.absence import says_none
from customer_registry.domain.values.identifiers import (
    cn_org_code,
    cn_resident_id,
    cn_taxpayer,
    cn_uscc,
    compact,
    eu_vat,
    hk_brn,
    hk_id,
    lei,
    mo_tax,
    tw_ubn,
)
from customer_registry.domain.values.identifiers.schemes import aliases, schemes
from customer_registry.domain.values.masked import Masked, sensitive
from customer_registry.domain.values.text import line, width_folded

__all__ = [
    "CHECKED_SCHEMES",
    "NO_NUMBER",
    "TaxIdentifier",
    "known_schemes",
    "tax_key",
    "tax_keys",
]

_MODULES: MappingProxyType[str, ModuleType] = MappingProxyType(
    {
        module.SCHEME: module
        for module in (
            cn_org_code, cn_resident_id, cn_taxpayer, cn_uscc, hk_brn, hk_id, lei, mo_tax, tw_ubn,
        )
    }
)  # fmt: skip
CHECKED_SCHEMES = frozenset(_MODULES)
"""The schemes whose form is checked; numbers of every other one are kept as they are."""

NO_NUMBER = "none"
"""The scheme of those who state that they have no number; its text is the reason."""

_SCHEME = r"[a-z]{2}\.[a-z0-9_]{1,30}|lei|unchecked|none"
_SCHEME_PARTED = r"^([a-z]{2})_?[._ \-](?=[a-z])"  # eu_vat, EU VAT, and in_.gstin of Python
_COUNTRY = "[a-z]{2}"
_OF_ORGANIZATIONS = MappingProxyType({"hk": "hk.brn", "tw": "tw.ubn", "mo": "mo.tax"})
_OF_PERSONS = frozenset(("cn.resident_id", "hk.id"))
_PLAIN = "[0-9][0-9A-Z]{7,39}"  # says no absence, and is not too short
_LONGEST = 50
_TOO_SHORT = 2
_USCC_OR_RESIDENT_ID = 18


@attrs.frozen
class TaxIdentifier:
    """A tax number and its scheme, such as `cn.uscc`; `none` is a stated absence, with its reason.

    Numbers of the mainland, Hong Kong, Macau and Taiwan and LEIs are checked. Those of other
    schemes are written in their canonical form and kept, right or not.

    >>> TaxIdentifier.parse("9144 0300 7152 6726 xg").scheme
    'cn.uscc'
    >>> str(TaxIdentifier.parse("be 0477.472.701", "eu.vat"))
    'BE0477472701'
    >>> TaxIdentifier.parse("无")
    TaxIdentifier(scheme='none')
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
        a scheme that is not written as `country.name`, `lei`, `unchecked` or `none`,
        `tax_id.too_short` for a character or two without a scheme, and `required`.
        """
        if scheme is None:
            scheme = _meant(number, country, kind)
        named = _scheme(scheme)
        if module := _MODULES.get(named):
            canonical: str = module.canonical(number)
            return cls(scheme=named, number=canonical)
        if named == eu_vat.SCHEME:
            return cls(scheme=named, number=_kept(eu_vat.canonical(number, country)))
        if abroad := schemes().get(named):
            written = abroad.canonical(number)
            of_union = eu_vat.of_country(written, named)  # restores zeros that nobody writes
            return cls(scheme=named, number=_kept(of_union[2:] or written))
        text = number if named == NO_NUMBER else width_folded(line(number)).upper()
        return cls(scheme=named, number=_kept(text))

    @property
    def key(self) -> str:
        """What equal numbers share whatever their scheme or spelling; empty if it names nothing.

        A VAT number of the Union shares it with the same number under its national scheme.
        """
        if self.scheme == NO_NUMBER:
            return ""
        number = str(self.number)
        if self.is_checked:
            return _letters_and_digits(number)
        return _letters_and_digits(eu_vat.of_country(number, self.scheme)) or tax_key(number)

    @property
    def is_checked(self) -> bool:
        """Whether the scheme is one whose form is checked."""
        return self.scheme in CHECKED_SCHEMES

    @property
    def is_personal(self) -> bool:
        """Whether the number is or embeds a person's, which makes it sensitive."""
        if self.scheme == NO_NUMBER:
            return False
        if isinstance(self.number, Masked) or self.scheme in _OF_PERSONS:
            return True
        if self.scheme == cn_taxpayer.SCHEME and cn_taxpayer.holds_a_document(self.number):
            return True
        if self.is_checked and self.scheme != cn_taxpayer.SCHEME:
            return False
        if abroad := schemes().get(self.scheme):
            return abroad.holder == "person"
        return cn_taxpayer.embeds_a_person(tax_key(self.number))

    def __str__(self) -> str:
        return str(self.number)


def known_schemes() -> tuple[str, ...]:
    """Return every scheme that has a name in the catalogues, sorted; `unchecked` and `none` too.

    >>> {"cn.uscc", "eu.vat", "fr.siren", "lei", "none"} <= set(known_schemes())
    True
    """
    return tuple(sorted({*CHECKED_SCHEMES, *schemes(), eu_vat.SCHEME, NO_NUMBER, "unchecked"}))


def tax_key(typed: str) -> str:
    """Return the capital letters and digits of a tax number, which finds it in any spelling.

    Raises InvalidValue for text that no field accepts.

    >>> tax_key("201/123/12340") == tax_key("20112312340")
    True
    >>> tax_key("GR 094259216") == tax_key("EL094259216")
    True
    """
    key = _letters_and_digits(compact(typed))
    whole = eu_vat.canonical(typed) if key[:2].isalpha() else ""
    return _letters_and_digits(whole) if eu_vat.fits(whole) else key


def tax_keys(typed: str) -> tuple[str, ...]:
    """Return all the keys that a number without its scheme may be kept under.

    >>> tax_keys("0477.472.701")[:2]
    ('0477472701', 'BE0477472701')
    """
    found = (tax_key(typed), *map(_letters_and_digits, eu_vat.readings(typed)))
    return tuple(dict.fromkeys(found))


def _letters_and_digits(text: str) -> str:
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def _meant(typed: str, country: str, kind: str) -> str:
    """Return the scheme of a number that comes without; a stroke and the like state that none is.

    Raises InvalidValue `tax_id.too_short`.
    """
    if re.fullmatch(_PLAIN, typed):
        return _usual_scheme(typed, country, kind)
    number = compact(typed)
    if says_none(line(typed)) or (typed.strip() and not number):
        return NO_NUMBER
    if 0 < len(number) <= _TOO_SHORT:
        raise InvalidValue("tax_id.too_short", len=len(number))
    return _usual_scheme(number, country, kind)


def _scheme(typed: str) -> str:
    if typed in _MODULES:
        return typed
    text = width_folded(typed).strip().lower()
    if text not in _MODULES:
        text = re.sub(_SCHEME_PARTED, r"\1.", text)
        text = aliases().get(text, text)
    if not re.fullmatch(_SCHEME, text):
        # A number that strayed into this field must not come out again in a message.
        shown = "…" if any(char.isdigit() for char in text) else line(text, longest=_LONGEST)
        raise InvalidValue("tax_id.scheme", scheme=shown)
    return text


def _usual_scheme(number: str, country: str, kind: str) -> str:
    here = country.strip().lower()
    person = kind == "person"
    if here == "cn":
        if len(number) != _USCC_OR_RESIDENT_ID:
            of_union = cn_taxpayer.holds_a_document(number) and eu_vat.fits(number)
            return eu_vat.SCHEME if of_union else cn_taxpayer.SCHEME
        if not person:
            return cn_uscc.SCHEME
        given = cn_taxpayer.form(number) == "unverified18"
        return cn_taxpayer.SCHEME if given else cn_resident_id.SCHEME
    if here == "hk" and person:
        return hk_id.SCHEME
    if not re.fullmatch(_COUNTRY, here):
        return "unchecked"
    return _OF_ORGANIZATIONS.get(here) or _only_scheme(here)


def _only_scheme(country: str) -> str:
    """Return a country's scheme if it has just one; members of the Union have more than we know."""
    if eu_vat.is_member(country):
        return f"{country}.tax"
    own = [name for name in schemes() if name.startswith(f"{country}.")]
    return own[0] if len(own) == 1 else f"{country}.tax"


def _kept(text: str) -> str:
    text = line(text, longest=_LONGEST)
    if not text:
        raise InvalidValue("required")
    return line(text, longest=_LONGEST)
