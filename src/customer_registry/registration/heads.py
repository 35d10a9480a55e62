"""Heads of the journal told to whoever keeps them elsewhere, after each commit."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TypeAlias, cast

import attrs

from customer_registry.domain.issues import Issue
from customer_registry.domain.journal import Head
from customer_registry.repository import Receipt, Repository, UnitOfWork

__all__ = ["Heads", "OnHead"]

OnHead: TypeAlias = Callable[[Head], object]


class Heads:
    """Tells `on_head` of rising heads, one at a time; a host's fault in it undoes nothing.

    As a hook it fails as long as the last head was not kept, so that receipts tell of it. Each head
    stands for all before it: the next one that is kept heals the gap.
    """

    def __init__(self, on_head: OnHead) -> None:
        self.__name__ = getattr(on_head, "__name__", type(on_head).__name__)
        self._on_head = on_head
        self._turn = threading.Lock()
        self._kept = 0
        self._failure: Exception | None = None

    def __call__(self, receipt: Receipt) -> None:
        """Raise what kept the last head from being kept."""
        del receipt
        if self._failure is not None:
            raise self._failure

    def of(self, repository: Repository, clock: Callable[[], datetime]) -> Repository:
        """Return a repository whose heads are told after each commit."""
        return cast("Repository", _Telling(repository, self, clock))

    def tell(self, number: int, digest: bytes, at: datetime) -> None:
        """Tell a head, unless a higher one was told by another thread already."""
        with self._turn:
            if number <= self._kept:
                return
            try:
                self._on_head(Head(number=number, digest=digest, at=at))
            except Exception as error:  # noqa: BLE001  a host's bug is not the customer's fault
                self._failure = error
            else:
                self._failure, self._kept = None, number


@attrs.frozen(eq=False, repr=False)
class _Telling:
    """A repository, in all else as it is."""

    _of: Repository
    _heads: Heads
    _clock: Callable[[], datetime]

    def __getattr__(self, name: str) -> object:
        return getattr(self._of, name)

    @contextmanager
    def write(self) -> Generator[UnitOfWork, None, None]:
        with self._of.write() as work:
            yield work
            number, digest = work.journal.head()
        self._of.after_commit(partial(self._told, number, digest))

    def _told(self, number: int, digest: bytes) -> tuple[Issue, ...]:
        self._heads.tell(number, digest, self._clock())
        return ()
