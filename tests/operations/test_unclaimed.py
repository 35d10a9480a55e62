"""Unique keys that nobody claims: who is told of, and who is not."""

import attrs
import pytest

from customer_registry import (
    CompanyPolicy,
    CustomerRegistry,
    InMemoryRepository,
    Keyring,
    SQLiteRepository,
)
from customer_registry.domain.journal import JournalEntry
from customer_registry.operations import unclaimed, verify
from customer_registry.repository import Key
from customer_registry.testing import make_raw

PHONES = CompanyPolicy.loads('[unique]\nphone = "block"')
FREE = CompanyPolicy.loads('[unique]\ntax_identifier = "off"\norganization_name = "off"')
TAX = "91110000600037341L"


def told(registry):
    return [(each.code, each.where) for each in verify(registry).disagreements]


def edit_unclaimed(repository, customer):
    """Write a customer's next version without any claim, as if somebody had struck them out."""
    after = attrs.evolve(customer, version=customer.version + 1)
    with repository.write() as work:
        work.customers.replace(after)
        work.journal.append(
            JournalEntry(
                at=after.updated_at,
                actor="system",
                action="updated",
                customer_id=after.id,
                version=after.version,
            )
        )


def company(registry, **fields):
    return registry.register(kind="organization", tax_identifiers=[TAX], **fields).customer


def test_a_unique_key_that_is_not_claimed_is_told(repository):
    registry = CustomerRegistry(repository=repository)
    customer = company(registry, name="上海浦江贸易有限公司")
    assert told(registry) == []
    edit_unclaimed(repository, customer)
    assert told(registry) == [("claim.missing", "C000001: tax_identifier")]
    registry.update(registry.get("C000001"), grade="A")
    assert told(registry) == [], "an edit claims what is unique"


def test_a_key_that_was_shared_before_it_became_unique_is_not_told(repository):
    free = CustomerRegistry(repository=repository, policy=FREE)
    for name in ("上海浦江贸易有限公司", "北京长城贸易有限公司"):
        company(free, name=name)
    assert told(free) == []
    assert told(CustomerRegistry(repository=repository)) == []


def test_customers_from_before_a_field_became_unique_are_told_only_once_others_claim_it(repository):
    before = CustomerRegistry(repository=repository)
    old = before.register(kind="person", name="王芳", phone="13800138000").customer
    registry = CustomerRegistry(repository=repository, policy=PHONES)
    assert told(registry) == []
    new = registry.register(kind="person", name="李娜", phone="13900139000").customer
    assert told(registry) == [], "the old one was written before anybody claimed a phone"
    with repository.read() as work:
        assert work.customers.unclaimed(old, [Key.of(old.phones[0])])
    later = registry.register(kind="person", name="张伟", phone="13700137000").customer
    edit_unclaimed(repository, later)
    assert new.updated_at < later.updated_at
    assert told(registry) == [("claim.missing", "C000003: phone")]


def test_of_many_the_latest_are_remembered(repository, monkeypatch):
    monkeypatch.setattr(unclaimed, "_TOLD", 2)
    registry = CustomerRegistry(repository=repository, policy=PHONES)
    phones = ("13800138000", "13900139000", "13700137000", "13600136000")
    made = [registry.register(kind="person", name="王芳", phone=each).customer for each in phones]
    for customer in made[1:]:
        edit_unclaimed(repository, customer)
    assert told(registry) == [("claim.missing", f"C00000{at}: phone") for at in (3, 4)]


def test_what_is_sealed_is_told_to_who_has_the_key_alone(kept_sealed):
    repository, without = kept_sealed
    registry = CustomerRegistry(repository=repository)
    customer = registry.register(make_raw("person", seed=1)).customer
    assert told(registry) == []
    edit_unclaimed(repository, customer)
    assert ("claim.missing", "C000001: identity_document") in told(registry)
    if without is not None:
        codes = {code for code, _ in told(CustomerRegistry(repository=without))}
        assert "claim.missing" not in codes


@pytest.fixture(params=["memory", "sqlite"])
def kept_sealed(request, tmp_path):
    keyring = Keyring.generate()
    if request.param == "memory":
        yield InMemoryRepository(keyring=keyring), None
        return
    path = tmp_path / "customers.db"
    repository, without = SQLiteRepository(path, keyring=keyring), SQLiteRepository(path)
    yield repository, without
    repository.close()
    without.close()
