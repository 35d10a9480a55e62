# ruff: noqa: S608  the names are of our own making
"""On PostgreSQL, the host's order and our customer commit or vanish together."""

import threading
import time
from contextlib import closing

import psycopg
import pytest
from psycopg.rows import dict_row

from customer_registry import (
    CustomerRegistry,
    PostgresRepository,
    RetryTransaction,
    StaleVersion,
    StorageBusy,
    StorageError,
    StorageMissing,
    StorageUnavailable,
    ValidationFailed,
    operations,
)
from customer_registry.repository import CustomerQuery
from customer_registry.testing import make_customer

COMPANY = {
    "kind": "organization",
    "name": "上海浦江贸易有限公司",
    "tax_identifiers": ["91110000600037341L"],
}


@pytest.fixture
def store(postgres):
    """Our own repository on the schema that hosts join."""
    with closing(PostgresRepository(postgres.conninfo, schema=postgres.schema)) as store:
        yield store


@pytest.fixture
def host(postgres, store):
    """A host's connection as it comes, and its table of orders."""
    with closing(connected(postgres)) as connection:
        connection.execute(f"CREATE TABLE {orders(postgres)} (customer text)")
        connection.commit()
        yield connection


def connected(postgres, **more):
    return psycopg.connect(postgres.conninfo, **more)


def orders(postgres):
    return f'"{postgres.schema}".orders'


def order(host, postgres, customer):
    host.execute(f"INSERT INTO {orders(postgres)} VALUES (%s)", [str(customer.code)])


def joined(host, postgres, **more):
    repository = PostgresRepository.joined(host, schema=postgres.schema, **more)
    return repository, CustomerRegistry(repository=repository)


def kept(store, host, postgres):
    """Return the codes of customers, and of the customers who ordered, as others see them."""
    with store.read() as work:
        codes = [str(each.code) for _, each in work.customers.iterate()]
    with closing(connected(postgres)) as other:
        ordered = [code for (code,) in other.execute(f"SELECT customer FROM {orders(postgres)}")]
    return codes, ordered


def test_the_order_and_the_customer_are_there_after_the_commit(store, host, postgres):
    _, registry = joined(host, postgres)
    order(host, postgres, registry.register(COMPANY).customer)
    assert kept(store, host, postgres) == ([], [])
    host.commit()
    assert kept(store, host, postgres) == (["C000001"], ["C000001"])
    assert operations.verify(CustomerRegistry(repository=store)).disagreements == ()


def test_both_vanish_with_the_host_s_transaction_and_leave_no_gap(store, host, postgres):
    _, registry = joined(host, postgres)
    order(host, postgres, registry.register(COMPANY).customer)
    host.rollback()
    assert kept(store, host, postgres) == ([], [])
    order(host, postgres, registry.register(COMPANY).customer)
    host.commit()
    assert kept(store, host, postgres) == (["C000001"], ["C000001"])


def test_a_refusal_takes_nothing_of_the_host_s_and_leaves_no_gap(store, host, postgres):
    _, registry = joined(host, postgres)
    order(host, postgres, registry.register(COMPANY).customer)
    with pytest.raises(ValidationFailed):
        registry.register(COMPANY)
    with pytest.raises(StaleVersion):
        registry.update("C000001", {"grade": "A"}, version=7)
    order(host, postgres, registry.register(kind="person", name="王芳").customer)
    host.commit()
    assert kept(store, host, postgres) == (["C000001", "C000002"], ["C000001", "C000002"])
    assert operations.verify(CustomerRegistry(repository=store)).disagreements == ()


def test_a_host_that_takes_back_to_its_savepoint_takes_ours_as_well(store, host, postgres):
    _, registry = joined(host, postgres)
    registry.register(COMPANY)
    with host.transaction() as theirs:
        registry.register(kind="person", name="王芳")
        raise psycopg.Rollback(theirs)
    registry.register(kind="person", name="李雷")
    host.commit()
    assert kept(store, host, postgres)[0] == ["C000001", "C000002"]
    assert operations.verify(CustomerRegistry(repository=store)).disagreements == ()


