"""Customers in memory: the store for tests, trials and first steps, and the model of all others."""

import heapq
import os
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import (
    KeyUnavailable,
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageUnavailable,
    TamperedRecord,
)
from customer_registry.domain.journal import GENESIS, JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import (
    KINDS,
    Condition,
    CustomerQuery,
    Disagreement,
    Durability,
    Found,
    Inspected,
    Key,
    KeyTaken,
    Part,
    StoredReceipt,
    WaitingEdit,
)
from customer_registry.sealing.sealer import Sealer
from customer_registry.storage.chaining import Chain, digested, refuse_another
from customer_registry.storage.confided import (
    edit_opened,
    edit_sealed,
    edits_unlike,
    receipt_opened,
    receipt_resealed,
    receipt_sealed,
)
from customer_registry.storage.grams import Wanted, page, tokens, wanted
from customer_registry.storage.parts import (
    edit_of,
    edit_part,
    link_of,
    link_part,
    receipt_of,
    receipt_part,
    reservation_of,
    reservation_part,
)
from customer_registry.storage.portable import whole
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.receipts import without
from customer_registry.storage.record import (
    BLIND,
    Record,
    Records,
    called,
    holds_envelopes,
    opened,
    retired,
)
from customer_registry.storage.standing import TELLING
from customer_registry.storage.turns import Turns
from customer_registry.storage.vault import Vault
from customer_registry.storage.wire import read_document, read_entry

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring
    from customer_registry.storage.inspecting import Item, Row

__all__ = ["InMemoryRepository"]

_Sorted = TypeVar("_Sorted", int, str)


