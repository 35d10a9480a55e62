"""The host's order and our customer are one transaction: they commit or vanish together."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry import (
    CodePattern,
    CustomerRegistry,
    Guarantee,
    InMemoryRepository,
    Keyring,
    KeyUnavailable,
    SchemaTooNew,
    SQLiteRepository,
    StaleVersion,
    StorageBusy,
    StorageError,
    StorageForeign,
    StorageMissing,
    StorageUnavailable,
    ValidationFailed,
)
from customer_registry.domain.journal import GENESIS
from customer_registry.operations import backup, erase, restore, seal, verify
from customer_registry.repository import Durability
from customer_registry.storage.sqlite.hosts import is_writing
from customer_registry.storage.sqlite.joined import durability_of, refuse_unsafe
from customer_registry.testing import RepositoryContract

KEY = bytes(range(32))


def host_at(path, **settings):
    """Return a host's connection to its own database."""
    connection = sqlite3.connect(path, **{"isolation_level": None, **settings})
    connection.execute("PRAGMA secure_delete = ON")
    return connection


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "erp.db")


@pytest.fixture
def host(path):
    connection = host_at(path)
    connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT)")
    connection.execute("BEGIN IMMEDIATE")
    SQLiteRepository.joined(connection, create=True)
    connection.execute("COMMIT")
    yield connection
    connection.close()


@pytest.fixture
def told():
    return []


@pytest.fixture
def joined(host):
    return SQLiteRepository.joined(host)


@pytest.fixture
def registry(joined, told):
    def codes(receipt):
        told.append(str(receipt.customer.code))

    return CustomerRegistry(
        repository=joined, hooks=[codes], on_head=lambda head: told.append(head.number)
    )


def ordered(host, registry, name="王芳"):
    """Register a customer and write down the order for it."""
    receipt = registry.register(kind="person", name=name)
    host.execute("INSERT INTO orders (customer) VALUES (?)", (str(receipt.customer.code),))
    return receipt.customer


def fail_after_a_number(joined):
    """Write a unit that fails after it has drawn a number."""
    with suppress(RuntimeError), joined.write() as work:
        work.numbers.next("customer")
        raise RuntimeError


def kept(path):
    """Return the customers of orders and the codes of customers, as others see them."""
    connection = sqlite3.connect(path)
    try:
        orders = connection.execute("SELECT customer FROM orders ORDER BY id").fetchall()
        codes = connection.execute("SELECT code FROM customer_registry_customers ORDER BY code")
        return [row[0] for row in orders], [row[0] for row in codes.fetchall()]
    finally:
        connection.close()


class _OnAHostsConnection(RepositoryContract):
    """What the contract promises, inside one transaction of a host's.

    What needs a snapshot, or changes keys, a joined repository refuses instead: no copy can be
    taken of a database that its own connection writes to, and sealing ends with a new file.
    """

    keyring = None

    test_what_a_store_says_of_its_seals_is_taken_back_with_the_rest = None
    test_parts_begin_with_who_the_store_is_and_how_much_follows = None
    test_another_store_that_takes_the_parts_gives_the_same = None
    test_a_store_takes_what_another_one_gave = None
    test_a_store_that_holds_something_takes_nothing = None
    test_parts_that_are_none_of_a_store_are_refused = None
    test_a_failed_transaction_took_nothing = None
    test_nothing_of_the_ports_is_missing = None
    test_a_snapshot_stays_as_it_was_while_others_write = None
    test_a_snapshot_can_be_searched_and_not_written_to = None
    test_a_snapshot_that_fails_leaves_the_store_in_use = None

    @pytest.fixture
    def repository(self, tmp_path):
        connection = host_at(tmp_path / "erp.db", check_same_thread=False)
        connection.execute("BEGIN IMMEDIATE")
        yield SQLiteRepository.joined(connection, create=True, keyring=self.keyring)
        connection.close()


class TestJoined(_OnAHostsConnection):
    pass


class TestJoinedAndSealed(_OnAHostsConnection):
    keyring = Keyring.generate()


