# ruff: noqa: D102  the port tells what a method does
"""The receipts of a store in memory."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from operator import itemgetter
from uuid import UUID

import attrs

from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Disagreement, Part, StoredReceipt
from customer_registry.storage.confided import (
    receipt_opened,
    receipt_resealed,
    receipt_sealed,
    receipts_unlike,
)
from customer_registry.storage.memory.desk import Desk
from customer_registry.storage.parts import receipt_of, receipt_part
from customer_registry.storage.receipts import without

__all__ = ["Receipts"]


@attrs.define(eq=False, repr=False)
class Receipts:
    """The receipts of a unit of work."""

    _undo: list[Callable[[], object]]
    _desk: Desk
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

    def put(self, part: Part) -> None:
        receipt = receipt_of(part)
        self._kept[receipt.actor, receipt.key] = receipt
        self._undo.append(partial(self._kept.pop, (receipt.actor, receipt.key)))

    def unlike(self) -> Iterator[Disagreement]:
        return receipts_unlike(self._kept.values(), self._desk.records)

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

    def move_to(self, desk: Desk) -> None:
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
