"""A unit of work that is bound to an actor: it gives what he may see, as he may see it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import NoReturn
from uuid import UUID

import attrs

from customer_registry.domain.access import MASKABLE, Sight
from customer_registry.domain.access.roles import SIGHTED
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import NotPermitted, ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.view import View
from customer_registry.repository import (
    IMPORT,
    CustomerQuery,
    Found,
    Key,
    KeyTaken,
    Numbers,
    StoredReceipt,
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

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        """Keep a new customer whose fields the actor may fill in; else NotPermitted."""
        self._refuse_uneditable(_filled(customer), None)
        taken: KeyTaken | None = None
        try:
            self._of.customers.add(customer, claims)
        except KeyTaken as found:
            taken = found
        self._tell(taken)

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        """Keep a new version of a customer that is seen, whose masks mean what is stored.

        Raises NotPermitted for another value in a field that the actor may not edit.
        """
        stored = self._of.customers.get(customer.id)
        if stored is None or (shown := self._view.of_seen(stored)) is None:
            return False
        masked = {name: getattr(stored, name) for name in _alike(customer, shown)}
        whole = attrs.evolve(customer, **masked)
        self._refuse_uneditable(_differing(whole, stored), stored)
        kept, taken = False, None
        try:
            kept = self._of.customers.replace(whole, claims)
        except KeyTaken as found:
            taken = found
        self._tell(taken)
        return kept

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of.customers, name)

    def _refuse_uneditable(self, fields: Iterable[str], stored: Customer | None) -> None:
        for field in fields:
            if self._view.sight(field, stored) is not Sight.EDITED:
                raise NotPermitted(f"edit {field}")

    def _tell(self, taken: KeyTaken | None) -> None:
        """Name the holder of a taken key only where he is seen to hold it."""
        if taken is None:
            return
        shown = self._view.of_seen(taken.holder)
        if shown is None or taken.key not in keys_of(shown):
            issue = Issue("duplicate.unseen", params={"ask": "administrator"})
            raise ValidationFailed(Report([issue]))
        raise KeyTaken(taken.key, shown)

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


def _filled(customer: Customer) -> Iterator[str]:
    yield from (name for name, value in customer.raw().items() if value and name in _EDITED)
    yield from (f"custom.{name}" for name in customer.custom)


def _alike(customer: Customer, shown: Customer) -> Iterator[str]:
    return (field for field in MASKABLE if getattr(customer, field) == getattr(shown, field))


def _differing(customer: Customer, stored: Customer) -> Iterator[str]:
    yield from (name for name in _EDITED if getattr(customer, name) != getattr(stored, name))
    for name in {*customer.custom, *stored.custom}:
        if customer.custom.get(name) != stored.custom.get(name):
            yield f"custom.{name}"


_EDITED = frozenset(SIGHTED) - {"code", "status", "custom"}


@attrs.frozen(eq=False, repr=False)
class _BoundJournal:
    """The journal as a view shows it: entries about customers unseen are not there."""

    _of: UnitOfWork
    _view: View
    _actor: str

    def of(self, customer_id: UUID | None) -> tuple[JournalEntry, ...]:
        """Return a customer's entries as far as they are seen, oldest first."""
        if customer_id is None:
            return self._of.journal.of(None)
        customer = self._of.customers.get(customer_id)
        if customer is None or not self._view.sees(customer):
            return ()
        return tuple(self._view.entry(each, customer) for each in self._of.journal.of(customer_id))

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        """Return entries beyond a number, oldest first, without those about customers unseen.

        They may be fewer than `limit` although more follow.
        """
        return self._seen(self._of.journal.since(number, limit))

    def head(self) -> tuple[int, bytes]:
        """Return the number and digest of the last entry."""
        return self._of.journal.head()

    def append(self, entry: JournalEntry) -> JournalEntry:
        """Chain an entry of the actor's own to the head; raises NotPermitted for another's."""
        if entry.actor != self._actor:
            raise NotPermitted("journal.append")
        return self._of.journal.append(entry)

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of.journal, name)

    def _seen(self, entries: Iterable[JournalEntry]) -> tuple[JournalEntry, ...]:
        about: dict[UUID, Customer | None] = {}
        return tuple(
            shown for entry in entries if (shown := seen_entry(entry, self._of, self._view, about))
        )


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
class _BoundReceipts:
    """The receipts of an actor's own requests, and of imports."""

    _of: UnitOfWork
    _actor: str

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        """Return the receipt of an idempotency key; other actors have none."""
        return self._of.receipts.get(actor, key) if actor in {self._actor, IMPORT} else None

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of.receipts, name)


@attrs.frozen(eq=False, repr=False)
class _Nothing:
    """A port of which an actor with restricted rights gets nothing."""

    _of: object

    def __getattr__(self, name: str) -> object:
        return _refusing(self._of, name)


@attrs.frozen(eq=False, repr=False)
class BoundUnit:
    """A unit of work as an actor with restricted rights gets it.

    What it keeps to itself raises NotPermitted: documents and entries as stored, inspections.
    """

    _of: UnitOfWork
    _view: View
    _actor: str

    @property
    def customers(self) -> BoundCustomers:
        """The customers."""
        return BoundCustomers(self._of, self._view)

    @property
    def journal(self) -> _BoundJournal:
        """The journal."""
        return _BoundJournal(self._of, self._view, self._actor)

    @property
    def receipts(self) -> _BoundReceipts:
        """The receipts."""
        return _BoundReceipts(self._of, self._actor)

    @property
    def numbers(self) -> Numbers:
        """The number ranges, which tell of no customer."""
        return self._of.numbers

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        return self._of.savepoint()

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
