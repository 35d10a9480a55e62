"""Scenarios of four eyes: what waits for a second person, and what becomes of it."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import pytest

from customer_registry import (
    Actor,
    CompanyPolicy,
    CustomerRegistry,
    Issue,
    NotPermitted,
    StaleVersion,
    TamperedRecord,
    ValidationFailed,
)
from customer_registry.operations import approve, pending, reject, unapprove, verify

POLICY = CompanyPolicy.loads("""
[approval]
fields = ["bank_accounts", "credit_limit"]
new_customers = true
days = 7
""")
ACCOUNT = {"bank": "中国银行", "number": "6217000010001234567", "holder": "王芳"}


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def clerk(repository, clock, told):
    registry = CustomerRegistry(
        repository=repository, policy=POLICY, clock=clock, hooks=[told.append]
    )
    return registry.acting_as(Actor("clerk"))


@pytest.fixture
def boss(clerk):
    return clerk.acting_as(Actor("boss"))


@pytest.fixture
def customer(clerk):
    return clerk.register(kind="person", name="王芳").customer


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [issue.code for issue in failed.value.report.errors]


def actions(registry, customer):
    return [(entry.actor, entry.action) for entry in registry.history(customer)]


def test_an_edit_of_such_a_field_waits_and_says_so(clerk, customer, told):
    told.clear()
    receipt = clerk.update(customer, credit_limit="50000", grade="A")
    assert receipt.waiting is not None
    assert receipt.customer == clerk.get("C000001") == customer
    assert receipt.message("zh") == "已提交审核，客户编码：C000001"
    assert receipt.report.lines("zh") == ("修改已提交，由另一人审核后生效",)
    assert told == [], "nothing is saved yet, no hook is called"


def test_an_edit_of_other_fields_does_not_wait(clerk, customer):
    receipt = clerk.update(customer, grade="A")
    assert (receipt.waiting, receipt.version) == (None, 2)


def test_what_was_wrong_is_told_before_it_waits(clerk, customer):
    assert refused(lambda: clerk.update(customer, credit_limit="-1")) == ["credit.negative"]
    assert pending(clerk) == ()


def test_a_second_person_sees_and_approves_it(clerk, boss, customer, told):
    receipt = clerk.update(customer, bank_accounts=[ACCOUNT], grade="A")
    (waiting,) = pending(boss)
    assert (waiting.edit.id, waiting.edit.actor) == (receipt.waiting, "clerk")
    assert waiting.customer == customer
    assert waiting.proposed.bank_accounts[0].number == ACCOUNT["number"]
    told.clear()
    saved = approve(boss, waiting.edit)
    assert saved.customer == boss.get("C000001")
    assert (saved.version, saved.customer.grade) == (2, "A")
    assert saved.customer.bank_accounts[0].number == ACCOUNT["number"]
    assert told == [saved]
    assert pending(boss) == ()
    assert actions(boss, customer) == [
        ("clerk", "registered"),
        ("clerk", "submitted"),
        ("boss", "approved"),
    ]
    assert verify(boss).ok


def test_the_journal_tells_what_changed_and_never_the_number(clerk, boss, customer):
    waiting = clerk.update(customer, bank_accounts=[ACCOUNT], credit_limit="10").waiting
    approve(boss, waiting)
    _, submitted, approved = boss.history(customer)
    assert [(each.path, each.hidden) for each in submitted.changes] == [
        ("bank_accounts", True),
        ("credit_limit", True),
        ("pending", False),
    ]
    assert approved.reason == "submitted by clerk"
    shown = {each.path: (each.hidden, each.after) for each in approved.changes}
    assert shown["credit_limit"] == (False, "10 CNY")
    assert shown["bank_accounts.2-1.number"] == (True, None)
    assert ACCOUNT["number"] not in repr([submitted, approved, *pending(boss)])


def test_nobody_approves_his_own(clerk, customer):
    waiting = clerk.update(customer, credit_limit="10").waiting
    assert refused(lambda: approve(clerk, waiting)) == ["approval.own"]
    assert len(pending(clerk)) == 1


def test_what_was_decided_is_gone(clerk, boss, customer):
    waiting = clerk.update(customer, credit_limit="10").waiting
    approve(boss, waiting)
    assert refused(lambda: approve(boss, waiting)) == ["approval.gone"]
    assert refused(lambda: reject(boss, waiting, "晚了")) == ["approval.gone"]


def test_rejected_or_withdrawn_it_leaves_the_customer_as_he_is(clerk, boss, customer):
    for registry in (boss, clerk):
        waiting = clerk.update(customer, credit_limit="10").waiting
        assert reject(registry, waiting, "额度过高") is None
    assert clerk.get(customer.id) == customer
    acts = [(entry.actor, entry.action, entry.reason) for entry in clerk.history(customer)]
    assert acts[2::2] == [("boss", "rejected", "额度过高"), ("clerk", "withdrawn", "额度过高")]
    assert refused(lambda: reject(boss, waiting, " ")) == ["reason.required"]


def test_after_its_time_nobody_approves_it(clerk, boss, customer, clock):
    waiting = clerk.update(customer, credit_limit="10").waiting
    clock.now += timedelta(days=7)
    assert refused(lambda: approve(boss, waiting)) == ["approval.expired"]
    (late,) = pending(boss)
    assert late.expired
    reject(boss, waiting, "过期")


def test_a_change_of_the_same_field_meanwhile_overtakes_it(clerk, boss, customer):
    first = clerk.update(customer, credit_limit="10").waiting
    second = clerk.update(customer, credit_limit="20").waiting
    approve(boss, second)
    assert refused(lambda: approve(boss, first)) == ["approval.overtaken"]
    assert str(clerk.get(customer.id).credit_limit) == "20 CNY"


def test_a_change_of_another_field_meanwhile_does_not_matter(clerk, boss, customer):
    waiting = clerk.update(customer, credit_limit="10").waiting
    clerk.update(customer, grade="A", contacts=[{"name": "李雷", "phones": ["13800138000"]}])
    saved = approve(boss, waiting).customer
    assert (saved.grade, str(saved.credit_limit), saved.version) == ("A", "10 CNY", 3)
    assert saved.contacts[0].name == "李雷"


def test_it_is_judged_again_by_the_rules_of_the_day(clerk, boss, customer):
    waiting = clerk.update(customer, credit_limit="10").waiting

    def no_credit(credit_limit):
        if credit_limit is not None:
            yield Issue("credit.negative", ("credit_limit",))

    strict = CustomerRegistry(
        repository=boss._office.repository, policy=POLICY, rules=[no_credit], actor=Actor("boss")
    )
    assert refused(lambda: approve(strict, waiting)) == ["credit.negative"]
    assert len(pending(boss)) == 1


def test_new_entries_of_a_list_get_their_ids_when_it_is_approved(clerk, boss, customer):
    waiting = clerk.update(customer, bank_accounts=[ACCOUNT]).waiting
    first = approve(boss, waiting).customer
    other = {"bank": "农业银行", "number": "6228480402564890018"}
    kept = {"id": first.bank_accounts[0].id, "bank": "中国银行上海分行"}
    saved = approve(boss, clerk.update(first, bank_accounts=[kept, other]).waiting).customer
    assert [each.id for each in saved.bank_accounts] == ["2-1", "3-1"]
    assert saved.bank_accounts[0].number == ACCOUNT["number"]
    assert saved.bank_accounts[0].bank == "中国银行上海分行"


def test_a_retry_says_again_that_it_waits_and_waits_once(clerk, customer):
    first = clerk.update(customer, credit_limit="10", idempotency_key="k")
    again = clerk.update(customer, credit_limit="10", idempotency_key="k")
    assert again.replayed
    assert again.waiting == first.waiting
    assert len(pending(clerk)) == 1


def test_a_new_customer_waits_in_use_until_another_approves_him(clerk, boss, customer):
    assert customer.approval == "pending"
    assert refused(lambda: approve(clerk, customer)) == ["approval.own"]
    approved = approve(boss, customer).customer
    assert (approved.approval, approved.version) == ("approved", 2)
    assert approve(boss, approved).version == 2
    back = unapprove(boss, approved, "资料有误").customer
    assert back.approval == "pending"
    assert reject(boss, back, "重复").customer.approval == "rejected"
    assert [entry.action for entry in boss.history(customer)] == [
        "registered",
        "approved",
        "unapproved",
        "rejected",
    ]
    assert verify(boss).ok


def test_a_version_that_is_not_current_is_not_approved(clerk, boss, customer):
    clerk.update(customer, grade="A")
    with pytest.raises(StaleVersion):
        approve(boss, customer)


def test_without_the_policy_nothing_waits(repository):
    registry = CustomerRegistry(repository=repository)
    customer = registry.register(kind="person", name="王芳").customer
    assert customer.approval == "none"
    assert registry.update(customer, credit_limit="10").waiting is None


def test_two_who_approve_at_once_save_it_once(clerk, boss, customer):
    waiting = clerk.update(customer, credit_limit="10").waiting
    bosses = [clerk.acting_as(Actor(f"boss{number}")) for number in range(4)]
    outcomes = []

    def one(registry):
        try:
            outcomes.append(approve(registry, waiting).version)
        except (ValidationFailed, StaleVersion) as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=one, args=(each,)) for each in bosses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(2) == 1
    assert len(outcomes) == 4
    assert clerk.get(customer.id).version == 2


RESTRICTED = CompanyPolicy.loads("""
[approval]
fields = ["bank_accounts"]

