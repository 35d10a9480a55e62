"""What `verify` finds, each by a planted disagreement."""

import sqlite3
import sys
import tracemalloc
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import attrs
import pytest

from customer_registry import (
    CodePattern,
    CodeRule,
    CodeRules,
    CustomerRegistry,
    InMemoryRepository,
    NotPermitted,
    StorageBusy,
)
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.operations import health, raise_numbers, recode, verify
from customer_registry.operations.following import Following
from customer_registry.repository import Key
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.testing import make_customer, make_raw

AT = datetime(2026, 11, 24, tzinfo=UTC)
BY_KIND = CodePattern("{kind:person=P,organization=E}{number:03,by=kind}")


def codes_of(registry):
    return [each.code for each in verify(registry).disagreements]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "customers.db"


@pytest.fixture
def bent(path):
    """A store of three customers, opened anew after somebody's own SQL."""

    def bend(*statements):
        with CustomerRegistry.open(path) as registry:
            for seed in range(3):
                registry.register(make_raw(seed=seed))
        with unguarded(path) as raw:
            for statement in statements:
                raw.execute(statement)
        with CustomerRegistry.open(path) as registry:
            return codes_of(registry)

    return bend


@contextmanager
def unguarded(path):
    """A connection without our triggers, which stand again afterwards."""
    raw = sqlite3.connect(path, isolation_level=None)
    guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        raw.execute(f"DROP TRIGGER {name}")
    yield raw
    for _, sql in guards:
        raw.execute(sql)
    raw.close()


def test_a_registry_that_was_only_used_is_sound(path):
    with CustomerRegistry.open(path, codes=BY_KIND) as registry:
        for seed in range(4):
            customer = registry.register(make_raw(seed=seed)).customer
            registry.register(make_raw("person", seed=seed))
            registry.update(customer, notes="甲")
        verified = verify(registry)
    assert verified.ok
    assert (verified.entries, verified.customers) == (12, 8)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE customer_registry_journal SET digest = zeroblob(32) WHERE seq = 3", "broken"),
        ("UPDATE customer_registry_journal SET body = x'00' WHERE seq = 2", "broken"),
        ("UPDATE customer_registry_journal SET customer = zeroblob(16) WHERE seq = 2", "broken"),
        ("DELETE FROM customer_registry_journal WHERE seq = 2", "broken"),
        (
            "UPDATE customer_registry_journal SET body = NULL, salt = NULL WHERE seq = 2",
            "body_missing",
        ),
    ],
    ids=["digest", "body", "customer", "deleted", "erased"],
)
def test_a_bent_journal_is_found(bent, statement, found):
    assert f"journal.{found}" in bent(statement)


def test_a_journal_that_cannot_be_read_is_told(bent):
    told = bent("UPDATE customer_registry_journal SET customer = x'00' WHERE seq = 2")
    assert "journal.unreadable" in told


def test_a_customer_written_around_the_journal_is_found(bent):
    assert bent("DELETE FROM customer_registry_journal WHERE seq = 3") == ["customer.unjournalled"]


def test_a_document_that_cannot_be_read_is_found(bent):
    found = bent("UPDATE customer_registry_customers SET document = x'7b' WHERE place = 1")
    assert "customer.unreadable" in found


def test_a_lawful_erasure_is_no_disagreement():
    registry = CustomerRegistry()
    customer = registry.register(make_raw()).customer
    with registry.unit("erase", writing=True) as work:
        links = work.journal._links
        links[0] = attrs.evolve(links[0], body=None, salt=None)
        work.journal.append(
            JournalEntry(
                at=AT,
                actor="dpo",
                action="erased",
                customer_id=customer.id,
                version=1,
                changes=(Change("journal.1", hidden=True),),
            )
        )
    assert verify(registry).ok


def test_a_number_that_nobody_has_is_found():
    registry = CustomerRegistry()
    registry.register(make_raw(seed=1))
    with registry.unit("repair", writing=True) as work:
        work.numbers.next("customer")
    registry.register(make_raw(seed=2))
    assert codes_of(registry) == ["numbers.gap"]


