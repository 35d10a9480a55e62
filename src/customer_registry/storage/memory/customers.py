# ruff: noqa: D102  the port tells what a method does
"""The customers of a store in memory, with what finds them."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import (
    KeyUnavailable,
    StorageCorrupt,
    StorageError,
    TamperedRecord,
)
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import (
    CustomerQuery,
    Disagreement,
    Found,
    Key,
    KeyTaken,
    Part,
)
from customer_registry.storage.chaining import digested, refuse_another
from customer_registry.storage.grams import Wanted, page, tokens, wanted
from customer_registry.storage.memory.desk import Desk
from customer_registry.storage.memory.ordered import candidates, strike
from customer_registry.storage.record import (
    BLIND,
    Record,
    called,
    holds_envelopes,
    opened,
    retired,
)

if TYPE_CHECKING:
    from customer_registry.storage.inspecting import Item, Row

__all__ = ["Customers"]


@attrs.frozen(eq=False, repr=False)
class Kept:
    """What a file would keep of a customer; itself too, where nothing of it is sealed."""

    customer: Customer | None
    record: Record


@attrs.define(eq=False, repr=False)
class Customers:
    """The customers of a unit of work; the port tells what each method does."""

    _undo: list[Callable[[], object]]
    _desk: Desk
    _last_document: Callable[[UUID], bytes | None]
    _by_place: dict[int, Kept] = attrs.field(factory=dict)
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
        self.go_on_from(self._last + 1)
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

    def move_to(self, desk: Desk) -> None:
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
            strike(self._codes, code.text)
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
        self._put(place, Kept(None if self._desk.vault.has_keys else customer, record))

    def last(self) -> int:
        return self._last

    def version(self, customer_id: UUID) -> int:
        place = self._places.get(customer_id)
        return 0 if place is None else opened(self._by_place[place].record.document).version

    def rows(self, after: int, last: int) -> "Iterator[Row]":
        for place in range(after + 1, last + 1):
            if (kept := self._by_place.get(place)) is not None:
                yield self._row(place, kept.record)

    def _row(self, place: int, record: Record) -> "Row":
        from customer_registry.storage.inspecting import Row  # noqa: PLC0415  seldom

        try:
            customer = self._opened(place)
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
        customer = self._opened(place)
        if self._desk.records.cannot_tell(customer):
            self._refuse_another(customer.id, self._by_place[place].record.document)
        return customer

    def _opened(self, place: int) -> Customer:
        kept = self._by_place[place]
        return kept.customer or self._desk.records.opened(kept.record.document)

    def _kept(self, customer: Customer, record: Record) -> Kept:
        return Kept(None if self._desk.said else customer, record)

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
                    self._undo.append(partial(strike, self._codes, key.text))

    def _unclaim(self, place: int, keys: Iterable[Key]) -> None:
        for key in keys:
            if self._claims.get(key) == place:
                del self._claims[key]
                self._undo.append(partial(self._claims.__setitem__, key, place))

    def _put(self, place: int, kept: Kept) -> None:
        """Let a customer stand at a place, indexed, and remember how to undo it."""
        before = self._by_place.get(place)
        self._undo.append(partial(self._swap, place, kept, before))
        self._swap(place, before, kept)

    def _swap(self, place: int, old: Kept | None, new: Kept | None) -> None:
        self._by_place.pop(place, None)
        if new is not None:
            self._by_place[place] = new
        self._reindex(place, old.record if old else _NO_RECORD, new.record if new else _NO_RECORD)

    def _reindex(self, place: int, old: Record, new: Record) -> None:
        for key in old.keys - new.keys:
            strike(self._keys[key], place)
        for key in new.keys - old.keys:
            insort(self._keys.setdefault(key, []), place)
        for token in old.tokens - new.tokens:
            strike(self._postings[token], place)
        for token in new.tokens - old.tokens:
            insort(self._postings.setdefault(token, []), place)

    def _answering(self, asked: Wanted, before: int | None) -> Iterator[tuple[int, Customer]]:
        """Yield who answers, newest first; the tokens are looked up, the rest is read."""
        rest = asked.beyond_tokens
        places = candidates(self._postings, asked, before)
        for place in self._downwards(before) if places is None else places:
            customer = self._at(place)
            if rest is None or rest.finds(customer):
                yield place, customer

    def _downwards(self, before: int | None) -> Iterator[int]:
        newest = self._last if before is None else min(self._last, before - 1)
        return (place for place in range(newest, 0, -1) if place in self._by_place)


_NO_RECORD = Record(b"", frozenset(), frozenset())


def _spelt(key: Key) -> tuple[str, str]:
    return key.field, key.text


def _spelt_first(item: tuple[Key, int]) -> tuple[str, str]:
    return _spelt(item[0])