def test_hooks_run_when_the_host_says_that_it_committed(store, host, postgres):
    told = []
    repository = PostgresRepository.joined(host, schema=postgres.schema)
    registry = CustomerRegistry(repository=repository, hooks=[told.append])
    registry.register(COMPANY)
    host.rollback()
    assert repository.committed().issues == ()
    registry.register(kind="person", name="王芳")
    with pytest.raises(StorageError, match="COMMIT"):
        repository.committed()
    host.commit()
    assert told == []
    repository.committed()
    assert [str(receipt.customer.name) for receipt in told] == ["王芳"]
    repository.committed()
    assert len(told) == 1


def test_a_hook_writes_on_the_host_s_connection(store, host, postgres):
    repository = PostgresRepository.joined(host, schema=postgres.schema)
    registry = CustomerRegistry(
        repository=repository,
        hooks=[lambda receipt: order(host, postgres, receipt.customer)],
    )
    registry.register(COMPANY)
    host.commit()
    assert repository.committed().issues == ()
    host.commit()
    assert kept(store, host, postgres) == (["C000001"], ["C000001"])


def test_the_host_s_session_is_as_it_was(store, host, postgres):
    host.execute("SET lock_timeout = '7s'")
    host.execute("SET search_path TO pg_catalog")
    host.commit()
    before = (
        host.execute("SHOW lock_timeout").fetchone(),
        host.execute("SHOW search_path").fetchone(),
    )
    _, registry = joined(host, postgres)
    registry.register(COMPANY)
    after = (
        host.execute("SHOW lock_timeout").fetchone(),
        host.execute("SHOW search_path").fetchone(),
    )
    assert before == after
    host.rollback()


@pytest.mark.parametrize(
    "more", [{"row_factory": dict_row}, {"cursor_factory": psycopg.ClientCursor}]
)
def test_a_host_may_have_rows_and_cursors_of_its_own(store, host, postgres, more):
    with closing(connected(postgres, **more)) as theirs:
        _, registry = joined(theirs, postgres)
        registry.register(COMPANY)
        assert [str(each.code) for each in registry.search("浦江")] == ["C000001"]
        theirs.commit()
    assert kept(store, host, postgres)[0] == ["C000001"]


def test_a_host_that_commits_each_statement_has_to_begin(store, host, postgres):
    host.autocommit = True
    _, registry = joined(host, postgres)
    with pytest.raises(StorageUnavailable, match="BEGIN"):
        registry.register(COMPANY)
    with host.transaction():
        registry.register(COMPANY)
    assert registry.get("C000001").code.text == "C000001"
    assert host.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
    assert kept(store, host, postgres)[0] == ["C000001"]


def test_reading_alone_leaves_no_transaction_open(store, host, postgres):
    _, registry = joined(host, postgres)
    assert len(registry.search("")) == 0
    assert host.info.transaction_status is psycopg.pq.TransactionStatus.IDLE


def test_who_waits_too_long_is_told_and_the_host_goes_on(store, host, postgres):
    _, registry = joined(host, postgres, busy_timeout=0.2)
    host.execute(f"INSERT INTO {orders(postgres)} VALUES ('mine')")
    with store.write():
        began = time.monotonic()
        with pytest.raises(StorageBusy):
            registry.register(COMPANY)
        assert 0.15 < time.monotonic() - began < 5
    registry.register(COMPANY)
    host.commit()
    assert kept(store, host, postgres) == (["C000001"], ["mine"])


def test_others_wait_for_the_host_s_commit(store, host, postgres):
    _, registry = joined(host, postgres)
    registry.register(COMPANY)
    own = CustomerRegistry(repository=store)
    waiting = threading.Thread(target=lambda: own.register(kind="person", name="王芳"))
    waiting.start()
    time.sleep(0.2)
    assert waiting.is_alive()
    host.commit()
    waiting.join(10)
    assert kept(store, host, postgres)[0] == ["C000001", "C000002"]


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_host_whose_snapshot_is_too_old_has_to_run_again(store, host, postgres, level):
    host.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
    host.execute("SELECT 1")
    CustomerRegistry(repository=store).register(kind="person", name="王芳")
    _, registry = joined(host, postgres)
    with pytest.raises(RetryTransaction):
        registry.register(COMPANY)
    host.rollback()
    registry.register(COMPANY)
    host.commit()
    assert kept(store, host, postgres)[0] == ["C000001", "C000002"]


