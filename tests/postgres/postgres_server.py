"""Real PostgreSQL servers for tests: each in a folder of its own, gone with whoever started it."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Self

import psycopg
from postgres_binaries import Binaries
from psycopg import sql
from psycopg.conninfo import make_conninfo

__all__ = ["QUICK", "SAFE", "Server"]

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests that stop no server: nothing waits for the disk."""

SAFE = {"fsync": "on", "synchronous_commit": "on"}
"""As PostgreSQL comes."""

if sys.platform == "linux":
    SAFE["recovery_init_sync_method"] = "syncfs"  # after a crash; file by file takes seconds

PATIENCE = 60
"""Seconds that a server may take to come up, recovery included."""

_KEEPER = Path(__file__).with_name("postgres_keeper.py")


class Server:
    """A server with a superuser `postgres`, reached by a unix socket in its folder.

    With `tcp` it listens at 127.0.0.1 as well, and asks for the `password` there. As the `copy_of`
    another one it is a standby that streams from it, called `standby` there.
    """

    password = "open sesame"  # noqa: S105  of a server that lives for some seconds

    def __init__(
        self,
        binaries: Binaries,
        settings: Mapping[str, str] = QUICK,
        *,
        tcp: bool = False,
        copy_of: "Server | None" = None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_short_folder()))
        self.data = self.folder / "data"
        self.user = _ordinary_user()
        self.version = binaries.version
        self._keeper = _kept(self.folder)
        _give(self.folder, self.user)
        self.binaries = binaries.reachable_from(self.folder) if os.geteuid() == 0 else binaries
        self.port = _free_port() if tcp else 5432
        listening = {"port": str(self.port), "listen_addresses": "127.0.0.1" if tcp else ""}
        self.settings = {
            **listening,
            "unix_socket_directories": str(self.folder),
            "max_connections": "100",
            "shared_buffers": "64MB",
            **settings,
        }
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        if copy_of is None:
            self._found()
        else:
            self._follow(copy_of)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def conninfo(self, dbname: str = "postgres", **more: str | int) -> str:
        """Return how to reach one of its databases, by its unix socket unless told otherwise."""
        where = {"host": str(self.folder), "port": self.port, "user": "postgres"}
        return make_conninfo(**{**where, "dbname": dbname, **more})

    @contextmanager
    def database(self, locale: str = "C") -> Iterator[str]:
        """Return a context with a new database of its own, and how to reach it."""
        name = f"test{next(self._numbers)}"
        with self._administering() as connection:
            connection.execute(_made(name, locale))
        try:
            yield self.conninfo(name)
        finally:
            with self._administering() as connection:
                connection.execute(
                    sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                )

    def locales(self) -> tuple[str, ...]:
        """Return sorts of order that its databases can have, as different as it knows."""
        known = ["C"]
        if self.binaries.has("icu"):
            known.append("icu")
        if self.version >= 17:
            known.append("builtin")
        return tuple(known)

    def start(self) -> None:
        """Start it, and return when it takes connections; raises RuntimeError with its log."""
        options = [part for each in self.settings.items() for part in ("-c", "=".join(each))]
        with self.log.open("ab") as log:
            self._postmaster = subprocess.Popen(
                [self.program("postgres"), "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.ordinary(),
            )
        deadline = time.monotonic() + PATIENCE
        while not self._is_up():
            if self._postmaster.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no server came up: {self.log.read_text()[-2000:]}")
            time.sleep(0.01)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `smart`, `fast`, or `immediate` without a checkpoint; a stopped one stays so."""
        if self._postmaster is None:
            return
        signals = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
        self._postmaster.send_signal(signals[mode])
        self._postmaster.wait(PATIENCE)
        self._postmaster = None

    def kill(self) -> None:
        """Kill all its processes at once (SIGKILL)."""
        if self._postmaster is None:
            return
        self._postmaster.send_signal(signal.SIGSTOP)  # so that it makes no further ones
        for pid in (*_children_of(self._postmaster.pid), self._postmaster.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._postmaster.wait(PATIENCE)
        self._postmaster = None

    def promote(self) -> None:
        """Let a standby take writes, and return when it does."""
        with self._administering() as connection:
            connection.execute("SELECT pg_promote()")

    def close(self) -> None:
        """Stop it and remove its folder; closing twice is no fault."""
        self.stop("immediate")
        if self._keeper.stdin is not None and not self._keeper.stdin.closed:
            self._keeper.stdin.write(b".")
            self._keeper.stdin.close()
            self._keeper.wait()

    def program(self, name: str) -> Path:
        """Return one of its programs, which an ordinary user can run."""
        return self.binaries.folder / name

    def run(self, name: str, *arguments: str | Path) -> str:
        """Run one of its programs as the ordinary user; return what it prints."""
        done = subprocess.run(
            [self.program(name), *arguments],
            capture_output=True,
            text=True,
            check=False,
            **self.ordinary(),
        )
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")
        return done.stdout

    def ordinary(self) -> dict[str, object]:
        """Return how to start a process of it: by whom, where, and with a bare environment."""
        own = {"env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}, "cwd": self.folder}
        if os.geteuid() == 0:
            return {**own, "user": self.user, "group": _group(self.user), "extra_groups": []}
        return own

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "log"

    def _found(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        _give(secret, self.user)
        options = "--no-sync --encoding=UTF8 --locale=C --username=postgres --auth-local=trust"
        self.run(
            "initdb",
            *options.split(),
            "--auth-host=scram-sha-256",
            f"--pwfile={secret}",
            f"--pgdata={self.data}",
        )

    def _follow(self, primary: "Server") -> None:
        source = primary.conninfo(application_name="standby")
        options = "--checkpoint=fast --wal-method=stream --write-recovery-conf --no-sync"
        self.run("pg_basebackup", *options.split(), f"--pgdata={self.data}", f"--dbname={source}")

    def _administering(self) -> psycopg.Connection:
        return psycopg.connect(self.conninfo(), autocommit=True)

    def _is_up(self) -> bool:
        """Tell what `pg_ctl --wait` goes by: the last line of the file of its process id."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        mine = bool(self._postmaster) and lines[:1] == [str(self._postmaster.pid)]
        return mine and len(lines) > 7 and lines[7].strip() in {"ready", "standby"}


def _made(name: str, locale: str) -> sql.Composed:
    """Return the statement that makes a database whose texts sort in a locale's way."""
    ways = {
        "C": "",
        "icu": " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE-u-kn-true'",
        "builtin": " TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'",
    }
    return sql.SQL("CREATE DATABASE {}" + ways[locale]).format(sql.Identifier(name))


def _kept(folder: Path) -> subprocess.Popen[bytes]:
    """Return a process that ends what runs in a folder when its input ends, as ours does."""
    program = [sys.executable, "-S", _KEEPER, folder]
    return subprocess.Popen(program, stdin=subprocess.PIPE, start_new_session=True)


def _short_folder() -> str:
    """Return a folder with a name that leaves room: that of a socket has 107 bytes."""
    return "/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()  # noqa: S108


def _ordinary_user() -> str:
    """Return who runs servers: whoever this is, but for root, whom PostgreSQL refuses."""
    return "nobody" if os.geteuid() == 0 else getpass.getuser()


def _group(user: str) -> int:
    import pwd  # noqa: PLC0415  Windows has none, and collects this module

    return pwd.getpwnam(user).pw_gid


def _give(path: Path, user: str) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, user, _group(user))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children_of(pid: int) -> list[int]:
    """Return the processes that another one started; none where there is no `/proc`."""
    return [
        int(each.parent.name)
        for each in Path("/proc").glob("[0-9]*/stat")
        if f") {pid} " in _without_state(each)
    ]


def _without_state(stat: Path) -> str:
    """Return `) parent …` of a process; nothing for one that is gone."""
    try:
        _, _, rest = stat.read_text(errors="replace").rpartition(")")
    except OSError:
        return ""
    return f") {rest.split(maxsplit=1)[1]}"
