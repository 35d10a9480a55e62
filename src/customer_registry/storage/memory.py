"""Customers in memory: the store for tests, trials and first steps, and the model of all others."""

import heapq
import os
from bisect import bisect_left, insort
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageBusy, StorageError
from customer_registry.domain.journal import GENESIS, JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import (
    Condition,
    CustomerQuery,
    Disagreement,
    Durability,
    Found,
    Inspected,
    Key,
    KeyTaken,
    StoredReceipt,
)
from customer_registry.storage.grams import Wanted, page, wanted
from customer_registry.storage.inspecting import Item, Row, inspected
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.record import Record, owned, recorded
from customer_registry.storage.turns import Turns
from customer_registry.storage.wire import linked, read_entry

__all__ = ["InMemoryRepository"]

_Sorted = TypeVar("_Sorted", int, str)


class InMemoryRepository:
    """A repository that lives as long as the process; safe to share between threads.

    >>> InMemoryRepository().durability
    <Durability.NOTHING: 'nothing'>
    """

    durability = Durability.NOTHING

    def __init__(self, *, salt: Callable[[int], bytes] = os.urandom) -> None:
        self.identity = uuid4()
        self._turns = Turns()
        self._writing = False
        self._work = _Work(salt)

    @contextmanager
    def read(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads while nobody writes; writing in it is StorageUnavailable."""
        with self._turns.taken():
            yield ReadingUnit(self._work)

    @contextmanager
    def write(self) -> Generator["_Work", None, None]:
        """Return a context whose exception takes back everything done inside it."""
        with self._turns.taken():
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            self._writing = True
            try:
                with self._work.savepoint():
                    yield self._work
                    self._work.settle()
            finally:
                self._writing = False

    def scrub(self, *, whole: bool = False) -> None:
        """Do nothing: what was replaced is gone."""

    def condition(self) -> Condition:
        """Return when a verification last found nothing wrong; memory has no more to tell."""
        return Condition(checked=self._work.checked)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class _Work:
    """The one unit of work; it remembers how to take back what is not settled yet."""

    def __init__(self, salt: Callable[[int], bytes]) -> None:
        self._undo: list[Callable[[], object]] = []
        self.customers = _Customers(self._undo)
        self.numbers = _Numbers(self._undo)
        self.journal = _Journal(self._undo, salt)
        self.receipts = _Receipts(self._undo)
        self.checked: datetime | None = None

    @contextmanager
    def savepoint(self) -> Generator[None, None, None]:
        mark = len(self._undo)
        try:
            yield
        except BaseException:
            while len(self._undo) > mark:
                self._undo.pop()()
            raise

    def settle(self) -> None:
        self._undo.clear()

    def inspect(self) -> Iterator[Inspected]:
        yield from inspected(self.customers)
        unfounded = tuple(self.customers.unfounded_claims())
        yield Inspected(share=1.0, found=unfounded)
        for receipt in self.receipts.all():
            customer = self.customers.get(receipt.customer_id)
            if customer is None or customer.version < receipt.version:
                where = f"{receipt.actor}: {receipt.key}"
                found = (Disagreement("receipt.orphaned", where),)
                yield Inspected(share=1.0, found=found)

    def keep_checked(self, at: datetime) -> None:
        self._undo.append(partial(setattr, self, "checked", self.checked))
        self.checked = at


@attrs.frozen(eq=False, repr=False)
class _Kept:
    """A customer, and what a file would keep of it."""

    customer: Customer
    record: Record


@attrs.define(eq=False, repr=False)
class _Customers:
    _undo: list[Callable[[], object]]
    _by_place: dict[int, _Kept] = attrs.field(factory=dict)
    _places: dict[UUID, int] = attrs.field(factory=dict)
    _keys: dict[Key, list[int]] = attrs.field(factory=dict)
    _claims: dict[Key, int] = attrs.field(factory=dict)
    _codes: list[str] = attrs.field(factory=list)
    _postings: dict[str, list[int]] = attrs.field(factory=dict)
    _last: int = 0

    def get(self, customer_id: UUID) -> Customer | None:
        place = self._places.get(customer_id)
        return None if place is None else self._at(place)

    def by_code(self, code: CustomerCode) -> Customer | None:
        place = self._claims.get(Key("code", code.text))
        return None if place is None else self._at(place)

    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]:
        return tuple(map(self._at, self._keys.get(key, [])[:limit]))

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        return tuple((each.id, each.name.text) for each in self.holding(key, limit))

    def search(self, query: CustomerQuery) -> Found:
        asked = wanted(query)
        return Found() if asked is None else page(self._answering(asked, query.before), query.limit)

    def count(self, query: CustomerQuery) -> int:
        asked = wanted(query)
        return 0 if asked is None else sum(1 for _ in self._answering(asked, None))

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        record, claims = recorded(customer), owned(customer, claims)
        self._refuse_taken(claims, None)
        if customer.id in self._places:
            raise StorageError("another customer has this id")
        self._last += 1
        self._places[customer.id] = self._last
        self._undo.append(partial(self._places.pop, customer.id))
        self._claim(claims, self._last)
        self._put(self._last, _Kept(customer, record))

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        record, claims = recorded(customer), owned(customer, claims)
        place = self._places.get(customer.id)
        if place is None or self._at(place).version != customer.version - 1:
            return False
        self._refuse_taken(claims, place)
        self._unclaim(place)
        self._claim(claims, place)
        self._put(place, _Kept(customer, record))
        return True

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        for place in range(after + 1, self._last + 1):
            if place in self._by_place:
                yield place, self._at(place)

    def codes(self, prefix: str = "", after: str = "") -> Iterator[str]:
        least = max(prefix, f"{after}\0")
        while (at := bisect_left(self._codes, least)) < len(self._codes):
            code = self._codes[at]
            if not code.startswith(prefix):
                return
            yield code
            least = f"{code}\0"

    def last(self) -> int:
        return self._last

    def rows(self, after: int, last: int) -> Iterator[Row]:
        for place in range(after + 1, last + 1):
            if (kept := self._by_place.get(place)) is not None:
                customer, found = kept.customer, tuple(self._misfits(place, kept))
                label = customer.code.text
                yield Row(place=place, label=label, id=customer.id, customer=customer, found=found)

    def keys(self) -> Iterator[Item]:
        for key, places in self._keys.items():
            yield from ((key.field.encode(), key.text.encode(), place) for place in places)

    def tokens(self) -> Iterator[Item]:
        for token, places in self._postings.items():
            yield from ((token.encode(), place) for place in places)

    def claimed_codes(self) -> Iterator[Item]:
        for code in self._codes:
            yield code.encode(), self._claims.get(Key("code", code), 0)

    def unfounded_claims(self) -> Iterator[Disagreement]:
        for key, place in self._claims.items():
            if key.field != "code" and place not in self._keys.get(key, ()):
                yield Disagreement("claim.left_over", f"place {place}: {key.field}")

    def _misfits(self, place: int, kept: _Kept) -> Iterator[Disagreement]:
        """Yield what is wrong with a customer as it is kept."""
        label = kept.customer.code.text
        if recorded(kept.customer) != kept.record:
            yield Disagreement("customer.altered", label)
        if self._places.get(kept.customer.id) != place:
            yield Disagreement("customer.row", label)

    def _at(self, place: int) -> Customer:
        return self._by_place[place].customer

    def _refuse_taken(self, claims: Iterable[Key], place: int | None) -> None:
        for key in claims:
            if self._claims.get(key, place) != place:
                raise KeyTaken(key, self._at(self._claims[key]))

    def _claim(self, claims: Iterable[Key], place: int) -> None:
        for key in claims:
            if key not in self._claims:
                self._claims[key] = place
                self._undo.append(partial(self._claims.pop, key))
                if key.field == "code":
                    insort(self._codes, key.text)
                    self._undo.append(partial(_strike, self._codes, key.text))

    def _unclaim(self, place: int) -> None:
        for key in self._by_place[place].record.keys:
            if self._claims.get(key) == place:
                del self._claims[key]
                self._undo.append(partial(self._claims.__setitem__, key, place))

    def _put(self, place: int, kept: _Kept) -> None:
        """Let a customer stand at a place, indexed, and remember how to undo it."""
        before = self._by_place.get(place)
        self._undo.append(partial(self._swap, place, kept, before))
        self._swap(place, before, kept)

    def _swap(self, place: int, old: _Kept | None, new: _Kept | None) -> None:
        self._by_place.pop(place, None)
        if new is not None:
            self._by_place[place] = new
        self._reindex(place, old.record if old else _NO_RECORD, new.record if new else _NO_RECORD)

    def _reindex(self, place: int, old: Record, new: Record) -> None:
        for key in old.keys - new.keys:
            _strike(self._keys[key], place)
        for key in new.keys - old.keys:
            insort(self._keys.setdefault(key, []), place)
        for token in old.tokens - new.tokens:
            _strike(self._postings[token], place)
        for token in new.tokens - old.tokens:
            insort(self._postings.setdefault(token, []), place)

    def _answering(self, asked: Wanted, before: int | None) -> Iterator[tuple[int, Customer]]:
        """Yield who answers, newest first; the tokens are looked up, the rest is read."""
        rest = asked.beyond_tokens
        for place in self._candidates(asked, before):
            customer = self._at(place)
            if rest is None or rest.finds(customer):
                yield place, customer

    def _candidates(self, asked: Wanted, before: int | None) -> Iterator[int]:
        """Yield the places that hold every token asked for, and one of each group, newest first."""
        wanted = [*({token} for token in asked.exact), *asked.groups]
        lists = [[self._postings.get(token, []) for token in group] for group in wanted]
        if not lists:
            yield from self._downwards(before)
            return
        lists.sort(key=lambda postings: sum(map(len, postings)))
        rarest, *others = lists
        last = None
        for place in heapq.merge(*(_down(posting, before) for posting in rarest), reverse=True):
            if place != last and all(_any_holds(postings, place) for postings in others):
                yield place
            last = place

    def _downwards(self, before: int | None) -> Iterator[int]:
        newest = self._last if before is None else min(self._last, before - 1)
        return (place for place in range(newest, 0, -1) if place in self._by_place)


_NO_RECORD = Record(b"", frozenset(), frozenset())


def _strike(ordered: list[_Sorted], one: _Sorted) -> None:
    del ordered[bisect_left(ordered, one)]


def _down(posting: list[int], before: int | None) -> Iterator[int]:
    end = len(posting) if before is None else bisect_left(posting, before)
    return (posting[at] for at in range(end - 1, -1, -1))


def _any_holds(postings: list[list[int]], place: int) -> bool:
    return any(
        (at := bisect_left(posting, place)) < len(posting) and posting[at] == place
        for posting in postings
    )


@attrs.define(eq=False, repr=False)
class _Numbers:
    _undo: list[Callable[[], object]]
    _drawn: dict[str, int] = attrs.field(factory=dict)
    _reserved: dict[str, Reservation] = attrs.field(factory=dict)

    def next(self, name: str) -> int:
        self.raise_to(name, self.peek(name))
        return self._drawn[name]

    def peek(self, name: str) -> int:
        return self._drawn.get(name, 0) + 1

    def raise_to(self, name: str, number: int) -> None:
        drawn = self._drawn.get(name)
        if number > (drawn or 0):
            self._drawn[name] = number
            if drawn is None:
                self._undo.append(partial(self._drawn.pop, name))
            else:
                self._undo.append(partial(self._drawn.__setitem__, name, drawn))

    def ranges(self) -> dict[str, int]:
        return dict(self._drawn)

    def reserve(self, reservation: Reservation) -> None:
        self._swap(reservation.code.text, reservation)

    def reserved(self, code: CustomerCode) -> Reservation | None:
        return self._reserved.get(code.text)

    def lapsed(self, name: str, now: datetime) -> Reservation | None:
        lapsed = [
            (each.number, text)
            for text, each in self._reserved.items()
            if each.range == name and each.number is not None and not each.is_active(now)
        ]
        return self._reserved[min(lapsed)[1]] if lapsed else None

    def forget(self, code: CustomerCode) -> None:
        self._swap(code.text, None)

    def reservations(
        self, owner: str | None = None, *, active_at: datetime | None = None
    ) -> tuple[Reservation, ...]:
        theirs = [
            text
            for text, each in self._reserved.items()
            if owner in {None, each.owner} and (active_at is None or each.is_active(active_at))
        ]
        return tuple(self._reserved[text] for text in sorted(theirs))

    def _swap(self, text: str, new: Reservation | None) -> None:
        """Let a reservation, or none, stand for a code, and remember how to undo it."""
        self._undo.append(partial(self._put, text, self._reserved.get(text)))
        self._put(text, new)

    def _put(self, text: str, reservation: Reservation | None) -> None:
        if reservation is None:
            self._reserved.pop(text, None)
        else:
            self._reserved[text] = reservation


@attrs.define(eq=False, repr=False)
class _Journal:
    _undo: list[Callable[[], object]]
    _salt: Callable[[int], bytes]
    _links: list[Link] = attrs.field(factory=list)
    _about: dict[UUID | None, list[int]] = attrs.field(factory=dict)

    def append(self, entry: JournalEntry) -> JournalEntry:
        link = linked(entry, self.head(), self._salt(16))
        about = self._about.setdefault(entry.customer_id, [])
        about.append(len(self._links))
        self._links.append(link)
        self._undo += [self._links.pop, about.pop]
        return attrs.evolve(entry, number=link.number)

    def of(self, customer_id: UUID | None) -> tuple[JournalEntry, ...]:
        return tuple(read_entry(self._links[at]) for at in self._about.get(customer_id, ()))

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        return tuple(map(read_entry, self._links[number : number + limit]))

    def head(self) -> tuple[int, bytes]:
        return (len(self._links), self._links[-1].digest) if self._links else (0, GENESIS)

    def links(self, after: int = 0) -> Iterator[Link]:
        yield from self._links[after:]


@attrs.define(eq=False, repr=False)
class _Receipts:
    _undo: list[Callable[[], object]]
    _kept: dict[tuple[str, str], StoredReceipt] = attrs.field(factory=dict)

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        return self._kept.get((actor, key))

    def all(self) -> Iterator[StoredReceipt]:
        yield from self._kept.values()

    def add(self, receipt: StoredReceipt) -> None:
        name = (receipt.actor, receipt.key)
        self._kept[name] = receipt
        self._undo.append(partial(self._kept.pop, name))

    def prune(self, before: datetime, *, keep_actor: str) -> int:
        old = [
            name
            for name, receipt in self._kept.items()
            if receipt.at < before and receipt.actor != keep_actor
        ]
        for name in old:
            receipt = self._kept.pop(name)
            self._undo.append(partial(self._kept.__setitem__, name, receipt))
        return len(old)
