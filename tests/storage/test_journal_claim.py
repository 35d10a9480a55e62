"""All who have a file open at the same time have it open with the same journal."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.domain.errors import StorageBusy, StorageUnavailable
from customer_registry.storage.sqlite import journal_claim

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="known on Linux only")

OTHER = {"auto": "delete", "delete": "auto"}
MODE = {"auto": "wal", "delete": "delete"}

PROGRAM = """
import sys, time
from customer_registry import SQLiteRepository
repository = SQLiteRepository(sys.argv[1], journal=sys.argv[2])
print("there", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "customers.db"


@pytest.fixture(params=["auto", "delete"])
def journal(request):
    return request.param


def opened(path, journal, **more):
    return closing(SQLiteRepository(path, journal=journal, **more))


def process_with_it_open(path, journal):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, path, journal],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"there\n"
    return process


def ended(process):
    process.stdin.close()
    process.stdout.close()
    process.wait(20)


def mode_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA journal_mode").fetchone()[0]


def register(repository, name):
    return CustomerRegistry(repository=repository).register(kind="person", name=name)


def test_who_would_open_it_with_the_other_journal_is_refused_and_the_file_stays(path, journal):
    with opened(path, journal) as repository:
        register(repository, "王芳")
        began = time.monotonic()
        with pytest.raises(StorageUnavailable, match="open elsewhere with another journal"):
            SQLiteRepository(path, journal=OTHER[journal])
        assert time.monotonic() - began < 10, "well before the busy_timeout of half a minute"
        assert mode_of(path) == MODE[journal]
        register(repository, "李雷")
        with opened(path, journal) as another:
            assert register(another, "韩梅梅").customer.code.text == "C000003"


def test_another_process_counts_as_long_as_it_lives(path, journal):
    process = process_with_it_open(path, journal)
    try:
        with pytest.raises(StorageUnavailable, match="another journal"):
            SQLiteRepository(path, journal=OTHER[journal])
    finally:
        ended(process)
    with opened(path, OTHER[journal]):
        assert mode_of(path) == MODE[OTHER[journal]]


def test_a_killed_process_counts_no_more(path, journal):
    process = process_with_it_open(path, journal)
    process.kill()
    ended(process)
    with opened(path, OTHER[journal]):
        assert mode_of(path) == MODE[OTHER[journal]]


def test_who_was_refused_keeps_nobody_out(path, journal):
    with opened(path, journal):
        with pytest.raises(StorageUnavailable):
            SQLiteRepository(path, journal=OTHER[journal])
        with opened(path, journal):
            pass
    with opened(path, OTHER[journal]):
        pass


def test_a_child_after_a_fork_takes_its_parents_claim_not_away(path, journal):
    with opened(path, journal):
        if (pid := os.fork()) == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        with pytest.raises(StorageUnavailable, match="another journal"):
            SQLiteRepository(path, journal=OTHER[journal])


def test_without_claims_the_file_changes_under_who_has_it_open(path, monkeypatch):
    monkeypatch.setattr(journal_claim.JournalClaim, "make", lambda _: True)
    with opened(path, "delete"), opened(path, "auto"):
        assert mode_of(path) == "wal", "the control: SQLite itself refuses nothing here"


def test_another_program_that_has_it_open_in_wal_mode_is_told_at_once(path):
    with opened(path, "auto"):
        pass
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("SELECT * FROM customer_registry_meta").fetchall()
        with pytest.raises(StorageUnavailable, match="another journal"):
            SQLiteRepository(path, journal="delete")


def test_another_program_that_writes_is_waited_for_before_the_journal_changes(path):
    with opened(path, "delete"):
        pass
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StorageBusy):
            SQLiteRepository(path, busy_timeout=0.5)
        assert time.monotonic() - began >= 0.5
        ending = threading.Timer(0.3, foreign.execute, ["ROLLBACK"])
        ending.start()
        with opened(path, "auto"):
            assert mode_of(path) == "wal"
        ending.join()


def test_a_closed_repository_leaves_no_file_behind_when_the_process_ends(path):
    program = PROGRAM.replace("sys.stdin.read()", "repository.close(); sys.stdin.read()")
    process = subprocess.Popen(
        [sys.executable, "-c", program, path, "auto"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"there\n"
    lock = path.with_name(f"{path.name}-lock")
    deadline = time.monotonic() + 20
    while path.with_name(f"{path.name}-wal").exists():
        assert time.monotonic() < deadline
    lock.unlink()
    ended(process)
    assert not lock.exists()
