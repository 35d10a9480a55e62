"""What is SQLite's own: opening, settings, journal triggers, forks, ends of processes."""

import errno
import gc
import os
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from customer_registry import CustomerRegistry
from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.errors import (
    CommitOutcomeUnknown,
    SchemaTooNew,
    SchemaTooOld,
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageForeign,
    StorageFull,
    StorageMissing,
    StorageUnavailable,
)
from customer_registry.domain.journal import JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import CustomerQuery, Durability
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.storage.sqlite.checkpoints import Checkpoints
from customer_registry.storage.sqlite.errors import (
    translated,
    translated_commit,
    untold,
)
from customer_registry.storage.sqlite.lock import WriterLock
from customer_registry.storage.sqlite.opening import network_file_system, refuse_foreign
from customer_registry.storage.tables.receipts import _PRUNE
from customer_registry.storage.tables.statements import Refused, further
from customer_registry.testing import make_customer, make_raw

AT = datetime(2026, 1, 5, tzinfo=UTC)
CONTROL = "the control of this test: a broken variant has to be caught"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "customers.db"


@pytest.mark.skipif(os.name == "nt", reason="no modes here")
@pytest.mark.parametrize("journal", ["auto", "delete"])
def test_a_new_store_is_for_its_owner_alone_and_an_old_one_stays_as_open_as_it_was(path, journal):
    before = os.umask(0o022)
    try:
        for mode in (0o600, 0o640):
            with closing(SQLiteRepository(path, journal=journal)) as repository:
                with repository.write() as work:
                    work.customers.add(make_customer(seed=mode))
                files = [path, path.with_name(f"{path.name}-wal")][: 1 + (journal == "auto")]
                assert [stat.S_IMODE(each.stat().st_mode) for each in files] == [mode] * len(files)
            path.chmod(0o640)
    finally:
        os.umask(before)


def _no_file(path):
    path.unlink(missing_ok=True)


