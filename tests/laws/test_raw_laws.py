"""The laws of `customer.raw()`: saved back it changes nothing, registered it makes one alike."""

import json

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry import (
    CompanyPolicy,
    CustomerRegistry,
    InMemoryRepository,
    InvoiceProfile,
)
from customer_registry.testing import customers, make_customer, make_raw, raw_customers

OWN = frozenset(
    """
    id code version created_at updated_at tax_identifiers identity_document bank_accounts
    """.split()
)
POLICIES = (
    CompanyPolicy(),
    CompanyPolicy(area_code="010"),
    CompanyPolicy(region="HK", currency="HKD"),
    CompanyPolicy(region="US", currency="USD", time_zone="America/New_York"),
    CompanyPolicy(region="DE", area_code="021"),
    CompanyPolicy.loads('[defaults.all]\ngrade = "C"\ntags = ["新"]\nsource = "展会"\n'),
)
TYPED_PHONES = (
    "13800138000",
    "62345678",
    "010-62345678-801",
    "95588",
    "400-820-8820",
    "+852 2987 6543",
    "+1 202 555 0143",
    "+44 20 7946 0958 ext. 12",
    "+39 06 698 12345",
    "+870 773 111 632",
    "+800 1234 5678",
    "+86 10 6234 5678 转 9",
)
ABROAD = (
    {"country": "US", "street_address": "1 Main St", "postal_code": "20500"},
    {"country": "HK", "street_address": "皇后大道中1号"},
    {"country": "DE", "street_address": "Unter den Linden 1", "postal_code": "10117"},
    {"country": "CN", "street_address": "中山路1号", "postal_code": "100083"},
    {"country": "JP", "street_address": "千代田1-1"},
)

few = settings(max_examples=60, deadline=None)


def expect_both_laws(registry: CustomerRegistry, customer) -> None:
    expect_that_saving_it_back_changes_nothing(registry, customer)
    alike = registry.register(customer.raw(as_new=True)).customer
    assert differing(without_ids(customer), without_ids(alike)) <= OWN
    expect_that_saving_it_back_changes_nothing(registry, alike)


def expect_that_saving_it_back_changes_nothing(registry: CustomerRegistry, customer) -> None:
    before = registry.history(customer)
    receipt = registry.update(customer, customer.raw())
    assert receipt.customer == customer
    assert receipt.report.ok
    assert registry.get(customer.id) == customer
    assert registry.history(customer) == before
    by_code = registry.update(str(customer.code), customer.raw(), version=customer.version)
    assert by_code.version == customer.version


def without_ids(customer):
    """Return the customer without the ids of its entries and what its invoice tells it by."""
    profile = customer.invoice_profile
    bare = profile and attrs.evolve(profile, tax_number=None, bank=None, account=None)
    return attrs.evolve(
        customer,
        contacts=tuple(attrs.evolve(each, id=None) for each in customer.contacts),
        addresses=tuple(attrs.evolve(each, id=None) for each in customer.addresses),
        invoice_profile=None if bare == InvoiceProfile() else bare,
    )


def differing(one, other) -> set[str]:
    names = (field.name for field in attrs.fields(type(one)))
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def test_an_example_obeys_both_laws():
    for kind in ("organization", "person"):
        registry = CustomerRegistry()
        expect_both_laws(registry, registry.register(make_raw(kind, 3)).customer)


def test_a_customer_that_was_edited_blocked_and_emptied_obeys_both_laws():
    registry = CustomerRegistry()
    customer = registry.register(make_raw("organization", 3, contacts=None)).customer
    customer = registry.update(customer, contact="李雷", phone="021-62345678 转 801").customer
    expect_both_laws(registry, customer)
    customer = registry.change_status(customer, "blocked", reason="欠款").customer
    expect_that_saving_it_back_changes_nothing(registry, customer)
    customer = registry.update(customer, notes=None, custom={"门店数": None}, tags=[]).customer
    expect_that_saving_it_back_changes_nothing(registry, customer)


def test_a_form_sent_back_as_json_changes_nothing():
    registry = CustomerRegistry()
    customer = registry.register(make_raw("organization", 3)).customer
    form = json.loads(json.dumps(customer.raw()))
    assert registry.update(customer, form).version == customer.version


@few
@given(raw_customers(), st.sampled_from(POLICIES))
def test_every_customer_obeys_both_laws_under_every_policy(raw, policy):
    registry = CustomerRegistry(policy=policy)
    if registry.check(raw).ok:
        expect_both_laws(registry, registry.register(raw).customer)


@few
@given(
    st.lists(st.lists(st.sampled_from(TYPED_PHONES), max_size=3), min_size=1, max_size=4),
    st.lists(st.sampled_from(ABROAD), max_size=2),
    st.sampled_from(POLICIES),
)
def test_phones_of_many_countries_under_addresses_of_others_obey_both_laws(
    phones, addresses, policy
):
    raw = {
        "kind": "organization",
        "name": "上海浦江贸易有限公司",
        "contacts": [{"name": f"联系人{at}", "phones": typed} for at, typed in enumerate(phones)],
        "addresses": addresses,
    }
    registry = CustomerRegistry(policy=policy)
    if registry.check(raw).ok:
        expect_both_laws(registry, registry.register(raw).customer)


@few
@given(raw_customers(), st.sampled_from(ABROAD), st.sampled_from(POLICIES))
def test_a_customer_that_moved_abroad_obeys_both_laws(raw, address, policy):
    raw.pop("invoice_profile", None)
    registry = CustomerRegistry(policy=policy)
    if not registry.check(raw).ok:
        return
    customer = registry.register(raw).customer
    expect_both_laws(registry, registry.update(customer, addresses=[address]).customer)


@few
@given(customers(), st.sampled_from(POLICIES))
def test_a_customer_stored_under_another_policy_is_unchanged_when_saved_back(customer, policy):
    repository = InMemoryRepository()
    with repository.write() as work:
        work.customers.add(customer)
    registry = CustomerRegistry(repository=repository, policy=policy)
    expect_that_saving_it_back_changes_nothing(registry, customer)


@few
@given(customers(), st.data())
def test_any_part_of_the_form_sent_back_changes_nothing(customer, data):
    repository = InMemoryRepository()
    with repository.write() as work:
        work.customers.add(customer)
    registry = CustomerRegistry(repository=repository)
    form = customer.raw()
    sent = {name: form[name] for name in data.draw(st.sets(st.sampled_from(sorted(form))))}
    assert registry.update(customer, sent).version == customer.version


@few
@given(customers())
def test_one_field_changed_in_the_form_changes_that_field_alone(customer):
    repository = InMemoryRepository()
    with repository.write() as work:
        work.customers.add(customer)
    registry = CustomerRegistry(repository=repository)
    after = registry.update(customer, {**customer.raw(), "grade": "新等级"}).customer
    assert differing(customer, after) == {"grade", "version", "updated_at"}
    assert [change.path for change in registry.history(after)[-1].changes] == ["grade"]


def test_the_raw_form_of_an_example_names_no_assigned_field():
    raw = make_customer().raw(as_new=True)
    assert not raw.keys() & {"id", "code", "version", "tax_identifiers", "identity_document"}
    assert not raw.keys() & {"bank_accounts"}