def test_each_counter_is_held_against_its_own_codes(path):
    with CustomerRegistry.open(path, codes=BY_KIND) as registry:
        for seed in range(3):
            registry.register(make_raw(seed=seed))
            registry.register(make_raw("person", seed=seed))
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE customer_registry_numbers SET drawn = 1 WHERE range LIKE '%person'")
    raw.execute("UPDATE customer_registry_numbers SET drawn = 9 WHERE range LIKE '%organization'")
    raw.close()
    with CustomerRegistry.open(path, codes=BY_KIND) as registry:
        found = {each.code: each.where for each in verify(registry).disagreements}
    assert found == {
        "numbers.behind": "customer|kind=person: 1",
        "numbers.ahead": "customer|kind=organization: 9",
    }


def test_codes_that_people_gave_prove_nothing():
    registry = CustomerRegistry(codes=CodePattern("C{number:03}", mode="editable"))
    registry.register(make_raw(seed=1), code="C500")
    assert verify(registry).ok


def test_a_customer_that_no_entry_wrote_is_found():
    registry = CustomerRegistry()
    with registry.unit("smuggle", writing=True) as work:
        work.customers.add(make_customer())
    assert "customer.unjournalled" in codes_of(registry)


def test_what_is_reserved_given_back_or_raised_is_no_gap():
    registry = CustomerRegistry()
    registry.reserve_code()
    registry.reserve_code().release()
    raise_numbers(registry, "customer", 5, reason="预留")
    registry.register(make_raw(seed=1))
    assert verify(registry).ok


def test_the_day_on_which_a_period_began_is_no_counter():
    registry = CustomerRegistry(codes=CodePattern("{date:%y%m}-{number:02,reset=month}"))
    registry.register(make_raw(seed=1))
    assert verify(registry).ok


def test_several_rules_are_held_against_their_codes():
    people = CodeRule(CodePattern("P{number:03,range=person}"), when={"kind": "person"})
    rules = CodeRules([people, CodeRule(CodePattern("E{number:03}"))])
    registry = CustomerRegistry(codes=rules)
    registry.register(make_raw("person", seed=1))
    with registry.unit("lose", writing=True) as work:
        work.numbers.next("person")
        work.numbers.next("person")
    registry.register(make_raw("person", seed=2))
    (found,) = verify(registry).disagreements
    assert (found.code, found.where) == ("numbers.gap", "person: 2-3")


def test_gaps_of_a_rule_that_allows_them_are_no_disagreement():
    codes = CodePattern("C{number:03}", guarantee="unique", block=5)
    registry = CustomerRegistry(codes=codes)
    registry.register(make_raw(seed=1))
    assert verify(registry).ok


def test_a_customer_with_a_new_code_is_one_customer():
    registry = CustomerRegistry()
    recode(registry, registry.register(make_raw(seed=1)).customer, "C000005", "换号")
    verified = verify(registry)
    assert (verified.ok, verified.customers) == (True, 1)


def test_reservations_that_cannot_be_read_are_told(path):
    with CustomerRegistry.open(path) as registry:
        registry.reserve_code()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE customer_registry_reservations SET at = 'then'")
    raw.close()
    with CustomerRegistry.open(path) as registry:
        assert codes_of(registry) == ["numbers.unreadable"]


SEEDED = [make_raw(seed=seed) for seed in range(3)]