def test_the_order_and_the_customer_commit_together(host, path, registry):
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    assert kept(path) == ([], [])
    host.execute("COMMIT")
    assert kept(path) == (["C000001"], ["C000001"])


def test_the_order_and_the_customer_vanish_together_and_leave_no_gap(host, path, registry):
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    host.execute("ROLLBACK")
    assert kept(path) == ([], [])
    host.execute("BEGIN IMMEDIATE")
    assert str(ordered(host, registry, "李雷").code) == "C000001"
    host.execute("COMMIT")
    assert verify(registry).ok


def test_a_refusal_takes_back_its_own_and_leaves_the_hosts_transaction_in_use(host, path, registry):
    host.execute("BEGIN IMMEDIATE")
    first = ordered(host, registry)
    with pytest.raises(ValidationFailed):
        registry.register(kind="person", name="李雷", code=str(first.code))
    registry.update(first, grade="A")
    with pytest.raises(StaleVersion):
        registry.update(first, grade="B")
    assert str(ordered(host, registry, "李雷").code) == "C000002"
    host.execute("COMMIT")
    assert kept(path) == (["C000001", "C000002"], ["C000001", "C000002"])
    assert verify(registry).ok


def test_what_fails_after_a_number_was_drawn_gives_it_back(host, joined, registry):
    host.execute("BEGIN IMMEDIATE")
    fail_after_a_number(joined)
    with joined.write() as work:
        assert work.numbers.ranges() == {}
        assert work.journal.head() == (0, GENESIS)
    host.execute("ROLLBACK")


def test_hooks_wait_until_the_host_says_that_it_committed(host, joined, registry, told):
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    with pytest.raises(StorageError, match="COMMIT first"):
        joined.committed()
    host.execute("COMMIT")
    assert told == []
    assert joined.committed().issues == ()
    assert told == [1, "C000001"]
    joined.committed()
    assert told == [1, "C000001"]


def test_what_was_rolled_back_runs_no_hooks_even_where_the_host_says_nothing(
    host, joined, registry, told
):
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    host.execute("ROLLBACK")
    host.execute("BEGIN IMMEDIATE")
    second = ordered(host, registry, "李雷")
    host.execute("COMMIT")
    joined.committed()
    assert (told, str(second.code)) == ([1, "C000001"], "C000001")


def test_what_a_savepoint_of_the_hosts_took_back_runs_no_hooks(host, joined, registry, told):
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    host.execute("SAVEPOINT line")
    ordered(host, registry, "李雷")
    host.execute("ROLLBACK TO line")
    ordered(host, registry, "韩梅梅")
    host.execute("COMMIT")
    joined.committed()
    assert told == [1, "C000001", 2, "C000002"]
    assert [str(each.name) for each in registry.search()] == ["韩梅梅", "王芳"]


def test_what_was_forgotten_is_told_with_the_next_commit(host, joined, registry, told):
    for name in ("王芳", "李雷"):
        host.execute("BEGIN IMMEDIATE")
        ordered(host, registry, name)
        host.execute("COMMIT")
    joined.committed()
    assert told == [1, "C000001", 2, "C000002"]


def test_a_hook_that_fails_is_told_to_the_host_and_undoes_nothing(host, path, joined):
    def failing(receipt):
        raise RuntimeError

    registry = CustomerRegistry(repository=joined, hooks=[failing])
    host.execute("BEGIN IMMEDIATE")
    assert registry.register(kind="person", name="王芳").report.issues == ()
    host.execute("COMMIT")
    assert [issue.params["hook"] for issue in joined.committed().issues] == ["failing"]
    assert kept(path)[1] == ["C000001"]


def test_a_hook_writes_on_the_hosts_connection(host, path, joined):
    def order(receipt):
        host.execute("INSERT INTO orders (customer) VALUES (?)", (str(receipt.customer.code),))

    registry = CustomerRegistry(repository=joined, hooks=[order])
    host.execute("BEGIN IMMEDIATE")
    registry.register(kind="person", name="王芳")
    host.execute("COMMIT")
    assert joined.committed().issues == ()
    assert kept(path) == (["C000001"], ["C000001"])


