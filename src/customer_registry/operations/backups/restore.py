"""Take a backup back: whole, in the place of nothing that is newer, and told in the journal."""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.access import SYSTEM, Actor
from customer_registry.domain.errors import OlderBackup, StorageForeign, StorageUnavailable
from customer_registry.domain.journal import Change, Head, JournalEntry
from customer_registry.operations.backups.manifest import Manifest
from customer_registry.operations.backups.reading import Backup, decided, reading
from customer_registry.operations.progress import Progress, told_of
from customer_registry.operations.taking import take
from customer_registry.registration.office import utc_now
from customer_registry.repository import Repository
from customer_registry.storage.opening import is_address, open_repository

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring
    from customer_registry.storage.sqlite.replacing import Standing

__all__ = ["restore"]

_TELLING = frozenset({"backed_up", "restored"})
"""Acts of which a backup that they tell of lacks nothing but the telling."""


def restore(
    path: str | PathLike[str],
    to: str | PathLike[str] | Repository,
    *,
    key: bytes | None = None,
    plain: bool = False,
    accept_older: bool = False,
    head: Head | Iterable[Head] = (),
    keyring: "Keyring | None" = None,
    actor: Actor = SYSTEM,
    clock: Callable[[], datetime] = utc_now,
    on_progress: Progress | None = None,
) -> Manifest:
    """Take a backup back, to the path of a SQLite file or into an empty repository.

    An address, `postgresql://…`, is one of an empty repository.

    All of it is there afterwards, or nothing has changed. A store that stands at the path is
    replaced where it is the same registry, nobody has it open, and the backup goes as far as it
    does, and as far as heads kept elsewhere; `accept_older` gives up what came later. The entry
    that tells of a backup does not count, nor does one more of which only a head is known. The
    journal then says `restored`, by whom, from which head, and what was given up. A journal that is
    chained with a key goes on with the one of the `keyring`, else this is a KeyUnavailable.

    Raises BackupDamaged, WrongBackupKey, OlderBackup, TamperedRecord where the journal is not the
    one that is known, StorageBusy for a store that is open, StorageForeign for another registry's,
    StorageUnavailable for a repository that is not empty, StorageCorrupt, StorageFull.

    >>> from tempfile import TemporaryDirectory
    >>> from customer_registry import CustomerRegistry, InMemoryRepository
    >>> from customer_registry.operations import backup
    >>> registry, key = CustomerRegistry(), bytes(range(32))
    >>> receipt = registry.register(kind="person", name="王芳")
    >>> with TemporaryDirectory() as folder:
    ...     made = backup(registry, folder, key=key)
    ...     restored = InMemoryRepository()
    ...     restore(made.path, restored, key=key).customers
    1
    >>> CustomerRegistry(repository=restored).get("C000001") == receipt.customer
    True
    """
    with reading(Path(path), decided(key, plain=plain)) as backup:
        taking = _Restoring(backup, actor, clock, on_progress, accept_older)
        for each in [head] if isinstance(head, Head) else head:
            taking.must_hold(each.number, each.digest)
        if not isinstance(to, str | PathLike):
            taking.fill(to)
        elif is_address(where := fspath(to)):
            opening = open_repository(where, create=True, migrate=False, keyring=keyring)
            with closing(opening) as repository:
                taking.fill(repository)
        else:
            _into_file(to, taking, keyring)
    return backup.manifest


@attrs.define
class _Restoring:
    """A backup on its way into a store, and what it must not fall behind."""

    backup: Backup
    actor: Actor
    clock: Callable[[], datetime]
    on_progress: Progress | None
    accept_older: bool
    known: list[tuple[int, bytes]] = attrs.field(init=False, factory=list)
    given_up: int = attrs.field(init=False, default=0)

    def must_hold(self, number: int, digest: bytes, *, beyond: int = 1) -> None:
        """Remember an entry that the backup has to hold; raises OlderBackup where it cannot.

        It may lie so far beyond its end: one more is the entry that tells of the backup itself,
        which a head that was kept elsewhere does not say.
        """
        ends = self.backup.manifest.head.number
        self.given_up = max(self.given_up, number)
        if self.accept_older:
            return
        if number > ends + beyond:
            raise OlderBackup(ends, number)
        self.known.append((number, digest))

    def may_replace(self, standing: "Standing | None") -> None:
        """Raise StorageForeign, OlderBackup where the store that stands there is to stay."""
        if standing is None:
            return
        if standing.identity != self.backup.manifest.identity:
            raise StorageForeign("another registry's store stands there; name another file")
        for known in standing.heads:
            self.must_hold(*known, beyond=standing.action in _TELLING)

    def fill(self, repository: Repository) -> None:
        """Let an empty repository keep everything, and its journal tell of it."""
        manifest = self.backup.manifest
        with repository.write() as work:
            parts = self.backup.parts(*self.known)
            take(work, told_of(parts, manifest.rows, self.on_progress))
            work.journal.append(self._entry())

    def _entry(self) -> JournalEntry:
        manifest = self.backup.manifest
        changes = [
            Change("backup.created", None, manifest.created.isoformat()),
            Change("backup.head", None, manifest.head.number),
            Change("backup.digest", None, manifest.head.digest.hex()),
        ]
        if self.given_up > manifest.head.number:
            changes.append(Change("head", self.given_up, manifest.head.number))
        return JournalEntry(
            at=self.clock(), actor=self.actor.id, action="restored", changes=tuple(changes)
        )


def _into_file(to: str | PathLike[str], taking: _Restoring, keyring: "Keyring | None") -> None:
    if fspath(to) == "memory:":
        raise StorageUnavailable("memory: is no file; name one, or give an empty repository")
    from customer_registry.storage.sqlite.replacing import (  # noqa: PLC0415  only who restores to a file pays for sqlite3
        replaced,
    )

    replaced(to, taking.fill, allow=taking.may_replace, keyring=keyring)
