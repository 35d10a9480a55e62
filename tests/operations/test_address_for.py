"""Scenarios of addresses by purpose, through a customer and those above it."""

import attrs
import pytest

from customer_registry import Actor, CustomerRegistry, PostalAddress
from customer_registry.operations import address_for


@pytest.fixture
def registry():
    return CustomerRegistry()


def make(registry, name, parent=None, **addresses):
    """Register a customer whose addresses are called by their purposes."""
    fields = {
        "kind": "organization",
        "name": f"{name}有限公司",
        "addresses": [
            {"street_address": street, "purposes": [purpose] if purpose != "plain" else []}
            for purpose, street in addresses.items()
        ],
    }
    if parent:
        fields["parent"] = str(parent.code)
    return registry.register(fields).customer


def found(registry, customer, *purposes):
    return [
        address and address.street_address
        for address in (address_for(registry, customer, purpose) for purpose in purposes)
    ]


def test_an_address_is_looked_for_up_the_tree(registry):
    trunk = make(registry, "Elmtree", contact="Elmtree")
    branch = make(registry, "Branch1", trunk, contact="Branch1", billing="Leaf10")
    twig = make(registry, "Branch11", branch, other="Branch11")
    leaf = make(registry, "Leaf111", twig, shipping="Leaf111")
    purposes = ("shipping", "billing", "contact", "other")
    assert found(registry, leaf, *purposes) == ["Leaf111", "Leaf10", "Branch1", "Branch11"]


def test_where_nobody_has_the_purpose_the_own_first_address_is_meant(registry):
    branch = make(registry, "Branch2", plain="Branch2", shipping="Leaf21")
    leaf = make(registry, "Leaf22", branch, plain="Leaf22")
    purposes = ("shipping", "billing", "contact", "other")
    assert found(registry, branch, *purposes) == ["Leaf21", "Branch2", "Branch2", "Branch2"]
    assert found(registry, leaf, *purposes) == ["Leaf21", "Leaf22", "Leaf22", "Leaf22"]


def test_who_has_no_address_has_that_of_the_nearest_above(registry):
    trunk = make(registry, "甲", plain="甲地")
    branch = make(registry, "乙", trunk)
    leaf = make(registry, "丙", branch)
    assert found(registry, leaf, "billing") == ["甲地"]


def test_nobody_above_and_nothing_of_ones_own_is_none(registry):
    assert address_for(registry, make(registry, "甲"), "billing") is None


def test_the_nearest_one_above_comes_before_those_beyond(registry):
    trunk = make(registry, "甲", billing="甲地")
    branch = make(registry, "乙", trunk, billing="乙地")
    assert found(registry, make(registry, "丙", branch), "billing") == ["乙地"]


def test_customers_in_a_ring_end_the_search(registry):
    one = make(registry, "甲")
    other = make(registry, "乙", one)
    ring = attrs.evolve(one, parent=other.code, version=2)
    with registry.unit("test", writing=True) as work:
        assert work.customers.replace(ring)
    assert address_for(registry, ring, "billing") is None


def test_a_parent_who_is_gone_ends_the_search(registry):
    leaf = attrs.evolve(make(registry, "甲", plain="甲地"), parent="C999999")
    assert found(registry, leaf, "billing") == ["甲地"]


def test_what_the_actor_may_not_see_is_not_shown():
    class OwnCustomersOnly:
        def permits(self, actor, action, customer):
            return customer is None or customer.owner == actor.id

    registry = CustomerRegistry(access=OwnCustomersOnly())
    boss, other = (registry.acting_as(Actor(name)) for name in ("boss", "other"))
    address = [{"street_address": "甲地", "purposes": ["billing"]}]
    fields = {"kind": "organization", "name": "甲公司", "addresses": address}
    trunk = boss.register(fields, owner="boss").customer
    leaf = boss.register(
        kind="organization", name="乙公司", owner="other", parent=str(trunk.code)
    ).customer
    assert isinstance(address_for(boss, leaf, "billing"), PostalAddress)
    assert address_for(other, leaf, "billing") is None
