"""Hold what a store keeps beside its documents against what the documents say.

Sets of millions are compared in little memory: of every group of places the sum of the hashes of
what is due there, less that of what is kept, is zero unless they differ. Only groups that differ
are looked at one by one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Protocol, TypeAlias
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageCorrupt, StorageError
from customer_registry.repository import Disagreement, Inspected
from customer_registry.storage.record import Record

__all__ = ["Inspectable", "Item", "Row", "inspected", "is_damage", "part"]

Item: TypeAlias = tuple[bytes | int | None, ...]
"""What an index keeps of a customer, as bytes; the last is the customer's place."""

_WIDTH = 256
_LOOKED_AT = 16
"""Groups that are looked at one by one in each index: some four thousand customers."""

_TOLD = 100_000
"""Items of an index after which the share that is done is told."""

_READING = 0.6
"""The share of the documents; the indexes are the rest."""


@attrs.frozen(kw_only=True)
class Row:
    """A customer as it lies there; `customer` is None where the document cannot be trusted.

    `label` names it for people: its code as far as that can be read.
    """

    place: int
    label: str
    id: UUID | None = None
    customer: Customer | None = None
    document: bytes | None = None
    found: tuple[Disagreement, ...] = ()


class Inspectable(Protocol):
    """What a store shows of itself, each as a stream."""

    def last(self) -> int:
        """Return the place of the newest customer, 0 for none."""
        ...

    def rows(self, after: int, last: int) -> Iterator[Row]:
        """Yield the customers beyond a place, up to the last."""
        ...

    def keys(self) -> Iterable[Item]:
        """Yield the exact keys: field, text, place."""
        ...

    def claimed_codes(self) -> Iterable[Item]:
        """Yield the claimed codes: text, place."""
        ...

    def tokens(self) -> Iterable[Item]:
        """Yield what search goes by: token, place."""
        ...

    def due(self, customer: Customer) -> Record:
        """Return what ought to find a customer."""
        ...

    def can_compare(self, field: str) -> bool:
        """Return whether the keys of a field follow from the customers, with what is at hand."""
        ...


def inspected(store: Inspectable) -> Iterator[Inspected]:
    """Yield every customer, and what does not agree with the documents in either direction."""
    reading = _Reading(store)
    try:
        yield from reading.steps()
    except StorageError as error:
        if not is_damage(error):
            raise
        yield Inspected(share=1.0, found=(Disagreement("store.unreadable", "customers"),))
        return
    share = (1.0 - _READING) / len(reading.tallies)
    for at, tally in enumerate(reading.tallies.values()):
        start = _READING + at * share
        compared = partial(reading.compared, tally)
        yield from part(tally.index.name, compared, start=start, share=share)


def part(
    name: str, steps: Callable[[], Iterator[Inspected]], *, start: float = 0.0, share: float = 1.0
) -> Iterator[Inspected]:
    """Yield the steps of a part, which takes a share of the whole; damage ends this part only."""
    try:
        for step in steps():
            yield attrs.evolve(step, share=start + share * step.share)
    except StorageError as error:
        if not is_damage(error):
            raise
        found = (Disagreement("store.unreadable", name),)
        yield Inspected(share=start + share, found=found)


def is_damage(error: StorageError) -> bool:
    """Return whether an error says something of the store, not of the moment: others may be busy.

    What the engine has no kinder word for is a read that failed or a schema that it cannot follow.
    """
    return type(error) in {StorageCorrupt, StorageError}


@attrs.frozen
class _Index:
    """What is kept of one kind, how it follows from a customer, and how it is told."""

    name: str
    kept: Callable[[], Iterable[Item]]
    due: Callable[[Customer, Record, int], Iterable[Item]]
    told: Callable[[Iterable[Item]], str]