PLANTED = [
    (
        "UPDATE customer_registry_customers SET document = document || ' ' WHERE place = 2",
        ("customer.altered", "C000002"),
    ),
    (
        "UPDATE customer_registry_customers SET document = x'7b', checksum = NULL WHERE place = 2",
        ("customer.unreadable", "C000002"),
    ),
    (
        (
            "UPDATE customer_registry_customers"
            " SET document = CAST(replace(document, '\"C0', '\"D0') AS BLOB), checksum = NULL"
            " WHERE place = 2"
        ),
        ("customer.altered", "C000002"),
    ),
    (
        (
            "UPDATE customer_registry_customers SET document = CAST(document AS TEXT)"
            " WHERE place = 2"
        ),
        ("customer.row", "C000002"),
    ),
    (
        (
            "UPDATE customer_registry_journal"
            " SET salt = NULL, body = CAST(replace(body, 'system', 'nobody') AS BLOB) WHERE seq = 2"
        ),
        ("journal.broken", "entry 2"),
    ),
    (
        (
            "CREATE TRIGGER greedy AFTER INSERT ON customer_registry_customers"
            " BEGIN DELETE FROM customer_registry_keys; END"
        ),
        ("store.schema", "trigger greedy"),
    ),
    (
        "UPDATE customer_registry_receipts SET customer = 'a text of sixteen'",
        ("receipt.unreadable", "system: k"),
    ),
    (
        (
            "INSERT INTO customer_registry_reservations VALUES"
            " ('C9', 'a', '2026', '2026', x'00', 'zz', NULL, '2026')"
        ),
        ("numbers.unreadable", "counters"),
    ),
    (
        "UPDATE customer_registry_customers SET version = 7 WHERE place = 2",
        ("customer.row", "C000002"),
    ),
    (
        "UPDATE customer_registry_customers SET id = zeroblob(16) WHERE place = 2",
        ("customer.row", "C000002"),
    ),
    (
        "DELETE FROM customer_registry_keys WHERE place = 2 AND field = 'phone'",
        ("key.missing", "C000002: phone"),
    ),
    (
        "INSERT INTO customer_registry_keys VALUES ('email', 'a@b.example', 2)",
        ("key.left_over", "C000002: email"),
    ),
    (
        "INSERT INTO customer_registry_keys VALUES ('email', 'a@b.example', 9)",
        ("key.left_over", "place 9: email"),
    ),
    (
        "DELETE FROM customer_registry_claims WHERE field = 'code' AND place = 2",
        ("code.missing", "C000002: C000002"),
    ),
    (
        "INSERT INTO customer_registry_claims VALUES ('code', 'ZZ', 2)",
        ("code.left_over", "C000002: ZZ"),
    ),
    (
        "INSERT INTO customer_registry_claims VALUES ('email', 'a@b.example', 2)",
        ("claim.left_over", "place 2: email"),
    ),
    (
        "INSERT INTO customer_registry_search (rowid, tokens) VALUES (2, 'surplus words')",
        ("search.left_over", "C000002: 2 of its words"),
    ),
    (
        "INSERT INTO customer_registry_search (rowid, tokens) VALUES (700, 'surplus')",
        ("search.left_over", "place 700: 1 of its words"),
    ),
    (
        "INSERT INTO customer_registry_search (customer_registry_search) VALUES ('delete-all')",
        ("search.missing", "C000002: "),
    ),
    (
        "UPDATE customer_registry_receipts SET customer = zeroblob(16)",
        ("receipt.orphaned", "system: k"),
    ),
    ("UPDATE customer_registry_receipts SET version = 2", ("receipt.orphaned", "system: k")),
    ("UPDATE customer_registry_receipts SET issues = x'7b'", ("receipt.unreadable", "system: k")),
    ("UPDATE customer_registry_receipts SET at = 'then'", ("receipt.unreadable", "system: k")),
    (
        "DROP INDEX customer_registry_journal_of",
        ("store.schema", "index customer_registry_journal_of"),
    ),
]


@pytest.mark.parametrize(("statement", "told"), PLANTED, ids=lambda each: str(each)[:70])
def test_what_does_not_agree_with_the_documents_is_told_with_its_place(path, statement, told):
    with CustomerRegistry.open(path) as registry:
        for raw in SEEDED:
            registry.register(raw, idempotency_key=None if raw is not SEEDED[0] else "k")
        assert verify(registry).ok
    with unguarded(path) as raw:
        raw.execute(statement)
    with CustomerRegistry.open(path) as registry:
        found = verify(registry).disagreements
    assert any(each.code == told[0] and each.where.startswith(told[1]) for each in found), found


