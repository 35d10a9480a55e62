"""Opening a store: what stands in the schema, and whether it is ours to write to."""

from importlib.resources import files
from uuid import UUID

import attrs
import psycopg

from customer_registry.domain.errors import (
    SchemaTooOld,
    StorageForeign,
    StorageMissing,
    StorageUnavailable,
)
from customer_registry.storage import grams
from customer_registry.storage.postgres.spelling import Spelling
from customer_registry.storage.postgres.statements import Statements
from customer_registry.storage.tables.identity import give_identity, identity_of
from customer_registry.storage.tables.reindexing import reindex
from customer_registry.storage.tables.sealed import seal_if_empty
from customer_registry.storage.tables.statements import Row
from customer_registry.storage.tables.versions import refuse_other_schema
from customer_registry.storage.vault import Vault

__all__ = ["SAID", "SCHEMA", "Said", "open_store", "refuse_unfit_server", "said"]

SCHEMA = 1
"""The number of the newest schema file."""

_OLDEST = 150_000
_OUR_COLUMNS = 4
_LOCK = 0x63757374
"""What two who found a store in the same database at once wait at; the second is the schema."""

_META = "customer_registry_meta"
_TURN = "SELECT pg_advisory_xact_lock(:lock, hashtext(:schema))"
_CONTENT = """
SELECT count(*), count(*) FILTER (WHERE attname IN ('one', 'identity', 'schema', 'grams'))
FROM pg_catalog.pg_attribute
WHERE attnum > 0 AND attrelid = (
    SELECT tables.oid FROM pg_catalog.pg_class AS tables
    JOIN pg_catalog.pg_namespace AS schemas ON schemas.oid = tables.relnamespace
    WHERE schemas.nspname = :schema AND tables.relname = :meta
)
"""
_HAS_SCHEMA = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = :schema)"
SAID = "SELECT identity, sealing, schema, grams FROM customer_registry_meta"
_SEARCH_PATH = "SELECT set_config('search_path', :path, true)"
_RAISE = "UPDATE customer_registry_meta SET schema = :schema, grams = :grams"


@attrs.frozen
class Said:
    """What a store says of itself: who it is, and how it is sealed."""

    identity: UUID
    sealing: str | None


def said(row: Row | None, place: str) -> Said:
    """Return what the row of a store's meta says: identity, sealing, schema, version of tokens.

    Raises SchemaTooNew, SchemaTooOld, and StorageCorrupt for what makes no sense.
    """
    identity, sealing, *found = row or (None, None)
    who = identity_of(identity, place)
    refuse_other_schema(tuple(found), SCHEMA, place)
    return Said(who, sealing)


def refuse_unfit_server(connection: psycopg.Connection[Row], place: str) -> None:
    """Raise StorageUnavailable for a server that is older than we know, and for other texts."""
    if connection.info.server_version < _OLDEST:
        raise StorageUnavailable(f"{place}: PostgreSQL 15 or later is needed")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise StorageUnavailable(f"{place}: the database does not keep UTF-8; name one that does")
    if connection.info.parameter_status("client_encoding") != "UTF8":
        raise StorageUnavailable(f"{place}: the connection does not speak UTF-8; set it so")


def open_store(
    statements: Statements, place: str, vault: Vault, *, create: bool, migrate: bool
) -> UUID:
    """Return the identity of a store, made now where there is none, in the running transaction.

    One of an earlier version is brought to today's where that is asked for. Raises StorageMissing,
    StorageForeign, StorageCorrupt, SchemaTooNew, SchemaTooOld.
    """
    statements.all(_TURN, {"lock": _LOCK, "schema": statements.schema})
    if not _is_there(statements, place):
        if not create:
            raise StorageMissing(f"{place}: no store is there")
        _lay_out(statements)
    try:
        identity = said(statements.one(SAID), place).identity
    except SchemaTooOld:
        if not migrate:
            raise
        _bring_up(statements)
        identity = said(statements.one(SAID), place).identity
    seal_if_empty(statements, vault, identity)
    return identity


def _is_there(statements: Statements, place: str) -> bool:
    """Tell whose it is by the table that every store of ours has."""
    ((columns, ours),) = statements.all(_CONTENT, {"schema": statements.schema, "meta": _META})
    if columns and ours != _OUR_COLUMNS:
        raise StorageForeign(
            f"{place}: a table of our name is somebody else's; name another schema"
        )
    return bool(columns)


def _lay_out(statements: Statements) -> None:
    """Make the schema, if need be, and our tables in it; the way there is the host's afterwards."""
    quoted = Spelling(statements.schema).quoted
    if statements.all(_HAS_SCHEMA, {"schema": statements.schema}) == [(False,)]:
        statements.change(f"CREATE SCHEMA {quoted}")
    ((theirs,),) = statements.all("SELECT current_setting('search_path')")
    statements.all(_SEARCH_PATH, {"path": quoted})
    folder = files("customer_registry.storage.postgres")
    for number in range(1, SCHEMA + 1):
        script = folder.joinpath(f"{number:03}.sql").read_text("utf-8")
        statements.run(script)
    give_identity(statements, SCHEMA)
    statements.all(_SEARCH_PATH, {"path": theirs})


def _bring_up(statements: Statements) -> None:
    """Index every customer afresh: an earlier version made other tokens."""
    reindex(statements)
    statements.change(_RAISE, {"schema": SCHEMA, "grams": grams.VERSION})