def test_a_deadlock_with_a_host_s_own_rows_is_a_transaction_to_run_again(store, host, postgres):
    host.execute(f"INSERT INTO {orders(postgres)} VALUES ('shared')")
    host.commit()
    lock = f"SELECT * FROM {orders(postgres)} FOR UPDATE"
    _, registry = joined(host, postgres)
    with closing(connected(postgres)) as other:
        _, theirs = joined(other, postgres)
        host.execute(lock)
        theirs.register(kind="person", name="王芳")
        found = []
        crossing = threading.Thread(target=lambda: found.extend(ended(other, other.execute, lock)))
        crossing.start()
        time.sleep(0.1)
        found += ended(host, registry.register, COMPANY)
        crossing.join(10)
    assert [type(each) for each in found] in (
        [RetryTransaction],
        [psycopg.errors.DeadlockDetected],
    )
    assert kept(store, host, postgres)[0] == ["C000001"]


def ended(connection, act, *arguments):
    """Act and commit; return the deadlock, if any, for which it was rolled back instead."""
    try:
        act(*arguments)
    except (RetryTransaction, psycopg.errors.DeadlockDetected) as error:
        connection.rollback()
        return [error]
    connection.commit()
    return []


def test_a_transaction_that_failed_is_told(store, host, postgres):
    _, registry = joined(host, postgres)
    with pytest.raises(psycopg.errors.DivisionByZero):
        host.execute("SELECT 1/0")
    for act in (lambda: registry.register(COMPANY), lambda: registry.get("C000001")):
        with pytest.raises(StorageUnavailable, match="roll it back"):
            act()
    host.rollback()
    registry.register(COMPANY)


def test_a_transaction_that_only_reads_is_told(store, host, postgres):
    host.execute("SET TRANSACTION READ ONLY")
    _, registry = joined(host, postgres)
    with pytest.raises(StorageUnavailable):
        registry.register(COMPANY)
    assert len(registry.search("")) == 0


def test_a_host_that_speaks_no_utf_8_is_refused(store, host, postgres):
    host.execute("SET client_encoding TO latin1")
    with pytest.raises(StorageUnavailable, match="UTF-8"):
        joined(host, postgres)


def test_pipelines_are_left_first(store, host, postgres):
    _, registry = joined(host, postgres)
    with host.pipeline(), pytest.raises(StorageUnavailable, match="pipeline"):
        registry.register(COMPANY)


def test_tables_can_be_made_in_the_host_s_transaction(postgres):
    with closing(connected(postgres)) as host:
        with pytest.raises(StorageMissing):
            PostgresRepository.joined(host, schema=postgres.schema)
        before = host.execute("SHOW search_path").fetchone()
        _, registry = joined(host, postgres, create=True)
        assert host.execute("SHOW search_path").fetchone() == before
        registry.register(COMPANY)
        host.rollback()
        with pytest.raises(StorageMissing):
            PostgresRepository.joined(host, schema=postgres.schema)
        _, registry = joined(host, postgres, create=True)
        registry.register(COMPANY)
        host.commit()
    with closing(PostgresRepository(postgres.conninfo, schema=postgres.schema)) as store:
        assert operations.verify(CustomerRegistry(repository=store)).disagreements == ()


def test_one_thread_writes_one_unit_at_a_time(store, host, postgres):
    repository, _ = joined(host, postgres)
    with repository.write() as work:
        work.customers.add(make_customer())
        with pytest.raises(StorageBusy), repository.write():
            pass
    host.commit()
    with store.read() as work:
        assert work.customers.count(CustomerQuery()) == 1


def test_what_needs_a_repository_of_its_own_says_so(store, host, postgres):
    repository, registry = joined(host, postgres)
    for act in (repository.snapshot, repository.scrub):
        with pytest.raises(StorageUnavailable, match="of its own"):
            act()
    repository.close()
    with pytest.raises(StorageUnavailable, match="closed"):
        registry.register(COMPANY)
    assert not host.closed


def test_a_process_killed_before_the_commit_leaves_neither(store, host, postgres):
    _, registry = joined(host, postgres)
    order(host, postgres, registry.register(COMPANY).customer)
    with closing(connected(postgres, autocommit=True)) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [host.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        host.commit()
    assert kept(store, host, postgres) == ([], [])
    with pytest.raises(StorageUnavailable):
        registry.register(COMPANY)
    assert CustomerRegistry(repository=store).register(COMPANY).customer.code.text == "C000001"
