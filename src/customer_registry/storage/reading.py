"""A unit of work that only reads, made of one that could write as well."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import NoReturn, cast

import attrs

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.repository import (
    Customers,
    Edits,
    Inspected,
    Journal,
    Numbers,
    Part,
    Receipts,
    UnitOfWork,
)
from customer_registry.sealing.sealer import Sealer

__all__ = ["WRITES", "ReadingUnit"]

WRITES = frozenset(
    {
        "add",
        "append",
        "drop",
        "erase",
        "forget",
        "next",
        "prune",
        "raise_to",
        "replace",
        "reseal",
        "reserve",
        "retire",
    }
)
"""The methods of the ports that a reading unit refuses."""


@attrs.frozen(eq=False, repr=False)
class ReadingUnit:
    """The unit of work `of`, whose mutators raise StorageUnavailable before they do anything."""

    _of: UnitOfWork

    @property
    def customers(self) -> Customers:
        """The customers."""
        return cast("Customers", _ReadingPort(self._of.customers))

    @property
    def numbers(self) -> Numbers:
        """The number ranges."""
        return cast("Numbers", _ReadingPort(self._of.numbers))

    @property
    def journal(self) -> Journal:
        """The journal."""
        return cast("Journal", _ReadingPort(self._of.journal))

    @property
    def receipts(self) -> Receipts:
        """The receipts."""
        return cast("Receipts", _ReadingPort(self._of.receipts))

    @property
    def edits(self) -> Edits:
        """The edits that wait for a second person."""
        return cast("Edits", _ReadingPort(self._of.edits))

    @property
    def sealing(self) -> str | None:
        """What the store says of how it is sealed."""
        return self._of.sealing

    @property
    def sealer(self) -> Sealer:
        """The keys of this repository."""
        return self._of.sealer

    def keep_sealing(self, said: str) -> NoReturn:
        """Refuse."""
        _refuse(said)

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a context that has nothing to take back."""
        return nullcontext()

    def inspect(self) -> Iterator[Inspected]:
        """Yield what is wrong with how the store keeps its customers, and every customer once."""
        return self._of.inspect()

    def keep_checked(self, at: datetime) -> NoReturn:
        """Refuse."""
        _refuse(at)

    def parts(self) -> Iterator[Part]:
        """Yield everything that the store keeps."""
        return self._of.parts()

    def put(self, parts: Iterable[Part]) -> NoReturn:
        """Refuse."""
        _refuse(parts)


@attrs.frozen(eq=False, repr=False)
class _ReadingPort:
    _port: object

    def __getattr__(self, name: str) -> object:
        return _refuse if name in WRITES else getattr(self._port, name)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise StorageUnavailable("this unit only reads; open write()")
