# ruff: noqa: S608  the names are of our own making
"""What is PostgreSQL's own: how it is reached, who waits for whom, and what its schema refuses."""

import os
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from customer_registry import (
    CodePattern,
    CustomerRegistry,
    Keyring,
    PostgresRepository,
    SchemaTooNew,
    SchemaTooOld,
    SQLiteRepository,
    StorageBusy,
    StorageError,
    StorageForeign,
    StorageMissing,
    StorageUnavailable,
    operations,
)
from customer_registry.repository import CustomerQuery, Durability
from customer_registry.storage.postgres.conninfo import Where
from customer_registry.storage.postgres.inspecting import _expected, laid_out
from customer_registry.storage.postgres.spelling import Spelling
from customer_registry.storage.postgres.statements import Statements
from customer_registry.storage.tables.statements import Refused
from customer_registry.testing import make_customer, make_raw


@pytest.fixture
def raw(postgres):
    """A plain connection beside the store's own, each statement committed."""
    with closing(psycopg.connect(postgres.conninfo, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def store(postgres):
    with closing(opened(postgres)) as store:
        yield store


def opened(postgres, **more):
    return PostgresRepository(postgres.conninfo, schema=postgres.schema, **more)


def table(postgres, name):
    return f'"{postgres.schema}".customer_registry_{name}'


# Where it is


def test_a_store_is_opened_by_its_address(postgres):
    parts = psycopg.conninfo.conninfo_to_dict(postgres.conninfo)
    address = (
        f"postgresql:///{parts['dbname']}?host={parts['host']}&port={parts['port']}"
        f"&user={parts['user']}&schema={postgres.schema}"
    )
    with CustomerRegistry.open(address) as registry:
        assert (
            registry.register(kind="person", name="王芳").message() == "保存成功，客户编码：C000001"
        )
    with closing(opened(postgres, create=False)) as again, again.read() as work:
        assert work.customers.count(CustomerQuery()) == 1


def test_a_store_that_is_not_there_is_not_made_unasked(postgres, raw):
    with pytest.raises(StorageMissing):
        opened(postgres, create=False)
    asked = "SELECT count(*) FROM pg_namespace WHERE nspname = %s"
    assert raw.execute(asked, [postgres.schema]).fetchone() == (0,)


def test_a_host_s_own_schema_takes_our_tables_beside_its_own(postgres, raw):
    raw.execute(f'CREATE SCHEMA "{postgres.schema}"')
    raw.execute(f'CREATE TABLE "{postgres.schema}".orders (id integer)')
    with closing(opened(postgres)) as store:
        assert operations.verify(CustomerRegistry(repository=store)).disagreements == ()


def test_a_table_of_our_name_that_is_somebody_else_s_stays(postgres, raw):
    raw.execute(f'CREATE SCHEMA "{postgres.schema}"')
    raw.execute(f"CREATE TABLE {table(postgres, 'meta')} (theirs integer)")
    with pytest.raises(StorageForeign):
        opened(postgres)
    assert raw.execute(f"SELECT count(*) FROM {table(postgres, 'meta')}").fetchone() == (0,)


@pytest.mark.parametrize(
    ("numbers", "refusal"),
    [("schema = 99", SchemaTooNew), ("grams = 99", SchemaTooNew), ("grams = 1", SchemaTooOld)],
)
def test_a_store_of_another_version_is_told_so_in_every_writing_unit(
    postgres, raw, store, numbers, refusal
):
    raw.execute(f"UPDATE {table(postgres, 'meta')} SET {numbers}")
    with pytest.raises(refusal), store.write():
        pass
    with pytest.raises(refusal):
        opened(postgres)


def test_older_search_tokens_are_made_anew_where_that_is_asked_for(postgres, raw, store):
    with store.write() as work:
        work.customers.add(make_customer())
    raw.execute(f"UPDATE {table(postgres, 'meta')} SET grams = 1")
    raw.execute(f"UPDATE {table(postgres, 'search')} SET tokens = ''")
    raw.execute(f"DELETE FROM {table(postgres, 'keys')}")
    with closing(opened(postgres, migrate=True)) as newer:
        assert operations.verify(CustomerRegistry(repository=newer)).disagreements[0].code == (
            "customer.unjournalled"
        )
        with newer.read() as work:
            name = str(make_customer().name)
            assert len(work.customers.search(CustomerQuery(text=name)).customers) == 1


def test_two_who_come_at_once_find_the_same_store(postgres):
    found, ready = [], threading.Barrier(4)

    def come():
        ready.wait()
        with closing(opened(postgres)) as store:
            found.append(store.identity)

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.parametrize("schema", ['odd "name', "客户", "With.Dot", "a" * 60])
def test_any_name_of_a_schema_is_taken_literally(postgres, raw, schema):
    name = f"{schema}{postgres.schema}"[:63]
    try:
        with closing(PostgresRepository(postgres.conninfo, schema=name)) as store:
            registry = CustomerRegistry(repository=store)
            registry.register(make_raw())
            assert operations.verify(registry).disagreements == ()
    finally:
        doubled = name.replace('"', '""')
        raw.execute(f'DROP SCHEMA IF EXISTS "{doubled}" CASCADE')


# The way there


@pytest.mark.parametrize(
    "dsn",
    [
        "host=db.example.com dbname=crm password=s3cret-word",
        "postgresql://crm:s3cret-word@db.example.com/crm",
        "postgresql://crm:s3cret-word@db.example.com/crm?sslmode=require",
        "postgresql://crm:s3cret-word@db.example.com/crm?sslmode=verify-ca",
        "postgresql://crm:s3cret-word@localhost,db.example.com/crm",
        "hostaddr=192.0.2.7 dbname=crm password=s3cret-word",
        "host=localhost hostaddr=192.0.2.7 dbname=crm password=s3cret-word",
        "service=crm password=s3cret-word",
        "host='' hostaddr='' dbname=crm password=s3cret-word service=x",
    ],
)
def test_a_server_elsewhere_is_reached_safely_or_not_at_all(dsn):
    with pytest.raises(StorageUnavailable) as refusal:
        PostgresRepository(dsn)
    assert "sslmode" in str(refusal.value)
    assert "s3cret-word" not in str(refusal.value)
    assert "s3cret-word" not in repr(Where.read(dsn, None, allow_insecure_transport=True))


@pytest.mark.parametrize(
    "dsn",
    [
        "host=db.example.com sslmode=verify-full",
        "host=a.example.com,b.example.com sslmode=verify-full",
        "host=localhost",
        "host=127.0.0.1",
        "host=::1",
        "host=/run/postgresql",
        "host=@abstract",
        "dbname=crm",
        "",
    ],
)
def test_a_safe_way_is_taken(dsn, monkeypatch):
    monkeypatch.delenv("PGHOST", raising=False)
    assert Where.read(dsn, None, allow_insecure_transport=False).schema == "customer_registry"


def test_a_server_that_only_the_environment_names_is_looked_at_as_well(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example.com")
    with pytest.raises(StorageUnavailable, match="sslmode"):
        PostgresRepository("dbname=crm")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert Where.read("dbname=crm", None, allow_insecure_transport=False).place


@pytest.mark.parametrize(
    "dsn",
    ["postgresql//u:s3cret@x", "host", "sslmode=s3cret =", "postgresql://[s3cret", "s3cret=1"],
)
def test_a_dsn_that_makes_no_sense_is_told_without_being_told(dsn):
    with pytest.raises(StorageUnavailable) as refusal:
        PostgresRepository(dsn)
    told = refusal.value
    while told is not None:
        assert "s3cret" not in f"{told!r}{told}"
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)


def test_no_server_is_told_at_once(tmp_path):
    began = time.monotonic()
    with pytest.raises(StorageUnavailable, match="cannot be reached"):
        PostgresRepository(f"host={tmp_path} dbname=crm")
    assert time.monotonic() - began < 5


def test_a_database_or_a_role_that_is_not_there_is_told(postgres):
    with pytest.raises(StorageUnavailable):
        PostgresRepository(f"{postgres.conninfo} dbname=nobodys")
    with pytest.raises(StorageUnavailable):
        PostgresRepository(f"{postgres.conninfo} user=nobody_at_all")


def test_a_database_of_other_texts_is_refused(postgres, raw):
    name = f"narrow_{postgres.schema}"
    raw.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(StorageUnavailable, match="UTF-8"):
            PostgresRepository(f"{postgres.conninfo} dbname={name}")
    finally:
        raw.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_role_without_rights_is_told_so(postgres, raw, store):
    role = f"reader_{postgres.schema}"
    raw.execute(f'CREATE ROLE "{role}" LOGIN')
    try:
        with pytest.raises(StorageUnavailable, match="right"):
            PostgresRepository(f"{postgres.conninfo} user={role}", schema=postgres.schema)
    finally:
        raw.execute(f'DROP ROLE "{role}"')


# Who waits for whom


def test_a_writer_waits_its_time_and_not_longer(postgres, store):
    with closing(opened(postgres, busy_timeout=0.3)) as hasty, store.write():
        began = time.monotonic()
        with pytest.raises(StorageBusy), hasty.write():
            pass
        assert 0.25 < time.monotonic() - began < 5
    with closing(opened(postgres, busy_timeout=0.3)) as hasty, hasty.write() as work:
        work.customers.add(make_customer())


def test_a_thread_that_writes_already_is_told_at_once(store):
    began = time.monotonic()
    with store.write() as work:
        work.customers.add(make_customer())
        with pytest.raises(StorageBusy), store.write():
            pass
    assert time.monotonic() - began < 5
    with store.read() as work:
        assert work.customers.count(CustomerQuery()) == 1


def test_a_reader_waits_for_no_writer_and_sees_what_was(store):
    with store.write() as work:
        work.customers.add(make_customer())
        with store.read() as other:
            assert other.customers.count(CustomerQuery()) == 0


def test_a_snapshot_is_of_the_moment_at_which_it_was_asked_for(store):
    with store.snapshot() as before:
        with store.write() as work:
            work.customers.add(make_customer())
        assert before.customers.count(CustomerQuery()) == 0


def test_more_readers_than_connections_wait_for_one_another(postgres):
    with closing(opened(postgres, connections=2, busy_timeout=0.2)) as store:
        both = store.read(), store.read()
        with both[0], both[1], pytest.raises(StorageBusy, match="connections"), store.read():
            pass
        with store.read():
            pass


def test_a_role_that_would_not_wait_for_the_disk_does_here(postgres, raw):
    role = f"hasty_{postgres.schema}"
    raw.execute(f'CREATE ROLE "{role}" LOGIN SUPERUSER')
    raw.execute(f'ALTER ROLE "{role}" SET synchronous_commit = off')
    try:
        conninfo = f"{postgres.conninfo} user={role}"
        with closing(PostgresRepository(conninfo, schema=postgres.schema)) as store:
            assert store.condition().synchronous == "on"
    finally:
        raw.execute(f'DROP OWNED BY "{role}" CASCADE')
        raw.execute(f'DROP ROLE "{role}"')


def test_a_server_that_syncs_nothing_promises_less(store):
    flaws = store.condition().flaws
    expected = Durability.PROCESS if flaws else Durability.POWER
    assert store.durability is expected


def test_a_server_that_syncs_nothing_is_told_of_by_health(store):
    """The server of the tests is set so, to be quick."""
    assert "no_fsync" in store.condition().flaws
    health = operations.health(CustomerRegistry(repository=store))
    assert any("fsync" in line for line in health.lines("zh"))
    assert any("fsync turned off" in line for line in health.lines("en"))


# What is refused, and what is no longer used


def test_what_postgres_cannot_hold_is_nobody_s_and_ends_nothing(store):
    with store.write() as work:
        for text in ("a\0b", "\ud800"):
            assert work.customers.search(CustomerQuery(text=text)).customers == ()
        with pytest.raises(Refused):
            work.numbers.raise_to("customer", 2**63)
        with pytest.raises(Refused):
            work.numbers.raise_to("a\0b", 1)
        work.customers.add(make_customer())
    with store.read() as work:
        assert work.customers.count(CustomerQuery()) == 1


def fail(work):
    """Let the server refuse a statement, which ends the transaction."""
    with pytest.raises(Refused):
        work._statements.change("INSERT INTO customer_registry_numbers VALUES ('x', NULL)")


def test_a_unit_whose_transaction_failed_says_so(store):
    with store.write() as work:
        fail(work)
        with pytest.raises(StorageError, match="run it again"):
            work.customers.add(make_customer())
        with pytest.raises(StorageError, match="run it again"):
            work.customers.get(make_customer().id)
        work._statements.roll_back()
        work._statements.run("BEGIN")


def test_a_failed_unit_is_never_taken_for_a_committed_one(store):
    def failing():
        with store.write() as work:
            work.customers.add(make_customer())
            fail(work)

    with pytest.raises(StorageError, match="rolled back"):
        failing()
    with store.read() as work:
        assert work.customers.count(CustomerQuery()) == 0


def test_the_journal_is_appended_to_and_nothing_else(postgres, raw, store):
    registry = CustomerRegistry(repository=store)
    for seed in range(3):
        registry.register(make_raw(seed=seed))
    journal = table(postgres, "journal")
    for sql in (
        f"UPDATE {journal} SET body = 'x' WHERE seq = 1",
        f"UPDATE {journal} SET seq = 9 WHERE seq = 3",
        f"DELETE FROM {journal}",
        f"TRUNCATE {journal}",
        (
            f"INSERT INTO {journal} SELECT 9, customer, chain, salt, body, body_digest, digest "
            f"FROM {journal} WHERE seq = 1"
        ),
        (
            f"INSERT INTO {journal} SELECT seq + 4, customer, chain, salt, body, body_digest, body"
            f" FROM {journal}"
        ),
    ):
        with pytest.raises(psycopg.errors.RaiseException):
            raw.execute(sql)
    assert operations.verify(registry).disagreements == ()
    raw.execute(f"UPDATE {journal} SET body = NULL, salt = NULL WHERE seq = 1")


def test_after_close_nothing_is_done_any_more(postgres):
    store = opened(postgres)
    store.close()
    store.close()
    for unit in (store.read, store.write, store.snapshot):
        with pytest.raises(StorageUnavailable, match="closed"), unit():
            pass


def test_a_child_opens_its_own(postgres):
    with closing(opened(postgres)) as store:
        with store.write() as work:
            work.customers.add(make_customer())
        if (child := os.fork()) == 0:
            try:
                with store.write():
                    os._exit(1)
            except StorageUnavailable:
                with closing(opened(postgres)) as own, own.write() as work:
                    work.customers.add(make_customer(seed=1))
                os._exit(0)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        with store.read() as work:
            assert work.customers.count(CustomerQuery()) == 2


# What an inspection finds


def test_the_schema_is_the_same_in_every_version(any_postgres_database):
    with closing(PostgresRepository(any_postgres_database)) as store:
        connection = store._connections.first()
        with closing(connection):
            statements = Statements(connection, "", Spelling("customer_registry"))
            assert laid_out(statements, "customer_registry") == _expected()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("DROP INDEX {0}search_of", "store.schema"),
        ("ALTER TABLE {0}journal DISABLE TRIGGER {1}journal_stays", "store.schema"),
        ('ALTER TABLE {0}keys ALTER text TYPE text COLLATE "default"', "store.schema"),
        ("UPDATE {0}customers SET version = 7", "customer.row"),
        ("UPDATE {0}customers SET checksum = 7", "customer.altered"),
        ("UPDATE {0}customers SET document = '{{'", "customer.unreadable"),
        ("DELETE FROM {0}keys", "key.missing"),
        ("INSERT INTO {0}keys VALUES ('phone', '+8613800138000', 1)", "key.left_over"),
        ("DELETE FROM {0}claims WHERE field = 'code'", "code.missing"),
        ("INSERT INTO {0}claims VALUES ('phone', 'x', 1)", "claim.left_over"),
        ("UPDATE {0}search SET tokens = '''x'''", "search.missing"),
        ("DELETE FROM {0}customers", "customer.missing"),
        ("UPDATE {0}receipts SET version = 9", "receipt.orphaned"),
        ("UPDATE {0}receipts SET issues = '{{'", "receipt.unreadable"),
        ("UPDATE {0}numbers SET drawn = 9", "numbers.ahead"),
    ],
)
def test_what_was_harmed_behind_our_back_is_found(postgres, raw, store, harm, code):
    registry = CustomerRegistry(repository=store)
    registry.register(make_raw(), idempotency_key="k")
    assert operations.verify(registry).disagreements == ()
    raw.execute(harm.format(f'"{postgres.schema}".customer_registry_', "customer_registry_"))
    assert code in {each.code for each in operations.verify(registry).disagreements}


