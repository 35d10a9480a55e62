"""Scenarios of verification: what a host's register says is written down, and when it is not."""

from datetime import UTC, datetime, timedelta

import pytest

from customer_registry import (
    STANDARD,
    Actor,
    CustomerNotFound,
    CustomerRegistry,
    NotPermitted,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.domain.verification import Remembering, Verification, asked
from customer_registry.operations import mark_verified, verify
from customer_registry.testing import FakeVerifier, uscc
from customer_registry.validation.rules.verification import verified_by

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
NUMBER, OTHER = uscc(1), uscc(2)


def answer(outcome, at=AT):
    return Verification(outcome=outcome, source="VIES", at=at)


@pytest.fixture
def registry():
    return CustomerRegistry()


@pytest.fixture
def customer(registry):
    fields = {"kind": "organization", "name": "上海浦江贸易有限公司", "phone": "021-62345678"}
    return registry.register(fields, tax_identifiers=[NUMBER]).customer


def test_a_confirmed_customer_carries_the_time_and_the_journal_the_register(registry, customer):
    receipt = mark_verified(registry, customer, answer("confirmed"))
    assert receipt.customer.verified_at == AT
    assert receipt.version == customer.version + 1
    assert receipt.report.issues == ()
    assert registry.get(customer.code) == receipt.customer
    entry = registry.history(customer)[-1]
    assert (entry.action, entry.reason, entry.actor) == ("verified", "VIES", "system")
    assert [(each.path, each.after) for each in entry.changes] == [("verified_at", AT.isoformat())]


def test_a_refuted_customer_is_recorded_and_no_longer_verified(registry, customer):
    known = mark_verified(registry, customer, answer("confirmed")).customer
    receipt = mark_verified(registry, known, answer("refuted"))
    assert receipt.customer.verified_at is None
    assert [issue.code for issue in receipt.report.warnings] == ["tax_id.refuted"]
    assert registry.history(customer)[-1].action == "refuted"


def test_what_nobody_knows_yet_writes_nothing_and_may_be_confirmed_later(registry, customer):
    receipt = mark_verified(registry, customer, answer("unknown"))
    assert [issue.code for issue in receipt.report.warnings] == ["tax_id.unverifiable"]
    assert receipt.version == customer.version
    assert len(registry.history(customer)) == 1
    assert mark_verified(registry, receipt.customer, answer("confirmed")).customer.verified_at == AT


def test_a_customer_whom_somebody_saved_meanwhile_is_not_marked(registry, customer):
    registry.update(customer, tax_identifiers=[OTHER])
    with pytest.raises(StaleVersion) as stale:
        mark_verified(registry, customer, answer("confirmed"))
    assert stale.value.overlap == ("tax_identifiers",)
    assert registry.get(customer.code).verified_at is None


def test_a_customer_who_is_not_here_is_not_found(customer):
    with pytest.raises(CustomerNotFound):
        mark_verified(CustomerRegistry(), customer, answer("confirmed"))


def test_who_may_not_verify_does_not():
    class NoVerifying:
        def permits(self, actor, action, customer):
            return action != "mark_verified"

    registry = CustomerRegistry(access=NoVerifying()).acting_as(Actor("li"))
    customer = registry.register(kind="person", name="王芳").customer
    for outcome in ("confirmed", "unknown"):
        with pytest.raises(NotPermitted):
            mark_verified(registry, customer, answer(outcome))


@pytest.mark.parametrize(
    ("edit", "stays"),
    [
        ({"grade": "A", "phone": "13800138000"}, True),
        ({"name": "上海浦江贸易有限公司"}, True),
        ({"tax_identifiers": [NUMBER]}, True),
        ({"name": "上海浦东贸易有限公司"}, False),
        ({"tax_identifiers": [OTHER]}, False),
        ({"tax_identifiers": []}, False),
        ({"kind": "person"}, False),
    ],
)
def test_who_changes_what_was_verified_is_to_be_verified_again(registry, customer, edit, stays):
    known = mark_verified(registry, customer, answer("confirmed")).customer
    after = registry.update(known, edit).customer
    assert (after.verified_at == AT) is stays
    changed = {change.path for change in registry.history(customer)[-1].changes}
    assert ("verified_at" in changed) is (not stays and after != known) or stays


def test_the_hooks_hear_of_a_verification(customer, registry):
    heard = []
    store = registry._office.repository
    listening = CustomerRegistry(repository=store, hooks=[heard.append])
    mark_verified(listening, customer, answer("unknown"))
    receipt = mark_verified(listening, customer, answer("confirmed"))
    assert heard == [receipt]


def test_a_verified_registry_agrees_with_its_journal(registry, customer):
    known = mark_verified(registry, customer, answer("confirmed")).customer
    mark_verified(registry, known, answer("refuted"))
    assert verify(registry).ok


class Shop:
    """A host with its register switched on: it verifies on registration and marks afterwards."""

    def __init__(self, script):
        self.register_asked = FakeVerifier(script, source="VIES", clock=lambda: AT)
        self.verifier = Remembering(self.register_asked, timedelta(days=30), lambda: AT)
        self.registry = CustomerRegistry(rules=[*STANDARD, verified_by(self.verifier)])

    def register(self, name, number):
        typed = {"scheme": "be.register", "number": number}
        fields = {"kind": "organization", "name": name, "tax_identifiers": [typed]}
        return self.marked(self.registry.register(fields).customer)

    def marked(self, customer):
        found = asked(self.verifier, customer.tax_identifiers[0])
        return mark_verified(self.registry, customer, found).customer


def test_a_shop_whose_register_is_on_takes_only_what_it_knows():
    shop = Shop({"BE0987654321": "refuted", "BE0477472701": "confirmed"})
    with pytest.raises(ValidationFailed):
        shop.register("Refused BV", "BE0987654321")
    assert shop.register("Known BV", "BE0477472701").verified_at == AT


def test_a_number_verified_before_is_not_asked_for_again_and_keeps_its_time():
    shop = Shop({"BE0477472701": "confirmed"})
    shop.registry.check(kind="person", name="王芳", tax_identifiers=[
        {"scheme": "be.register", "number": "BE0477472701"}
    ])  # fmt: skip
    assert shop.register("Known BV", "BE0477472701").verified_at == AT
    assert shop.register_asked.asked == ["BE0477472701"]


def test_each_answer_of_a_remote_register_has_its_outcome():
    shop = Shop({
        "BE1": "confirmed", "BE2": ["unknown", "unknown", "confirmed"], "BE3": OSError("fault"),
    })  # fmt: skip
    assert shop.register("Valid BV", "BE1").verified_at == AT
    pending = shop.register("Pending BV", "BE2")
    assert pending.verified_at is None
    assert shop.marked(pending).verified_at == AT
    fault = shop.register("Fault BV", "BE3")
    assert fault.verified_at is None
    report = shop.registry.check(fault.raw(as_new=True), tax_identifiers=[
        {"scheme": "be.register", "number": "BE3"}
    ])  # fmt: skip
    assert "tax_id.unverifiable" in {issue.code for issue in report.warnings}
