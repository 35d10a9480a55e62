"""The head of a journal kept elsewhere: what a journal that was cut or rolled back cannot hide."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_registry.domain.errors import UnreadableFile
from customer_registry.domain.journal import Head

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["Head", "HeadFile", "head"]


def head(registry: "CustomerRegistry") -> Head:
    """Return the head of the journal as it is now; before the first entry its number is 0.

    Keep it where nobody reaches who can write to the store, and give it to `verify` later. Raises
    NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> receipt = registry.register(kind="person", name="王芳")
    >>> head(registry).number
    1
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("head") as work:
        number, digest = work.journal.head()
    return Head(number=number, digest=digest, at=office.clock())


class HeadFile:
    """Heads in a file of their own: a line of JSON each, appended and synced, never changed.

    Give it as `on_head=` to a registry, so that each save adds a line, and as `head=` to `verify`.
    It is worth as much as the distance between it and the store: another machine's disk, a folder
    that its writers may only append to. Processes may share it.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, sync: Callable[[int], object] = os.fsync
    ) -> None:
        self.path = Path(path)
        self._sync = sync

    def __call__(self, head: Head) -> None:
        """Add a head, on the disk before this returns; raises OSError."""
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, _ending(handle) + _line(head))
            self._sync(handle)
        finally:
            os.close(handle)
        if is_new:
            self._sync_folder()

    def __iter__(self) -> Iterator[Head]:
        """Yield all heads in the order in which they were added.

        A line that was cut off while it was written is left out. Raises UnreadableFile for any
        other line that is no head, and for a file that is not there or holds no head at all: it
        vouches for nothing.
        """
        head = None
        try:
            for head in self._heads():
                yield head
        except FileNotFoundError as error:
            raise UnreadableFile("heads.missing", name=self.path.name) from error
        if head is None:
            raise UnreadableFile("heads.empty", name=self.path.name)

    def last(self) -> Head | None:
        """Return the highest head; None before the first. Raises UnreadableFile."""
        heads = self._heads() if self.path.exists() else ()
        return max(heads, key=lambda head: head.number, default=None)

    def _heads(self) -> Iterator[Head]:
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if _is_whole(line):
                    yield self._read(line, number)

    def _sync_folder(self) -> None:
        handle = os.open(self.path.parent, os.O_RDONLY)
        try:
            self._sync(handle)
        finally:
            os.close(handle)

    def _read(self, line: bytes, number: int) -> Head:
        try:
            return _head(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableFile("heads.damaged", name=self.path.name, line=number) from error


def _ending(handle: int) -> bytes:
    """Return what ends a line that was cut off before; nothing where there is none."""
    size = os.fstat(handle).st_size
    return b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""


def _is_whole(line: bytes) -> bool:
    """Return whether a line was not cut off while it was written."""
    return line.endswith(b"}\n")


def _line(head: Head) -> bytes:
    plain = {"number": head.number, "digest": head.digest.hex(), "at": head.at.isoformat()}
    return b"%b\n" % json.dumps(plain).encode()


def _head(plain: Any) -> Head:  # noqa: ANN401  whatever JSON holds
    number = plain["number"]
    if type(number) is not int or number < 0:
        raise ValueError("no number of an entry")
    digest = bytes.fromhex(plain["digest"])
    return Head(number=number, digest=digest, at=datetime.fromisoformat(plain["at"]))
