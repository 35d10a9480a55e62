"""Customers in memory: the store for tests, trials and first steps, and the model of all others."""

import heapq
import os
import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageBusy, StorageError
from customer_registry.domain.journal import GENESIS, JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import (
    CustomerQuery,
    Durability,
    Found,
    Key,
    KeyTaken,
    StoredReceipt,
    keys_of,
)
from customer_registry.storage.grams import Wanted, tokens, wanted
from customer_registry.storage.wire import read_entry, write_customer, write_entry

__all__ = ["InMemoryRepository"]


class InMemoryRepository:
    """A repository that lives as long as the process; safe to share between threads.

    >>> InMemoryRepository().durability
    <Durability.NOTHING: 'nothing'>
    """

    durability = Durability.NOTHING

    def __init__(self, *, salt: Callable[[int], bytes] = os.urandom) -> None:
        self.identity = uuid4()
        self._lock = threading.RLock()
        self._writing = False
        self._work = _Work(salt)

    @contextmanager
    def read(self) -> Generator["_Work", None, None]:
        """Return a context that reads while nobody writes."""
        with self._lock:
            yield self._work

    @contextmanager
    def write(self) -> Generator["_Work", None, None]:
        """Return a context whose exception takes back everything done inside it."""
        with self._lock:
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            self._writing = True
            try:
                with self._work.savepoint():
                    yield self._work
                    self._work.settle()
            finally:
                self._writing = False

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


@attrs.define(eq=False, repr=False)
class _Customers:
    _undo: list[Callable[[], object]]
    _by_place: dict[int, Customer] = attrs.field(factory=dict)
    _places: dict[UUID, int] = attrs.field(factory=dict)
    _codes: dict[CustomerCode, int] = attrs.field(factory=dict)
    _keys: dict[Key, list[int]] = attrs.field(factory=dict)
    _claims: dict[Key, int] = attrs.field(factory=dict)
    _postings: dict[str, list[int]] = attrs.field(factory=dict)
    _words: list[str] = attrs.field(factory=list)
    _last: int = 0

    def get(self, customer_id: UUID) -> Customer | None:
        place = self._places.get(customer_id)
        return None if place is None else self._by_place[place]

    def by_code(self, code: CustomerCode) -> Customer | None:
        place = self._codes.get(code)
        return None if place is None else self._by_place[place]

    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]:
        return tuple(self._by_place[place] for place in self._keys.get(key, [])[:limit])

    def search(self, query: CustomerQuery) -> Found:
        asked = wanted(query)
        if asked is None:
            return Found()
        found: list[int] = []
        for place in self._candidates(asked, query.before):
            if asked.stands_in(self._by_place[place]):
                found.append(place)
            if len(found) > query.limit:
                break
        shown = tuple(self._by_place[place] for place in found[: query.limit])
        return Found(shown, found[query.limit - 1] if len(found) > query.limit else None)

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        claims = _claimed(customer, claims)
        self._refuse_taken(customer, claims, None)
        if customer.id in self._places:
            raise StorageError("another customer has this id")
        self._last += 1
        self._places[customer.id] = self._last
        self._undo.append(partial(self._places.pop, customer.id))
        self._claim(customer, claims, self._last)
        self._put(self._last, customer)

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        place = self._places.get(customer.id)
        if place is None or self._by_place[place].version != customer.version - 1:
            return False
        claims = _claimed(customer, claims)
        self._refuse_taken(customer, claims, place)
        self._unclaim(place)
        self._claim(customer, claims, place)
        self._put(place, customer)
        return True

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        for place in range(after + 1, self._last + 1):
            if place in self._by_place:
                yield place, self._by_place[place]

    def _refuse_taken(self, customer: Customer, claims: Iterable[Key], place: int | None) -> None:
        for code in (customer.code, *customer.former_codes):
            if self._codes.get(code, place) != place:
                raise KeyTaken(Key("code", str(code)), self._by_place[self._codes[code]])
        for key in claims:
            if self._claims.get(key, place) != place:
                raise KeyTaken(key, self._by_place[self._claims[key]])

    def _claim(self, customer: Customer, claims: Iterable[Key], place: int) -> None:
        for code in (customer.code, *customer.former_codes):
            if code not in self._codes:
                self._codes[code] = place
                self._undo.append(partial(self._codes.pop, code))
        for key in claims:
            self._claims[key] = place
            self._undo.append(partial(self._claims.pop, key))

    def _unclaim(self, place: int) -> None:
        for key in [
            key for key in keys_of(self._by_place[place]) if self._claims.get(key) == place
        ]:
            del self._claims[key]
            self._undo.append(partial(self._claims.__setitem__, key, place))

    def _put(self, place: int, customer: Customer | None) -> None:
        """Let `customer` stand at a place, indexed, and remember how to undo it."""
        before = self._by_place.pop(place, None)
        self._undo.append(partial(self._swap, place, customer, before))
        self._swap(place, before, customer)

    def _swap(self, place: int, old: Customer | None, new: Customer | None) -> None:
        self._by_place.pop(place, None)
        if new is not None:
            self._by_place[place] = new
        old_keys, new_keys = (keys_of(each) if each else frozenset() for each in (old, new))
        for key in old_keys - new_keys:
            _strike(self._keys[key], place)
        for key in new_keys - old_keys:
            insort(self._keys.setdefault(key, []), place)
        old_tokens, new_tokens = (tokens(each) if each else frozenset() for each in (old, new))
        for token in old_tokens - new_tokens:
            _strike(self._postings[token], place)
        for token in new_tokens - old_tokens:
            self._post(token, place)

    def _post(self, token: str, place: int) -> None:
        if token not in self._postings:
            self._postings[token] = []
            insort(self._words, token)
        insort(self._postings[token], place)

    def _candidates(self, asked: Wanted, before: int | None) -> Iterator[int]:
        """Yield the places that hold every token asked for, newest first."""
        lists = [[self._postings.get(token, [])] for token in asked.exact]
        lists += [self._beginning_with(prefix) for prefix in asked.prefixes]
        if not lists:
            lists = [[self._postings.get("§everyone", [])]]
        lists.sort(key=lambda postings: sum(map(len, postings)))
        rarest, *others = lists
        last = None
        for place in heapq.merge(*(_down(posting, before) for posting in rarest), reverse=True):
            if place != last and all(_any_holds(postings, place) for postings in others):
                yield place
            last = place

    def _beginning_with(self, prefix: str) -> list[list[int]]:
        at = bisect_left(self._words, prefix)
        found = []
        while at < len(self._words) and self._words[at].startswith(prefix):
            found.append(self._postings[self._words[at]])
            at += 1
        return found