def test_a_sealed_store_shows_nothing_to_who_has_no_key(postgres, raw):
    number = "6222020200112233445"
    keyring = Keyring.generate()
    with closing(opened(postgres, keyring=keyring)) as store:
        CustomerRegistry(repository=store).register(
            kind="person", name="王芳", bank_accounts=[{"bank": "工商银行", "number": number}]
        )
    with closing(opened(postgres)) as store:
        customer = CustomerRegistry(repository=store).get("C000001")
        assert number not in str(customer.bank_accounts)
    for name in ("customers", "journal", "receipts", "keys", "claims", "search"):
        for row in raw.execute(f"SELECT t::text FROM {table(postgres, name)} AS t"):
            assert number not in row[0]
            assert number.encode().hex() not in row[0]


# What earlier versions wrote


def test_a_golden_store_reads_as_it_was_written(any_postgres_database):
    written = (Path(__file__).parents[1] / "golden" / "postgres1.sql").read_text("utf-8")
    with closing(psycopg.connect(any_postgres_database, autocommit=True)) as connection:
        connection.execute(written)
    codes = CodePattern("KH{number:05}", mode="editable")
    store = PostgresRepository(any_postgres_database, create=False)
    with CustomerRegistry(repository=store, codes=codes) as registry:
        assert operations.verify(registry).disagreements == ()
        assert registry.get("OLD-7").raw()["tags"] == ["重点"]
        assert [str(each.code) for each in registry.search("小王")] == ["OLD-7"]
        assert registry.register(make_raw(seed=1), idempotency_key="full-1").replayed
        (waiting,) = operations.pending(registry)
        assert (waiting.edit.actor, str(waiting.customer.code)) == ("han.meimei", "OLD-7")
        assert registry.get("HELD-1").custody.hold.reason == "诉讼"
        assert str(registry.get("GONE-1").name) == "GONE-1"


