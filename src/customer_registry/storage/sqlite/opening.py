"""Opening a store: what stands at the path, and whether it is ours to write to."""

import os
import sqlite3
from pathlib import Path
from uuid import UUID

from customer_registry.domain.errors import (
    SchemaTooOld,
    StorageError,
    StorageForeign,
    StorageMissing,
    StorageUnavailable,
)
from customer_registry.storage.sqlite.errors import FAILURES, translated
from customer_registry.storage.sqlite.migrating import SCHEMA, lay_out
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.tables.identity import give_identity, identity_of
from customer_registry.storage.tables.statements import Row
from customer_registry.storage.tables.versions import refuse_other_schema

__all__ = [
    "check_schema",
    "earlier_schema",
    "found_beside",
    "identity_in",
    "network_file_system",
    "prepare",
    "refuse_foreign",
    "refuse_missing",
    "refuse_unfounded",
    "resolved",
    "stands_in",
]

_OLDEST_SQLITE = (3, 35)
_NETWORK = frozenset(
    """9p afs beegfs ceph cifs coda fuse.ceph fuse.glusterfs fuse.rclone fuse.s3fs fuse.sshfs
    glusterfs lustre ncpfs nfs nfs4 smb2 smb3 smbfs""".split()
)

_OUR_COLUMNS = 4
_CONTENT = """
SELECT
    (SELECT count(*) FROM sqlite_master WHERE substr(name, 1, 7) <> 'sqlite_'),
    (SELECT count(*) FROM pragma_table_info('customer_registry_meta')
     WHERE name IN ('one', 'identity', 'schema', 'grams'))
"""
_META = "SELECT identity, schema, grams FROM customer_registry_meta"
_SCHEMA = "SELECT schema, grams, sealing FROM customer_registry_meta"


def resolved(path: str | Path) -> str:
    """Return the path behind links, as SQLite sees it; raises StorageUnavailable for no path."""
    typed = os.fspath(path)
    if typed in {"", ":memory:"}:
        raise StorageUnavailable("no file is named; for customers in memory use memory:")
    try:
        real = os.path.realpath(typed)
        _refuse_unfit(Path(real))
    except ValueError as error:
        raise StorageUnavailable("the path holds a character that no file name can have") from error
    except OSError as error:
        raise StorageUnavailable(f"{typed}: {error.strerror or 'cannot be reached'}") from error
    return real


def refuse_foreign(path: str) -> None:
    """Raise StorageForeign or StorageCorrupt for a file that is not ours; nothing is written.

    Where there is no WAL, the file is read as it lies there, without locks and side files. What
    looks damaged may be a commit under way, or cut off by a power failure, so only who opens it for
    good says so.
    """
    if not Path(path).exists():
        return
    try:
        connection = sqlite3.connect(f"{Path(path).as_uri()}?{_untouching(path)}", uri=True)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            things, columns = connection.execute(_CONTENT).fetchone()
        finally:
            connection.close()
    except FAILURES as error:
        told = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB
        if told and not Path(f"{path}-journal").exists():
            raise translated(error, path) from error
        return
    _refuse_strangers(things, columns, path)


def refuse_missing(path: str) -> None:
    """Raise StorageMissing where there is no file, or an empty one; nothing is written."""
    file = Path(path)
    if not file.exists() or not file.stat().st_size:
        raise StorageMissing(f"{path}: no store is there")


def refuse_unfounded(statements: Statements, path: str) -> None:
    """Raise StorageMissing for a database in which nothing is."""
    if _is_new(statements, path):
        raise StorageMissing(f"{path}: no store is there")


def earlier_schema(statements: Statements, path: str, *, migrate: bool) -> int:
    """Return the schema of a store that is to be migrated; 0 for a new file and one of today's.

    Search tokens of an earlier version are a reason to migrate as well. Nothing is changed. Raises
    StorageForeign, StorageCorrupt, SchemaTooNew, and SchemaTooOld unless `migrate` is asked for.
    """
    if _is_new(statements, path):
        return 0
    _, found = _meta(statements, path)
    try:
        refuse_other_schema(found, SCHEMA, path)
    except SchemaTooOld:
        if not migrate:
            raise
        return int(found[0])
    return 0


