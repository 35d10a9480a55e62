import json
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry import (
    Customer,
    CustomerRegistry,
    IdentityDocument,
    PhoneNumber,
    TaxIdentifier,
)
from customer_registry import testing as published
from customer_registry.testing import (
    customers,
    emails,
    make_customer,
    make_raw,
    phones,
    raw_customers,
    resident_id,
    resident_ids,
    uscc,
    usccs,
)

KINDS = ("organization", "person")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_customer(kind):
    assert make_customer(kind, 7) == make_customer(kind, 7)
    assert make_raw(kind, 7) == make_raw(kind, 7)


@pytest.mark.parametrize("kind", KINDS)
def test_every_seed_makes_another_customer(kind):
    made = [make_customer(kind, seed) for seed in range(2_000)]
    for facts in (
        {each.id for each in made},
        {each.code for each in made},
        {each.name.key for each in made},
        {each.phones[0].key for each in made},
        {each.emails[0].key for each in made},
        {each.bank_accounts[0].number for each in made},
    ):
        assert len(facts) == len(made)


def test_no_two_examples_share_a_tax_number_or_a_document():
    assert len({uscc(seed) for seed in range(5_000)}) == 5_000
    assert len({resident_id(seed) for seed in range(5_000)}) == 5_000


def test_a_person_and_an_organization_of_one_seed_are_two_customers():
    person, organization = make_customer("person", 3), make_customer("organization", 3)
    assert person.id != organization.id
    assert person.code != organization.code
    assert not {*map(str, person.phones)} & {*map(str, organization.phones)}


@given(st.integers(0, 10**6))
def test_check_digits_are_right_for_any_seed(seed):
    assert str(TaxIdentifier.parse(uscc(seed), "cn.uscc")) == uscc(seed)
    assert str(IdentityDocument.parse(resident_id(seed))) == resident_id(seed)


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_registered_without_a_word(kind):
    registry = CustomerRegistry()
    for seed in range(40):
        assert registry.register(make_raw(kind, seed)).report.issues == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 500])
def test_the_raw_example_registers_as_the_example(kind, seed):
    made, registered = make_customer(kind, seed), CustomerRegistry().register(make_raw(kind, seed))
    ours, theirs = made.raw(), registered.customer.raw()
    for shape in (ours, theirs):
        del shape["id"], shape["code"]
        for entries in ("contacts", "addresses", "bank_accounts"):
            for entry in shape[entries]:
                del entry["id"]
    assert ours == theirs


def test_a_raw_example_is_plain_json():
    raw = make_raw(seed=4)
    assert json.loads(json.dumps(raw)) == raw


def test_changes_come_last():
    assert make_customer(grade=None, seed=1).grade is None
    assert make_raw(seed=1, grade="X")["grade"] == "X"


def test_an_unknown_kind_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="company"):
        make_customer("company")


def test_ids_of_later_examples_sort_behind():
    ids = [make_customer(seed=seed).id for seed in range(50)]
    assert ids == sorted(ids)
    assert {each.version for each in ids} == {7}


def test_times_are_aware_and_in_utc():
    assert make_customer().created_at.utcoffset() == timedelta(0)


@settings(max_examples=60, deadline=None)
@given(raw_customers())
def test_raw_customers_register(raw):
    assert CustomerRegistry().register(raw).customer.version == 1


@settings(max_examples=30, deadline=None)
@given(raw_customers(kind="person"), customers(kind="organization"))
def test_strategies_keep_to_the_kind_asked_for(raw, customer):
    assert raw["kind"] == "person"
    assert customer.kind == "organization"
    assert isinstance(customer, Customer)


@given(phones(), emails(), usccs(), resident_ids())
def test_typed_values_are_sound(phone, email, code, number):
    assert PhoneNumber.parse(phone)
    assert TaxIdentifier.parse(code).scheme == "cn.uscc"
    assert IdentityDocument.parse(number).birth_date
    assert CustomerRegistry().check(kind="person", name="王芳", email=email).ok


def test_every_public_name_is_there_and_listed_in_order():
    assert published.__all__ == sorted(published.__all__)
    assert all(hasattr(published, name) for name in published.__all__)
    assert set(published.__all__) <= set(dir(published))
    with pytest.raises(AttributeError, match="no attribute"):
        _ = published.nothing


def _python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("absent", "name"),
    [
        ("pytest", "RepositoryContract"),
        ("hypothesis", "RepositoryMachine"),
        ("hypothesis", "raw_customers"),
    ],
)
def test_what_is_not_installed_says_what_to_install(absent, name):
    program = (
        f"import sys; sys.modules[{absent!r}] = None\n"
        "from customer_registry.domain.errors import MissingExtra\n"
        "try:\n"
        f"    from customer_registry.testing import {name}\n"
        "except MissingExtra as error:\n"
        "    print(error.extra)\n"
    )
    assert _python(program).strip() == "testing"


def test_examples_need_neither_pytest_nor_hypothesis():
    program = (
        "import sys; sys.modules['hypothesis'] = sys.modules['pytest'] = None\n"
        "from customer_registry.testing import make_customer, make_raw\n"
        "print(make_customer().code, make_raw('person')['kind'])\n"
    )
    assert _python(program).strip() == "E000000 person"
