"""A unit of work that is bound to an actor: it reads what he may see, as he may see it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NoReturn
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import NotPermitted
from customer_registry.domain.journal import JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.view import View
from customer_registry.repository import (
    CustomerQuery,
    Found,
    Key,
    UnitOfWork,
    keys_of,
)
from customer_registry.storage.grams import page, wanted

__all__ = ["AskedByRules", "BoundCustomers", "BoundUnit", "seen_entry"]

_STEP = 1000
"""Customers that are read at a time to be counted."""


@attrs.frozen(eq=False, repr=False)
class BoundCustomers:
    """The customers of a unit of work as a view shows them; those unseen are not there.

    Nobody is found by what the view does not show: what an index gives is held against the keys
    and the words of the customer as he is shown.
    """

    _of: UnitOfWork
    _view: View

    def get(self, customer_id: UUID) -> Customer | None:
        """Return the customer with this id."""
        return self._view.of_seen(self._of.customers.get(customer_id))

    def by_code(self, code: CustomerCode) -> Customer | None:
        """Return the customer with this code, present or former."""
        return self._view.of_seen(self._of.customers.by_code(code))

    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]:
        """Return the customers that show an exact key, oldest first, all or the first `limit`."""
        held = self._of.customers.holding(key)
        if not held:
            return ()
        shown = map(self._view.of_seen, held)
        return tuple(islice((each for each in shown if each and key in keys_of(each)), limit))

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        """Return the ids and names of those whom `holding` gives."""
        return tuple((each.id, each.name.text) for each in self.holding(key, limit))

    def search(self, query: CustomerQuery) -> Found:
        """Return the customers whose shown fields answer a query, newest first; full pages."""
        return page(self._answering(query, query.limit + 1), query.limit)

    def count(self, query: CustomerQuery) -> int:
        """Return how many customers' shown fields answer a query."""
        return sum(1 for _ in self._answering(attrs.evolve(query, before=None), _STEP))

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        """Yield every customer that is seen with its place, oldest first, from beyond a place."""
        for place, customer in self._of.customers.iterate(after):
            if (shown := self._view.of_seen(customer)) is not None:
                yield place, shown

    def codes(self, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the codes of customers that are seen, as `Customers.codes`."""
        for code in self._of.customers.codes(prefix, after):
            if self.by_code(CustomerCode(code)) is not None:
                yield code

    def is_retired(self, code: CustomerCode) -> bool:
        """Return whether a code was retired."""
        return self._of.customers.is_retired(code)

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of.customers, name)

    def _answering(self, query: CustomerQuery, step: int) -> Iterator[tuple[int, Customer]]:
        """Yield who answers, with his place; read in steps of the store's own search."""
        asked, query = wanted(query), attrs.evolve(query, limit=step)
        while asked is not None:
            found = self._of.customers.search(query)
            for place, customer in zip(found.places, found.customers, strict=True):
                shown = self._view.of_seen(customer)
                if shown is not None and (shown is customer or asked.finds(shown)):
                    yield place, shown
            if found.last is None:
                return
            query = attrs.evolve(query, before=found.last)


@attrs.frozen(eq=False, repr=False)
class AskedByRules(BoundCustomers):
    """The same for rules, which call names that are nearly alike and then look at who has them."""

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        """Return ids and names of those who hold a key, seen or not: `get` gives only the seen."""
        return self._of.customers.called(key, limit)


@attrs.frozen(eq=False, repr=False)
class _BoundJournal:
    """The journal to who may read `history`, or `changes`, and of whom; to others it is empty."""

    _of: UnitOfWork
    _view: View

    def of(self, customer_id: UUID | None) -> tuple[JournalEntry, ...]:
        """Return a customer's entries as far as they are seen, oldest first."""
        return self._seen("history", self._of.journal.of(customer_id))

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        """Return entries beyond a number, oldest first, without those about customers unseen.

        They may be fewer than `limit` although more follow.
        """
        return self._seen("changes", self._of.journal.since(number, limit))

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of.journal, name)

    def _seen(self, act: str, entries: Iterable[JournalEntry]) -> tuple[JournalEntry, ...]:
        if not self._view.permits(act, None):
            return ()
        about: dict[UUID, Customer | None] = {}
        view = self._view.doing(act)
        shown = (seen_entry(entry, self._of, view, about) for entry in entries)
        return tuple(entry for entry in shown if entry is not None)


def seen_entry(
    entry: JournalEntry, work: UnitOfWork, view: View, about: dict[UUID, Customer | None]
) -> JournalEntry | None:
    """Return an entry as a view shows it; None where it is about a customer unseen.

    `about` remembers the customers that were read.
    """
    if view.is_whole or entry.customer_id is None:
        return entry
    if entry.customer_id not in about:
        about[entry.customer_id] = work.customers.get(entry.customer_id)
    customer = about[entry.customer_id]
    if customer is None or not view.sees(customer):
        return None
    return view.entry(entry, customer)


@attrs.frozen(eq=False, repr=False)
class _Nothing:
    """A port of which an actor with restricted rights gets nothing."""

    _of: object

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of, name)


@attrs.frozen(eq=False, repr=False)
class BoundUnit:
    """A unit of work as an actor with restricted rights gets it: customers and journal, to read.

    All else raises NotPermitted: writing, numbers, receipts, documents as stored, inspections.
    """

    _of: UnitOfWork
    _view: View

    @property
    def customers(self) -> BoundCustomers:
        """The customers."""
        return BoundCustomers(self._of, self._view)

    @property
    def journal(self) -> _BoundJournal:
        """The journal."""
        return _BoundJournal(self._of, self._view)

    @property
    def receipts(self) -> _Nothing:
        """The receipts, which the verbs show to whose they are."""
        return _Nothing(self._of.receipts)

    @property
    def numbers(self) -> _Nothing:
        """The number ranges, of which `operations` tell."""
        return _Nothing(self._of.numbers)

    @property
    def edits(self) -> _Nothing:
        """The edits that wait, which `operations.pending` shows."""
        return _Nothing(self._of.edits)

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of, name)


def _refusing(port: object, name: str) -> object:
    """Return what refuses in the place of what a port does; AttributeError for what it does not."""
    if name.startswith("_") or not hasattr(port, name):
        raise AttributeError(name)

    def refuse(*_: object, **__: object) -> NoReturn:
        raise NotPermitted(name)

    return refuse