def test_a_hook_that_is_interrupted_leaves_the_others_waiting(host, joined):
    told = []

    def interrupted(receipt):
        told.append(str(receipt.customer.code))
        if len(told) == 1:
            raise KeyboardInterrupt

    registry = CustomerRegistry(repository=joined, hooks=[interrupted])
    for name in ("王芳", "李雷"):
        host.execute("BEGIN IMMEDIATE")
        registry.register(kind="person", name=name)
        host.execute("COMMIT")
    with pytest.raises(KeyboardInterrupt):
        joined.committed()
    joined.committed()
    assert told == ["C000001", "C000002"]


def test_rows_of_a_load_run_their_hooks_after_the_commit(host, joined, registry, told):
    rows = [{"kind": "person", "name": name} for name in ("王芳", "", "李雷")]
    host.execute("BEGIN IMMEDIATE")
    report = registry.load(rows)
    assert (len(report.registered), told) == (2, [])
    host.execute("COMMIT")
    joined.committed()
    assert told == [2, "C000001", "C000002"]


def test_numbers_in_blocks_are_used_only_once_they_are_committed(host, joined):
    codes = CodePattern("C{number:06}", guarantee=Guarantee.UNIQUE, block=5)
    registry = CustomerRegistry(repository=joined, codes=codes)
    host.execute("BEGIN IMMEDIATE")
    registry.register(kind="person", name="王芳")
    host.execute("ROLLBACK")
    joined.committed()
    host.execute("BEGIN IMMEDIATE")
    registry.register(kind="person", name="王芳")
    host.execute("COMMIT")
    joined.committed()
    assert verify(registry).ok


def test_a_block_of_numbers_goes_with_a_reservation_that_was_rolled_back(host, joined):
    codes = CodePattern("C{number:06}", guarantee=Guarantee.UNIQUE, block=5)
    registry = CustomerRegistry(repository=joined, codes=codes)
    host.execute("BEGIN IMMEDIATE")
    CustomerRegistry(repository=joined).register(kind="person", name="王芳")
    host.execute("COMMIT")
    joined.committed()
    host.execute("BEGIN IMMEDIATE")
    registry.reserve_code()
    host.execute("ROLLBACK")
    joined.committed()
    host.execute("BEGIN IMMEDIATE")
    assert str(registry.register(kind="person", name="李雷").customer.code) == "C000002"
    host.execute("COMMIT")
    joined.committed()
    assert verify(registry).ok


def test_a_store_that_a_later_version_changed_meanwhile_is_not_written_to(host, registry):
    host.execute("UPDATE customer_registry_meta SET schema = schema + 1")
    host.execute("BEGIN IMMEDIATE")
    with pytest.raises(SchemaTooNew):
        registry.register(kind="person", name="王芳")
    host.execute("ROLLBACK")


def test_tables_laid_out_with_a_keyring_are_sealed_and_take_no_other_keys(path):
    host = host_at(path)
    host.execute("BEGIN IMMEDIATE")
    with SQLiteRepository.joined(host, create=True, keyring=Keyring.generate()).read() as work:
        assert work.sealing is not None
    stranger = SQLiteRepository.joined(host, keyring=Keyring.generate())
    with pytest.raises(KeyUnavailable):
        CustomerRegistry(repository=stranger).register(kind="person", name="王芳")
    host.close()


def test_an_idempotent_request_is_answered_again_and_forgotten_with_a_rollback(
    host, joined, registry
):
    def register():
        return registry.register(kind="person", name="王芳", idempotency_key="order-7")

    host.execute("BEGIN IMMEDIATE")
    assert not register().replayed
    assert register().replayed
    host.execute("ROLLBACK")
    host.execute("BEGIN IMMEDIATE")
    assert not register().replayed
    host.execute("COMMIT")
    assert register().replayed


