"""A file as many write it once: without a queue, and with a lock that comes too late."""

import time
from contextlib import contextmanager

from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.sqlite.work import Work

__all__ = ["Deferred"]

_A_MOMENT = 0.001


class Deferred(SQLiteRepository):
    """A broken file: no queue in front, and a lock that is taken with the first change only."""

    @contextmanager
    def write(self):
        connection = self._connections._connected("rw")
        statements = Statements(connection, self._path)
        try:
            statements.all("BEGIN")
            work = Work(statements, self._salt, self._vault, self._identity)
            work.journal.head()
            time.sleep(_A_MOMENT)
            yield work
            statements.commit()
        except BaseException:
            statements.roll_back()
            raise
        finally:
            self._connections._close(connection)