[access.roles.clerk]
actions = ["register", "update", "get"]
scope = "all"
fields = { default = "edited" }

[access.roles.approver]
actions = ["get", "approve", "reject", "pending"]
scope = "all"
fields = { default = "seen", bank_accounts = "masked" }

[access.roles.visitor]
actions = ["get"]
scope = "all"
""")


def test_rights_decide_who_approves_and_what_he_sees_of_it(repository):
    registry = CustomerRegistry(repository=repository, policy=RESTRICTED)
    clerk, approver, visitor = (
        registry.acting_as(Actor(role, roles={role})) for role in ("clerk", "approver", "visitor")
    )
    customer = clerk.register(kind="person", name="王芳").customer
    receipt = clerk.update(customer, bank_accounts=[ACCOUNT])
    (waiting,) = pending(approver)
    assert waiting.edit.fields["bank_accounts"][0]["number"] == "621700*********4567"
    assert str(waiting.proposed.bank_accounts[0].number) == "621700*********4567"
    for act in (pending, lambda each: approve(each, receipt.waiting)):
        with pytest.raises(NotPermitted):
            act(visitor)
    saved = approve(approver, receipt.waiting).customer
    assert str(saved.bank_accounts[0].number) == "621700*********4567"
    assert clerk.get(customer.id).bank_accounts[0].number == ACCOUNT["number"]


HIDING = CompanyPolicy.loads("""
[approval]
fields = ["credit_limit"]
new_customers = true