@pytest.mark.parametrize("begin", [None, "BEGIN", "BEGIN; SELECT * FROM orders"])
def test_a_host_without_the_write_lock_is_told_to_begin_immediate(host, registry, begin):
    for statement in begin.split("; ") if begin else ():
        host.execute(statement).fetchall()
    with pytest.raises(StorageUnavailable, match="BEGIN IMMEDIATE"):
        registry.register(kind="person", name="王芳")
    host.execute("BEGIN IMMEDIATE") if not host.in_transaction else host.execute("ROLLBACK")


@pytest.mark.parametrize("level", ["", "IMMEDIATE", "DEFERRED"])
def test_a_host_whose_driver_begins_for_it_writes_first(path, host, level):
    connection = host_at(path, isolation_level=level)
    registry = CustomerRegistry(repository=SQLiteRepository.joined(connection))
    with pytest.raises(StorageUnavailable):
        registry.register(kind="person", name="王芳")
    connection.execute("INSERT INTO orders (customer) VALUES ('C000001')")
    registry.register(kind="person", name="王芳")
    connection.commit()
    connection.close()
    assert kept(path) == (["C000001"], ["C000001"])


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_who_has_the_write_lock_is_known_without_taking_it(path, host, mode):
    host.execute(f"PRAGMA journal_mode = {mode}")
    host.execute("BEGIN")
    host.execute("SELECT * FROM orders").fetchall()
    assert not is_writing(host)
    other = host_at(path, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    assert is_writing(other)
    assert not is_writing(host)
    other.close()
    host.execute("INSERT INTO orders (customer) VALUES ('')")
    assert is_writing(host)
    host.execute("ROLLBACK")


def test_what_the_host_set_on_its_connection_changes_nothing_and_stays(path, host):
    connection = host_at(path)
    connection.row_factory, connection.text_factory = sqlite3.Row, bytes
    connection.execute("PRAGMA foreign_keys = OFF")
    asked = [f"PRAGMA {name}" for name in ("foreign_keys", "synchronous", "busy_timeout")]
    before = [tuple(connection.execute(each).fetchone()) for each in asked]
    joined = SQLiteRepository.joined(connection)
    registry = CustomerRegistry(repository=joined)
    connection.execute("BEGIN IMMEDIATE")
    customer = ordered(connection, registry)
    assert registry.get(customer.code) == customer
    assert registry.search("王芳")[0] == customer
    connection.execute("COMMIT")
    joined.committed()
    assert verify(registry).ok
    registry.close()
    assert connection.row_factory is sqlite3.Row
    assert connection.execute("SELECT customer FROM orders").fetchone()["customer"] == b"C000001"
    assert [tuple(connection.execute(each).fetchone()) for each in asked] == before
    connection.close()


def test_neither_lock_file_nor_checkpoint_is_made(tmp_path, host, joined, registry):
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    host.execute("COMMIT")
    joined.committed()
    joined.close()
    assert [each.name for each in tmp_path.iterdir()] == ["erp.db"]


@pytest.mark.parametrize(
    ("mode", "version", "safe"),
    [
        ("wal", (3, 40, 1), False),
        ("wal", (3, 51, 2), False),
        ("wal", (3, 51, 3), True),
        ("wal", (3, 50, 7), True),
        ("wal", (3, 44, 6), True),
        ("delete", (3, 40, 1), True),
        ("truncate", (3, 40, 1), True),
        ("off", (3, 51, 3), False),
        ("memory", (3, 51, 3), False),
    ],
)
def test_a_journal_that_could_lose_or_damage_is_refused(mode, version, safe):
    if safe:
        refuse_unsafe("/srv/erp.db", mode, 1, version)
        return
    with pytest.raises(StorageUnavailable, match="journal_mode"):
        refuse_unsafe("/srv/erp.db", mode, 1, version)


@pytest.mark.parametrize(
    ("setting", "named"), [("secure_delete = OFF", "secure_delete"), ("journal_mode = OFF", "OFF")]
)
def test_a_connection_set_so_that_a_promise_would_break_is_refused(host, registry, setting, named):
    host.execute(f"PRAGMA {setting}")
    host.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match=f"(?i){named}"):
        registry.register(kind="person", name="王芳")
    host.execute("ROLLBACK")


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 51, 3), reason="this SQLite is mended")
def test_a_wal_is_refused_where_this_sqlite_may_damage_it(host, registry):
    host.execute("PRAGMA journal_mode = WAL")
    host.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="WAL"):
        registry.register(kind="person", name="王芳")
    host.execute("ROLLBACK")