def _no_tables(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("VACUUM")


@pytest.mark.parametrize("there", [_no_file, Path.touch, _no_tables])
def test_who_asks_for_a_store_that_is_there_founds_none(path, there):
    there(path)
    before = path.read_bytes() if path.exists() else None
    for open_store in (SQLiteRepository, CustomerRegistry.open):
        with pytest.raises(StorageMissing):
            open_store(path, create=False)
        assert (path.read_bytes() if path.exists() else None) == before
    SQLiteRepository(path).close()
    SQLiteRepository(path, create=False).close()


@pytest.fixture
def repository(path):
    with closing(SQLiteRepository(path)) as opened:
        yield opened


@contextmanager
def by_hand(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def add(repository, *seeds):
    with repository.write() as work:
        for seed in seeds:
            work.customers.add(make_customer(seed=seed))


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def count(repository):
    with repository.read() as work:
        return len(list(work.customers.iterate()))


def run(program, *arguments, **options):
    """Run a program of its own, so that its forks, limits and end are its own as well."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        capture_output=True, text=True, timeout=30, check=False, **options,
    )  # fmt: skip


# Opening


def test_a_new_file_survives_a_power_cut_and_has_an_identity(path):
    with closing(SQLiteRepository(path)) as first:
        identity = first.identity
        assert first.durability is Durability.POWER
    with closing(SQLiteRepository(str(path))) as second:
        assert second.identity == identity


def test_what_was_committed_is_there_for_the_next_instance(path):
    with closing(CustomerRegistry(repository=SQLiteRepository(path))) as registry:
        receipt = registry.register(make_raw(), idempotency_key="one")
    with closing(CustomerRegistry.open(path)) as registry:
        assert registry.get("C000001") == receipt.customer
        assert registry.register(make_raw(), idempotency_key="one").replayed
        assert registry.register(make_raw(seed=1)).customer.code.text == "C000002"
        assert [entry.number for entry in registry.history("C000002")] == [2]


def test_an_empty_file_and_a_database_without_tables_become_stores(tmp_path):
    empty, bare = tmp_path / "empty.db", tmp_path / "bare.db"
    empty.touch()
    with by_hand(bare) as connection:
        connection.execute("PRAGMA user_version = 7")
    for path in (empty, bare):
        with closing(SQLiteRepository(path)) as repository:
            add(repository, 1)


@pytest.mark.parametrize(
    "content",
    [b"xy", b"hello, this is no database\n" * 100, bytes(8192)],
    ids=["short", "text", "nil"],
)
def test_a_file_that_is_no_database_is_left_alone(path, content):
    path.write_bytes(content)
    with pytest.raises(StorageCorrupt, match=path.name):
        SQLiteRepository(path)
    assert path.read_bytes() == content
    assert names(path.parent) == [path.name]


def journal_of_a_new_file():
    """Return a rollback journal by which a file of no page at all becomes a database."""
    magic, count, nonce, pages, sector, page = bytes.fromhex("d9d505f920a163d7"), 0, 7, 0, 512, 4096
    return (magic + struct.pack(">5I", count, nonce, pages, sector, page)).ljust(sector, b"\0")


def test_a_first_commit_that_lost_its_power_is_taken_back(path):
    path.write_bytes(bytes(512) + b"half a page" * 300)
    Path(f"{path}-journal").write_bytes(journal_of_a_new_file())
    with closing(SQLiteRepository(path)) as repository:
        add(repository, 1)
        assert count(repository) == 1


def test_a_journal_that_is_none_makes_no_database_of_a_file(path):
    path.write_bytes(bytes(512) + b"half a page" * 300)
    Path(f"{path}-journal").write_bytes(b"no journal" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageCorrupt):
        SQLiteRepository(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_somebody_elses_database_is_left_alone(path, mode):
    with by_hand(path) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE customers (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(StorageForeign, match="somebody else"):
        SQLiteRepository(path)
    assert path.read_bytes() == before
    assert names(path.parent) == [path.name]


@pytest.mark.parametrize("journal", ["auto", "delete"])
def test_somebody_elses_tables_in_a_wal_are_seen_and_the_wal_stays(tmp_path, path, journal):
    origin = tmp_path / "origin.db"
    with by_hand(origin) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE customers (name TEXT)")
        for suffix in ("", "-wal"):
            shutil.copy(f"{origin}{suffix}", f"{path}{suffix}")
    theirs = (path, Path(f"{path}-wal"))
    before = [file.read_bytes() for file in theirs]
    with pytest.raises(StorageForeign):
        SQLiteRepository(path, journal=journal)
    assert [file.read_bytes() for file in theirs] == before
    with by_hand(path) as connection:
        assert connection.execute("SELECT * FROM customers").fetchall() == []


@pytest.mark.parametrize("journal", ["auto", "delete"])
@pytest.mark.parametrize(
    "table",
    ["customer_registry_customer (id INTEGER)", "customer_registry_meta (key TEXT, value TEXT)"],
)
def test_a_table_that_is_only_named_like_ours_is_somebody_elses(path, table, journal):
    with by_hand(path) as connection:
        connection.execute(f"CREATE TABLE {table}")
        connection.execute("CREATE TABLE django_migrations (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(StorageForeign):
        SQLiteRepository(path, journal=journal)
    assert path.read_bytes() == before
    assert names(path.parent) == [path.name]


def test_our_tables_may_stand_beside_others(path):
    with closing(SQLiteRepository(path)) as repository:
        add(repository, 1)
    with by_hand(path) as connection:
        connection.execute("CREATE TABLE orders (number INTEGER)")
    with closing(SQLiteRepository(path)) as repository:
        assert count(repository) == 1


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StorageUnavailable, match="make it first"):
        SQLiteRepository(tmp_path / "nowhere" / "customers.db")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(StorageUnavailable, match="name a file in it"):
        SQLiteRepository(tmp_path)


@pytest.mark.parametrize("path", ["", ":memory:", "a\x00b", "/dev/null"])
def test_what_names_no_file_is_refused(path):
    with pytest.raises(StorageUnavailable):
        SQLiteRepository(path)


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder nobody can write to")
def test_a_folder_that_cannot_be_written_is_told():
    with pytest.raises(StorageUnavailable, match="folder can be written"):
        SQLiteRepository("/sys/kernel/customers.db")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="becomes another user")
def test_a_file_that_cannot_be_written_is_told(path):
    SQLiteRepository(path).close()
    path.chmod(0o444)
    (path.parent / f"{path.name}-lock").chmod(0o444)
    for folder in path.parents[:-2]:
        folder.chmod(0o755)
    program = """
        import os, sys
        from customer_registry.domain.errors import StorageUnavailable
        from customer_registry.storage.sqlite import SQLiteRepository
        import customer_registry.storage.sqlite.opening, encodings.idna, urllib.parse
        os.setuid(65534)
        try:
            SQLiteRepository(sys.argv[1])
        except StorageUnavailable as error:
            print(error)
    """
    assert "rights" in run(program, path).stdout


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_a_network_disk_is_recognised_by_its_nearest_mount(kind):
    mounts = f"/dev/sda1 / ext4 rw 0 0\nnas:/x /srv\\040data {kind} rw 0 0\n/dev/b /srv ext4 rw 0 0"
    assert network_file_system("/srv data/crm.db", mounts) == kind
    assert network_file_system("/srv/crm.db", mounts) is None
    assert network_file_system("/home/crm.db", mounts) is None


def test_a_network_disk_is_refused(path, monkeypatch):
    mounts = f"nas:/x {path.parent} nfs4 rw 0 0"
    monkeypatch.setattr("customer_registry.storage.sqlite.opening._mounts", lambda: mounts)
    with pytest.raises(StorageUnavailable, match="network disk"):
        SQLiteRepository(path)


def test_two_instances_that_open_a_new_file_at_once_share_it(path):
    opened, start = [], threading.Barrier(6)

    def open_it():
        start.wait()
        opened.append(SQLiteRepository(path))

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({repository.identity for repository in opened}) == 1
    for seed, repository in enumerate(opened):
        add(repository, seed)
    assert {count(repository) for repository in opened} == {6}
    for repository in opened:
        repository.close()


LOCKED = """
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        print(error)
"""


def test_a_look_at_the_file_drops_no_lock_of_this_process(path):
    """POSIX gives up all locks of a process on a file as soon as it closes any descriptor of it."""
    with closing(SQLiteRepository(path, journal="delete")) as repository:
        with repository.write() as work:
            work.customers.add(make_customer())
            refuse_foreign(str(path))
            assert "locked" in run(LOCKED, path).stdout
        with repository.write() as work:
            work.customers.add(make_customer(seed=1))
            path.open("rb").close()
            assert "locked" not in run(LOCKED, path).stdout, CONTROL


# Settings


@pytest.mark.parametrize(
    ("journal", "mode", "synchronous"), [("auto", "wal", 2), ("delete", "delete", 3)]
)
def test_every_connection_has_its_settings(path, journal, mode, synchronous):
    with closing(SQLiteRepository(path, journal=journal, busy_timeout=7)) as repository:
        add(repository, 1)
        pool = repository._connections
        for connection in (pool.writer(), pool.reader(), pool.reader()):

            def told(name, connection=connection):
                return connection.execute(f"PRAGMA {name}").fetchone()[0]

            assert told("journal_mode") == mode
            assert told("synchronous") == synchronous
            assert told("foreign_keys") == 1
            assert told("busy_timeout") == 7000
            assert told("trusted_schema") == 0
            assert told("cell_size_check") == 1
            assert told("wal_autocheckpoint") == 0
            pool.give_back(connection) if told("query_only") else None


def test_a_file_changes_its_journal_when_it_is_opened_alone(path):
    for journal, mode in (("auto", "wal"), ("delete", "delete"), ("auto", "wal")):
        with closing(SQLiteRepository(path, journal=journal)):
            pass
        with by_hand(path) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == (mode,)


@pytest.mark.parametrize(("schema", "refusal"), [(99, SchemaTooNew), (1, SchemaTooOld)])
def test_an_old_process_does_not_write_into_a_migrated_file(repository, path, schema, refusal):
    add(repository, 1)
    with by_hand(path) as connection:
        connection.execute("UPDATE customer_registry_meta SET schema = ?", (schema,))
    with pytest.raises(refusal):
        add(repository, 2)
    with pytest.raises(refusal):
        SQLiteRepository(path)
    assert count(repository) == 1


@pytest.mark.parametrize(("schema", "refusal"), [(99, SchemaTooNew), (1, SchemaTooOld)])
@pytest.mark.parametrize(("before", "asked"), [("auto", "delete"), ("delete", "auto")])
def test_a_refused_store_keeps_its_journal(path, schema, refusal, before, asked):
    SQLiteRepository(path, journal=before).close()
    with by_hand(path) as connection:
        connection.execute("UPDATE customer_registry_meta SET schema = ?", (schema,))
        if before == "auto":
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    with pytest.raises(refusal):
        SQLiteRepository(path, journal=asked)
    assert path.read_bytes() == content


@pytest.mark.parametrize("migrate", [False, True])
@pytest.mark.parametrize(
    "damage",
    [
        "schema = 'x'",
        "schema = -3",
        "schema = 0",
        "schema = 1.5",
        "grams = 'x'",
        "grams = -1",
        "identity = 'abcdefghijklmnop'",
        "identity = x'00'",
    ],
)
def test_a_store_that_does_not_say_what_it_is_is_damaged(path, damage, migrate):
    SQLiteRepository(path).close()
    with by_hand(path) as connection:
        connection.execute(f"UPDATE customer_registry_meta SET {damage}")  # noqa: S608  our own words
    content, before = path.read_bytes(), names(path.parent)
    with pytest.raises(StorageCorrupt):
        SQLiteRepository(path, journal="delete", migrate=migrate)
    assert path.read_bytes() == content
    assert names(path.parent) == before


@pytest.mark.parametrize("journal", ["DELETE", "Delete", "wal", None, 5])
def test_a_journal_of_another_name_is_refused(path, journal):
    with pytest.raises(ValueError, match='"auto" or "delete"'):
        SQLiteRepository(path, journal=journal)
    assert not path.exists()


# Units


def test_a_failed_transaction_leaves_nothing_and_returns_its_number(repository):
    def half_a_save(work):
        assert work.numbers.next("customer") == 1
        work.customers.add(make_customer())
        work.journal.append(JournalEntry(at=AT, actor="a", action="registered"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), repository.write() as work:
        half_a_save(work)
    with repository.write() as work:
        assert work.numbers.next("customer") == 1
        assert work.journal.head()[0] == 0
        assert list(work.customers.iterate()) == []
        assert not work.customers.search(CustomerQuery()).customers


def test_a_reading_unit_sees_one_snapshot_and_never_writes(repository):
    add(repository, 1)
    with repository.read() as work:
        assert len(list(work.customers.iterate())) == 1
        add(repository, 2)
        assert len(list(work.customers.iterate())) == 1
        with pytest.raises(StorageUnavailable, match=r"open write\(\)"):
            work.customers.add(make_customer(seed=3))
    assert count(repository) == 2


def test_a_unit_that_has_ended_reads_and_writes_no_more(repository):
    with repository.write() as work:
        work.customers.add(make_customer())
        rest = work.customers.iterate()
    with pytest.raises(StorageError, match="ended"):
        work.customers.get(make_customer().id)
    with pytest.raises(StorageError, match="ended"):
        next(rest)


def test_a_writing_thread_that_would_wait_for_itself_is_told_at_once(repository):
    with repository.write() as work:
        began = time.monotonic()
        with pytest.raises(StorageBusy, match="this thread"), repository.write():
            pass
        assert time.monotonic() - began < 5
        work.customers.add(make_customer())
    assert count(repository) == 1


def test_a_writer_waits_no_longer_than_its_patience(path, repository):
    with closing(SQLiteRepository(path, busy_timeout=0.1)) as hasty:
        with repository.write(), pytest.raises(StorageBusy):
            add(hasty, 1)
        add(hasty, 1)


def test_a_writing_unit_holds_the_file_before_its_first_statement(repository, path):
    foreign = sqlite3.connect(path, isolation_level=None, timeout=0)

    with repository.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        foreign.execute("BEGIN IMMEDIATE")

    foreign.execute("BEGIN IMMEDIATE")
    foreign.close()


def test_a_foreign_writer_is_waited_for_and_then_told(path):
    with closing(SQLiteRepository(path, busy_timeout=0.1)) as hasty:
        with by_hand(path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageBusy):
                add(hasty, 1)
        add(hasty, 1)


def test_two_customers_never_have_one_id(repository):
    add(repository, 1)
    twin = attrs.evolve(make_customer(seed=2), id=make_customer(seed=1).id)
    with pytest.raises(StorageError), repository.write() as work:
        work.customers.add(twin)
    assert count(repository) == 1


def test_a_transaction_that_sqlite_gave_up_is_never_acknowledged(repository):
    add(repository, 1)

    def carry_on_regardless(work):
        work.customers.add(make_customer(seed=2))
        repository._connections.writer().execute("ROLLBACK")
        with pytest.raises(StorageError, match="rolled back"):
            work.customers.add(make_customer(seed=3))

    with pytest.raises(StorageError, match="rolled back"), repository.write() as work:
        carry_on_regardless(work)
    assert count(repository) == 1


def test_a_closed_repository_says_so_and_closes_twice(repository):
    repository.close()
    repository.close()
    with pytest.raises(StorageUnavailable, match="closed"), repository.read():
        pass
    with pytest.raises(StorageUnavailable, match="closed"), repository.write():
        pass


def test_a_unit_under_way_outlives_the_close(path, repository):
    add(repository, 1)
    with repository.read() as work:
        repository.close()
        assert len(list(work.customers.iterate())) == 1
    assert not repository._connections._all


# The journal's own guard


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM customer_registry_journal",
        "UPDATE customer_registry_journal SET body = x'00'",
        "UPDATE customer_registry_journal SET body = NULL",
        "UPDATE customer_registry_journal SET body = NULL, salt = NULL, customer = NULL",
        "UPDATE customer_registry_journal SET body = NULL, salt = NULL, digest = x'00'",
        "UPDATE customer_registry_journal SET body = NULL, salt = NULL, seq = seq + 10",
    ],
)
def test_a_journal_entry_stays_as_it_was_written(repository, path, statement):
    registry = CustomerRegistry(repository=repository)
    registry.register(make_raw())
    with by_hand(path) as connection, pytest.raises(sqlite3.IntegrityError, match="journal entry"):
        connection.execute(statement)


def test_a_journal_entry_can_be_erased_and_the_chain_still_holds(repository, path):
    CustomerRegistry(repository=repository).register(make_raw())
    with by_hand(path) as connection:
        connection.execute("UPDATE customer_registry_journal SET body = NULL, salt = NULL")
    with repository.read() as work:
        (link,) = work.journal.links()
        (entry,) = work.journal.since(0)
    assert link.body is None
    assert link.holds(bytes(32))
    assert entry.action == "erased"


# Reservations


def reserve(repository, *numbers):
    with repository.write() as work:
        for number in numbers:
            reservation = Reservation(
                code=CustomerCode(f"C{number}"),
                owner="a",
                at=AT,
                until=AT + timedelta(minutes=number),
                range="customer",
                number=number,
            )
            work.numbers.reserve(reservation)


@pytest.mark.parametrize("lapsed", [0, 1, 2000])
def test_a_registration_asks_for_lapsed_numbers_in_a_few_steps(repository, lapsed):
    """However many are reserved, and whether none of them or all have lapsed."""
    reserve(repository, *range(1, 2001))
    steps = []
    with repository.write() as work:
        connection = repository._connections.writer()
        connection.set_progress_handler(lambda: steps.append(1), 1)
        found = work.numbers.lapsed("customer", AT + timedelta(minutes=lapsed))
        connection.set_progress_handler(None, 0)
    assert (found and found.number) == (1 if lapsed else None)
    assert 0 < len(steps) < 100


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customer_registry_reservations SET until = 'soon'",
        "UPDATE customer_registry_reservations SET at = 'soon'",
        "UPDATE customer_registry_reservations SET released = x'00'",
    ],
)
def test_a_reservation_that_cannot_be_read_is_a_damaged_store(repository, path, statement):
    reserve(repository, 1)
    with by_hand(path) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    with repository.read() as work, pytest.raises(StorageCorrupt, match="reservation"):
        work.numbers.reservations()


def test_a_reservation_never_lapses_at_another_time_than_it_says(repository, path):
    reserve(repository, 1)
    with by_hand(path) as connection, pytest.raises(sqlite3.IntegrityError, match="free_from"):
        connection.execute("UPDATE customer_registry_reservations SET until = '2030'")


# Faults of the device


def told_by_sqlite(name):
    error = sqlite3.OperationalError("the driver's own text")
    error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, name), name
    return error


@pytest.mark.parametrize(
    ("name", "meant", "meant_of_commit"),
    [
        ("SQLITE_BUSY", StorageBusy, StorageBusy),
        ("SQLITE_BUSY_SNAPSHOT", StorageBusy, StorageBusy),
        ("SQLITE_FULL", StorageFull, StorageFull),
        ("SQLITE_CORRUPT", StorageCorrupt, CommitOutcomeUnknown),
        ("SQLITE_NOTADB", StorageCorrupt, CommitOutcomeUnknown),
        ("SQLITE_CANTOPEN", StorageUnavailable, CommitOutcomeUnknown),
        ("SQLITE_READONLY", StorageUnavailable, CommitOutcomeUnknown),
        ("SQLITE_CONSTRAINT_UNIQUE", Refused, Refused),
        ("SQLITE_IOERR_WRITE", StorageError, CommitOutcomeUnknown),
        ("SQLITE_IOERR_FSYNC", StorageError, CommitOutcomeUnknown),
        ("SQLITE_IOERR_DIR_FSYNC", StorageError, CommitOutcomeUnknown),
    ],
)
def test_an_error_of_the_driver_becomes_a_fact(tmp_path, name, meant, meant_of_commit):
    path = str(tmp_path / "customers.db")
    error = told_by_sqlite(name)
    assert type(translated(error, path)) is meant
    assert type(translated_commit(error, path)) is meant_of_commit
    assert "the driver's own text" not in str(translated(error, path))


@pytest.mark.parametrize(("name", "number"), [("\ud800", 1), ("customer", 2**63)])
def test_a_value_that_sqlite_never_takes_is_refused(repository, name, number):
    with pytest.raises(Refused), repository.write() as work:
        work.numbers.raise_to(name, number)
    with repository.write() as work:
        assert work.numbers.next("customer") == 1


@pytest.mark.parametrize(
    ("number", "meant"), [(errno.ENOSPC, StorageFull), (errno.EACCES, StorageUnavailable)]
)
def test_an_error_of_the_system_becomes_a_fact(number, meant):
    assert type(untold(OSError(number, os.strerror(number)), "customers.db")) is meant


def test_a_full_database_is_told_and_reads_go_on(repository):
    add(repository, 1)
    writer = repository._connections.writer()
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull):
        add(repository, *range(2, 60))
    assert count(repository) == 1
    add(repository, 2)
    assert count(repository) == 2


@pytest.mark.skipif(os.name != "posix", reason="limits on file sizes are POSIX")
@pytest.mark.parametrize("journal", ["auto", "delete"])
def test_a_limit_on_file_sizes_is_a_full_store(path, journal):
    program = """
        import resource, sys
        from customer_registry.domain.errors import StorageFull
        from customer_registry.storage.sqlite import SQLiteRepository
        from customer_registry.testing import make_customer
        repository = SQLiteRepository(sys.argv[1], journal=sys.argv[2])
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        saved = 0
        try:
            while True:
                with repository.write() as work:
                    assert work.numbers.next("customer") == saved + 1
                    work.customers.add(make_customer(seed=saved))
                saved += 1
        except StorageFull:
            pass
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        with repository.read() as work:
            assert len(list(work.customers.iterate())) == saved
        with repository.write() as work:
            assert work.numbers.next("customer") == saved + 1
        print("full", saved)
    """
    done = run(program, path, journal)
    assert done.stdout.startswith("full"), done.stderr


# Processes


FORK = """
    import gc, os, sys
    from customer_registry.domain.errors import StorageUnavailable
    from customer_registry.storage.sqlite import SQLiteRepository
    from customer_registry.storage.sqlite.connections import Connections
    from customer_registry.testing import make_customer

    if sys.argv[2] == "broken":
        Connections.abandon = lambda self: None
    repository = SQLiteRepository(sys.argv[1], journal="delete")
    with repository.write() as work:
        work.customers.add(make_customer())
        journal = os.path.exists(sys.argv[1] + "-journal")
        if (child := os.fork()) == 0:
            told = 0
            for unit in (repository.read, repository.write):
                try:
                    unit().__enter__()
                except StorageUnavailable:
                    told += 1
            repository.close()
            del repository, work, unit
            gc.collect()
            sys.exit(told)
        (_, status) = os.waitpid(child, 0)
        print(journal, os.path.exists(sys.argv[1] + "-journal"), os.waitstatus_to_exitcode(status))
    with repository.read() as work:
        assert work.customers.get(make_customer().id)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_is_refused_and_leaves_the_transaction_of_its_parent_alone(path):
    done = run(FORK, path, "sound")
    assert done.stdout.split() == ["True", "True", "2"], done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_the_fork_test_sees_a_child_that_closes_what_it_inherited(path):
    done = run(FORK, path, "broken")
    assert done.stdout.split()[:2] == ["True", "False"], CONTROL


def test_the_end_of_the_process_closes_in_good_order(path):
    program = """
        import sys
        from customer_registry.storage.sqlite import SQLiteRepository
        from customer_registry.testing import make_customer
        repository = SQLiteRepository(sys.argv[1])
        with repository.write() as work:
            work.customers.add(make_customer())
    """
    done = run(program, path)
    assert (done.returncode, done.stderr) == (0, "")
    assert names(path.parent) == [path.name, f"{path.name}-lock"]


def test_a_process_that_ends_while_others_write_leaves_the_checkpoint_to_them(path, repository):
    program = """
        import sys
        from customer_registry.storage.sqlite import SQLiteRepository
        repository = SQLiteRepository(sys.argv[1])
        print(len(repository._connections._all), flush=True)
        sys.stdin.readline()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout.readline() == b"1\n"
        with repository.write() as work:
            work.customers.add(make_customer())
            other.communicate(b"\n", timeout=20)
    assert other.returncode == 0
    assert count(repository) == 1


def test_a_killed_writer_frees_the_lock_though_its_child_program_lives_on(path, repository):
    program = """
        import os, signal, subprocess, sys
        from customer_registry.storage.sqlite import SQLiteRepository
        from customer_registry.testing import make_customer
        with SQLiteRepository(sys.argv[1]).write() as work:
            work.customers.add(make_customer())
            subprocess.Popen(["sleep", "5"], close_fds=False, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    assert run(program, path).returncode == -9
    began = time.monotonic()
    add(repository, 1)
    assert time.monotonic() - began < 2
    assert count(repository) == 1


def test_a_forgotten_repository_closes_its_connections(path):
    repository = SQLiteRepository(path)
    add(repository, 1)
    connections = repository._connections
    assert connections._all
    del repository
    gc.collect()
    assert not connections._all


# The lock and the checkpoints


def test_the_lock_survives_the_loss_of_its_file(tmp_path):
    path = tmp_path / "lock"
    first, second = WriterLock(str(path), 0.05), WriterLock(str(path), 0.05)
    with first.held():
        pass
    path.unlink()
    with second.held(), pytest.raises(StorageBusy), first.held():
        pass
    with first.held(), pytest.raises(StorageBusy), second.held():
        pass
    first.close()
    second.close()


def wal_bytes(path):
    return Path(f"{path}-wal").stat().st_size


def test_the_wal_stays_short_however_many_save(repository, path):
    for seed in range(200):
        add(repository, seed)
    assert wal_bytes(path) < 8 * 1024 * 1024


def test_a_wal_without_checkpoints_would_have_grown(repository, path, monkeypatch):
    monkeypatch.setattr(Checkpoints, "after_commit", lambda *_: None)
    for seed in range(200):
        add(repository, seed)
    assert wal_bytes(path) > 8 * 1024 * 1024, CONTROL


def test_a_wal_beyond_its_size_is_begun_anew_when_readers_are_gone(repository, path, monkeypatch):
    monkeypatch.setattr("customer_registry.storage.sqlite.checkpoints._LARGEST_WAL", 1 << 18)
    monkeypatch.setattr("customer_registry.storage.sqlite.checkpoints._COMMITS", 4)
    for seed in range(60):
        with repository.read() as work:
            assert work.customers.get(make_customer(seed=seed).id) is None
        add(repository, seed)
    assert wal_bytes(path) < 1 << 20
    assert count(repository) == 60


def test_a_reader_that_stays_keeps_its_snapshot_and_stops_nobody(repository, monkeypatch):
    monkeypatch.setattr("customer_registry.storage.sqlite.checkpoints._LARGEST_WAL", 1 << 16)
    monkeypatch.setattr("customer_registry.storage.sqlite.checkpoints._COMMITS", 4)
    monkeypatch.setattr("customer_registry.storage.sqlite.checkpoints._PATIENCE", 0.01)
    add(repository, 0)
    with repository.read() as work:
        assert len(list(work.customers.iterate())) == 1
        add(repository, *range(1, 20))
        for seed in range(20, 40):
            add(repository, seed)
        assert len(list(work.customers.iterate())) == 1
    assert count(repository) == 40


def test_rows_that_go_round_in_circles_are_damage():
    assert further(4, 3) == 4
    for last in (3, 2):
        with pytest.raises(StorageCorrupt):
            further(last, 3)


def test_old_receipts_are_forgotten_without_a_look_at_those_of_imports(repository):
    values = {"before": "2026-11-24", "keep_actor": "import"}
    with closing(sqlite3.connect(repository.path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {_PRUNE}", values).fetchall()
    assert [step for *_, step in plan if "SEARCH" in step]
    assert not [step for *_, step in plan if "SCAN" in step]


@pytest.mark.parametrize("refusing", ["FAIL", "ABORT"])
def test_the_words_of_a_batch_are_written_out_once(path, refusing):
    with CustomerRegistry.open(path) as registry:
        if is_control := refusing == "ABORT":
            with closing(sqlite3.connect(path)) as raw:
                ((trigger,),) = raw.execute(
                    "SELECT sql FROM sqlite_master WHERE name LIKE '%journal_goes_on'"
                )
                raw.execute("DROP TRIGGER customer_registry_journal_goes_on")
                raw.execute(trigger.replace("FAIL", refusing))
        registry.load(make_raw(seed=seed) for seed in range(20))
    with closing(sqlite3.connect(path)) as raw:
        ((written_out,),) = raw.execute(
            "SELECT count(DISTINCT segid) FROM customer_registry_search_idx"
        )
    assert written_out > 1 if is_control else written_out == 1, CONTROL if is_control else ""
