import pytest

from customer_registry import (
    Actor,
    CustomerNotFound,
    CustomerRegistry,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.testing import make_customer


@pytest.fixture
def registry():
    return CustomerRegistry()


@pytest.fixture
def customer(registry):
    return registry.register(kind="person", name="王芳").customer


def refused(change):
    with pytest.raises(ValidationFailed) as failed:
        change()
    return [(issue.code, issue.path) for issue in failed.value.report.errors]


def test_a_customer_is_blocked_for_a_reason(registry, customer):
    receipt = registry.change_status(customer, "blocked", reason=" 欠款 ")
    assert (receipt.customer.status, receipt.version) == ("blocked", 2)
    entry = registry.history(customer)[-1]
    assert (entry.action, entry.reason, entry.version) == ("status_changed", "欠款", 2)
    (change,) = [each for each in entry.changes if each.path == "status"]
    assert (change.before, change.after) == ("active", "blocked")


def test_the_journal_names_who_changed_the_status(registry, customer):
    registry.acting_as(Actor("han.meimei")).change_status(customer, "inactive")
    assert registry.history(customer)[-1].actor == "han.meimei"


def test_a_status_may_be_changed_by_code_and_version(registry, customer):
    assert registry.change_status("C000001", "blocked", version=1).version == 2


def test_a_change_by_code_without_a_version_is_the_caller_s_mistake(registry, customer):
    with pytest.raises(TypeError, match="needs version="):
        registry.change_status("C000001", "blocked")


def test_to_keep_the_status_writes_nothing(registry, customer):
    receipt = registry.change_status(customer, "active", reason="x")
    assert (receipt.customer, receipt.version) == (customer, 1)
    assert len(registry.history(customer)) == 1


def test_a_way_that_the_trade_does_not_know_is_refused(registry, customer):
    with pytest.raises(ValidationFailed) as failed:
        registry.change_status(customer, "prospect")
    assert failed.value.report.lines("zh") == ("客户状态不能由“正常”变更为“潜在”",)
    assert failed.value.report.echo == {"status": "prospect", "reason": None}


@pytest.mark.parametrize("status", ["moon", "", None, 5, []], ids=repr)
def test_a_status_that_nobody_knows_is_refused(registry, customer, status):
    assert refused(lambda: registry.change_status(customer, status)) == [
        ("status.unknown", ("status",))
    ]


@pytest.mark.parametrize("reason", [None, "", "  ", "\u200b"], ids=repr)
def test_the_black_list_wants_a_reason(registry, customer, reason):
    told = refused(lambda: registry.change_status(customer, "blacklisted", reason=reason))
    assert told == [("reason.required", ("reason",))]


def test_the_way_back_from_the_black_list_wants_a_reason_too(registry, customer):
    black = registry.change_status(customer, "blacklisted", reason="诈骗").customer
    assert refused(lambda: registry.change_status(black, "inactive")) == [
        ("reason.required", ("reason",))
    ]
    assert registry.change_status(black, "inactive", reason="已核实").version == 3


def test_everything_wrong_with_a_change_is_told_at_once(registry, customer):
    told = refused(lambda: registry.change_status(customer, "moon", reason="\0"))
    assert told == [("text.forbidden", ("reason",)), ("status.unknown", ("status",))]


def test_a_reason_too_long_is_refused(registry, customer):
    told = refused(lambda: registry.change_status(customer, "blocked", reason="x" * 1001))
    assert told == [("too_long", ("reason",))]


def test_a_stale_change_overwrites_nothing(registry, customer):
    theirs = registry.change_status(customer, "blocked").customer
    with pytest.raises(StaleVersion) as stale:
        registry.change_status(customer, "inactive")
    assert (stale.value.current, stale.value.overlap) == (theirs, ("status",))


def test_nobody_s_status_cannot_be_changed(registry):
    with pytest.raises(CustomerNotFound):
        registry.change_status(make_customer(seed=9), "blocked")


def test_a_refused_change_leaves_nothing_behind(registry, customer):
    refused(lambda: registry.change_status(customer, "prospect"))
    assert registry.get(customer.id) == customer
    assert len(registry.history(customer)) == 1
