"""Another file in the place of a store's: made beside it, whole, and swapped while nobody looks."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.errors import (
    CommitOutcomeUnknown,
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageForeign,
    StorageUnavailable,
)
from customer_registry.storage.sqlite.errors import FAILURES, translated, untold
from customer_registry.storage.sqlite.journal_claim import JournalClaim
from customer_registry.storage.sqlite.lock import WriterLock
from customer_registry.storage.sqlite.opening import refuse_foreign, resolved
from customer_registry.storage.sqlite.repository import SQLiteRepository

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["Standing", "replaced"]

_IDENTITY_BYTES = 16
_BESIDE = ("-wal", "-journal")
_IS_STORE = "SELECT count(*) FROM sqlite_master WHERE name = 'customer_registry_meta'"
_BESIDE_US = """
SELECT count(*) FROM sqlite_master
WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'
    AND substr(name, 1, 18) <> 'customer_registry_'
"""
_IDENTITY = "SELECT identity FROM customer_registry_meta"
_HEADS = "SELECT seq, digest FROM customer_registry_journal ORDER BY seq DESC LIMIT 2"
_LAST = "SELECT CAST(body AS BLOB) FROM customer_registry_journal ORDER BY seq DESC LIMIT 1"


@attrs.frozen
class Standing:
    """The store that stands at a path: which it is, and with which entries its journal ends.

    `heads` are the numbers and digests of the last two, the last one first; `action` is what the
    last one tells of, None before the first and where it cannot be read.
    """

    identity: UUID
    heads: tuple[tuple[int, bytes], ...]
    action: str | None = None


def replaced(
    path: str | os.PathLike[str],
    fill: Callable[[SQLiteRepository], object],
    *,
    allow: Callable[[Standing | None], object],
    keyring: "Keyring | None" = None,
    patience: float = 30.0,
) -> None:
    """Make a new file, let it be filled, and put it in the place of what stands at a path.

    `allow` is told what stands there, and raises where it is to stay. Until the new file is whole
    and on the disk the old one stays, with all that it holds. Raises StorageBusy where somebody has
    the file open, StorageCorrupt for one that cannot be read, StorageForeign, StorageUnavailable,
    StorageFull, and CommitOutcomeUnknown where the folder may keep the old one.
    """
    target = resolved(Path(path))
    lock = WriterLock(f"{target}-lock", patience)
    try:
        with lock.held(), _alone(target):
            try:
                allow(_standing(target))
                _swap(target, fill, keyring)
            finally:
                _leave_no_lock(target)
    except OSError as error:
        raise untold(error, target) from error
    finally:
        lock.close()


@contextmanager
def _alone(target: str) -> Generator[None, None, None]:
    """Return a context in which nobody has a store open; only under its lock."""
    claim = JournalClaim(f"{target}-lock", "delete")
    try:
        if not claim.make_alone():
            raise StorageBusy(f"{target}: somebody has it open; close it everywhere first")
        yield
    finally:
        claim.give_up()


def _standing(target: str) -> Standing | None:
    """Return the store at a path, with everything in the one file; None where there is none."""
    if not Path(target).exists():
        _refuse_leftovers(target)
        return None
    refuse_foreign(target)
    try:
        connection = sqlite3.connect(f"{Path(target).as_uri()}?mode=rw", uri=True)
        try:
            return _told(connection, target)
        finally:
            connection.close()
    except FAILURES as error:
        meant = translated(error, target)
        if isinstance(meant, StorageCorrupt):
            message = f"{target}: is damaged; move it away, with all that lies beside it, and again"
            raise StorageCorrupt(message) from error
        raise meant from error


def _told(connection: sqlite3.Connection, target: str) -> Standing | None:
    """Return what a file says of itself once its WAL is in it, which takes that nobody reads it."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
        raise StorageBusy(f"{target}: somebody has it open; close it everywhere first")
    if connection.execute(_IS_STORE).fetchone() == (0,):
        return None
    if connection.execute(_BESIDE_US).fetchone() != (0,):
        message = f"{target}: others keep tables beside the customers; name another file"
        raise StorageForeign(message)
    identity, *_ = connection.execute(_IDENTITY).fetchone() or (None,)
    if not isinstance(identity, bytes) or len(identity) != _IDENTITY_BYTES:
        message = f"{target}: does not say whose it is; move it away, with all that lies beside it"
        raise StorageCorrupt(message)
    heads = tuple(connection.execute(_HEADS).fetchall())
    return Standing(UUID(bytes=identity), heads, _action(connection.execute(_LAST).fetchone()))


def _action(last: tuple[bytes] | None) -> str | None:
    """Return what an entry's body says was done."""
    try:
        action = json.loads(last[0])["action"] if last else None
    except (ValueError, TypeError, KeyError):
        return None
    return action if isinstance(action, str) else None


def _refuse_leftovers(target: str) -> None:
    """Raise StorageUnavailable for a WAL without its file: it would be taken for the new one's."""
    for ending in _BESIDE:
        if Path(f"{target}{ending}").exists():
            message = f"{target}{ending}: belongs to a file that is not there; move it away first"
            raise StorageUnavailable(message)


def _swap(
    target: str, fill: Callable[[SQLiteRepository], object], keyring: "Keyring | None"
) -> None:
    """Make the new file under a name that only who holds the lock uses, and give it its own."""
    made = f"{target}-restoring"
    _remove(made)
    try:
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _filled(made, fill, keyring)
        _like(target, made)
        os.replace(made, target)  # noqa: PTH105  what it is called
        _sync_folder(target)
    finally:
        with suppress(OSError):
            _remove(made)


def _filled(
    made: str, fill: Callable[[SQLiteRepository], object], keyring: "Keyring | None"
) -> None:
    """Fill the new file; whatever comes of its commit, the old file is known to stay so far."""
    try:
        repository = SQLiteRepository(made, journal="delete", keyring=keyring)
        try:
            fill(repository)
        finally:
            repository.close()
    except CommitOutcomeUnknown as error:
        raise StorageError(f"{made}: could not be written; nothing was replaced") from error


def _remove(made: str) -> None:
    """Remove an unfinished file with what lies beside it; a killed process leaves one."""
    for ending in ("-journal", "-lock", ""):
        with suppress(FileNotFoundError):
            os.unlink(f"{made}{ending}")  # noqa: PTH108  as above


def _like(target: str, made: str) -> None:
    """Let the new file be read by whom the old one was."""
    with suppress(FileNotFoundError):
        Path(made).chmod(stat.S_IMODE(Path(target).stat().st_mode))


def _sync_folder(target: str) -> None:
    """Let the folder keep the new file; where it may not, the old one can come back."""
    if os.name == "nt":
        return
    try:
        folder = os.open(Path(target).parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise CommitOutcomeUnknown from error


def _leave_no_lock(target: str) -> None:
    """Take the lock's file away where there is no store; who waits for it makes a new one."""
    if not Path(target).exists():
        with suppress(OSError):
            Path(f"{target}-lock").unlink()
