"""The judge of a file accuses what is wrong with it, and nothing else."""

import sqlite3
from contextlib import closing

import pytest
from errands import ERRANDS, open_store, register
from stored import Told, faults_at, stored_at

from customer_registry.testing import make_raw


@pytest.fixture
def store(tmp_path):
    """A file with a few customers, and what was told of them."""
    path, told = tmp_path / "store.db", Told()

    class Ear:
        def note(self, *words):
            told.hear(" ".join(map(str, words)))

    with open_store(path, "auto") as registry:
        told.hear(f"identity {registry._office.repository.identity.hex}")
        for seed in range(3):
            register(registry, Ear(), seed)
        for name, errand in ERRANDS.items():
            if name != "erase":  # which takes receipts that people were told of
                errand(registry, Ear())
        registry.register(make_raw("person", seed=50), code="OLD-7")
    return path, told


def altered(path, statement):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(statement)


def test_a_sound_file_is_not_accused(store):
    path, told = store
    assert faults_at(path, told) == set()
    assert len(told.customers) == 6
    assert stored_at(path).customers["OLD-7"] == 1


def test_what_holds_the_same_compares_equal(store):
    path, _ = store
    before = stored_at(path)
    altered(path, "UPDATE customer_registry_receipts SET at = '2030-01-01'")
    assert stored_at(path) == before
    altered(path, "DELETE FROM customer_registry_receipts WHERE key = 'key-1'")
    assert stored_at(path) != before


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ("customer KH00099 1", "lost"),
        ("customer KH00001 2", "lost"),
        ("key unheard", "lost"),
        ("reserved KH00099", "lost"),
        ("identity 00", "lost"),
    ],
)
def test_what_was_told_and_is_not_there_is_lost(store, told, fault):
    path, heard = store
    heard.hear(told)
    assert faults_at(path, heard) == {fault}


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE customer_registry_numbers SET drawn = drawn + 1", "gaps"),
        ("UPDATE customer_registry_numbers SET drawn = 1", "counter"),
        ("DELETE FROM customer_registry_reservations", "counter"),
        ("DELETE FROM customer_registry_customers WHERE code = 'KH00002'", "journal"),
        ("UPDATE customer_registry_customers SET version = 9 WHERE code = 'KH00002'", "documents"),
        ("UPDATE customer_registry_customers SET document = 'x' WHERE place = 1", "unreadable"),
        ("DELETE FROM customer_registry_claims WHERE text = 'KH00002'", "codes"),
        (
            """
            DROP TRIGGER customer_registry_journal_stands;
            UPDATE customer_registry_journal SET digest = x'00' WHERE seq = 2
            """,
            "chain",
        ),
        ("DROP TABLE customer_registry_meta", "unreadable"),
    ],
)
def test_what_does_not_agree_is_accused(store, statement, fault):
    path, _ = store
    altered(path, statement)
    assert fault in faults_at(path, Told())


def test_a_damaged_file_is_accused(store):
    path, _ = store
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    path.write_bytes(content)
    assert faults_at(path, Told()) & {"damaged", "unreadable"}
