"""Write customers to a file, as far as the actor may see them; the journal tells of it first."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import attrs

from customer_registry.domain.access import MASKABLE, Sight
from customer_registry.domain.customer import Customer, CustomerStatus, PartyKind
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.registration.search import LONGEST_PAGE, asked
from customer_registry.repository import CustomerQuery

if TYPE_CHECKING:
    from customer_registry.domain.policy import CompanyPolicy
    from customer_registry.registration.office import Office
    from customer_registry.registration.view import View
    from customer_registry.registry import CustomerRegistry
    from customer_registry.repository import Customers

__all__ = ["COUNTED", "EXPORTED", "Filters", "export"]

EXPORTED = "exported"
"""The act of writing customers to a file, as the journal calls it."""

COUNTED = "export.customers"
"""The path of the change that tells how many."""


class Filters(TypedDict, total=False):
    """Which customers are meant, in the words of `CustomerRegistry.search`."""

    text: str
    kind: str | None
    status: str | None
    grade: str | None
    category: str | None
    owner: str | None
    department: str | None
    sales_region: str | None
    region: str | None
    tags: Iterable[str]
    custom: Mapping[str, object]
    created_from: date | None
    created_until: date | None
    updated_from: date | None
    updated_until: date | None


def export(
    registry: "CustomerRegistry",
    path: str | PathLike[str],
    *,
    language: str = "zh",
    **filters: Unpack[Filters],
) -> int:
    """Write the customers that `search` would find to a .csv or .xlsx file; return how many.

    Oldest first, all of them without a filter. The actor gets those on whom he may `export`, what
    is masked to him as masks, and what is hidden from him not at all. A file that stands there is
    replaced once the new one is whole; a new one is for its owner alone.

    Before the first customer is written the journal says `exported`: by whom and when, to a file of
    which name, how many (`export.customers`), and by which filters. Of these it tells what is a
    word of a list, or a day, and of any other only that it was asked for; of the file's name not
    its long numbers. It still says so where the file then cannot be written. In a host's
    transaction the entry stands only if that commits.

    Raises NotPermitted, UnreadableFile for another ending or a place that takes no file,
    MissingExtra, InvalidValue for a text that no cell holds, and PolicyError for a custom field
    that is not searchable.

    >>> from tempfile import TemporaryDirectory
    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> receipt = registry.register(kind="person", name="王芳")
    >>> with TemporaryDirectory() as folder:
    ...     export(registry, f"{folder}/persons.csv", kind="person")
    1
    >>> [entry.action for entry in registry.changes()]
    ['registered', 'exported']
    """
    from customer_registry.exchange.files import refuse_unwritable  # noqa: PLC0415  seldom called
    from customer_registry.exchange.placing import placed  # noqa: PLC0415  as above

    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    office.asked("export")
    query, target = _query(office, filters), Path(path)
    told = tuple(_told(filters, query, office.engine.policy))
    refuse_unwritable(target)
    return placed(target, lambda fresh: _written(office, query, told, (fresh, target), language))


def _query(office: "Office", filters: Filters) -> CustomerQuery:
    if others := filters.keys() - Filters.__annotations__.keys():
        raise TypeError(f"customers are not filtered by {', '.join(sorted(others))}")
    asking: dict[str, Any] = {"text": "", "tags": (), "custom": {}, **filters}
    created, updated = (
        (asking.pop(f"{name}_from", None), asking.pop(f"{name}_until", None))
        for name in ("created", "updated")
    )
    return asked(office, created=created, updated=updated, limit=LONGEST_PAGE, **asking)


_LONG_NUMBER = re.compile("[0-9][0-9Xx]{5,}")
_CLOSED: Mapping[str, frozenset[str]] = MappingProxyType(
    {"kind": frozenset(PartyKind), "status": frozenset(CustomerStatus)}
)
"""The filters with words of our own."""


def _written(
    office: "Office",
    query: CustomerQuery,
    told: tuple[Change, ...],
    files: tuple[Path, Path],
    language: str,
) -> int:
    """Read who is meant, let the journal tell of it, and only then write the first of the files."""
    from customer_registry.exchange.files import flat_rows, write_flat  # noqa: PLC0415  as above

    fresh, target = files
    with office.unit("export") as work:
        found = _found(office.seen(work, "export").customers, query)
        flat = flat_rows((_shown(office.view, each) for each in found), language=language)
    counted = Change(COUNTED, None, len(flat))
    named = _LONG_NUMBER.sub("…", target.name.encode(errors="replace").decode())
    changes = (Change("export.file", None, named), counted, *told)
    with office.unit("export", writing=True) as work:
        now, by = office.clock(), office.actor.id
        work.journal.append(JournalEntry(at=now, actor=by, action=EXPORTED, changes=changes))
    write_flat(fresh, flat[::-1], language=language)
    return len(flat)


def _found(customers: "Customers", query: CustomerQuery) -> Iterator[Customer]:
    """Yield all who answer a query, newest first."""
    while True:
        found = customers.search(query)
        yield from found.customers
        if found.last is None:
            return
        query = attrs.evolve(query, before=found.last)


def _shown(view: "View", customer: Customer) -> dict[str, object]:
    """Return a customer as a form shows him, without the fields that are hidden from the actor."""
    raw = customer.raw()
    if view.is_whole:
        return raw
    sight = view.sights(customer)
    hidden = {name for name in MASKABLE if name != "custom" and sight(name) is Sight.HIDDEN}
    return {name: value for name, value in raw.items() if name not in hidden}


def _told(filters: Filters, query: CustomerQuery, policy: "CompanyPolicy") -> Iterator[Change]:
    """Yield what was asked for, with its words where everybody may read them for ever."""
    for name, given in filters.items():
        path = f"export.filter.{name}"
        value = given if isinstance(given, date) else getattr(query, name, None)
        if name == "custom" and isinstance(given, Mapping):
            named = (own for own, wanted in given.items() if wanted is not None)
            yield from (Change(f"{path}.{own}", hidden=True) for own in named)
        elif value is None or value in ("", frozenset()):
            continue
        elif (words := _harmless(name, value, policy)) is not None:
            yield Change(path, None, words)
        else:
            yield Change(path, hidden=True)


def _harmless(name: str, value: object, policy: "CompanyPolicy") -> str | list[str] | None:
    """Return the words of a filter that can be nobody's secret; None where they may be."""
    if isinstance(value, date):
        return value.isoformat()
    words = sorted(map(str, value)) if isinstance(value, frozenset) else [str(value)]
    known = _CLOSED.get(name, ())
    if not all(word in known or policy.rank(name, word) is not None for word in words):
        return None
    return words if name == "tags" else words[0]