def test_a_customer_that_was_taken_away_is_missing(path):
    with CustomerRegistry.open(path) as registry:
        gone = registry.register(make_raw(seed=1)).customer
    with unguarded(path) as raw:
        raw.execute("DELETE FROM customer_registry_customers")
    with CustomerRegistry.open(path) as registry:
        found = verify(registry)
    assert found.customers == 0
    assert ("customer.missing", str(gone.id)) in [
        (each.code, each.where) for each in found.disagreements
    ]


def test_a_reference_of_the_hosts_own_tables_is_held_against_its_row(path):
    with CustomerRegistry.open(path) as registry:
        registry.register(make_raw(seed=1))
    with unguarded(path) as raw:
        raw.execute("CREATE TABLE orders (of INTEGER REFERENCES customer_registry_customers)")
        raw.execute("INSERT INTO orders VALUES (5)")
    with CustomerRegistry.open(path) as registry:
        (found,) = verify(registry).disagreements
    assert (found.code, found.where) == (
        "store.reference",
        "orders row 1: customer_registry_customers",
    )


def test_an_index_that_lost_a_row_is_damage(path):
    with CustomerRegistry.open(path) as registry:
        for raw in SEEDED:
            registry.register(raw)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA writable_schema = ON")
    raw.execute(
        "UPDATE sqlite_master SET rootpage ="
        " (SELECT rootpage FROM sqlite_master WHERE name = 'customer_registry_reservations_of')"
        " WHERE name = 'customer_registry_journal_of'"
    )
    raw.close()
    with CustomerRegistry.open(path) as registry:
        assert "store.damaged" in codes_of(registry)


@pytest.mark.parametrize("table", ["keys", "claims", "receipts", "search_data", "customers"])
def test_a_part_that_is_gone_is_told_and_ends_no_other_check(path, table):
    with CustomerRegistry.open(path) as registry:
        for raw in SEEDED:
            registry.register(raw)
    with unguarded(path) as raw:
        raw.execute(f"DROP TABLE customer_registry_{table}") if table != "search_data" else (
            raw.execute("DELETE FROM customer_registry_search_data WHERE id > 10")
        )
        raw.execute("UPDATE customer_registry_journal SET digest = x'00' WHERE seq = 2")
    with CustomerRegistry.open(path) as registry:
        codes = codes_of(registry)
    assert "store.unreadable" in codes
    assert "journal.broken" in codes
    assert "customer.missing" not in codes, "nobody knows who is gone"


def test_an_entry_that_cannot_be_read_hides_no_other(bent):
    told = bent(
        "UPDATE customer_registry_journal SET customer = x'00' WHERE seq = 1",
        "UPDATE customer_registry_journal SET body = x'00' WHERE seq = 3",
    )
    assert told.count("journal.unreadable") == 2
    assert "journal.broken" in told


def test_an_entry_without_its_digest_is_told(path):
    with CustomerRegistry.open(path) as registry:
        for raw in SEEDED:
            registry.register(raw)
    with unguarded(path) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')"
            " WHERE name = 'customer_registry_journal'"
        )
    with unguarded(path) as raw:
        raw.execute("UPDATE customer_registry_journal SET digest = NULL WHERE seq > 1")
    with CustomerRegistry.open(path) as registry:
        codes = codes_of(registry)
    assert codes.count("journal.unreadable") == 2
    assert "journal.head" in codes


def test_of_very_many_disagreements_the_first_hundred_are_told_one_by_one(path):
    with CustomerRegistry.open(path) as registry:
        for seed in range(110):
            registry.register(kind="person", name="王芳", phone=f"138001380{seed:02}"[:11])
    with unguarded(path) as raw:
        raw.execute("UPDATE customer_registry_customers SET version = 3")
    with CustomerRegistry.open(path) as registry:
        found = [each for each in verify(registry).disagreements if each.code == "customer.row"]
    assert len(found) == 101
    assert found[-1].where == "and 10 more"