def test_durability_is_what_the_hosts_connection_gives(host, joined):
    assert joined.durability is Durability.PROCESS
    host.execute("PRAGMA synchronous = EXTRA")
    assert joined.durability is Durability.POWER
    host.execute("PRAGMA journal_mode = TRUNCATE")
    host.execute("PRAGMA synchronous = FULL")
    assert joined.durability is Durability.POWER
    host.execute("PRAGMA synchronous = NORMAL")
    assert joined.durability is Durability.PROCESS
    assert durability_of("", "memory", 3) is Durability.NOTHING


def test_a_database_in_memory_can_be_joined_in_a_hosts_tests():
    host = host_at(":memory:")
    host.execute("BEGIN IMMEDIATE")
    joined = SQLiteRepository.joined(host, create=True)
    registry = CustomerRegistry(repository=joined)
    registry.register(kind="person", name="王芳")
    host.execute("COMMIT")
    assert verify(registry).ok
    assert joined.durability is Durability.NOTHING
    assert joined.condition().free_bytes is None
    host.close()


def test_our_tables_come_and_go_with_the_hosts_transaction(path):
    host = host_at(path)
    host.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT)")
    with pytest.raises(StorageMissing, match="create=True"):
        SQLiteRepository.joined(host)
    with pytest.raises(StorageUnavailable, match="BEGIN IMMEDIATE"):
        SQLiteRepository.joined(host, create=True)
    host.execute("BEGIN IMMEDIATE")
    joined = SQLiteRepository.joined(host, create=True)
    CustomerRegistry(repository=joined).register(kind="person", name="王芳")
    host.execute("ROLLBACK")
    assert host.execute("SELECT name FROM sqlite_master").fetchall() == [("orders",)]
    with pytest.raises(StorageMissing):
        joined.identity  # noqa: B018  asking is the act
    assert joined.committed().issues == ()
    host.close()


def test_founding_twice_keeps_the_first(host, joined):
    host.execute("BEGIN IMMEDIATE")
    assert SQLiteRepository.joined(host, create=True).identity == joined.identity
    host.execute("COMMIT")


def test_a_file_of_ours_alone_is_joined_as_well(tmp_path):
    own = SQLiteRepository(tmp_path / "customers.db", journal="delete")
    CustomerRegistry(repository=own).register(kind="person", name="王芳")
    own.close()
    host = host_at(tmp_path / "customers.db")
    joined = SQLiteRepository.joined(host)
    assert str(CustomerRegistry(repository=joined).get("C000001").name) == "王芳"
    assert joined.identity == own.identity
    host.close()


def test_reading_shows_the_hosts_own_writes_and_nobody_elses(host, path, registry):
    other = SQLiteRepository(path, journal="delete")
    host.execute("BEGIN IMMEDIATE")
    customer = ordered(host, registry)
    assert registry.get(customer.code) == customer
    assert len(CustomerRegistry(repository=other).search()) == 0
    host.execute("COMMIT")
    assert len(CustomerRegistry(repository=other).search()) == 1
    other.close()


def test_others_are_told_busy_only_after_their_waiting_time_and_go_on_afterwards(
    host, path, registry
):
    own = SQLiteRepository(path, journal="delete", busy_timeout=0.3)
    clerk = CustomerRegistry(repository=own)
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    began = time.monotonic()
    with pytest.raises(StorageBusy):
        clerk.register(kind="person", name="李雷")
    assert time.monotonic() - began >= 0.3
    host.execute("COMMIT")
    assert str(clerk.register(kind="person", name="李雷").customer.code) == "C000002"
    own.close()


