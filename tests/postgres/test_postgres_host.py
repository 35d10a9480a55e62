"""What the page on PostgreSQL has the host do by SQL and by PostgreSQL's own programs."""

import re
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from customer_registry import (
    CustomerRegistry,
    PostgresRepository,
    StorageMissing,
    StorageUnavailable,
)
from customer_registry.operations import erase, head, scrub, verify

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "how-to" / "use-postgresql.md", DOCS / "zh" / "how-to" / "use-postgresql.md"]
ROLES = ("crm", "crm_daily")


def statements_of(page):
    return re.findall(r"```sql\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def founded(postgres_database):
    """A database with the roles of the page, and a store that the first of them made."""
    setting_up, granting = statements_of(PAGES[0])
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(setting_up)
        PostgresRepository(make_conninfo(postgres_database, user="crm")).close()
        connection.execute(granting)
    yield postgres_database
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        for role in ROLES:
            connection.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


def opened(database, role, **more):
    repository = PostgresRepository(make_conninfo(database, user=role), **more)
    return closing(CustomerRegistry(repository=repository))


def test_both_pages_have_the_host_say_the_same():
    assert statements_of(PAGES[0]) == statements_of(PAGES[1])


def test_a_role_that_owns_nothing_does_the_daily_work(founded):
    with opened(founded, "crm_daily", create=False) as registry:
        code = registry.register(kind="person", name="王芳", phone="13800138000").customer.code
        registry.update(code, {"notes": "老客户"}, version=1)
        assert [each.code for each in registry.find(phone="13800138000")] == [code]
        assert verify(registry).ok


def test_the_daily_role_can_neither_drop_nor_alter_a_table_nor_a_journal_entry(founded):
    with opened(founded, "crm_daily") as registry:
        registry.register(kind="person", name="王芳")
    refused = {
        "DROP TABLE customer_registry.customer_registry_journal": "42501",
        "TRUNCATE customer_registry.customer_registry_journal": "42501",
        "DELETE FROM customer_registry.customer_registry_journal": "P0001",
    }
    with psycopg.connect(make_conninfo(founded, user="crm_daily"), autocommit=True) as connection:
        for statement, state in refused.items():
            with pytest.raises(psycopg.Error) as error:
                connection.execute(statement)
            assert error.value.sqlstate == state


def test_the_daily_role_erases_a_customer_of_whom_the_owner_takes_the_traces(founded):
    with opened(founded, "crm_daily") as registry:
        customer = registry.register(kind="person", name="王芳").customer
        assert not erase(registry, customer, "本人申请").scrubbed
        assert verify(registry).ok
        with pytest.raises(StorageUnavailable, match="owner"):
            scrub(registry)
    with opened(founded, "crm") as owning:
        scrub(owning)


def test_a_store_that_is_not_there_is_not_made_where_none_is_wanted(postgres_database):
    with pytest.raises(StorageMissing):
        PostgresRepository(postgres_database, create=False)


def test_a_dump_of_the_schema_brings_back_a_registry_that_agrees_with_itself(
    postgres_servers, postgres_database
):
    with closing(CustomerRegistry(repository=PostgresRepository(postgres_database))) as registry:
        registry.register(kind="person", name="王芳")
        known = head(registry)
    server = postgres_servers.newest()
    dump = server.run("pg_dump", "--schema=customer_registry", f"--dbname={postgres_database}")
    with server.database() as other:
        written = server.folder / "dump.sql"
        written.write_text(dump)
        written.chmod(0o644)
        server.run(
            "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={written}", f"--dbname={other}"
        )
        with closing(CustomerRegistry(repository=PostgresRepository(other))) as again:
            assert verify(again).ok
            assert head(again).digest == known.digest
            assert str(again.register(kind="person", name="李强").customer.code) == "C000002"


def test_the_database_of_the_examples_is_one_of_its_own(dsn):
    assert str(conninfo_to_dict(dsn)["dbname"]).startswith("test")