[custom.salary]
type = "text"

[access.roles.clerk]
actions = ["register", "update", "get"]
scope = "all"
fields = { default = "edited" }

[access.roles.approver]
actions = ["get", "approve", "reject", "pending"]
scope = "all"
fields = { default = "seen", "custom.salary" = "hidden", notes = "hidden" }

[access.roles.trainee]
actions = ["get", "approve", "pending"]
deny = ["reject"]
scope = "all"
fields = { default = "seen" }
""")


@pytest.fixture
def roles(repository):
    registry = CustomerRegistry(repository=repository, policy=HIDING)
    return lambda role, name=None: registry.acting_as(Actor(name or role, roles={role}))


def test_what_is_hidden_does_not_show_in_an_edit_that_waits(roles):
    clerk, approver = roles("clerk"), roles("approver")
    customer = clerk.register(kind="person", name="王芳").customer
    clerk.update(customer, credit_limit="10", custom={"salary": "机密"})
    (waiting,) = pending(approver)
    assert "机密" not in repr([waiting.edit.fields, waiting.proposed.raw()])
    assert waiting.edit.fields["credit_limit"] == "10 CNY"


def test_nobody_approves_what_is_hidden_from_him(roles):
    clerk, approver = roles("clerk"), roles("approver")
    customer = clerk.register(kind="person", name="王芳").customer
    waiting = clerk.update(customer, credit_limit="10", notes="秘密").waiting
    with pytest.raises(NotPermitted):
        approve(approver, waiting)


def test_rejecting_is_a_right_of_its_own(roles):
    clerk, trainee = roles("clerk"), roles("trainee")
    customer = clerk.register(kind="person", name="王芳").customer
    waiting = clerk.update(customer, credit_limit="10").waiting
    for what in (waiting, customer):
        with pytest.raises(NotPermitted):
            reject(trainee, what, "不行")
    assert approve(trainee, customer).customer.approval == "approved"


@pytest.mark.parametrize("name", ["Clerk", "clerk ", "ｃｌｅｒｋ"])
def test_another_spelling_is_no_second_person(clerk, customer, name):
    waiting = clerk.update(customer, credit_limit="10").waiting
    twin = clerk.acting_as(Actor(name))
    assert refused(lambda: approve(twin, waiting)) == ["approval.own"]
    assert refused(lambda: approve(twin, customer)) == ["approval.own"]


def test_who_edited_a_new_customer_does_not_approve_him_either(clerk, boss, customer):
    edited = boss.update(customer, grade="A").customer
    assert refused(lambda: approve(boss, edited)) == ["approval.own"]
    third = clerk.acting_as(Actor("third"))
    approved = approve(third, edited).customer
    assert [(each.path, each.after) for each in clerk.history(customer)[-1].changes] == [
        ("approval", "approved")
    ]
    again = unapprove(third, approved, "再看一次").customer
    assert approve(boss, again).customer.approval == "approved", "his edit was seen by the third"


# What the journal tells of an edit


@pytest.fixture
def waiting(clerk, customer):
    return clerk.update(customer, credit_limit="50000").waiting


def codes(registry):
    return [each.code for each in verify(registry).disagreements]


def test_an_edit_that_waits_is_as_it_was_submitted(clerk, waiting):
    assert codes(clerk) == []


@pytest.mark.parametrize("what", ["actor", "id", "customer"])
def test_an_edit_that_nobody_submitted_so_is_told_and_not_approved(
    boss, clerk, repository, waiting, what
):
    other = clerk.register(kind="person", name="李娜").customer
    changed = {
        "actor": {"actor": "somebody"},
        "id": {"id": UUID(int=7)},
        "customer": {"customer_id": other.id},
    }[what]
    with repository.write() as work:
        bent = attrs.evolve(work.edits.get(waiting), **changed)
        work.edits.drop(waiting)
        work.edits.add(bent)
    assert codes(clerk) == ["edit.unfounded"]
    with pytest.raises(TamperedRecord):
        approve(boss, bent.id)


def test_an_edit_that_was_rejected_does_not_come_back(boss, clerk, repository, waiting):
    with repository.read() as work:
        edit = work.edits.get(waiting)
    reject(boss, waiting, "额度太高")
    assert codes(clerk) == []
    with repository.write() as work:
        work.edits.add(edit)
    assert codes(clerk) == ["edit.unfounded"]
    with pytest.raises(TamperedRecord):
        approve(boss, waiting)