MEMORY = [
    (lambda kept: kept._keys.clear(), "key.missing"),
    (
        lambda kept: kept._keys.setdefault(Key("email", "a@b.example"), []).append(1),
        "key.left_over",
    ),
    (lambda kept: kept._codes.pop(), "code.missing"),
    (lambda kept: kept._codes.append("ZZ"), "code.left_over"),
    (lambda kept: kept._postings.popitem(), "search.missing"),
    (lambda kept: kept._postings.setdefault("surplus", []).append(1), "search.left_over"),
    (lambda kept: kept._by_place.pop(2), "customer.missing"),
    (
        lambda kept: kept._claims.__setitem__(Key("email", "a@b.example"), 1),
        "claim.left_over",
    ),
    (
        lambda kept: kept._by_place.__setitem__(
            2,
            attrs.evolve(
                kept._by_place[2], customer=attrs.evolve(kept._by_place[2].customer, notes="乙")
            ),
        ),
        "customer.altered",
    ),
]


@pytest.mark.parametrize(("bend", "told"), MEMORY, ids=[told for _, told in MEMORY])
def test_memory_that_was_reached_into_disagrees(bend, told):
    registry = CustomerRegistry()
    for raw in SEEDED:
        registry.register(raw)
    assert verify(registry).ok
    bend(registry._office.repository._work.customers)
    assert told in codes_of(registry)


def test_a_receipt_of_nobody_is_told_of_memory_as_well():
    registry = CustomerRegistry()
    registry.register(SEEDED[0], idempotency_key="k")
    receipts = registry._office.repository._work.receipts
    receipts._kept = {
        name: attrs.evolve(each, customer_id=UUID(int=7)) for name, each in receipts._kept.items()
    }
    (found,) = verify(registry).disagreements
    assert (found.code, found.where) == ("receipt.orphaned", "system: k")


