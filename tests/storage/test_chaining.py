"""Entries chained with a store's keys, and with the digest of the document that was written."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

import attrs
import pytest

from customer_registry import CustomerRegistry, InMemoryRepository, SQLiteRepository
from customer_registry.domain.errors import KeyUnavailable
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.sealing.sealer import UNSEALED, JournalKey
from customer_registry.storage.chaining import Chain, digested
from customer_registry.storage.wire import Act, read_act, read_entry, read_time, write_entry
from customer_registry.testing import make_customer, make_raw

REST = "customer, chain, salt, body, body_digest, digest"
AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def entry(about=None, action="updated", version=None):
    return JournalEntry(at=AT, actor='李"雷', action=action, customer_id=about, version=version)


class Keys:
    """The journal keys of a store, the last one for new entries."""

    seals = False

    def __init__(self, **keys):
        self.keys = keys

    def journal_key(self, key_id=None):
        if key_id is None:
            return JournalKey(*list(self.keys.items())[-1]) if self.keys else None
        if key_id not in self.keys:
            raise KeyUnavailable
        return JournalKey(key_id, self.keys[key_id])


def salt(many):
    return bytes(many)


def test_without_keys_entries_are_chained_plainly():
    chain = Chain(salt)
    link = chain.link(entry(), (0, GENESIS))
    assert not chain.is_keyed
    assert link.chain == "sha256-1"
    assert chain.holds(link, GENESIS) is True


def test_new_entries_are_chained_with_the_newest_key_and_old_ones_hold_with_theirs():
    before, after = Chain(salt, Keys(a=b"a" * 32)), Chain(salt, Keys(a=b"a" * 32, b=b"b" * 32))
    first = before.link(entry(), (0, GENESIS))
    second = after.link(entry(), (1, first.digest))
    assert (first.key_id, second.key_id) == ("a", "b")
    assert after.is_keyed
    assert after.holds(first, GENESIS) is True
    assert after.holds(second, first.digest) is True


def test_without_its_key_nobody_can_tell_whether_an_entry_holds():
    link = Chain(salt, Keys(a=b"a" * 32)).link(entry(), (0, GENESIS))
    assert Chain(salt).holds(link, GENESIS) is None
    assert Chain(salt, UNSEALED).holds(link, GENESIS) is None
    assert Chain(salt, Keys(b=b"b" * 32)).holds(link, GENESIS) is None


def test_a_body_that_was_changed_is_told_without_the_key():
    link = Chain(salt, Keys(a=b"a" * 32)).link(entry(), (0, GENESIS))
    assert Chain(salt).holds(attrs.evolve(link, body=b"{}"), GENESIS) is False


def test_every_entry_is_salted_with_sixteen_bytes():
    asked = []
    Chain(lambda many: asked.append(many) or bytes(many)).link(entry(), (0, GENESIS))
    assert asked == [16]


def test_with_another_key_of_that_name_an_entry_does_not_hold():
    link = Chain(salt, Keys(a=b"a" * 32)).link(entry(), (0, GENESIS))
    assert Chain(salt, Keys(a=b"b" * 32)).holds(link, GENESIS) is False


def test_an_act_is_read_without_the_rest_of_its_entry():
    document = digested(b"{}")
    link = Chain(salt).link(entry(UUID(int=1), "resealed", 12), (0, GENESIS), document)
    assert read_act(link) == Act("resealed", 12, document)
    assert read_time(link) == AT
    assert read_entry(link) == entry_with_number(entry(UUID(int=1), "resealed", 12))


def entry_with_number(of):
    return JournalEntry(
        number=1,
        at=of.at,
        actor=of.actor,
        action=of.action,
        customer_id=of.customer_id,
        version=of.version,
    )


@pytest.mark.parametrize("action", ["updated", "Ünusual", 'quo"ted'])
def test_an_act_of_any_name_is_read(action):
    link = Chain(salt).link(entry(None, action, 3), (0, GENESIS))
    assert read_act(link) == Act(action, 3, None)


def test_a_body_without_a_document_is_as_it_was_in_earlier_versions():
    assert "document" not in json.loads(write_entry(entry()))


@pytest.fixture(params=["memory", "sqlite"])
def repository(request, tmp_path):
    if request.param == "memory":
        yield InMemoryRepository()
    else:
        store = SQLiteRepository(tmp_path / "customers.db")
        yield store
        store.close()


def documents(repository):
    """Return the digests that entries tell, and those of the documents that are stored."""
    with repository.read() as work:
        told = [read_act(link).document for link in work.journal.links()]
        stored = [step.document for step in work.inspect() if step.customer is not None]
    return told, stored


def test_an_entry_tells_the_document_that_its_act_wrote(repository):
    registry = CustomerRegistry(repository=repository)
    customer = registry.register(make_raw(seed=1)).customer
    first, stored = documents(repository)
    assert first == stored
    registry.update(customer, notes="甲")
    told, stored = documents(repository)
    assert told == [*first, *stored]
    assert first != stored


def test_an_act_that_wrote_nothing_tells_no_document(repository):
    customer = make_customer(seed=1)
    with repository.write() as work:
        work.customers.add(customer)
        work.journal.append(entry(customer.id, "registered", 1))
        work.journal.append(entry(customer.id, "revealed", 1))
    with repository.write() as work:
        work.journal.append(entry(customer.id, "revealed", 1))
        work.journal.append(entry(None, "denied"))
    told, stored = documents(repository)
    assert told == [*stored, None, None, None]


def test_what_a_savepoint_took_back_is_told_by_no_entry(repository):
    customer = make_customer(seed=1)
    after = make_customer(seed=1, version=2, notes="乙")

    def replace_and_fail(work):
        with work.savepoint():
            assert work.customers.replace(after)
            raise KeyError

    with repository.write() as work:
        work.customers.add(customer)
        work.journal.append(entry(customer.id, "registered", 1))
        with pytest.raises(KeyError):
            replace_and_fail(work)
        work.journal.append(entry(customer.id, "denied", 1))
    told, stored = documents(repository)
    assert set(told) <= {*stored, None}


def test_what_a_failed_unit_wrote_is_told_by_no_later_entry(repository):
    customer = make_customer(seed=1)

    def add_and_fail():
        with repository.write() as work:
            work.customers.add(customer)
            raise KeyError

    with pytest.raises(KeyError):
        add_and_fail()
    with repository.write() as work:
        work.journal.append(entry(customer.id, "denied"))
    assert documents(repository) == ([None], [])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {journal} SELECT seq - 1, {rest} FROM {journal} WHERE seq = 3",
        "INSERT INTO {journal} SELECT seq + 4, {rest} FROM {journal} WHERE seq = 2",
        "INSERT OR REPLACE INTO {journal} SELECT seq, {rest} FROM {journal} WHERE seq = 2",
        "INSERT INTO {journal} SELECT 0, {rest} FROM {journal} WHERE seq = 1",
        "INSERT INTO {journal} SELECT NULL, {rest} FROM {journal} WHERE seq = 1",
        "UPDATE {journal} SET body = x'00' WHERE seq = 2",
        "UPDATE {journal} SET seq = 9 WHERE seq = 4",
        "DELETE FROM {journal} WHERE seq = 4",
        "DELETE FROM {journal}",
    ],
)
def test_a_files_own_guards_refuse_all_but_the_next_entry(tmp_path, statement):
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path) as registry:
        for seed in range(4):
            registry.register(make_raw(seed=seed))
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        before = raw.execute("SELECT * FROM customer_registry_journal").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="a journal entry"):
            raw.execute(statement.format(journal="customer_registry_journal", rest=REST))
        assert raw.execute("SELECT * FROM customer_registry_journal").fetchall() == before
