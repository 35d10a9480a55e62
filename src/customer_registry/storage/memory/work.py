# ruff: noqa: D102  the port tells what a method does
"""The one unit of work of a store in memory; it remembers how to take back what is not settled."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.repository import KINDS, Disagreement, Inspected, Part
from customer_registry.sealing.sealer import Sealer
from customer_registry.storage.chaining import Chain
from customer_registry.storage.memory.copying import copy_of
from customer_registry.storage.memory.customers import Customers
from customer_registry.storage.memory.edits import Edits
from customer_registry.storage.memory.journal import Journal
from customer_registry.storage.memory.numbers import Numbers
from customer_registry.storage.memory.receipts import Receipts
from customer_registry.storage.portable import whole
from customer_registry.storage.standing import TELLING

if TYPE_CHECKING:
    from customer_registry.storage.memory.desk import Desk

__all__ = ["Work"]


class Work:
    """The one unit of work; it remembers how to take back what is not settled yet."""

    def __init__(self, salt: Callable[[int], bytes], desk: "Desk") -> None:
        self._undo: list[Callable[[], object]] = []
        self._salt = salt
        self._desk = desk
        self.customers = Customers(self._undo, desk, self._last_document)
        self.numbers = Numbers(self._undo)
        self.journal = Journal(self._undo, Chain(salt, desk.sealer), self.customers.written)
        self.receipts = Receipts(self._undo, desk)
        self.edits = Edits(self._undo, desk)
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
        self._desk.vault.refuse_writing(self.identity, self.sealing, Past(self))

    def inspect(self) -> Iterator[Inspected]:
        found = self._desk.vault.disagreements(self.identity, self.sealing, Past(self))
        yield Inspected(share=0.0, found=found)
        from customer_registry.storage.inspecting import inspected  # noqa: PLC0415  seldom

        yield from inspected(self.customers)
        unfounded = tuple(self.customers.unfounded_claims())
        yield Inspected(share=1.0, found=unfounded)
        yield Inspected(share=1.0, found=tuple(self.edits.unlike()))
        for receipt in self.receipts.all():
            if self.customers.version(receipt.customer_id) < receipt.version:
                where = f"{receipt.actor}: {receipt.key}"
                found = (Disagreement("receipt.orphaned", where),)
                yield Inspected(share=1.0, found=found)
        yield Inspected(share=1.0, found=tuple(self.receipts.unlike()))

    def keep_checked(self, at: datetime) -> None:
        self._undo.append(partial(setattr, self, "checked", self.checked))
        self.checked = at

    def copied(self) -> "Work":
        """Return a unit of work on what is kept now, which nobody else changes."""
        copy = Work(self._salt, attrs.evolve(self._desk))
        copy.checked = self.checked
        copy.customers, copy.numbers = copy_of(self.customers), copy_of(self.numbers)
        copy.journal, copy.receipts = copy_of(self.journal), copy_of(self.receipts)
        copy.edits = copy_of(self.edits)
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
                    self.receipts.put(part)
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
class Past:
    """What a store holds that tells how it was sealed, whatever it says now."""

    _of: Work

    def told(self) -> int:
        entries = self._of.journal.of(None)
        return next((each.number for each in reversed(entries) if each.action in TELLING), 0) or 0

    def is_sealed(self) -> bool:
        first = next(self._of.journal.links(), None)
        is_keyed = first is not None and first.key_id is not None
        return is_keyed or self.told() > 0 or self._of.customers.hold_envelopes()
