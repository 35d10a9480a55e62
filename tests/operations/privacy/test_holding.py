"""Scenarios of data that may only be stored: legal holds, and restricted processing."""

from datetime import date

import pytest

from customer_registry import CustomerRegistry, StaleVersion, ValidationFailed, Verification
from customer_registry.operations import hold, mark_verified, recode, release, restrict, unrestrict


@pytest.fixture
def registry(repository):
    return CustomerRegistry(repository=repository)


@pytest.fixture
def customer(registry):
    return registry.register(kind="person", name="王芳").customer


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [issue.code for issue in failed.value.report.errors]


def test_a_hold_is_kept_with_its_reason_and_its_day(registry, customer):
    held = hold(registry, customer, " 合同纠纷 ", until=date(2027, 1, 1)).customer
    assert registry.get(customer.id) == held
    assert (held.custody.hold.reason, held.custody.hold.until) == ("合同纠纷", date(2027, 1, 1))
    entry = registry.history(customer)[-1]
    assert (entry.action, entry.reason, entry.version) == ("held", "合同纠纷", 2)


def test_a_held_customer_is_edited_as_before(registry, customer):
    held = hold(registry, customer, "合同纠纷").customer
    after = registry.update(held, grade="A").customer
    assert after.custody == held.custody


def test_a_restricted_customer_is_not_edited_until_that_is_lifted(registry, customer):
    kept = restrict(registry, customer, "本人对资料有异议").customer
    assert refused(lambda: registry.update(kept, grade="A")) == ["customer.restricted"]
    assert refused(lambda: registry.change_status(kept, "blocked")) == ["customer.restricted"]
    assert refused(lambda: recode(registry, kept, "C9", "合并")) == ["customer.restricted"]
    confirmed = Verification(outcome="confirmed", source="VIES", at=kept.updated_at)
    assert refused(lambda: mark_verified(registry, kept, confirmed)) == ["customer.restricted"]
    free = unrestrict(registry, kept, "已核实").customer
    assert registry.update(free, grade="A").customer.grade == "A"


def test_the_reason_stands_in_no_repr(registry, customer):
    held = hold(registry, customer, "合同纠纷").customer
    kept = restrict(registry, held, "本人异议").customer
    assert "合同纠纷" not in repr(kept.custody)
    assert "本人异议" not in repr(kept.custody)


def test_doing_it_twice_makes_no_new_version(registry, customer):
    kept = restrict(registry, customer, "异议").customer
    assert restrict(registry, kept, "异议").version == kept.version
    assert release(registry, kept, "没有").version == kept.version


@pytest.mark.parametrize("act", [hold, release, restrict, unrestrict])
def test_each_act_needs_a_reason_and_the_version_that_was_read(registry, customer, act):
    assert refused(lambda: act(registry, customer, "")) == ["reason.required"]
    registry.update(customer, grade="A")
    with pytest.raises(StaleVersion):
        act(registry, customer, "原因")