# What reporting tools read


def test_the_report_tells_what_sqlite_tells(postgres, raw, store, tmp_path):
    contacts = [
        {"name": "一", "emails": ["yi@a.example"], "phones": ["13800138001"]},
        {"name": "二", "phones": ["010-62345678 转 801", "13800138002"], "is_primary": True},
    ]
    with closing(SQLiteRepository(tmp_path / "customers.db")) as file:
        for repository in (store, file):
            registry = CustomerRegistry(repository=repository)
            for seed in range(20):
                registry.register(make_raw("person" if seed % 3 == 0 else "organization", seed))
            registry.register(kind="person", name="王芳")
            registry.register(
                kind="organization", name="甲公司", contacts=contacts, tags=["乙", "甲"]
            )
            registry.register(kind="organization", name="乙公司", contacts=[{"name": "无号"}])
            registry.change_status("C000002", "blocked", reason="欠款", version=1)
        sql = "SELECT {} FROM {}customer_registry_report ORDER BY code"
        columns = (
            "code, name, short_name, kind, status, grade, category, industry, owner, department, "
            "sales_region, contact, phone, email, country, region, city, district, tags, version"
        )
        told = raw.execute(sql.format(columns, f'"{postgres.schema}".')).fetchall()
        with file.read() as work:
            expected = work._of._statements.all(sql.format(columns, ""))
    assert told == expected
    assert len(told) == 23


