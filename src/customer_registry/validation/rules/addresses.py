"""What is worth a second look at an address: parts that are missing, places nobody knows."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values import divisions, text
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.country_rules import BUILT_IN
from customer_registry.domain.values.divisions import Division
from customer_registry.domain.values.late_pattern import late_pattern

if TYPE_CHECKING:
    from customer_registry.domain.values.split_address import SplitAddress

__all__ = ["RULES"]

_DIVIDED = ("region", "locality", "district")
_NAMES_A_CITY = late_pattern("[市县縣区區州盟旗]")
_IN_THE_DETAIL = late_pattern(
    "开发|高新|工业|产业|科技|保税|示范|度假|合作|经济|新区|园区|兵团|师|团|[镇乡村场]$|街道$"
)


def address_is_complete(address: PostalAddress) -> Iterator[Issue]:
    """An address names its province, its city and its street; a postal code may lack.

    A free text counts by the divisions it names, and a city or county stands for those above it.
    Hong Kong and Macau need a street, Taiwan a city and a street. Source: libaddressinput.
    """
    missing = list(_missing(address))
    if missing:
        params = {"missing": [f"addresses.{part}" for part in missing]}
        yield Issue("address.incomplete", severity=Severity.WARNING, params=params)


def divisions_are_found(address: PostalAddress) -> Iterator[Issue]:
    """A province, city or county in an address is one of the national list, and only one.

    Source: the national database of geographical names (国家地名信息库), as of `DATA_DATE`.
    """
    split = address.divisions
    if split is None:
        return
    if split.candidates:
        named = ["".join(place.path) for place in split.candidates]
        params = {"value": split.doubtful, "candidates": named}
        path = _part_with(address, split.doubtful or "")
        yield Issue("division.ambiguous", (path,), Severity.WARNING, params)
    elif (unknown := _unknown(address, split)) is not None:
        part, name = unknown
        yield Issue("division.unknown", (part,), Severity.WARNING, {"value": name})


def divisions_are_of_today(address: PostalAddress) -> Iterator[Issue]:
    """A province, city or county in an address has neither been abolished nor renamed.

    The text is kept as typed: what a paper of former years says is not rewritten. Source:
    行政区划代码管理办法 (Ministry of Civil Affairs, Order 79, in force 2025-09-01).
    """
    split = address.divisions
    for place in split.retired if split else ():
        successors = (divisions.by_code(code) for code in place.successors)
        params = {
            "value": place.name,
            "successor": ["".join(each.path) for each in successors if each] or "—",
        }
        path = _part_with(address, place.name)
        yield Issue("division.retired", (path,), Severity.WARNING, params)


def _missing(address: PostalAddress) -> Iterator[str]:
    rules = BUILT_IN.get(address.country)
    if rules is None:
        return
    if address.country != "CN":
        yield from _missing_abroad(address, rules.required)
        return
    split = address.divisions
    if split is None and not any(_divided(address)) and address.street_address:
        return  # a free text in Latin letters cannot be read
    if split is None or not split.candidates:
        yield from _missing_in_china(address, split)


def _missing_in_china(address: PostalAddress, split: "SplitAddress | None") -> Iterator[str]:
    place, rest = (split.division, split.street_address) if split else (None, None)
    if not (address.region or place or (split and split.unknown)):
        yield "region"
    if not (address.locality or address.district or _names_a_city(place, rest)):
        yield "locality"
    street = address.street_address if any(_divided(address)) else rest
    if not street:
        yield "street_address"


def _names_a_city(place: Division | None, rest: str | None) -> bool:
    if place is not None and (place.level != "province" or place.is_municipality):
        return True
    if place is not None and not place.has_parts:
        return True
    return place is not None and bool(_NAMES_A_CITY.search(rest or ""))


def _missing_abroad(address: PostalAddress, required: Iterable[str]) -> Iterator[str]:
    city = address.locality or address.region or _NAMES_A_CITY.search("".join(address.parts))
    for part in required:
        if not (city if part == "locality" else getattr(address, part)):
            yield part


def _unknown(address: PostalAddress, split: "SplitAddress") -> tuple[str, str] | None:
    """Return the first part that should name a division and does not, with its field.

    Where the street says again what the parts said, the name that is left over is the second one.
    """
    rest = split.street_address or ""
    divided = dict.fromkeys(filter(None, _divided(address)))
    written = "".join((*divided, str(address.street_address or "")))
    for part in _DIVIDED:
        name = getattr(address, part)
        if name and rest.startswith(name) and rest.count(name) == written.count(name):
            return None if _belongs_to_the_detail(name, split.division) else (part, name)
    return ("street_address", split.unknown) if split.unknown else None


def _belongs_to_the_detail(name: str, place: Division | None) -> bool:
    """Whether a part may stand below the divisions of the list: a zone, a town, a foreign word."""
    if not all(map(text.is_han, name)) or _IN_THE_DETAIL.search(name):
        return True
    return place is not None and place.level != "county" and not place.has_parts


def _divided(address: PostalAddress) -> tuple[str | None, ...]:
    return address.region, address.locality, address.district


def _part_with(address: PostalAddress, name: str) -> str:
    """Return the field in which a name was typed."""
    holding = (part for part in _DIVIDED if name in (getattr(address, part) or ""))
    return next(holding, "street_address")


RULES = (
    address_is_complete,
    divisions_are_found,
    divisions_are_of_today,
)
