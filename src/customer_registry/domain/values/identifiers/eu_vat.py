"""The VAT number of the European Union, with its prefix, as VIES takes it.

The structures are those of the Commission's table of VAT identification numbers (VIES, frequently
asked questions), with Northern Ireland (XI) and the One Stop Shop (EU, IM). Check digits are
for `abroad`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from customer_registry.domain.values.identifiers import folded

__all__ = [
    "MEMBERS",
    "SCHEME",
    "canonical",
    "fits",
    "is_member",
    "of_country",
    "readings",
    "scheme_of",
]

SCHEME = "eu.vat"

_D = "[0-9]"
_FORMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "AT": ("at.uid", f"U{_D}{{8}}"),
        "BE": ("be.vat", f"[01]{_D}{{9}}"),
        "BG": ("bg.vat", f"{_D}{{9,10}}"),
        "CY": ("cy.vat", f"{_D}{{8}}[A-Z]"),
        "CZ": ("cz.dic", f"{_D}{{8,10}}"),
        "DE": ("de.vat", f"{_D}{{9}}"),
        "DK": ("dk.cvr", f"{_D}{{8}}"),
        "EE": ("ee.kmkr", f"{_D}{{9}}"),
        "EL": ("gr.vat", f"{_D}{{9}}"),
        "ES": ("es.nif", f"[A-Z]{_D}{{7}}[0-9A-Z]|{_D}{{8}}[A-Z]"),
        "EU": ("eu.oss", f"{_D}{{9}}"),
        "FI": ("fi.alv", f"{_D}{{8}}"),
        "FR": ("fr.tva", f"[0-9A-HJ-NP-Z]{{2}}{_D}{{9}}"),
        "HR": ("hr.oib", f"{_D}{{11}}"),
        "HU": ("hu.anum", f"{_D}{{8}}"),
        "IE": ("ie.vat", f"{_D}[0-9A-Z+*]{_D}{{5}}[A-Z]{{1,2}}"),
        "IM": ("eu.oss", f"{_D}{{10}}"),
        "IT": ("it.iva", f"{_D}{{11}}"),
        "LT": ("lt.pvm", f"{_D}{{9}}|{_D}{{12}}"),
        "LU": ("lu.tva", f"{_D}{{8}}"),
        "LV": ("lv.pvn", f"{_D}{{11}}"),
        "MT": ("mt.vat", f"{_D}{{8}}"),
        "NL": ("nl.btw", "[0-9A-Z+*]{9}B[0-9A-Z+*]{2}"),
        "PL": ("pl.nip", f"{_D}{{10}}"),
        "PT": ("pt.nif", f"{_D}{{9}}"),
        "RO": ("ro.cf", f"{_D}{{2,10}}|{_D}{{13}}"),
        "SE": ("se.vat", f"{_D}{{12}}"),
        "SI": ("si.ddv", f"{_D}{{8}}"),
        "SK": ("sk.dph", f"{_D}{{10}}"),
        "XI": ("gb.vat", f"{_D}{{9}}|{_D}{{12}}|GD{_D}{{3}}|HA{_D}{{3}}"),
    }
)
_NO_MEMBERS = frozenset(("EU", "IM", "XI"))
MEMBERS = frozenset(_FORMS) - _NO_MEMBERS
"""The prefixes of the 27 member states; that of Greece is EL."""

_SEPARATORS = frozenset(" -./,:()")
_OLDER = MappingProxyType(
    {"BE": ("[0-9]{9}", 10), "EL": ("[0-9]{8}", 9), "NL": ("[0-9]{7,8}B[0-9]{2}", 12)}
)
"""Numbers from before a leading zero was written, and the length that they have with it."""


def canonical(typed: str, country: str = "") -> str:
    """Return the number with its prefix and without separators; as it is where no form fits.

    A number without prefix gets that of `country` (ISO 3166-1), if it has the form used there.
    Raises InvalidValue `text.forbidden` or `too_long`, nothing else: a form may change.

    >>> canonical("be 0477.472.701"), canonical("GR 094259216"), canonical("477472701", "BE")
    ('BE0477472701', 'EL094259216', 'BE0477472701')
    """
    number = "".join(char for char in folded(typed) if char not in _SEPARATORS)
    prefix = _prefix(number[:2])
    if prefix in _FORMS and (whole := _whole(prefix, number[2:])):
        return whole
    return _whole(_prefix(country.strip().upper()), number) or number


def fits(number: str) -> bool:
    """Return whether a canonical number has the form of its prefix.

    >>> fits("DE123456788"), fits("DE1234"), fits("US123456789")
    (True, False, False)
    """
    _, form = _FORMS.get(number[:2], ("", "(?!)"))
    return re.fullmatch(form, number[2:]) is not None


def is_member(country: str) -> bool:
    """Return whether a country (ISO 3166-1 or VAT prefix) is a member state of the Union.

    >>> is_member("FR"), is_member("GR"), is_member("US")
    (True, True, False)
    """
    return _prefix(country.strip().upper()) in MEMBERS


def of_country(number: str, scheme: str) -> str:
    """Return a number of a national scheme, or of `fr.tax` and the like, as a Union VAT number.

    Empty where that scheme is none of VAT, or the number does not have its form.

    >>> of_country("0477472701", "be.vat"), of_country("404833048", "fr.siren")
    ('BE0477472701', '')
    """
    prefix = _prefix(scheme[:2].upper())
    if prefix not in MEMBERS or scheme not in {_FORMS[prefix][0], f"{scheme[:2]}.tax"}:
        return ""
    found = canonical(number, prefix)
    return found if found.startswith(prefix) and fits(found) else ""


def readings(typed: str) -> tuple[str, ...]:
    """Return all the Union VAT numbers that a text without prefix may be, by its form alone.

    >>> readings("0477472701")
    ('BE0477472701', 'BG0477472701', 'CZ0477472701', 'PL0477472701', 'RO0477472701', 'SK0477472701')
    """
    whole = canonical(typed)
    if fits(whole):
        return (whole,)
    found = (_whole(prefix, whole) for prefix in sorted({*MEMBERS, "XI"}))
    return tuple(filter(None, found))


def scheme_of(number: str) -> str:
    """Return the national scheme behind the prefix of a canonical number, empty for none."""
    return _FORMS.get(number[:2], ("", ""))[0]


def _prefix(country: str) -> str:
    return "EL" if country == "GR" else country


def _whole(prefix: str, national: str) -> str:
    """Return prefix and number where the form fits, else nothing."""
    older, length = _OLDER.get(prefix, ("(?!)", 0))
    if re.fullmatch(older, national):
        national = national.zfill(length)
    return prefix + national if fits(prefix + national) else ""
