"""Readers of postal addresses."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Severity
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.postal import postal_code
from customer_registry.validation.reading.basics import read_words, short
from customer_registry.validation.reading.masking import unmasked
from customer_registry.validation.reading.parts import read_entries, read_parts
from customer_registry.validation.reading.typed import Reader, is_number, parsed
from customer_registry.validation.scene import Scene

__all__ = ["country_typed", "read_addresses", "read_postal_code"]

_STREET = 400
_FIVE_DIGITS = range(10_000, 100_000)


def read_addresses(
    typed: object, scene: Scene, before: Sequence[PostalAddress]
) -> tuple[PostalAddress, ...]:
    """Read a list of addresses; a text alone is an address written in one piece."""
    return read_entries("address", _read_address, typed, scene, before)


def country_typed(typed: object) -> str | None:
    """Return the country an address names, if it names a known one; says nothing about it."""
    if not isinstance(typed, Mapping) or not isinstance(named := typed.get("country"), str):
        return None
    try:
        return str(CountryCode.parse(named))
    except InvalidValue:
        return None


def read_postal_code(typed: object, scene: Scene, _before: object = None) -> str | None:
    """Read a postal code of the scene's country; a Chinese one may have lost its first zero."""
    if is_number(typed) and scene.country == "CN" and _has_five_digits(typed):
        scene.say("postal.leading_zero_restored", Severity.WARNING)
        typed = f"0{typed:.0f}"
    code = parsed(lambda words: postal_code(words, scene.country), typed, scene, or_none=True)
    return code or None


def _has_five_digits(number: float | Decimal) -> bool:
    """Return whether a whole number has the digits that 01… to 09… leave in a numeric cell."""
    return number % 1 == 0 and _FIVE_DIGITS[0] <= number <= _FIVE_DIGITS[-1]


def _read_address(
    typed: object, scene: Scene, before: PostalAddress | None
) -> PostalAddress | None:
    if isinstance(typed, str):
        typed = {"street_address": typed}
    known = before.country if before else scene.country
    if before and country_typed(typed) not in {None, known} and isinstance(typed, Mapping):
        typed = {"postal_code": before.postal_code, **typed}
    there = scene.in_country(country_typed(typed) or known)
    return read_parts(PostalAddress(country=there.country), _ADDRESS, typed, there, before)


def _read_country(typed: object, scene: Scene, _before: object) -> str:
    country = parsed(CountryCode.parse, typed, scene)
    return scene.country if country is None else str(country)


_ADDRESS: Mapping[str, Reader] = {
    "country": _read_country,
    "region": short(),
    "locality": short(),
    "district": short(),
    "street_address": unmasked(short(_STREET), "address"),
    "postal_code": read_postal_code,
    "purposes": read_words,
}