def test_progress_rises_to_its_total(path):
    told = []
    with CustomerRegistry.open(path) as registry:
        for raw in SEEDED:
            registry.update(registry.register(raw).customer, notes="甲")
        verify(registry, on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (9, 9)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(done <= total for done, total in told)


class BusyNumbers:
    """A store, in all else as it is, whose counters others hold."""

    def __init__(self, of):
        self.of = of

    def __getattr__(self, name):
        if name == "numbers":
            raise StorageBusy("try again")
        return getattr(self.of, name)

    @contextmanager
    def read(self):
        with self.of.read() as work:
            yield BusyNumbers(work)


def test_what_passes_is_no_disagreement():
    with pytest.raises(StorageBusy):
        verify(CustomerRegistry(repository=BusyNumbers(InMemoryRepository())))


def test_progress_is_told_as_customers_are_read(path, monkeypatch):
    monkeypatch.setattr(sys.modules["customer_registry.operations.verify"], "_STEP", 1)
    told = []
    with CustomerRegistry.open(path) as registry:
        for seed in range(20):
            registry.register(make_raw(seed=seed))
        verify(registry, on_progress=lambda done, total: told.append(done))
    assert told == sorted(told)
    assert [done for done in told if 20 < done < 40]


def test_when_all_agreed_is_kept_and_nothing_else_changes(path):
    with CustomerRegistry.open(path) as registry:
        registry.register(SEEDED[0])
        assert health(registry).store.checked is None
        verify(registry)
        assert health(registry).store.checked is not None
        kept = health(registry).store.checked
    with unguarded(path) as raw:
        raw.execute("UPDATE customer_registry_customers SET version = 3")
    with CustomerRegistry.open(path) as registry:
        assert not verify(registry).ok
        assert health(registry).store.checked == kept


def test_a_store_that_is_busy_is_verified_all_the_same(path):
    with CustomerRegistry.open(path) as registry:
        registry.register(SEEDED[0])
    repository = SQLiteRepository(path, busy_timeout=0.05)
    with CustomerRegistry(repository=repository) as registry:
        other = SQLiteRepository(path)
        with other.write():
            assert verify(registry).ok
        assert health(registry).store.checked is None
        other.close()


def test_who_may_not_verify_is_refused():
    class Denying:
        def permits(self, actor, action, customer):
            return action != "verify"

    with pytest.raises(NotPermitted):
        verify(CustomerRegistry(access=Denying()))


def test_a_secret_key_is_told_by_its_field_alone(path):
    with CustomerRegistry.open(path) as registry:
        registry.register(make_raw("person", seed=1))
    with unguarded(path) as raw:
        raw.execute("DELETE FROM customer_registry_keys WHERE field = 'identity_document'")
    with CustomerRegistry.open(path) as registry:
        found = {(each.code, each.where) for each in verify(registry).disagreements}
    assert found == {
        ("key.missing", "C000001: identity_document"),
        ("claim.left_over", "place 1: identity_document"),
    }


def test_a_document_put_back_is_found(path):
    """An old version with its row as it was: nothing but the journal knows of the newer one."""
    with CustomerRegistry.open(path) as registry:
        customer = registry.register(make_raw(seed=1)).customer
        with unguarded(path) as raw:
            old = raw.execute(
                "SELECT id, code, version, document, checksum FROM customer_registry_customers"
            ).fetchone()
        registry.update(customer, grade="B" if customer.grade != "B" else "C")
    with unguarded(path) as raw:
        raw.execute(
            "UPDATE customer_registry_customers"
            " SET id = ?, code = ?, version = ?, document = ?, checksum = ?",
            old,
        )
    with CustomerRegistry.open(path) as registry:
        assert "customer.replaced" in codes_of(registry)


def test_another_document_of_the_same_version_is_found(path):
    """With its checksum made anew: only the journal knows what was written."""
    with CustomerRegistry.open(path) as registry:
        registry.register(make_raw(seed=1, notes="甲乙"))
    with unguarded(path) as raw:
        ((document,),) = raw.execute("SELECT document FROM customer_registry_customers")
        other = document.replace("甲乙".encode(), "甲丙".encode())
        assert other != document
        raw.execute(
            "UPDATE customer_registry_customers SET document = ?, checksum = ?",
            (other, zlib.crc32(other)),
        )
    with CustomerRegistry.open(path) as registry:
        assert codes_of(registry) == ["customer.replaced"]


def test_entries_from_before_there_were_digests_are_not_compared(path):
    with CustomerRegistry.open(path) as registry:
        customer = registry.register(make_raw(seed=1)).customer
        with registry._office.repository.write() as work:
            second, office = attrs.evolve(customer, version=2), registry._office
            work.customers.replace(second, office.claims(work, second, customer))
            work.customers.written(customer.id)
            entry = JournalEntry(
                at=AT, actor="system", action="updated", customer_id=customer.id, version=2
            )
            work.journal.append(entry)
        assert verify(registry).ok


def test_an_erasure_explains_no_body_of_another_customer():
    registry = CustomerRegistry()
    erased = registry.register(make_raw(seed=1)).customer
    registry.register(make_raw(seed=2))
    with registry.unit("erase", writing=True) as work:
        links = work.journal._links
        links[1] = attrs.evolve(links[1], body=None, salt=None)
        work.journal.append(
            JournalEntry(
                at=AT,
                actor="dpo",
                action="erased",
                customer_id=erased.id,
                version=1,
                changes=(Change("journal.2", hidden=True),),
            )
        )
    assert "journal.body_missing" in codes_of(registry)


def test_a_long_journal_is_followed_in_the_memory_of_a_short_one(path):
    """Of the same customers: what is held grows with them, not with what was done to them."""
    with CustomerRegistry.open(path) as registry:
        customer = registry.register(make_raw(seed=1)).customer
        short = held_while_following(registry)
        with registry._office.repository.write() as work:
            for _ in range(4000):
                entry = JournalEntry(
                    at=AT, actor="system", action="updated", customer_id=customer.id, version=1
                )
                work.journal.append(entry)
        assert held_while_following(registry) < short + 500_000


def held_while_following(registry):
    with registry._office.repository.read() as work:
        tracemalloc.start()
        Following(work, lambda _: None).follow(lambda *_: None)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most
