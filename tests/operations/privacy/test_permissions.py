"""Each right of a person is a permission of its own, and an act of its own in the journal."""

import pytest

from customer_registry import Actor, CompanyPolicy, CustomerRegistry, NotPermitted
from customer_registry.domain.access import Sight
from customer_registry.operations import (
    erase,
    export_subject,
    hold,
    release,
    restrict,
    retention,
    scrub,
    unrestrict,
)

ACTS = {
    "erase": [lambda registry, customer: erase(registry, customer, "原因")],
    "export_subject": [export_subject],
    "hold": [
        lambda registry, customer: hold(registry, customer, "原因"),
        lambda registry, customer: release(registry, customer, "原因"),
    ],
    "restrict": [
        lambda registry, customer: restrict(registry, customer, "原因"),
        lambda registry, customer: unrestrict(registry, customer, "原因"),
    ],
    "retention": [lambda registry, customer: list(retention(registry))],
    "scrub": [lambda registry, customer: scrub(registry)],
}
EACH = [(permission, act) for permission, acts in ACTS.items() for act in acts]


class AllBut:
    def __init__(self, denied):
        self.denied = denied

    def permits(self, actor, action, customer):
        return action != self.denied

    def sight(self, actor, field, customer):
        return Sight.EDITED


@pytest.mark.parametrize(("permission", "act"), EACH)
def test_without_its_permission_it_is_refused(repository, permission, act):
    registry = CustomerRegistry(repository=repository, access=AllBut(permission))
    customer = registry.register(kind="person", name="王芳").customer
    with pytest.raises(NotPermitted) as refused:
        act(registry, customer)
    assert refused.value.action == permission
    assert registry.get(customer.id) == customer


@pytest.mark.parametrize(("permission", "act"), EACH)
def test_with_that_permission_alone_it_is_done(repository, permission, act):
    policy = CompanyPolicy.loads(
        f'[access.roles.dpo]\nactions = ["get", "{permission}"]\nscope = "all"'
    )
    customer = CustomerRegistry(repository=repository).register(kind="person", name="王芳").customer
    registry = CustomerRegistry(repository=repository, policy=policy)
    act(registry.acting_as(Actor("dpo", roles={"dpo"})), customer)


def test_a_restricted_customer_is_seen_by_those_who_may_restrict(repository):
    customer = CustomerRegistry(repository=repository).register(kind="person", name="王芳").customer
    restrict(CustomerRegistry(repository=repository), customer, "异议")
    blind = CustomerRegistry(repository=repository, access=AllBut("restrict"))
    assert len(blind.search("王芳")) == 0
    with pytest.raises(Exception, match="no such customer"):
        blind.get(customer.id)
    seeing = CustomerRegistry(repository=repository, access=AllBut("erase"))
    assert seeing.get(customer.id).custody.restricted == "异议"


def test_the_journal_calls_each_act_by_its_name(repository):
    registry = CustomerRegistry(repository=repository)
    customer = registry.register(kind="person", name="王芳").customer
    for act in (hold, release, restrict, unrestrict):
        customer = act(registry, customer, f"原因：{act.__name__}").customer
    told = [(entry.action, entry.reason) for entry in registry.history(customer)[1:]]
    assert told == [
        ("held", "原因：hold"),
        ("released", "原因：release"),
        ("restricted", "原因：restrict"),
        ("unrestricted", "原因：unrestrict"),
    ]
    paths = [[change.path for change in entry.changes] for entry in registry.history(customer)[1:]]
    assert paths == [["custody.hold"]] * 2 + [["custody.restricted"]] * 2
