"""Numbers abroad held against their check digits, by python-stdnum (extra `tax`).

No value type asks here: numbers abroad are kept as they are, and what is found is a warning.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import MappingProxyType, ModuleType

from customer_registry.domain.errors import InvalidValue, MissingExtra
from customer_registry.domain.values.identifiers import eu_vat
from customer_registry.domain.values.identifiers.schemes import aliases, schemes

__all__ = ["can_check", "canonical", "knows", "readings"]

_ANY = "tax"
_LONGEST = 50
_IN_SMALL_LETTERS = frozenset(("at.businessid",))
_NEWER_FORMS = MappingProxyType(
    {
        # The SRI draws company numbers (third digit 6 or 9) by no algorithm any more.
        "ec.ruc": "(?:0[1-9]|1[0-9]|2[0-4]|30)[69][0-9]{7}(?!000)[0-9]{3}",
        # A person's identity number is the tax code since 2025-07-01 (Circular 86/2024/TT-BTC).
        "vn.mst": "[0-9]{12}",
    }
)
"""What authorities give out and the library does not know yet."""


def canonical(typed: str, scheme: str) -> str:
    """Return a number in its canonical form, its check digits right.

    `scheme` is one of `schemes()` or an alias, `eu.vat`, or a country's `xx.tax`: then any of its
    schemes may fit. Raises InvalidValue `tax_number.format`, `tax_number.check_digit`,
    `tax_number.component` (a date that cannot be, an office or place in no list) and
    `tax_id.not_checked` for a scheme that nobody knows, each with `scheme`; MissingExtra without
    python-stdnum.

    >>> canonical("BE 0477.472.701", "eu.vat"), canonical("181/815/0815 5", "de.tax")
    ('BE0477472701', '18181508155')
    """
    named = aliases().get(scheme, scheme)
    country, _, sort = named.partition(".")
    if named == eu_vat.SCHEME:
        return _of_the_union(typed)
    if named in schemes():
        return _sound(typed, named)
    if sort == _ANY and (candidates := _of_country(country, typed)):
        return _any(typed, named, candidates)
    raise InvalidValue("tax_id.not_checked", scheme=named)


def knows(scheme: str) -> bool:
    """Return whether `canonical` can tell anything of a scheme.

    >>> knows("uy.rut"), knows("uy.tax"), knows("fr.vat"), knows("mo.tax")
    (True, True, True, False)
    """
    named = aliases().get(scheme, scheme)
    country, _, sort = named.partition(".")
    return (
        named == eu_vat.SCHEME
        or named in schemes()
        or (sort == _ANY and any(_of_country(country, "")))
    )


def can_check(scheme: str) -> bool:
    """Return whether a scheme is known and python-stdnum is there to check it."""
    from importlib.util import find_spec  # noqa: PLC0415  mainland numbers never ask

    return knows(scheme) and find_spec("stdnum") is not None


def readings(typed: str, among: Iterable[str] | None = None) -> tuple[tuple[str, str], ...]:
    """Return what a number may be: pairs of scheme and canonical number whose check is right.

    `among` are the schemes in question, by default `eu.vat` and all others: for a screen that
    offers them. Raises MissingExtra without python-stdnum.

    >>> readings("500923836", ["be.vat", "eu.vat", "us.ein"])[:2]
    (('be.vat', '0500923836'), ('eu.vat', 'BE0500923836'))
    """
    wanted = (eu_vat.SCHEME, *schemes()) if among is None else among
    return tuple(dict.fromkeys(found for scheme in wanted for found in _readings(typed, scheme)))


def _readings(typed: str, scheme: str) -> Iterator[tuple[str, str]]:
    union = scheme == eu_vat.SCHEME
    for text in eu_vat.readings(typed) if union else (typed,):
        with suppress(InvalidValue):
            yield scheme, canonical(text, scheme)


def _of_the_union(typed: str) -> str:
    number = eu_vat.canonical(typed)
    if not eu_vat.fits(number):
        raise InvalidValue("tax_number.format", scheme=eu_vat.SCHEME)
    national = eu_vat.scheme_of(number)
    prefix = "" if national == "eu.oss" else number[:2]
    return prefix + _sound(number.removeprefix(prefix), national)


def _of_country(country: str, typed: str) -> tuple[str, ...]:
    """Return the schemes of a country; a firm outside the Union may have a number of the Union."""
    own = tuple(name for name in schemes() if name.startswith(f"{country}."))
    union = not eu_vat.is_member(country) and eu_vat.fits(eu_vat.canonical(typed))
    return (*own, eu_vat.SCHEME) if union else own


def _any(typed: str, named: str, candidates: Iterable[str]) -> str:
    """Return the number as the first scheme that takes it; else say what came nearest."""
    faults: set[str] = set()
    for scheme in candidates:
        try:
            return canonical(typed, scheme)
        except InvalidValue as refusal:
            faults.add(refusal.code)
    near = "tax_number.check_digit" in faults
    raise InvalidValue("tax_number.check_digit" if near else "tax_number.format", scheme=named)


def _sound(typed: str, scheme: str) -> str:
    number = schemes()[scheme].canonical(typed)
    if not 0 < len(number) <= _LONGEST:
        raise InvalidValue("tax_number.format", scheme=scheme)
    newer = _NEWER_FORMS.get(scheme)
    if newer and re.fullmatch(newer, number):
        return number
    return _asked(_module(scheme), number, scheme)


def _asked(module: ModuleType, number: str, scheme: str) -> str:
    """Return what python-stdnum makes of a number, its refusals told in our words."""
    from stdnum import exceptions  # noqa: PLC0415  an extra, asked for by the host

    try:
        asked = number.lower() if scheme in _IN_SMALL_LETTERS else number
        return str(module.validate(asked)).upper()
    except exceptions.InvalidChecksum:
        raise InvalidValue("tax_number.check_digit", scheme=scheme) from None
    except exceptions.InvalidComponent:
        raise InvalidValue("tax_number.component", scheme=scheme) from None
    except (ValueError, LookupError, ArithmeticError):
        # Besides its own ValidationError, some modules trip over a wrong form: int() in gh.tin.
        raise InvalidValue("tax_number.format", scheme=scheme) from None


def _module(scheme: str) -> ModuleType:
    from importlib import import_module  # noqa: PLC0415  an extra, asked for by the host
    from keyword import iskeyword  # noqa: PLC0415  its modules `in` and `is` end in a stroke

    names = (name + "_" * iskeyword(name) for name in scheme.split("."))
    try:
        return import_module(".".join(("stdnum", *names)))
    except ModuleNotFoundError as error:
        raise MissingExtra("tax") from error
