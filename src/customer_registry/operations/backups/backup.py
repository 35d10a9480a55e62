"""Write a backup while others write, and call it one when it was read back."""

from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.errors import (
    BackupDamaged,
    StorageError,
    StorageForeign,
    StorageUnavailable,
)
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.operations.backups.files import fresh, placed, told
from customer_registry.operations.backups.manifest import Manifest, facts_of
from customer_registry.operations.backups.reading import begun, decided, verify_backup
from customer_registry.operations.backups.retention import ENDING, UNFINISHED, prune, sweep
from customer_registry.operations.progress import Progress, told_of
from customer_registry.operations.taking import ended
from customer_registry.repository import KINDS, Repository
from customer_registry.sealing.stream import write_stream
from customer_registry.storage.portable import packed

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["backup"]


def backup(
    registry: "CustomerRegistry",
    to: str | PathLike[str],
    *,
    key: bytes | None = None,
    plain: bool = False,
    keep: int | None = None,
    on_progress: Progress | None = None,
) -> Manifest:
    """Write everything that a registry keeps to a file, or to a new file in a folder.

    The backup holds the registry of one moment, all that was acknowledged before it began, and
    nobody waits for it. Once it was read back it has its name, and then the journal says
    `backed_up`; where that cannot be written the backup stays, and this raises. `key` are 32 bytes,
    to be kept apart; `plain=True` in its place lets everybody read the backup, and change it.
    Sealed fields stay sealed in it. With `keep` older backups of this registry and key in the
    folder are removed, once as many that are newer were read to their end, this one among them. A
    file is replaced only where it is an older backup of this registry and key.

    `on_progress` is told how many rows are done and of how many, each written and read back. Raises
    NotPermitted, StorageUnavailable, StorageForeign and WrongBackupKey for a file that stands
    there, StorageFull, StorageCorrupt, MissingExtra, and ValueError for no key or a `keep` that is
    none.

    >>> from tempfile import TemporaryDirectory
    >>> from customer_registry import CustomerRegistry
    >>> with TemporaryDirectory() as folder:
    ...     backup(CustomerRegistry(), folder, key=bytes(range(32))).customers
    0
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    sealed_with, into = decided(key, plain=plain), Path(to)
    if keep is not None and (keep < 1 or not into.is_dir()):
        raise ValueError("keep= is a number from 1 on, of backups in a folder")
    office.asked("backup")
    with told(into):
        made = _made(office, into, sealed_with, on_progress)
        sweep(made.path.parent)
        if keep is not None:
            prune(made, sealed_with, keep)
    return made


def _made(
    office: "Office", into: Path, key: bytes | None, on_progress: Progress | None
) -> Manifest:
    """Write a backup, read it back, give it its name, and tell of it in the journal."""
    created, repository = office.clock(), office.repository
    target = into / _name(repository.identity, created) if into.is_dir() else into
    _refuse_other_file(target, repository.identity, key)
    unfinished = target.with_name(f"{target.name}.{token_hex(4)}{UNFINISHED}")
    writing, proving = _halves(on_progress)
    try:
        _write(repository, unfinished, key, created, writing)
        manifest = verify_backup(unfinished, key=key, plain=key is None, on_progress=proving)
        placed(unfinished, target)
    finally:
        with suppress(OSError):
            unfinished.unlink()
    with office.unit("backup", writing=True) as work:
        work.journal.append(_entry(office, target, manifest))
    return attrs.evolve(manifest, path=target)


def _entry(office: "Office", target: Path, manifest: Manifest) -> JournalEntry:
    changes = (
        Change("backup.file", None, target.name),
        Change("backup.head", None, manifest.head.number),
        Change("backup.key", None, manifest.key_id),
    )
    return JournalEntry(
        at=office.clock(), actor=office.actor.id, action="backed_up", changes=changes
    )


def _write(
    repository: Repository,
    unfinished: Path,
    key: bytes | None,
    created: datetime,
    on_progress: Progress,
) -> None:
    with (
        repository.snapshot() as work,
        ended(work.parts()) as parts,
        fresh(unfinished) as file,
    ):
        beginning = list(islice(parts, 1 + len(KINDS)))
        facts = facts_of(beginning, work.journal.head(), created)
        coming = told_of(chain(beginning, parts), sum(facts["counts"].values()), on_progress)
        write_stream(file, facts, map(packed, coming), key=key)


def _name(identity: UUID, created: datetime) -> str:
    """Return a name that sorts as time does."""
    return f"customers-{identity.hex[:8]}-{created.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}{ENDING}"


def _refuse_other_file(target: Path, identity: UUID, key: bytes | None) -> None:
    """Raise for a file that is no backup of this registry and key: it stays."""
    if not target.exists():
        return
    try:
        standing = begun(target, key) if target.is_file() else None
    except BackupDamaged:
        standing = None
    if standing is None:
        message = f"{target}: there is a file that is no backup; name another one, or a folder"
        raise _about(target, StorageUnavailable(message))
    if standing.identity != identity:
        message = f"{target}: there is another registry's backup; name another file, or a folder"
        raise _about(target, StorageForeign(message))


def _about(target: Path, error: StorageError) -> StorageError:
    error.path = str(target)
    return error


def _halves(on_progress: Progress | None) -> tuple[Progress, Progress]:
    """Return what tells of the first half of the work, and of the second."""

    def writing(done: int, total: int) -> None:
        if on_progress is not None:
            on_progress(done, 2 * total)

    def proving(done: int, total: int) -> None:
        if on_progress is not None:
            on_progress(total + done, 2 * total)

    return writing, proving
