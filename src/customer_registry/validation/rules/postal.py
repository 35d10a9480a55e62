"""Rules about postal codes."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values import divisions
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.divisions import Division
from customer_registry.domain.values.postal import PLACEHOLDERS
from customer_registry.domain.values.postal_provinces import fits_the_province, province_of
from customer_registry.domain.values.postal_shapes import (
    WITHOUT_POSTAL_CODES,
    has_a_known_shape,
    in_shape,
)

__all__ = ["RULES"]


def postal_code_fits_the_province(address: PostalAddress) -> Iterator[Issue]:
    """The first two digits of a postal code name the province, but for some border counties.

    Source: 国内邮政编码 (四级六位).
    """
    code = address.postal_code
    if not isinstance(code, str) or address.country != "CN" or code in PLACEHOLDERS:
        return
    province = divisions.by_code(province_of(code) or "")
    if province is None:
        yield Issue("postal.prefix_unknown", ("postal_code",), Severity.WARNING)
    elif not _fits(code, address):
        params = {"value": code[:2], "province": _short(province)}
        yield Issue("postal.province_mismatch", ("postal_code",), Severity.WARNING, params)


def postal_code_is_a_real_one(address: PostalAddress) -> Iterator[Issue]:
    """An address has no postal code where the post knows none, nor one that only fills a form.

    People write 999077, 999078 and 000000 for Hong Kong, Macau and Taiwan. Source: Universal
    Postal Union.
    """
    if address.postal_code in PLACEHOLDERS and address.country in {"CN", "HK", "MO", "TW"}:
        yield Issue("postal.hk_mo_tw_placeholder", ("postal_code",), Severity.WARNING)
    elif address.postal_code and address.country in WITHOUT_POSTAL_CODES:
        yield Issue("postal.not_used", ("postal_code",), Severity.WARNING)


def postal_code_has_the_shape_of_its_country(address: PostalAddress) -> Iterator[Issue]:
    """A postal code abroad has the digits and letters its post writes.

    Source: Universal Postal Union, addressing sheets; CLDR.
    """
    code, country = address.postal_code, address.country
    if not isinstance(code, str) or not has_a_known_shape(country):
        return
    if code and in_shape(code, country) is None:
        yield Issue("postal.unlikely", ("postal_code",), Severity.WARNING, {"value": code})


def _fits(code: str, address: PostalAddress) -> bool:
    """Whether the code is of the place the address names, of one of several where it is unclear."""
    split = address.divisions
    named = (split.candidates or (split.division,)) if split else ()
    places = [place for place in named if place is not None]
    fitting = (fits_the_province(code, each) for place in places for each in _codes(place))
    return not places or any(fitting)


def _codes(place: Division) -> tuple[str, ...]:
    return (place.code, *place.successors)


def _short(province: Division) -> str:
    """Return the name as people say it: 内蒙古."""
    return min(divisions.spellings(province), key=lambda name: (len(name) < _SPOKEN, len(name)))


_SPOKEN = 2

RULES = (
    postal_code_fits_the_province,
    postal_code_is_a_real_one,
    postal_code_has_the_shape_of_its_country,
)