def _claimed(customer: Customer, claims: Iterable[Key]) -> frozenset[Key]:
    """Return the claims, once each; refuse with TypeError whom no store could write."""
    write_customer(customer)
    return frozenset(claims)


def _strike(places: list[int], place: int) -> None:
    del places[bisect_left(places, place)]


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


@attrs.define(eq=False, repr=False)
class _Journal:
    _undo: list[Callable[[], object]]
    _salt: Callable[[int], bytes]
    _links: list[Link] = attrs.field(factory=list)
    _about: dict[UUID | None, list[int]] = attrs.field(factory=dict)

    def append(self, entry: JournalEntry) -> JournalEntry:
        number, previous = self.head()
        link = Link.after(
            previous,
            number=number + 1,
            customer_id=entry.customer_id,
            body=write_entry(entry),
            salt=self._salt(16),
        )
        self._links.append(link)
        about = self._about.setdefault(entry.customer_id, [])
        about.append(number)
        self._undo += [self._links.pop, about.pop]
        return attrs.evolve(entry, number=link.number)

    def of(self, customer_id: UUID) -> tuple[JournalEntry, ...]:
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

    def add(self, receipt: StoredReceipt) -> None:
        name = (receipt.actor, receipt.key)
        self._kept[name] = receipt
        self._undo.append(partial(self._kept.pop, name))

    def prune(self, before: datetime, *, keep_actor: str = "import") -> int:
        old = [
            name
            for name, receipt in self._kept.items()
            if receipt.at < before and receipt.actor != keep_actor
        ]
        for name in old:
            receipt = self._kept.pop(name)
            self._undo.append(partial(self._kept.__setitem__, name, receipt))
        return len(old)