# Letting go


def test_rows_that_were_replaced_are_let_go(postgres, raw, store):
    table_of = f"'{table(postgres, 'search')}'::regclass"
    asked = f"SELECT vacuum_count FROM pg_stat_all_tables WHERE relid = {table_of}"
    store.scrub()
    deadline = time.monotonic() + 30
    while raw.execute(asked).fetchone() == (0,) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert raw.execute(asked).fetchone() == (1,)


def test_scrubbing_the_whole_leaves_no_byte_of_what_was_replaced(postgres, raw, store):
    """The files are read as they lie there, which a superuser may ask the server for."""
    registry = CustomerRegistry(repository=store)
    registry.register(kind="organization", name="Qwertzuiop Handels GmbH")
    registry.update("C000001", {"name": "Neuer Name GmbH"}, version=1)
    operations.erase(registry, registry.get("C000001"), "Wunsch", scrub=False)

    def traces():
        raw.execute("CHECKPOINT")
        found = 0
        for name in ("customers", "keys", "claims", "search", "journal", "receipts"):
            path = raw.execute("SELECT pg_relation_filepath(%s)", [table(postgres, name)])
            content = raw.execute("SELECT pg_read_binary_file(%s)", path.fetchone()).fetchone()[0]
            found += content.lower().count(b"qwertzuiop")
        return found

    assert traces() > 0
    store.scrub(whole=True)
    assert traces() == 0
