"""Five hundred values that must not be met anywhere, and a control that meets them."""

import logging

import pytest
from canaries import CANARIES, CUSTOMERS, POLICY, caught, files_of, found_in, person, shown

from customer_registry import CustomerRegistry, Keyring, operations


@pytest.fixture
def keyring():
    return Keyring.generate()


def _fill(path, keyring):
    """Return a registry with all canaries in it, a third of them edited, and its WAL not empty."""
    registry = CustomerRegistry.open(path, keyring=keyring, policy=POLICY)
    for at in range(CUSTOMERS):
        registry.register(person(at), idempotency_key=f"key-{at}")
    for at in range(0, CUSTOMERS, 3):
        code = f"C{at + 1:06}"
        registry.update(code, version=1, short_name="小王", bank_accounts=[])
    return registry


def _told(registry):
    """Return what a registry says to people while they use it, and to their logs."""
    customers = [registry.get(f"C{at + 1:06}") for at in range(CUSTOMERS)]
    first, second = customers[:2]
    told = [
        shown([registry, registry._office.repository, customers, operations.health(registry)]),
        shown(each for customer in customers for each in customer.bank_accounts),
        shown(each for customer in customers for each in customer.tax_identifiers),
        shown([customer.identity_document for customer in customers]),
        shown([customer.invoice_profile for customer in customers]),
        shown([customer.custom for customer in customers]),
        shown(entry for customer in customers for entry in registry.history(customer)),
        shown([registry.check(person(0)), *registry.check(person(0)).lines("zh")]),
        shown([operations.verify(registry)]),
        caught(lambda: registry.register(person(0))),
        caught(lambda: registry.register({**person(7), "name": ""})),
        caught(lambda: registry.update(second, identity_document=person(0)["identity_document"])),
        caught(lambda: registry.update(first, version=9, name="王")),
    ]
    assert registry.register(person(1), idempotency_key="key-1").replayed
    assert not registry.search(CANARIES[1]).customers
    return b"\n".join(told)


def test_no_canary_is_met_in_the_files_of_a_sealed_store(tmp_path, keyring):
    with _fill(tmp_path / "customers.db", keyring):
        assert (tmp_path / "customers.db-wal").stat().st_size
        assert found_in(files_of(tmp_path)) == 0
    assert found_in(files_of(tmp_path)) == 0


def test_the_same_scan_meets_all_of_them_in_a_store_without_keys(tmp_path):
    with _fill(tmp_path / "customers.db", None):
        assert found_in(files_of(tmp_path)) > 2 * len(CANARIES)


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
def test_the_scan_meets_a_canary_in_any_spelling(code):
    import base64  # noqa: PLC0415

    canary = CANARIES[17]
    spelt = [canary.encode(code), canary.encode().hex().encode(), canary.encode()]
    spelt += [base64.b64encode(b"x" * shift + canary.encode()) for shift in range(3)]
    spelt += [f"{canary[:4]} {canary[4:8]} {canary[8:12]}".encode()]
    assert all(found_in(b"...." + each + b"....") for each in spelt)
    assert not found_in(b"9077553")


def test_no_canary_is_met_after_a_plain_store_was_sealed(tmp_path, keyring):
    path = tmp_path / "customers.db"
    _fill(path, None).close()
    assert found_in(files_of(tmp_path)) > len(CANARIES)
    with CustomerRegistry.open(path, keyring=keyring, policy=POLICY) as registry:
        operations.seal(registry)
        assert found_in(files_of(tmp_path)) == 0
        assert operations.verify(registry).ok
        assert str(registry.get("C000002").identity_document.number) == CANARIES[5]


def test_no_canary_is_met_in_what_people_and_logs_are_told(tmp_path, keyring, caplog):
    caplog.set_level(logging.DEBUG)
    with _fill(tmp_path / "customers.db", keyring) as registry:
        told = _told(registry)
    assert found_in(told + caplog.text.encode()) == 0
    assert "王芳".encode() in told or b"C000001" in told


def test_the_control_of_what_is_told_meets_a_value_that_is_shown(tmp_path, keyring):
    with _fill(tmp_path / "customers.db", keyring) as registry:
        customer = registry.get("C000002")
        assert found_in(shown([customer.bank_accounts[0].number])) > 0