def test_outside_a_transaction_a_unit_reads_one_snapshot_and_ends_it(host, joined):
    with joined.read() as work:
        assert work.journal.head() == (0, GENESIS)
        assert host.in_transaction
    assert not host.in_transaction


def test_a_unit_inside_a_unit_is_refused(host, joined):
    host.execute("BEGIN IMMEDIATE")
    with joined.write(), pytest.raises(StorageBusy, match="already"), joined.write():
        raise AssertionError
    host.execute("ROLLBACK")


def test_what_takes_a_repository_of_its_own_is_refused(tmp_path, host, joined, registry):
    for refused in (joined.snapshot, joined.scrub):
        with pytest.raises(StorageUnavailable, match="of its own"):
            refused()
    with pytest.raises(StorageUnavailable, match="of its own"):
        backup(registry, tmp_path, key=KEY)
    host.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="of its own"):
        seal(CustomerRegistry(repository=SQLiteRepository.joined(host, keyring=Keyring.generate())))
    host.execute("ROLLBACK")


def test_an_erasure_says_that_the_file_was_not_written_anew(host, registry):
    host.execute("BEGIN IMMEDIATE")
    customer = ordered(host, registry)
    assert not erase(registry, customer, "本人申请").scrubbed
    host.execute("COMMIT")
    assert verify(registry).ok


def test_a_backup_restored_into_a_hosts_transaction_vanishes_with_it(tmp_path, host, joined):
    source = CustomerRegistry(repository=InMemoryRepository())
    source.register(kind="person", name="王芳")
    made = backup(source, tmp_path, key=KEY)
    founded = joined.identity
    host.execute("BEGIN IMMEDIATE")
    restore(made.path, joined, key=KEY)
    assert joined.identity == source._office.repository.identity
    host.execute("ROLLBACK")
    assert joined.identity == founded


def test_no_backup_takes_the_place_of_a_file_with_a_hosts_tables(tmp_path, host, path, registry):
    host.execute("BEGIN IMMEDIATE")
    ordered(host, registry)
    host.execute("COMMIT")
    own = SQLiteRepository(path, journal="delete")
    made = backup(CustomerRegistry(repository=own), tmp_path, key=KEY)
    own.close()
    host.close()
    with pytest.raises(StorageForeign, match="beside"):
        restore(made.path, path, key=KEY)
    assert kept(path) == (["C000001"], ["C000001"])


def test_a_transaction_that_sqlite_ended_is_told_as_such(host, joined):
    host.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as raised, joined.write():
        host.execute("ROLLBACK")  # as SQLite does by itself when a disk fails
    assert raised.value.__notes__ == ["SQLite rolled back the whole transaction of the host"]


def test_a_closed_connection_and_another_thread_are_told_as_such(path, host, registry):
    connection = host_at(path)
    joined = SQLiteRepository.joined(connection)
    raised = []

    def elsewhere():
        try:
            joined.identity  # noqa: B018  asking is the act
        except StorageUnavailable as error:
            raised.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    connection.close()
    with pytest.raises(StorageUnavailable, match="closed, or belongs to another thread"):
        joined.identity  # noqa: B018  as above
    assert len(raised) == 1


def test_a_closed_repository_takes_no_more_units_and_still_tells(host, joined, registry, told):
    host.execute("BEGIN IMMEDIATE")
    with registry:
        ordered(host, registry)
    host.execute("COMMIT")
    joined.committed()
    assert told == [1, "C000001"]
    with pytest.raises(StorageUnavailable, match="closed"):
        registry.search()


class CommitsItself:
    """A joined repository that commits for the host, as it must not."""

    def __init__(self, host, joined):
        self._host, self._joined = host, joined

    def __getattr__(self, name):
        return getattr(self._joined, name)

    def after_commit(self, call):
        self._host.execute("COMMIT")
        return call()


