"""A wire between clients and a PostgreSQL that is cut at a statement, or its other end ended."""

import socket
import tempfile
import threading
from contextlib import suppress
from enum import StrEnum
from typing import Self

import attrs
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

__all__ = ["Cut", "How", "Wire"]

_ANSWERED = b"QS"
"""Messages after which the server says that it is ready: a query, and a sync."""

_CARRIED = b"QSHdcfX"
"""Those that do not wait for the next one; what parses, binds and executes is carried with it."""

_END = "SELECT pg_terminate_backend(%s)"


class How(StrEnum):
    """Where a wire is cut: ahead of a statement, or ahead of the answer to it.

    Or it holds, and the server's process at its other end is ended by `pg_terminate_backend`.
    """

    BEFORE = "before"
    AFTER = "after"
    ENDED = "ended"


@attrs.define
class Cut:
    """A cut at the statement with a number, and what was found when it came to that."""

    at: int
    how: How
    seen: int = 0
    is_made: bool = False
    is_commit: bool = False


class Wire:
    """A unix socket that leads to a server, until it is cut; then it leads again."""

    def __init__(self, conninfo: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="wire-", dir="/tmp")
        known = conninfo_to_dict(conninfo)
        self._there = f"{known['host']}/.s.PGSQL.{known['port']}"
        self.direct = conninfo
        self.conninfo = make_conninfo(conninfo, host=self._folder.name)
        self.cut: Cut | None = None
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(f"{self._folder.name}/.s.PGSQL.{known['port']}")
        self._door.listen()
        threading.Thread(target=self._let_in, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _close(self._door)
        self._folder.cleanup()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with suppress(OSError):
            server.connect(self._there)
            _Line(self, client, server).carry()
        _close(client)
        _close(server)


class _Line:
    """One client's connection: what it says is carried message by message."""

    def __init__(self, wire: Wire, client: socket.socket, server: socket.socket) -> None:
        self._wire, self._client, self._server = wire, client, server
        self._prepared: dict[bytes, bytes] = {}
        self._commits = self._is_mute = False
        self._pid = 0
        self._kept = b""
        self._answered = threading.Event()

    def carry(self) -> None:
        """Carry the start, which has no type, and then messages until one of both ends."""
        heard = self._client.makefile("rb")
        length = heard.read(4)
        if len(length) < 4:
            return
        self._server.sendall(length + heard.read(int.from_bytes(length) - 4))
        back = threading.Thread(target=self._carry_back, daemon=True)
        back.start()
        while head := heard.read(5):
            body = heard.read(int.from_bytes(head[1:]) - 4)
            self._note(head[:1], body)
            self._kept += head + body
            if head[:1] in _CARRIED and not self._passed(is_answered=head[:1] in _ANSWERED):
                break
        if self._wire.cut and self._wire.cut.is_made and self._wire.cut.how is How.ENDED:
            back.join(5)

    def _passed(self, *, is_answered: bool) -> bool:
        """Carry what was kept for it, unless the wire is cut; tell whether it holds."""
        kept, self._kept, cut = self._kept, b"", self._wire.cut
        if cut is not None and is_answered and not cut.is_made:
            cut.seen += 1
            if cut.seen == cut.at:
                self._cut(cut, kept)
                return False
        self._server.sendall(kept)
        return True

    def _cut(self, cut: Cut, message: bytes) -> None:
        cut.is_made, cut.is_commit = True, self._commits
        if cut.how is How.AFTER:
            self._is_mute = True
            self._server.sendall(message)
            self._answered.wait(10)
        elif cut.how is How.ENDED:
            with psycopg.connect(self._wire.direct, autocommit=True) as connection:
                connection.execute(_END, [self._pid])

    def _note(self, kind: bytes, body: bytes) -> None:
        """Keep in mind whether what is under way is a COMMIT."""
        if kind == b"Q":
            self._commits = _is_commit(body)
        elif kind == b"P":
            name, query, _ = body.split(b"\0", 2)
            self._prepared[name] = query
            self._commits = _is_commit(query)
        elif kind == b"B":
            _, name, _ = body.split(b"\0", 2)
            self._commits = _is_commit(self._prepared.get(name, b""))

    def _carry_back(self) -> None:
        """Carry what the server says; once the wire is cut only see when it has answered."""
        heard = self._server.makefile("rb")
        with suppress(OSError):
            while head := heard.read(5):
                message = head + heard.read(int.from_bytes(head[1:]) - 4)
                if head[:1] == b"K":
                    self._pid = int.from_bytes(message[5:9])
                if not self._is_mute:
                    self._client.sendall(message)
                elif head[:1] == b"Z":
                    self._answered.set()
        self._answered.set()
        if not self._is_mute:
            _close(self._client)


def _is_commit(query: bytes) -> bool:
    return query.strip(b"\0 ;\n").upper() == b"COMMIT"


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
