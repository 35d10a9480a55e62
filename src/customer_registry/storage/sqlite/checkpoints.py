"""Checkpoints: moving what the WAL holds into the database, always under the writers' lock.

SQLite up to 3.51.2 can damage a WAL database when two connections checkpoint at the same instant;
with automatic checkpoints off and every one of ours under one lock, none overlaps another.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

__all__ = ["Checkpoints"]

_COMMITS = 64
_CHANGES = 4096
"""About the rows of two hundred new customers: loads commit seldom, but much."""

_LARGEST_WAL = 32 * 1024 * 1024
_PATIENCE = 2.0
"""Seconds that a writer waits for readers rather than let the WAL grow."""


class Checkpoints:
    """Counts a repository's own commits and checkpoints when it is time."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._commits = 0
        self._changes = 0

    def after_commit(self, connection: sqlite3.Connection) -> None:
        """Checkpoint after every 64 commits, or fewer big ones; only under the lock.

        A failure costs nothing: what was committed is safe in the WAL, and the next one tries anew.
        """
        self._commits += 1
        changed = connection.total_changes - self._changes
        if self._commits < _COMMITS and 0 <= changed < _CHANGES:
            return
        self._commits, self._changes = 0, connection.total_changes
        with suppress(sqlite3.Error):
            _, frames, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            (page_size,) = connection.execute("PRAGMA page_size").fetchone()
            if frames * page_size > _LARGEST_WAL:
                self._restart()

    def empty(self, connection: sqlite3.Connection) -> bool:
        """Move everything into the database and cut the WAL to nothing; only under the lock.

        False where a reader kept it for as long as the connection has patience.
        """
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return int(busy) == 0

    def _restart(self) -> None:
        """Wait for readers, so that the next commit writes to the WAL's beginning again.

        A connection of its own, because a connection's patience cannot be a bound parameter.
        """
        where = f"{Path(self._path).as_uri()}?mode=rw"
        connection = sqlite3.connect(where, uri=True, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        finally:
            connection.close()