def vanishes_together(host, path, repository):
    """Return whether nothing of a transaction that the host gives up is there, or was told."""
    told = []
    registry = CustomerRegistry(repository=repository, hooks=[told.append])
    host.execute("BEGIN IMMEDIATE")
    registry.register(kind="person", name="王芳")
    if host.in_transaction:
        host.execute("INSERT INTO orders (customer) VALUES ('C000001')")
        host.execute("ROLLBACK")
    return kept(path) == ([], []) and not told


def test_the_judge_accuses_a_repository_that_commits_for_the_host(host, path, joined):
    assert vanishes_together(host, path, joined)
    assert not vanishes_together(host, path, CommitsItself(host, joined))


def test_the_example_of_the_docs_runs(tmp_path):
    program = Path(__file__).parents[2] / "docs" / "examples" / "order_and_customer.py"
    done = subprocess.run(
        [sys.executable, program, tmp_path / "erp.db"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.stdout.splitlines() == [
        "hook: C000001 王芳",
        "ordered for C000001",
        "no order without goods, and no customer for it",
        "no customer, and no order: 客户名称不能为空",
        "hook: C000002 韩梅梅",
        "ordered for C000002",
    ]
    assert kept(tmp_path / "erp.db") == (["C000001", "C000002"], ["C000001", "C000002"])


_ACTS = st.lists(
    st.sampled_from(
        [
            "begin",
            "commit",
            "rollback",
            "save",
            "back",
            "release",
            "order",
            "refused",
            "edit",
            "say",
        ]
    ),
    max_size=40,
)


class Erp:
    """A host that does what it is told, where that can be done, and knows what must be there."""

    def __init__(self):
        self.host = host_at(":memory:")
        self.host.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT)")
        self.host.execute("BEGIN IMMEDIATE")
        self.joined = SQLiteRepository.joined(self.host, create=True)
        self.host.execute("COMMIT")
        self.told = []
        self.registry = CustomerRegistry(
            repository=self.joined, hooks=[lambda receipt: self.told.append(receipt.customer.id)]
        )
        self.kept, self.now, self.saved = [], [], []

    def do(self, act):
        if (act in {"begin", "say"}) is not self.host.in_transaction:
            getattr(self, act)()

    def begin(self):
        self.host.execute("BEGIN IMMEDIATE")
        self.now, self.saved = list(self.kept), []

    def commit(self):
        self.host.execute("COMMIT")
        self.kept = self.now

    def rollback(self):
        self.host.execute("ROLLBACK")

    def save(self):
        self.host.execute("SAVEPOINT theirs")
        self.saved.append(list(self.now))

    def back(self):
        if self.saved:
            self.host.execute("ROLLBACK TO theirs")
            self.now = list(self.saved[-1])

    def release(self):
        if self.saved:
            self.host.execute("RELEASE theirs")
            self.saved.pop()

    def order(self):
        self.now.append(ordered(self.host, self.registry, f"客户{len(self.now)}").id)

    def refused(self):
        with pytest.raises(ValidationFailed):
            self.registry.register(kind="person", name="", credit_limit=Decimal(-1))
        fail_after_a_number(self.joined)

    def edit(self):
        if self.now:
            customer = self.registry.get(self.now[-1])
            self.registry.update(customer, grade="B" if customer.grade == "A" else "A")

    def say(self):
        self.joined.committed()


@given(_ACTS)
@settings(max_examples=60, deadline=None)
def test_whatever_the_host_does_codes_have_no_gap_and_hooks_tell_what_is_there(acts):
    erp = Erp()
    for act in [*acts, "commit", "say"]:
        erp.do(act)
    codes = [str(erp.registry.get(each).code) for each in erp.kept]
    assert codes == [f"C{number:06}" for number in range(1, len(codes) + 1)]
    orders = erp.host.execute("SELECT customer FROM orders ORDER BY id").fetchall()
    assert [row[0] for row in orders] == codes
    assert list(dict.fromkeys(erp.told)) == erp.kept
    assert verify(erp.registry).ok
    erp.host.close()
