"""A whole registry in another store: moved in one transaction, proven, and found again."""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from os import PathLike
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageCorrupt, StorageOccupied, StorageUnavailable
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.journal import Change, Head, JournalEntry
from customer_registry.operations.counted import Counted
from customer_registry.operations.progress import Progress, told_of
from customer_registry.operations.taking import digest_of, ended, refuse_unkeyed, take
from customer_registry.repository import KINDS, Part, Repository, UnitOfWork
from customer_registry.storage.opening import MEMORY, open_repository

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry
    from customer_registry.sealing.keyring import Keyring

__all__ = ["Copied", "copy"]

_PASSES = 3
"""Everything is put, read back before the commit, and read once more after it."""


@attrs.frozen(kw_only=True)
class Copied(Counted):
    """A registry that two stores keep alike: which one, with which entry its journal ends.

    `counts` tells how many rows of each kind there are, `digest` is the SHA-256 of them all.
    `found` says that an earlier call had come to its end, and nothing was written.
    """

    identity: UUID
    head: Head
    counts: Mapping[str, int] = attrs.field(converter=FrozenMapping[str, int])
    digest: bytes = attrs.field(default=b"", repr=bytes.hex)
    found: bool = False


def copy(
    registry: "CustomerRegistry",
    to: str | PathLike[str] | Repository,
    *,
    keyring: "Keyring | None" = None,
    on_progress: Progress | None = None,
) -> Copied:
    """Put everything that a registry keeps into another store, of any kind, that is empty.

    Customers, journal, codes present and former, counters, reservations, receipts, edits that wait:
    all as it is, sealed fields sealed, and the identity as well. `to` is a repository, or where one
    is to be opened, with a `keyring`. It asks for the permission of `backup`, and first of all the
    journal says `copied`; that entry travels along, so that both journals end alike.

    What is copied is the registry of one moment: others may go on writing, and what they write
    after the `head` of the result is not there. To move over, let nobody write, copy, and begin
    anew with the other store; from two that go on, nobody makes one again.

    The other store takes all of it in one transaction. It is read back, row by row, before the
    commit and after. Whatever interrupts that, it then holds nothing or everything, and who calls
    again comes to the end: what is there already, whole and alike, is proven and `found`.

    `on_progress` is told how many rows are done and of how many, each counted as often as it is
    written or read back. Raises NotPermitted, StorageOccupied for a store that holds anything else,
    KeyUnavailable where a journal with a key would go on without it on either side, StorageCorrupt
    for a store that does not give what it took, CommitOutcomeUnknown, what `open` raises, and
    ValueError for the same repository twice.

    >>> from customer_registry import CustomerRegistry, InMemoryRepository
    >>> registry, other = CustomerRegistry(), InMemoryRepository()
    >>> receipt = registry.register(kind="person", name="王芳")
    >>> copy(registry, other).customers
    1
    >>> CustomerRegistry(repository=other).get("C000001") == receipt.customer
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    if to is office.repository:
        raise ValueError("a registry is not copied to where it is")
    office.asked("backup")
    with _opened(to, keyring) as target:
        return _found(office, target, on_progress) or _made(office, target, on_progress)


@contextmanager
def _opened(
    to: str | PathLike[str] | Repository, keyring: "Keyring | None"
) -> Generator[Repository, None, None]:
    if not isinstance(to, str | PathLike):
        yield to
        return
    where = os.fspath(to)
    if where == MEMORY:
        raise StorageUnavailable("memory: ends with this call; give an empty repository")
    with closing(open_repository(where, create=True, migrate=False, keyring=keyring)) as repository:
        yield repository


def _found(office: "Office", target: Repository, on_progress: Progress | None) -> Copied | None:
    """Return the copy that is there already, None where nothing is; raises StorageOccupied."""
    passing = _Passing(on_progress, 2)
    with target.read() as there:
        held = _told(there, office)
        if not held.rows:
            return None
        with office.repository.snapshot() as given:
            kept = _told(given, office)
            if not _alike(held, kept):
                raise _occupied(held, kept)
            digest = digest_of(passing(given.parts(), kept.rows))
        if digest_of(passing(there.parts(), held.rows)) != digest:
            raise _occupied(held, kept)
    return attrs.evolve(held, digest=digest, found=True)


def _occupied(held: Copied, kept: Copied) -> StorageOccupied:
    is_ours = held.identity == kept.identity
    return StorageOccupied(held.head.number if is_ours else None, kept.head.number)


def _made(office: "Office", target: Repository, on_progress: Progress | None) -> Copied:
    """Let the journal tell of a copy, make it, and prove it."""
    _announce(office, target)
    passing = _Passing(on_progress, _PASSES)
    with office.repository.snapshot() as given:
        made = _told(given, office)
        with ended(given.parts()) as parts, target.write() as work:
            coming = passing(parts, made.rows)
            digest = take(work, coming, lambda parts: passing(parts, made.rows))
            _refuse_another(_told(work, office), made)
    with target.read() as there:
        _refuse_another(_told(there, office), made)
        if digest_of(passing(there.parts(), made.rows)) != digest:
            raise StorageCorrupt("the store does not keep what it took; throw the copy away")
    return attrs.evolve(made, digest=digest)


def _announce(office: "Office", target: Repository) -> None:
    """Let the journal say that everything goes elsewhere; what kind of store, not where."""
    entry = JournalEntry(
        at=office.clock(),
        actor=office.actor.id,
        action="copied",
        changes=(Change("copy.into", None, type(target).__name__),),
    )
    with office.unit("backup", writing=True) as work:
        refuse_unkeyed(work)
        work.journal.append(entry)


def _told(work: UnitOfWork, office: "Office") -> Copied:
    """Return which registry a store keeps, how far it has come, and how much there is."""
    meta, *counts = islice(work.parts(), 1 + len(KINDS))
    values: tuple[Any, ...] = meta.content
    number, digest = work.journal.head()
    return Copied(
        identity=UUID(bytes=values[0]),
        head=Head(number=number, digest=digest, at=office.clock()),
        counts={str(kind): int(str(many)) for kind, many in (part.content for part in counts)},
    )


def _alike(one: Copied, other: Copied) -> bool:
    """Return whether both tell of one registry, which has come as far and holds as much."""
    mine, theirs = (
        (each.identity, each.head.number, each.head.digest, each.counts) for each in (one, other)
    )
    return mine == theirs


def _refuse_another(held: Copied, made: Copied) -> None:
    """Raise StorageCorrupt for a store that says otherwise of what it took."""
    if not _alike(held, made):
        raise StorageCorrupt("the store says another identity, head or count than it took")


class _Passing:
    """Lets all parts pass some times, and tells how much of that is done."""

    def __init__(self, on_progress: Progress | None, times: int) -> None:
        self._tell = on_progress
        self._times = times
        self._done = 0

    def __call__(self, parts: Iterator[Part], rows: int) -> Iterator[Part]:
        before, self._done = self._done * rows, self._done + 1
        total = self._times * rows
        return told_of(parts, rows, self._from(before, total))

    def _from(self, before: int, total: int) -> Callable[[int, int], object] | None:
        tell = self._tell
        return None if tell is None else lambda done, _: tell(before + done, total)