@attrs.define
class _Tally:
    """What is due less what was met, summed up by groups of places."""

    index: _Index
    sums: defaultdict[int, int] = attrs.field(factory=lambda: defaultdict(int))
    items: int = 0

    def expect(self, items: list[Item], place: int) -> None:
        self.items += len(items)
        self.sums[place // _WIDTH] += sum(map(hash, items))

    def differing(self) -> list[int]:
        return sorted(group for group, total in self.sums.items() if total)


class _Reading:
    """One reading of all documents, and then of each index."""

    def __init__(self, store: Inspectable) -> None:
        self._store = store
        self._unknown: set[int] = set()
        indexes = (
            _Index("key", partial(_comparable, store), partial(_due_keys, store), _fields),
            _Index("code", store.claimed_codes, _due_codes, _texts),
            _Index("search", store.tokens, _due_tokens, _number),
        )
        self.tallies: Mapping[str, _Tally] = {each.name: _Tally(each) for each in indexes}

    def steps(self) -> Iterator[Inspected]:
        """Yield every customer, and add up what is due."""
        last = self._store.last()
        for row in self._store.rows(0, last):
            known, found = self._judged(row)
            share = _READING * row.place / max(last, row.place)
            yield Inspected(
                share=share, id=row.id, customer=known, document=row.document, found=found
            )

    def compared(self, tally: _Tally) -> Iterator[Inspected]:
        """Yield what an index lacks, and what it holds in excess."""
        sums, unknown = tally.sums, self._unknown
        for at, item in enumerate(tally.index.kept(), 1):
            place = _place(item)
            if place not in unknown:
                sums[place // _WIDTH] -= hash(item)
            if not at % _TOLD:
                yield Inspected(share=min(1.0, at / max(1, tally.items)))
        differing = tally.differing()
        if differing:
            yield Inspected(share=1.0, found=tuple(self._closer(tally.index, differing)))

    def _judged(self, row: Row) -> tuple[Customer | None, tuple[Disagreement, ...]]:
        if row.customer is not None:
            due = _due(self._store, row.customer, row.place, self.tallies.values())
            if due is not None:
                for name, items in due.items():
                    self.tallies[name].expect(items, row.place)
                return row.customer, row.found
        self._unknown.add(row.place)
        found = row.found or (Disagreement("customer.unreadable", row.label),)
        return None, found

    def _closer(self, index: _Index, differing: list[int]) -> Iterator[Disagreement]:
        """Yield what differs, customer by customer, in the first of the groups that do."""
        groups = frozenset(differing[:_LOOKED_AT])
        kept: defaultdict[int, Counter[Item]] = defaultdict(Counter)
        for item in index.kept():
            place = _place(item)
            if place // _WIDTH in groups and place not in self._unknown:
                kept[place][item] += 1
        for group in sorted(groups):
            yield from self._differences(index, group, kept)
        for place in sorted(kept):
            yield Disagreement(
                f"{index.name}.left_over", f"place {place}: {index.told(kept[place])}"
            )
        if more := len(differing) - len(groups):
            where = f"{index.name}: {more} more groups of {_WIDTH} places, from place"
            yield Disagreement("index.more", f"{where} {differing[_LOOKED_AT] * _WIDTH} on")

    def _differences(
        self, index: _Index, group: int, kept: dict[int, Counter[Item]]
    ) -> Iterator[Disagreement]:
        for row in self._store.rows(group * _WIDTH - 1, group * _WIDTH + _WIDTH - 1):
            if row.place in self._unknown or row.customer is None:
                continue
            record = self._store.due(row.customer)
            due = Counter(index.due(row.customer, record, row.place))
            held = kept.pop(row.place, Counter[Item]())
            for word, items in (("missing", due - held), ("left_over", held - due)):
                if items:
                    where = f"{row.label}: {index.told(items)}"
                    yield Disagreement(f"{index.name}.{word}", where)


def _due(
    store: Inspectable, customer: Customer, place: int, tallies: Iterable[_Tally]
) -> dict[str, list[Item]] | None:
    """Return what is due for a customer in every index; None where its document makes no sense."""
    try:
        record = store.due(customer)
        return {each.index.name: list(each.index.due(customer, record, place)) for each in tallies}
    except Exception:  # noqa: BLE001  a document that is bent, though it reads, fails anywhere
        return None


def _place(item: Item) -> int:
    place = item[-1]
    return place if isinstance(place, int) else 0


def _comparable(store: Inspectable) -> Iterator[Item]:
    """Yield the exact keys that follow from the customers, and all that have no name."""
    able, items = cache(store.can_compare), store.keys()
    for item in items:
        if not isinstance(item[0], bytes) or able(item[0].decode(errors="replace")):
            yield item


def _due_keys(store: Inspectable, _: Customer, record: Record, place: int) -> Iterator[Item]:
    keys = (key for key in record.keys if store.can_compare(key.field))
    return ((key.field.encode(), key.text.encode(), place) for key in keys)


def _due_codes(customer: Customer, _: Record, place: int) -> Iterator[Item]:
    codes = dict.fromkeys((customer.code, *customer.former_codes))
    return ((code.text.encode(), place) for code in codes)


def _due_tokens(_: Customer, record: Record, place: int) -> Iterator[Item]:
    return ((token.encode(), place) for token in record.tokens)


def _fields(items: Iterable[Item]) -> str:
    """Tell keys by their fields: the texts may be secret."""
    return ", ".join(sorted({_text(item[0]) for item in items}))


def _texts(items: Iterable[Item]) -> str:
    return ", ".join(sorted(_text(item[0]) for item in items))


def _number(items: Iterable[Item]) -> str:
    return f"{len(list(items))} of its words"


def _text(shown: bytes | int | None) -> str:
    return shown.decode(errors="replace") if isinstance(shown, bytes) else "?"
