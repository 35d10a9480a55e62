"""Search for customers, page by page; the cursor of a page carries the whole query."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from customer_registry.domain.customer import CustomValue, PartyKind, custom_shape
from customer_registry.domain.errors import InvalidCursor, InvalidValue, PolicyError
from customer_registry.domain.values import text
from customer_registry.registration.office import Office
from customer_registry.repository import CustomerQuery, Page
from customer_registry.validation.reading.basics import kind_meant, status_meant
from customer_registry.validation.reading.declared import read_declared
from customer_registry.validation.scene import Scene, Surroundings

__all__ = ["LONGEST_PAGE", "asked", "resumed", "search"]

LONGEST_PAGE = 1000
"""As many customers as one page holds at most."""

_LARGEST = 2**63
_WORDS = (
    "kind",
    "status",
    "grade",
    "category",
    "owner",
    "department",
    "sales_region",
    "region",
)
_MEANT = MappingProxyType({"kind": kind_meant, "status": status_meant})
_TIMES = ("created_from", "created_before", "updated_from", "updated_before")


def asked(
    office: Office,
    *,
    custom: Mapping[str, object],
    created: tuple[date | None, date | None],
    updated: tuple[date | None, date | None],
    limit: int,
    **plain: Any,  # noqa: ANN401  the query's other fields
) -> CustomerQuery:
    """Return the query for what a host asks; custom values are read by their declarations.

    Texts are tidied as stored ones are; a blank filter asks for nothing, as an empty form field.
    Of a period both ends belong to it, be they the company's days or moments. Raises PolicyError
    for a custom field that is not declared searchable, ValueError for a time without a zone.
    """
    given = {name: value for name, value in custom.items() if value is not None}
    _refuse_undeclared(office, given)
    plain |= {name: _tidied(plain[name]) or None for name in _WORDS if plain.get(name) is not None}
    plain["text"] = _tidied(plain["text"]) or plain["text"]  # marks alone find nobody
    for name, meant in _MEANT.items():
        if word := plain.get(name):
            plain[name] = meant(word) or word
    tags = [plain["tags"]] if isinstance(plain["tags"], str) else plain["tags"]
    plain["tags"] = frozenset(filter(None, map(_tidied, tags)))
    return CustomerQuery(
        custom={name: _read_custom(office, name, value) for name, value in given.items()},
        created_from=_since(created[0], office.zone),
        created_before=_until(created[1], office.zone),
        updated_from=_since(updated[0], office.zone),
        updated_before=_until(updated[1], office.zone),
        limit=max(1, min(limit, LONGEST_PAGE)),
        **plain,
    )


def search(office: Office, query: CustomerQuery, *, count: bool = False) -> Page:
    """Return one page of the customers that answer a query, with how many there are if asked."""
    _refuse_undeclared(office, query.custom)
    with office.unit("search") as work:
        customers = office.seen(work, "search").customers
        found = customers.search(query)
        total = customers.count(query) if count else None
    following = None if found.last is None else _cursor(query, found.last)
    return Page(found.customers, following, total)


def resumed(cursor: object) -> CustomerQuery:
    """Return the query a cursor carries; raises InvalidCursor for anything else."""
    try:
        packed = base64.b64decode(str(cursor).encode("ascii"), altchars=b"-_", validate=True)
        query = CustomerQuery(**_filled(json.loads(packed)))
    except (ValueError, TypeError, RecursionError, ArithmeticError, AttributeError) as error:
        raise InvalidCursor from error
    if not _is_sound(query):
        raise InvalidCursor
    return query


def _tidied(typed: Any) -> Any:  # noqa: ANN401  what is no text stays as it is
    """Return a text without invisible marks and needless spaces; a hopeless one as it is."""
    if not isinstance(typed, str):
        return typed
    try:
        return text.line(typed, longest=3 * len(typed))  # NFC makes some characters three
    except InvalidValue:
        return typed


def _refuse_undeclared(office: Office, names: Iterable[str]) -> None:
    declared = office.engine.policy.custom_fields
    mistakes = [
        f"custom.{name} is not declared searchable"
        for name in names
        if name not in declared or not declared[name].searchable
    ]
    if mistakes:
        raise PolicyError(mistakes)


def _read_custom(office: Office, name: str, typed: object) -> CustomValue:
    """Return the value that is meant; None, which nobody has, for one that cannot be."""
    policy = office.engine.policy
    scene = Scene(Surroundings(policy, PartyKind.ORGANIZATION, policy.region))
    return read_declared(policy.custom_fields[name], typed, scene)


def _since(given: date | None, zone: tzinfo) -> datetime | None:
    return None if given is None else _moment(given, zone)


def _until(given: date | None, zone: tzinfo) -> datetime | None:
    """Return the first moment that lies beyond a day, or beyond a moment."""
    if given is None:
        return None
    step = timedelta(microseconds=1) if isinstance(given, datetime) else timedelta(days=1)
    try:
        return _moment(given + step, zone)
    except OverflowError:
        return None


def _moment(given: date, zone: tzinfo) -> datetime:
    if not isinstance(given, datetime):
        given = datetime.combine(given, time.min, zone)
    if given.utcoffset() is None:
        raise ValueError("a time without its zone; give a date, or an aware datetime")
    try:
        return given.astimezone(UTC)
    except OverflowError:
        return given.replace(tzinfo=UTC)


def _cursor(query: CustomerQuery, before: int) -> str:
    asked: dict[str, Any] = attrs.asdict(attrs.evolve(query, before=before), recurse=False)
    asked["tags"] = sorted(query.tags)
    asked["custom"] = {name: custom_shape(value) for name, value in query.custom.items()}
    asked |= {name: asked[name].isoformat() for name in _TIMES if asked[name] is not None}
    filled = {name: value for name, value in asked.items() if value not in (None, "", [], {})}
    return base64.urlsafe_b64encode(json.dumps(filled, separators=(",", ":")).encode()).decode()


def _filled(carried: dict[str, Any]) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(carried[name]) for name in _TIMES if name in carried}
    custom = {name: _value(shape) for name, shape in carried.get("custom", {}).items()}
    return {**carried, **times, "custom": custom}


def _value(shape: Any) -> CustomValue:  # noqa: ANN401  whatever JSON holds
    match shape:
        case {"decimal": str(written)}:
            return Decimal(written)
        case {"date": str(written)}:
            return date.fromisoformat(written)
        case str() | int() | None:
            return shape
        case _:
            raise ValueError("no custom value")


def _is_sound(query: CustomerQuery) -> bool:
    return (
        type(query.text) is str
        and all(type(getattr(query, name)) in {str, type(None)} for name in _WORDS)
        and all(type(tag) is str for tag in query.tags)
        and all(_is_aware(getattr(query, name)) for name in _TIMES)
        and type(query.limit) is int
        and 0 < query.limit <= LONGEST_PAGE
        and type(query.before) is int
        and 0 < query.before < _LARGEST
    )


def _is_aware(moment: datetime | None) -> bool:
    return moment is None or moment.utcoffset() is not None
