"""A customer put back as he was, by who can write to the store: nobody builds on him."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import attrs
import pytest

from customer_registry import (
    CustomerRegistry,
    InMemoryRepository,
    Keyring,
    SQLiteRepository,
    TamperedRecord,
)
from customer_registry.domain.journal import JournalEntry
from customer_registry.operations import verify
from customer_registry.storage.chaining import refuse_another

_ROW = "SELECT version, document, checksum FROM customer_registry_customers"
_PUT = "UPDATE customer_registry_customers SET version = ?, document = ?, checksum = ?"


class Memory:
    """A store in memory, of which a customer is taken down and put back."""

    def __init__(self, _, keyring):
        self.repository = InMemoryRepository(keyring=keyring)

    def taken(self):
        return self.repository._work.customers._by_place[1]

    def put(self, kept):
        customers = self.repository._work.customers
        customers._swap(1, customers._by_place[1], kept)


class File:
    """The same in a file."""

    def __init__(self, folder, keyring):
        self.path = folder / "customers.db"
        self.repository = SQLiteRepository(self.path, keyring=keyring)

    def taken(self):
        with closing(sqlite3.connect(self.path)) as raw:
            (row,) = raw.execute(_ROW).fetchall()
        return row

    def put(self, row):
        with closing(sqlite3.connect(self.path)) as raw, raw:
            raw.execute(_PUT, row)


@pytest.fixture(params=[Memory, File])
def store(request, tmp_path):
    made = request.param(tmp_path, None)
    yield made
    made.repository.close()


@pytest.fixture
def registry(store):
    return CustomerRegistry(repository=store.repository)


def put_back(store, registry):
    """Register and edit a customer, and put him back as he was before; returns him as he is now."""
    registry.register(kind="person", name="王芳", bank_accounts=ACCOUNTS[:1])
    was = store.taken()
    registry.update(registry.get("C000001"), bank_accounts=ACCOUNTS[1:])
    store.put(was)
    return registry.get("C000001")


ACCOUNTS = [
    {"bank": "中国银行", "number": number, "holder": "王芳"}
    for number in ("6217000010001234567", "6217000010007654321")
]


def told(registry):
    return {each.code for each in verify(registry).disagreements}


def test_an_edit_does_not_build_on_a_document_that_was_put_back(store, registry):
    customer = put_back(store, registry)
    assert customer.version == 1
    with pytest.raises(TamperedRecord):
        registry.update(customer, grade="A")
    assert told(registry) == {"customer.replaced"}
    assert [each.version for each in registry.history(customer)] == [1, 2]


def test_an_edit_that_built_on_it_nevertheless_is_told_for_ever(store, registry, monkeypatch):
    """The control: without the refusal the versions of the journal tell of it."""
    customer = put_back(store, registry)
    for kind in ("memory.customers", "tables.customers"):
        monkeypatch.setattr(f"customer_registry.storage.{kind}.refuse_another", lambda *_: None)
    registry.update(customer, grade="A")
    assert told(registry) == {"journal.version"}


def test_edits_of_all_kinds_go_on_where_nothing_was_put_back(registry):
    customer = registry.register(kind="person", name="王芳").customer
    for grade in ("A", "B", "C"):
        customer = registry.update(customer, grade=grade).customer
    with registry.unit("update", writing=True) as work:  # two versions, told after both
        work.customers.replace(attrs.evolve(customer, version=5))
        work.customers.replace(attrs.evolve(customer, version=6))
    assert told(registry) == {"customer.unjournalled"}


@pytest.mark.parametrize("kind", [Memory, File])
def test_nor_is_it_sealed_anew(kind, tmp_path):
    store = kind(tmp_path, Keyring.generate())
    customer = put_back(store, CustomerRegistry(repository=store.repository))
    kept = store.taken()
    with pytest.raises(TamperedRecord), store.repository.write() as work:
        work.customers.reseal(customer)
    assert store.taken() == kept
    store.repository.close()


def test_a_document_is_held_against_nothing_where_no_entry_tells_of_one():
    refuse_another(b"{}", None)
    with pytest.raises(TamperedRecord):
        refuse_another(b"{}", bytes(32))


@pytest.mark.parametrize("kind", [Memory, File])
def test_the_last_entry_with_a_document_counts_however_many_follow_without(kind, tmp_path):
    store = kind(tmp_path, None)
    registry = CustomerRegistry(repository=store.repository)
    customer = registry.register(kind="person", name="王芳").customer
    at = datetime(2026, 11, 24, tzinfo=UTC)
    seen = JournalEntry(at=at, actor="li.lei", action="revealed", customer_id=customer.id)
    with store.repository.write() as work:
        for _ in range(300):
            work.journal.append(seen)
    assert registry.update(customer, grade="A").version == 2
    was = store.taken()
    registry.update(registry.get("C000001"), grade="B")
    with store.repository.write() as work:
        for _ in range(300):
            work.journal.append(seen)
    store.put(was)
    with pytest.raises(TamperedRecord):
        registry.update(registry.get("C000001"), grade="C")
    store.repository.close()