class InMemoryRepository:
    """A repository that lives as long as the process; safe to share between threads.

    With a `keyring` sensitive fields are sealed, as a file would have them.

    >>> InMemoryRepository().durability
    <Durability.NOTHING: 'nothing'>
    """

    durability = Durability.NOTHING

    def __init__(
        self,
        *,
        keyring: "Keyring | None" = None,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._turns = Turns()
        self._writing = False
        self._work = _Work(salt, _Desk.founded(Vault(keyring)))

    @property
    def identity(self) -> UUID:
        """The UUID made together with the repository, or brought by what was put into it."""
        return self._work.identity

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
                self._work.refuse_writing()
                with self._work.savepoint():
                    yield self._work
                    self._work.settle()
            finally:
                self._writing = False

    @contextmanager
    def snapshot(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads a copy, while others write."""
        with self._turns.taken():
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            copy = self._work.copied()
        yield ReadingUnit(copy)

    def scrub(self, *, whole: bool = False) -> None:
        """Do nothing: what was replaced is gone."""

    def condition(self) -> Condition:
        """Return when a verification last found nothing wrong; memory has no more to tell."""
        return Condition(checked=self._work.checked)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class _Work:
    """The one unit of work; it remembers how to take back what is not settled yet."""

    def __init__(self, salt: Callable[[int], bytes], desk: "_Desk") -> None:
        self._undo: list[Callable[[], object]] = []
        self._salt = salt
        self._desk = desk
        self.customers = _Customers(self._undo, desk, self._last_document)
        self.numbers = _Numbers(self._undo)
        self.journal = _Journal(self._undo, Chain(salt, desk.sealer), self.customers.written)
        self.receipts = _Receipts(self._undo, desk)
        self.edits = _Edits(self._undo, desk)
        self.checked: datetime | None = None

    @property
    def identity(self) -> UUID:
        return self._desk.identity

    @property
    def sealer(self) -> Sealer:
        return self._desk.sealer

    @property
    def sealing(self) -> str | None:
        return self._desk.said

    def keep_sealing(self, said: str | None) -> None:
        self._undo.append(partial(setattr, self._desk, "said", self._desk.said))
        self._desk.said = said

    @contextmanager
    def savepoint(self) -> Generator[None, None, None]:
        mark = len(self._undo)
        try:
            yield
        except BaseException:
            while len(self._undo) > mark:
                self._undo.pop()()
            raise

    def _last_document(self, customer_id: UUID) -> bytes | None:
        return self.journal.last_document(customer_id)

    def settle(self) -> None:
        self._undo.clear()
        self.customers.forget_written()

    def refuse_writing(self) -> None:
        self._desk.vault.refuse_writing(self.identity, self.sealing, _Past(self))

    def inspect(self) -> Iterator[Inspected]:
        found = self._desk.vault.disagreements(self.identity, self.sealing, _Past(self))
        yield Inspected(share=0.0, found=found)
        from customer_registry.storage.inspecting import inspected  # noqa: PLC0415  seldom

        yield from inspected(self.customers)
        unfounded = tuple(self.customers.unfounded_claims())
        yield Inspected(share=1.0, found=unfounded)
        yield Inspected(share=1.0, found=tuple(self.edits.unlike()))
        for receipt in self.receipts.all():
            customer = self.customers.get(receipt.customer_id)
            if customer is None or customer.version < receipt.version:
                where = f"{receipt.actor}: {receipt.key}"
                found = (Disagreement("receipt.orphaned", where),)
                yield Inspected(share=1.0, found=found)

    def keep_checked(self, at: datetime) -> None:
        self._undo.append(partial(setattr, self, "checked", self.checked))
        self.checked = at

    def copied(self) -> "_Work":
        """Return a unit of work on what is kept now, which nobody else changes."""
        copy = _Work(self._salt, attrs.evolve(self._desk))
        copy.checked = self.checked
        copy.customers, copy.numbers = _copy_of(self.customers), _copy_of(self.numbers)
        copy.journal, copy.receipts = _copy_of(self.journal), _copy_of(self.receipts)
        copy.edits = _copy_of(self.edits)
        for port in (copy.customers, copy.receipts, copy.edits):
            port.move_to(copy._desk)
        return copy

    def parts(self) -> Iterator[Part]:
        ports = (self.journal, self.customers, self.numbers, self.receipts, self.edits)
        rows = [part for port in ports for part in port.parts()]
        counts = Counter(part.kind for part in rows)
        yield Part("meta", (self.identity.bytes, self.sealing, self.customers.last()))
        yield from (Part("count", (kind, counts[kind])) for kind in KINDS)
        yield from rows

    def put(self, parts: Iterable[Part]) -> None:
        if len(tuple(self.parts())) > len(KINDS) + 1:
            raise StorageUnavailable("only an empty store takes what another one gave")
        for part in whole(parts):
            match part.kind:
                case "meta":
                    self._become(part)
                case "link":
                    self.journal.put(part)
                case "customer" | "key" | "claim":
                    self.customers.put(part)
                case "range" | "reservation":
                    self.numbers.put(part)
                case "receipt":
                    self.receipts.add(receipt_of(part))
                case "pending":
                    self.edits.put(part)
                case _:
                    pass

    def _become(self, meta: Part) -> None:
        """Take another store's identity and last place."""
        values: tuple[Any, ...] = meta.content
        self._undo.append(partial(setattr, self._desk, "identity", self.identity))
        self._desk.identity = UUID(bytes=values[0])
        self.keep_sealing(values[1])
        self.journal.go_on_with(Chain(self._salt, self.sealer))
        self.customers.go_on_from(values[2])


@attrs.frozen(eq=False)
class _Past:
    """What a store holds that tells how it was sealed, whatever it says now."""

    _of: _Work

    def told(self) -> int:
        entries = self._of.journal.of(None)
        return next((each.number for each in reversed(entries) if each.action in TELLING), 0) or 0

    def is_sealed(self) -> bool:
        first = next(self._of.journal.links(), None)
        is_keyed = first is not None and first.key_id is not None
        return is_keyed or self.told() > 0 or self._of.customers.hold_envelopes()


@attrs.define(eq=False, repr=False)
class _Desk:
    """The identity of a store and its keys, and what it says of how it is sealed."""

    vault: Vault
    identity: UUID = attrs.field(factory=uuid4)
    said: str | None = None

    @classmethod
    def founded(cls, vault: Vault) -> "_Desk":
        """Return the desk of a store that holds nothing yet."""
        desk = cls(vault)
        desk.said = vault.founding(desk.identity)
        return desk

    @property
    def sealer(self) -> Sealer:
        return self.vault.sealer(self.identity)

    @property
    def records(self) -> Records:
        return self.vault.records(self.identity, self.said)


_Port = TypeVar("_Port", bound=attrs.AttrsInstance)


def _copy_of(port: _Port) -> _Port:
    """Return a port with lists of its own; what they hold never changes."""
    fields = (field for field in attrs.fields(type(port)) if field.name != "_undo")
    held = {each.alias: _own(getattr(port, each.name)) for each in fields}
    kind: Any = type(port)
    copied: _Port = kind(undo=[], **held)
    return copied


def _own(held: Any) -> Any:  # noqa: ANN401  whatever a port keeps
    if isinstance(held, dict):
        return {key: list(each) if isinstance(each, list) else each for key, each in held.items()}
    return copy(held) if isinstance(held, list | set) else held


@attrs.frozen(eq=False, repr=False)
class _Kept:
    """What a file would keep of a customer; itself too, where nothing of it is sealed."""

    customer: Customer | None
    record: Record


@attrs.define(eq=False, repr=False)
class _Customers:
    _undo: list[Callable[[], object]]
    _desk: _Desk
    _last_document: Callable[[UUID], bytes | None]
    _by_place: dict[int, _Kept] = attrs.field(factory=dict)
    _places: dict[UUID, int] = attrs.field(factory=dict)
    _keys: dict[Key, list[int]] = attrs.field(factory=dict)
    _claims: dict[Key, int] = attrs.field(factory=dict)
    _codes: list[str] = attrs.field(factory=list)
    _postings: dict[str, list[int]] = attrs.field(factory=dict)
    _last: int = 0
    _retired: dict[str, int] = attrs.field(factory=dict)
    _unjournalled: set[UUID] = attrs.field(factory=set)

    def get(self, customer_id: UUID) -> Customer | None:
        place = self._places.get(customer_id)
        return None if place is None else self._at(place)

    def by_code(self, code: CustomerCode) -> Customer | None:
        place = self._claims.get(Key("code", code.text))
        return None if place is None else self._at(place)

    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]:
        forms = self._desk.records.sought(key)
        places = {place for form in forms for place in self._keys.get(form, ())}
        return tuple(map(self._at, sorted(places)[:limit]))

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        return tuple((each.id, each.name.text) for each in self.holding(key, limit))

    def search(self, query: CustomerQuery) -> Found:
        asked = wanted(query)
        return Found() if asked is None else page(self._answering(asked, query.before), query.limit)

    def count(self, query: CustomerQuery) -> int:
        asked = wanted(query)
        return 0 if asked is None else sum(1 for _ in self._answering(asked, None))

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        records = self._desk.records
        record, owns = records.recorded(customer), records.claimed(customer, claims)
        self._refuse_taken(owns, None)
        if customer.id in self._places:
            raise StorageError("another customer has this id")
        self._last += 1
        self._places[customer.id] = self._last
        self._undo.append(partial(self._places.pop, customer.id))
        self._claim(owns.values(), self._last)
        self._put(self._last, self._kept(customer, record))
        self._unjournalled.add(customer.id)

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        place = self._places.get(customer.id)
        if place is None or self._at(place).version != customer.version - 1:
            return False
        records, document = self._desk.records, self._by_place[place].record.document
        self._refuse_another(customer.id, document)
        record, owns = records.recorded(customer, document), records.claimed(customer, claims)
        former = records.traces(self._at(place))
        untouched = self._by_place[place].record.keys - former
        self._refuse_taken(owns, place)
        self._unclaim(place, former)
        self._claim(owns.values(), place)
        record = attrs.evolve(record, keys=record.keys | untouched)
        self._put(place, self._kept(customer, record))
        self._unjournalled.add(customer.id)
        return True

    def reseal(self, customer: Customer) -> bool:
        place = self._places.get(customer.id)
        if place is None or self._at(place).version != customer.version:
            return False
        records, document = self._desk.records, self._by_place[place].record.document
        self._refuse_another(customer.id, document)
        record = records.recorded(customer, document, anew=True)
        for key, written in records.blinded(customer).items():
            forms = {each for each in records.sought(key) if each != written}
            if any(self._claims.get(form) == place for form in forms):
                self._unclaim(place, forms)
                self._claim([written], place)
        self._put(place, self._kept(customer, record))
        if record.document == document:
            return False
        self._unjournalled.add(customer.id)
        return True

    def move_to(self, desk: _Desk) -> None:
        self._desk = desk

    def unclaimed(self, customer: Customer, keys: Iterable[Key]) -> frozenset[Key]:
        records, place = self._desk.records, self._places.get(customer.id)
        return frozenset(
            key
            for key in keys
            if records.can_compare(key.field)
            and place not in {self._claims.get(form) for form in records.sought(key)}
        )

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

    def retire(self, code: CustomerCode) -> None:
        key, digest = Key("code", code.text), retired(code)
        if (place := self._claims.pop(key, None)) is not None:
            _strike(self._codes, code.text)
            self._retired[digest] = place
            self._undo.append(partial(self._retired.pop, digest))
            self._undo.append(partial(insort, self._codes, code.text))
            self._undo.append(partial(self._claims.__setitem__, key, place))

    def is_retired(self, code: CustomerCode) -> bool:
        return retired(code) in self._retired

    def written(self, customer_id: UUID) -> bytes | None:
        """Return the digest of the document that this unit wrote of a customer, once."""
        place = self._places.get(customer_id)
        if customer_id not in self._unjournalled or place is None:
            return None
        self._unjournalled.discard(customer_id)
        return digested(self._by_place[place].record.document)

    def forget_written(self) -> None:
        self._unjournalled.clear()

    def parts(self) -> Iterator[Part]:
        for place, kept in sorted(self._by_place.items()):
            yield Part("customer", (place, kept.record.document))
        for key in sorted(self._keys, key=_spelt):
            yield from (Part("key", (key.field, key.text, place)) for place in self._keys[key])
        gone = {Key("retired_code", text): place for text, place in self._retired.items()}
        for key, place in sorted({**self._claims, **gone}.items(), key=_spelt_first):
            yield Part("claim", (key.field, key.text, place))

    def put(self, part: Part) -> None:
        values: tuple[Any, ...] = part.content
        if part.kind == "customer":
            self._put_document(*values)
            return
        key, place = Key(*values[:2]), values[2]
        if part.kind == "claim" and key.field == "retired_code":
            self._retired[key.text] = place
            self._undo.append(partial(self._retired.pop, key.text))
        elif part.kind == "claim":
            self._claim([key], place)
        elif (kept := self._by_place.get(place)) is not None:
            found = attrs.evolve(kept.record, keys=kept.record.keys | {key})
            self._put(place, attrs.evolve(kept, record=found))
        else:
            raise StorageCorrupt(f"a stored key finds nobody at place {place}")

    def hold_envelopes(self) -> bool:
        return any(holds_envelopes(each.record.document) for each in self._by_place.values())

    def go_on_from(self, last: int) -> None:
        self._undo.append(partial(setattr, self, "_last", self._last))
        self._last = last

    def _put_document(self, place: int, document: bytes) -> None:
        customer = opened(document)
        record = Record(document, frozenset(), tokens(customer))
        self._places[customer.id] = place
        self._undo.append(partial(self._places.pop, customer.id))
        self._put(place, _Kept(None if self._desk.vault.has_keys else customer, record))

    def last(self) -> int:
        return self._last

    def rows(self, after: int, last: int) -> "Iterator[Row]":
        for place in range(after + 1, last + 1):
            if (kept := self._by_place.get(place)) is not None:
                yield self._row(place, kept.record)

    def _row(self, place: int, record: Record) -> "Row":
        from customer_registry.storage.inspecting import Row  # noqa: PLC0415  seldom

        try:
            customer = self._at(place)
        except (KeyUnavailable, TamperedRecord) as error:
            customer_id, label = called(record.document)
            lacks_key = isinstance(error, KeyUnavailable)
            code = "customer.unopened" if lacks_key else "customer.altered"
            found = (Disagreement(code, label),)
            return Row(place=place, label=label, id=customer_id, found=found)
        return Row(
            place=place,
            label=customer.code.text,
            id=customer.id,
            customer=customer,
            document=digested(record.document),
            found=tuple(self._misfits(place, customer, record)),
        )

    def keys(self) -> "Iterator[Item]":
        for key, places in self._keys.items():
            yield from ((key.field.encode(), key.text.encode(), place) for place in places)

    def tokens(self) -> "Iterator[Item]":
        for token, places in self._postings.items():
            yield from ((token.encode(), place) for place in places)

    def claimed_codes(self) -> "Iterator[Item]":
        for code in self._codes:
            yield code.encode(), self._claims.get(Key("code", code), 0)

    def unfounded_claims(self) -> Iterator[Disagreement]:
        for key, place in self._claims.items():
            if key.field != "code" and place not in self._keys.get(key, ()):
                yield Disagreement("claim.left_over", f"place {place}: {key.field}")

    def can_compare(self, field: str) -> bool:
        return self._desk.records.can_compare(field)

    def due(self, customer: Customer) -> Record:
        return self._desk.records.due(customer)

    def _refuse_another(self, customer_id: UUID, document: bytes) -> None:
        """Raise TamperedRecord for a document that no act wrote, unless this unit did."""
        if customer_id not in self._unjournalled:
            refuse_another(document, self._last_document(customer_id))

    def _misfits(self, place: int, customer: Customer, record: Record) -> Iterator[Disagreement]:
        """Yield what is wrong with a customer as it is kept."""
        label = customer.code.text
        if self._desk.records.recorded(customer, record.document).document != record.document:
            yield Disagreement("customer.altered", label)
        if self._places.get(customer.id) != place:
            yield Disagreement("customer.row", label)

    def _at(self, place: int) -> Customer:
        kept = self._by_place[place]
        return kept.customer or self._desk.records.opened(kept.record.document)

    def _kept(self, customer: Customer, record: Record) -> _Kept:
        return _Kept(None if self._desk.said else customer, record)

    def _refuse_taken(self, owns: Mapping[Key, Key], place: int | None) -> None:
        records = self._desk.records
        for key, written in owns.items():
            for form in {written, *(records.sought(key) if key.field in BLIND else ())}:
                if self._claims.get(form, place) != place:
                    raise KeyTaken(key, self._at(self._claims[form]))

    def _claim(self, claims: Iterable[Key], place: int) -> None:
        for key in claims:
            if key not in self._claims:
                self._claims[key] = place
                self._undo.append(partial(self._claims.pop, key))
                if key.field == "code":
                    insort(self._codes, key.text)
                    self._undo.append(partial(_strike, self._codes, key.text))

    def _unclaim(self, place: int, keys: Iterable[Key]) -> None:
        for key in keys:
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


def _spelt(key: Key) -> tuple[str, str]:
    return key.field, key.text


def _spelt_first(item: tuple[Key, int]) -> tuple[str, str]:
    return _spelt(item[0])


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

    def parts(self) -> Iterator[Part]:
        for each in sorted(self._drawn.items()):
            yield Part("range", each)
        for _, reservation in sorted(self._reserved.items()):
            yield reservation_part(reservation)

    def put(self, part: Part) -> None:
        values: tuple[Any, ...] = part.content
        if part.kind == "range":
            self.raise_to(*values)
        else:
            self.reserve(reservation_of(part))

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
    _chain: Chain
    _written: Callable[[UUID], bytes | None]
    _links: list[Link] = attrs.field(factory=list)
    _about: dict[UUID | None, list[int]] = attrs.field(factory=dict)

    def append(self, entry: JournalEntry) -> JournalEntry:
        about = entry.customer_id
        document = None if about is None else self._written(about)
        link = self._chain.link(entry, self.head(), document)
        self._keep(link)
        return attrs.evolve(entry, number=link.number)

    def go_on_with(self, chain: Chain) -> None:
        self._undo.append(partial(setattr, self, "_chain", self._chain))
        self._chain = chain

    def _keep(self, link: Link) -> None:
        about = self._about.setdefault(link.customer_id, [])
        about.append(len(self._links))
        self._links.append(link)
        self._undo += [self._links.pop, about.pop]

    def of(self, customer_id: UUID | None) -> tuple[JournalEntry, ...]:
        return tuple(read_entry(self._links[at]) for at in self._about.get(customer_id, ()))

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        return tuple(map(read_entry, self._links[number : number + limit]))

    def head(self) -> tuple[int, bytes]:
        return (len(self._links), self._links[-1].digest) if self._links else (0, GENESIS)

    def links(self, after: int = 0) -> Iterator[Link]:
        return map(self._links.__getitem__, range(after, len(self._links)))

    @property
    def is_keyed(self) -> bool:
        return self._chain.is_keyed

    def holds(self, link: Link, previous: bytes) -> bool | None:
        return self._chain.holds(link, previous)

    def last_document(self, customer_id: UUID) -> bytes | None:
        for at in reversed(self._about.get(customer_id, ())):
            body = self._links[at].body
            if body is not None and (document := read_document(body)) is not None:
                return document
        return None

    def parts(self) -> Iterator[Part]:
        yield from map(link_part, self._links)

    def put(self, part: Part) -> None:
        self._keep(link_of(part))

    def erase(self, customer_id: UUID) -> tuple[int, ...]:
        places = [at for at in self._about.get(customer_id, ()) if self._links[at].body is not None]
        for at in places:
            self._undo.append(partial(self._links.__setitem__, at, self._links[at]))
            self._links[at] = attrs.evolve(self._links[at], body=None, salt=None)
        return tuple(at + 1 for at in places)


@attrs.define(eq=False, repr=False)
class _Receipts:
    _undo: list[Callable[[], object]]
    _desk: _Desk
    _kept: dict[tuple[str, str], StoredReceipt] = attrs.field(factory=dict)

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        receipt = self._kept.get((actor, key))
        return receipt and receipt_opened(receipt, self._desk.records)

    def all(self) -> Iterator[StoredReceipt]:
        yield from self._kept.values()

    def parts(self) -> Iterator[Part]:
        for _, receipt in sorted(self._kept.items(), key=itemgetter(0)):
            yield receipt_part(receipt)

    def add(self, receipt: StoredReceipt) -> None:
        name = (receipt.actor, receipt.key)
        self._kept[name] = receipt_sealed(receipt, self._desk.records)
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

    def of(self, customer_id: UUID) -> tuple[StoredReceipt, ...]:
        theirs = (each for each in self._kept.values() if each.customer_id == customer_id)
        found = sorted(theirs, key=lambda each: (each.at, each.key))
        return tuple(receipt_opened(each, self._desk.records) for each in found)

    def reseal(self, after: tuple[str, str] = ("", "")) -> tuple[str, str] | None:
        records = self._desk.records
        for name, receipt in sorted(self._kept.items(), key=itemgetter(0)):
            if name > after:
                self._put(name, receipt_resealed(receipt, records))
        return None

    def move_to(self, desk: _Desk) -> None:
        self._desk = desk

    def forget(self, customer_id: UUID, codes: Iterable[CustomerCode]) -> None:
        named = tuple(codes)
        for name, receipt in tuple(self._kept.items()):
            if receipt.customer_id == customer_id:
                self._put(name, None)
                continue
            issues = receipt.issues
            for code in named:
                issues = without(code, issues)
            if issues != receipt.issues:
                self._put(name, attrs.evolve(receipt, issues=issues))

    def _put(self, name: tuple[str, str], receipt: StoredReceipt | None) -> None:
        self._undo.append(partial(self._kept.__setitem__, name, self._kept.pop(name)))
        if receipt is not None:
            self._kept[name] = receipt


@attrs.define(eq=False, repr=False)
class _Edits:
    _undo: list[Callable[[], object]]
    _desk: _Desk
    _kept: dict[UUID, WaitingEdit] = attrs.field(factory=dict)

    def add(self, edit: WaitingEdit) -> None:
        self._keep(edit_sealed(edit, self._desk.records))

    def put(self, part: Part) -> None:
        self._keep(edit_of(part))

    def get(self, edit_id: UUID) -> WaitingEdit | None:
        edit = self._kept.get(edit_id)
        return edit and edit_opened(edit, self._desk.records)

    def of(self, customer_id: UUID | None = None) -> tuple[WaitingEdit, ...]:
        theirs = (each for each in self._kept.values() if customer_id in {None, each.customer_id})
        found = sorted(theirs, key=lambda each: (each.at, each.id.bytes))
        return tuple(edit_opened(each, self._desk.records) for each in found)

    def move_to(self, desk: _Desk) -> None:
        self._desk = desk

    def parts(self) -> Iterator[Part]:
        for edit in sorted(self._kept.values(), key=lambda each: each.id.bytes):
            yield edit_part(edit)

    def listed(self) -> tuple[WaitingEdit, ...]:
        found = sorted(self._kept.values(), key=lambda each: (each.at, each.id.bytes))
        return tuple(attrs.evolve(each, fields={}) for each in found)

    def _keep(self, edit: WaitingEdit) -> None:
        self._kept[edit.id] = edit
        self._undo.append(partial(self._kept.pop, edit.id))

    def unlike(self) -> Iterator[Disagreement]:
        return edits_unlike(self._kept.values(), self._desk.records)

    def drop(self, edit_id: UUID) -> None:
        if (edit := self._kept.pop(edit_id, None)) is not None:
            self._undo.append(partial(self._kept.__setitem__, edit_id, edit))
