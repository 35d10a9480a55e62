"""PostgreSQL's errors in the words of this package, translated where the driver is called."""

from typing import TypeAlias

import psycopg

from customer_registry.domain.errors import (
    CommitOutcomeUnknown,
    RetryTransaction,
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from customer_registry.storage.tables.statements import Refused

__all__ = ["FAILURES", "LostRace", "is_lost", "translated", "translated_commit"]

FAILURES = (psycopg.Error, UnicodeError)
"""What the driver raises: beside its own, what Python has for texts that UTF-8 cannot spell."""

Failure: TypeAlias = psycopg.Error | UnicodeError

_BUSY = frozenset({"55P03", "57014", "53300", "55006"})
_RACES = frozenset({"40001", "40P01"})
_DAMAGED = frozenset({"XX001", "XX002", "22021"})
_ROLLED_BACK = "25P02"
_READS_ONLY = "25006"


class LostRace(StorageBusy):
    """A transaction of our own lost a race with somebody else's; nothing was changed."""


def translated(error: Failure, place: str, *, joined: bool = False) -> StorageError:
    """Return what an error means for the store at `place`; raise it from the error.

    The driver's own text stays in the cause, because it can quote a statement.
    """
    if isinstance(error, UnicodeDecodeError):
        return StorageCorrupt(f"{place}: the database is damaged; restore a backup")
    if isinstance(error, UnicodeError) or (isinstance(error, psycopg.DataError) and _is_own(error)):
        return Refused(f"{place}: a lone surrogate, a NUL, a number beyond 64 bits is never stored")
    state = error.sqlstate or ""
    if state in _RACES:
        told = f"{place}: another transaction came first; run it again"
        return RetryTransaction(told) if joined else LostRace(told)
    return _told_by_postgres(state, error, place)


def translated_commit(error: Failure, place: str, *, joined: bool = False) -> StorageError:
    """Return what an error of COMMIT means: known not to have landed, or unknown.

    What the server says of its constraints, of room and of races it says before it commits. Where
    the connection ends instead of an answer, nobody knows.
    """
    meant = translated(error, place, joined=joined)
    known = isinstance(meant, StorageBusy | StorageFull | Refused | RetryTransaction)
    return meant if known else CommitOutcomeUnknown()


def is_lost(error: Failure) -> bool:
    """Return whether another connection may do better: this one ended, or leads to a standby."""
    if not isinstance(error, psycopg.Error):
        return False
    state = error.sqlstate or ""
    ended = state[:2] in {"08", "57"} and state != "57014"
    silent = isinstance(error, psycopg.OperationalError) and not state
    return ended or silent or state == _READS_ONLY


def _is_own(error: psycopg.Error) -> bool:
    """Return whether the driver refused a value before the server saw it."""
    return error.sqlstate is None


def _told_by_postgres(state: str, error: psycopg.Error, place: str) -> StorageError:
    if state in _BUSY:
        return StorageBusy(f"{place}: others kept the store all the while; try again")
    if state in _DAMAGED:
        return StorageCorrupt(f"{place}: the database is damaged; restore a backup")
    if state == _ROLLED_BACK:
        return StorageError(f"{place}: the transaction was rolled back; run it again")
    if state == _READS_ONLY:
        return StorageUnavailable(f"{place}: only reads here; name the server that takes writes")
    if state == "42501":
        return StorageUnavailable(f"{place}: the role has no right to this; grant it")
    match state[:2]:
        case "53":
            return StorageFull(f"{place}: the server has no room left; free some and try again")
        case "22" | "23" | "P0":
            return Refused(f"{place}: the schema refused a row ({type(error).__name__})")
        case "28" | "3D" | "3F":
            return StorageUnavailable(f"{place}: the server refused us ({type(error).__name__})")
        case _ if is_lost(error):
            return StorageUnavailable(f"{place}: the server cannot be reached, or went away")
        case _:
            return StorageError(f"{place}: the store failed ({type(error).__name__})")