def prepare(statements: Statements, path: str, found: int) -> UUID:
    """Return the identity of the store, which is made now in a new file.

    A store of an earlier schema, `found` above 0, is brought to today's. Raises StorageForeign,
    StorageCorrupt, SchemaTooNew, SchemaTooOld, StorageUnavailable.
    """
    if _is_new(statements, path):
        _found(statements)
    elif found:
        lay_out(statements, found)
    identity, schema = _meta(statements, path)
    refuse_other_schema(schema, SCHEMA, path)
    return identity


def stands_in(statements: Statements) -> bool:
    """Return whether a store of ours is in a database, whoever's tables are beside it."""
    _, columns = statements.one(_CONTENT) or (0, 0)
    return bool(columns == _OUR_COLUMNS)


def found_beside(statements: Statements) -> None:
    """Lay out a store in a database that others have tables in, if there is none in it yet."""
    if not stands_in(statements):
        _found(statements)


def identity_in(statements: Statements, path: str) -> UUID:
    """Return the identity of the store in a database; raises StorageMissing where there is none."""
    try:
        return _meta(statements, path)[0]
    except StorageError:
        if stands_in(statements):
            raise
        message = f"{path}: no customers are kept here; join once with create=True"
        raise StorageMissing(message) from None


def check_schema(statements: Statements, path: str) -> str | None:
    """Return what a file says of how it is sealed, asked anew in every transaction that writes.

    Raises SchemaTooNew or SchemaTooOld, and StorageCorrupt where it no longer says its schema.
    """
    *found, said = statements.one(_SCHEMA) or (None,)
    refuse_other_schema(tuple(found), SCHEMA, path)
    return None if said is None else str(said)


def network_file_system(path: str, mounts: str) -> str | None:
    """Return the type of the network file system that `path` is on, by a table of mounts.

    >>> network_file_system("/srv/crm/a.db", "nas:/ /srv nfs4 rw 0 0")
    'nfs4'
    """
    best, kind = "", None
    for line in mounts.splitlines():
        _, point, file_system, *_ = [*line.split(" "), "", "", ""]
        point = point.replace("\\040", " ")
        if f"{path}/".startswith(f"{point.rstrip('/')}/") and len(point) >= len(best):
            best, kind = point, file_system
    return kind if kind in _NETWORK else None


def _refuse_unfit(path: Path) -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StorageUnavailable("SQLite 3.35 or later is needed")
    if not path.parent.is_dir():
        raise StorageUnavailable(f"{path}: there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise StorageUnavailable(f"{path}: this is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise StorageUnavailable(f"{path}: this is no regular file; name another one")
    if kind := network_file_system(str(path), _mounts()):
        message = (
            f"{path}: SQLite is not safe on a network disk ({kind}); name a file on a local one"
        )
        raise StorageUnavailable(message)


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def _untouching(path: str) -> str:
    """Return how to read a file without changing it.

    Tables may stand in the WAL alone, which is read under SQLite's locks: who only reads never
    empties it, but leaves its index, `<path>-shm`, behind. Beside an empty file a WAL means
    nothing, and SQLite would remove it.
    """
    wal = Path(f"{path}-wal")
    in_wal = Path(path).stat().st_size and wal.exists() and wal.stat().st_size
    return "mode=ro" if in_wal else "mode=ro&immutable=1"


def _is_new(statements: Statements, path: str) -> bool:
    things, columns = statements.one(_CONTENT) or (0, 0)
    _refuse_strangers(things, columns, path)
    return not things


def _refuse_strangers(things: int, columns: int, path: str) -> None:
    """Tell whose it is by the table that every store of ours has; other programs use names too."""
    if things and columns != _OUR_COLUMNS:
        message = f"{path}: this is somebody else's database; name another file"
        raise StorageForeign(message)


def _meta(statements: Statements, path: str) -> tuple[UUID, Row]:
    identity, *schema = statements.one(_META) or (None,)
    return identity_of(identity, path), tuple(schema)


def _found(statements: Statements) -> None:
    lay_out(statements, 0)
    give_identity(statements, SCHEMA)
