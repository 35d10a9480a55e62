"""What `verify` finds, each by a planted disagreement."""

import sqlite3
from datetime import UTC, datetime

import attrs
import pytest

from customer_registry import CodePattern, CodeRule, CodeRules, CustomerRegistry
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.operations import raise_numbers, recode, verify
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
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("DROP TRIGGER customer_registry_journal_stands")
        raw.execute("DROP TRIGGER customer_registry_journal_stays")
        for statement in statements:
            raw.execute(statement)
        raw.close()
        with CustomerRegistry.open(path) as registry:
            return codes_of(registry)

    return bend


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
