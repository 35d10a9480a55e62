"""The warnings that a server gives while something is done: it goes on and does less."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg

__all__ = ["warnings_of"]


@contextmanager
def warnings_of(connection: psycopg.Connection[Any]) -> Generator[list[str], None, None]:
    """Return a context in which the warnings of a connection are noted, as they come."""
    noted = list[str]()

    def note(notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            noted.append(str(notice.message_primary))

    connection.add_notice_handler(note)
    try:
        yield noted
    finally:
        connection.remove_notice_handler(note)
