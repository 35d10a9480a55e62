import uuid
from datetime import UTC, datetime

import pytest

from customer_registry import (
    STANDARD,
    Actor,
    CompanyPolicy,
    CustomerNotFound,
    CustomerRegistry,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.testing import make_customer, make_raw, uscc

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = {"kind": "organization", "name": "上海浦江贸易有限公司", "grade": "A", "owner": "li.lei"}


@pytest.fixture
def registry():
    return CustomerRegistry()


@pytest.fixture
def customer(registry):
    return registry.register(BASE).customer


def test_an_edit_changes_what_was_typed_and_nothing_else(registry, customer):
    after = registry.update(customer, grade="B").customer
    assert (after.grade, after.owner, after.name) == ("B", "li.lei", customer.name)


def test_an_edit_writes_the_next_version(registry, customer):
    receipt = registry.update(customer, grade="B")
    assert receipt.version == receipt.customer.version == 2
    assert registry.get(customer.id) == receipt.customer


def test_an_edit_tells_when_it_was_made_and_keeps_when_it_began(customer):
    later = CustomerRegistry(clock=lambda: NOON)
    first = later.register(BASE).customer
    moved = CustomerRegistry(
        repository=later._office.repository, clock=lambda: NOON.replace(day=25)
    )
    after = moved.update(first, grade="B").customer
    assert (after.created_at, after.updated_at) == (NOON, NOON.replace(day=25))


@pytest.mark.parametrize("typed", [None, "", "  "])
def test_a_field_typed_empty_is_cleared(registry, customer, typed):
    assert registry.update(customer, grade=typed).customer.grade is None


@pytest.mark.parametrize("raw", [{}, {"grade": "A"}, {"grade": " A "}], ids=str)
def test_an_edit_that_changes_nothing_writes_nothing(registry, customer, raw):
    receipt = registry.update(customer, raw)
    assert (receipt.customer, receipt.version) == (customer, 1)
    assert len(registry.history(customer)) == 1


def test_an_edit_by_code_brings_the_version_along(registry, customer):
    assert registry.update("c000001", {"grade": "B"}, version=1).version == 2


def test_an_edit_by_id_brings_the_version_along(registry, customer):
    assert registry.update(customer.id, grade="B", version=1).version == 2
    assert registry.update(str(customer.id), grade="C", version=2).version == 3


@pytest.mark.parametrize("shown", [1, "1"], ids=repr)
def test_an_edit_by_code_builds_on_the_version_that_the_form_sends_back(registry, customer, shown):
    form = registry.get("C000001").raw() | {"version": shown, "grade": "B"}
    assert registry.update("C000001", form).version == 2
    with pytest.raises(StaleVersion):
        registry.update("C000001", form | {"grade": "C"})


@pytest.mark.parametrize("shown", [None, "", "x", "1.0", 1.0, True, "9" * 5000], ids=str)
def test_a_form_with_a_version_that_is_none_is_the_caller_s_mistake(registry, customer, shown):
    with pytest.raises(TypeError, match="needs version="):
        registry.update("C000001", {"grade": "B", "version": shown})


@pytest.mark.parametrize("version", [None, "1", 1.0, True], ids=repr)
def test_an_edit_by_code_without_a_version_is_the_caller_s_mistake(registry, customer, version):
    with pytest.raises(TypeError, match="needs version="):
        registry.update("C000001", {"grade": "B"}, version=version)


@pytest.mark.parametrize("target", ["C9", uuid.UUID(int=1), make_customer(seed=9)], ids=type)
def test_nobody_cannot_be_edited(registry, target):
    with pytest.raises(CustomerNotFound):
        registry.update(target, {"grade": "B"}, version=1)


def test_a_stale_edit_overwrites_nothing_and_tells_what_happened(registry, customer):
    theirs = registry.update(customer, grade="B", department="销售一部").customer
    with pytest.raises(StaleVersion, match="at version 2 by now") as stale:
        registry.update(customer, grade="C", owner="han.meimei")
    assert stale.value.current == theirs
    assert stale.value.theirs == ("department", "grade")
    assert stale.value.overlap == ("grade",)
    assert registry.get(customer.id) == theirs


def test_a_stale_edit_of_other_fields_overlaps_in_none(registry, customer):
    registry.update(customer, grade="B")
    with pytest.raises(StaleVersion) as stale:
        registry.update(customer, owner="han.meimei")
    assert (stale.value.theirs, stale.value.overlap) == (("grade",), ())


def test_changes_of_entries_overlap_by_their_field(registry):
    customer = registry.register(make_raw("person", 3)).customer
    registry.update(customer, phone="13600136000")
    with pytest.raises(StaleVersion) as stale:
        registry.update(customer, email="a@example.cn")
    assert stale.value.overlap == ("contacts",)


def test_a_stale_edit_tells_of_all_versions_since(registry, customer):
    second = registry.update(customer, grade="B").customer
    registry.update(second, owner="han.meimei")
    with pytest.raises(StaleVersion) as stale:
        registry.update(customer, {"notes": "x"})
    assert stale.value.theirs == ("grade", "owner")


def test_a_version_from_the_future_is_stale_too(registry, customer):
    with pytest.raises(StaleVersion) as stale:
        registry.update("C000001", grade="B", version=7)
    assert stale.value.theirs == ()


def test_a_stale_edit_that_is_also_wrong_is_stale_first(registry, customer):
    registry.update(customer, grade="B")
    with pytest.raises(StaleVersion):
        registry.update(customer, website="nowhere")


def test_a_wrong_edit_writes_nothing_and_tells_everything(registry, customer):
    other = registry.register(kind="企业", name="乙公司", tax_identifiers=uscc(1)).customer
    with pytest.raises(ValidationFailed) as failed:
        registry.update(customer, website="nowhere", tax_identifiers=[uscc(1)])
    told = {issue.code: issue.params for issue in failed.value.report.errors}
    assert told.keys() == {"website.format", "tax_id.duplicate"}
    assert told["tax_id.duplicate"]["code"] == str(other.code)
    assert registry.get(customer.id) == customer


@pytest.mark.parametrize("rules", [STANDARD, ()], ids=["by the rule", "by the store"])
def test_an_edit_cannot_take_what_another_customer_holds(rules):
    registry = CustomerRegistry(rules=rules)
    registry.register(kind="企业", name="乙公司", tax_identifiers=uscc(1))
    customer = registry.register(BASE).customer
    with pytest.raises(ValidationFailed) as failed:
        registry.update(customer, tax_identifiers=[uscc(2), uscc(1)])
    (issue,) = failed.value.report.errors
    assert (issue.code, issue.path) == ("tax_id.duplicate", ("tax_identifiers", 1))


def test_what_an_edit_lets_go_another_customer_may_take(registry):
    customer = registry.register(BASE, tax_identifiers=uscc(1)).customer
    registry.update(customer, tax_identifiers=[])
    assert registry.register(kind="企业", name="乙公司", tax_identifiers=uscc(1)).version == 1


def test_a_customer_may_keep_what_it_holds(registry):
    customer = registry.register(BASE, tax_identifiers=uscc(1)).customer
    after = registry.update(customer, tax_identifiers=[uscc(1), uscc(2)]).customer
    assert len(after.tax_identifiers) == 2


def test_the_journal_tells_what_an_edit_changed(registry, customer):
    registry.acting_as(Actor("han.meimei")).update(customer, grade="B")
    entry = registry.history(customer)[-1]
    assert (entry.actor, entry.action, entry.version) == ("han.meimei", "updated", 2)
    (change,) = [each for each in entry.changes if each.path != "updated_at"]
    assert (change.path, change.before, change.after) == ("grade", "A", "B")


def test_a_new_entry_is_named_by_the_version_that_brought_it(registry, customer):
    second = registry.update(customer, contacts=["李雷"]).customer
    contacts = [*second.raw()["contacts"], "韩梅梅"]
    third = registry.update(second, contacts=contacts).customer
    assert [contact.id for contact in third.contacts] == ["2-1", "3-1"]


def test_an_edit_is_judged_before_it_is_saved(registry, customer):
    report = registry.check({"kind": "organization", "website": "nowhere"}, of=customer)
    assert [issue.code for issue in report] == ["website.format"]
    assert registry.get(customer.id) == customer


def test_a_field_given_twice_is_told_with_everything_else(registry, customer):
    with pytest.raises(ValidationFailed) as failed:
        registry.update(customer, {"grade": "B", "website": "nowhere"}, grade="C")
    assert [issue.code for issue in failed.value.report] == ["field.twice", "website.format"]


def test_another_kind_reads_the_name_anew_only_if_it_is_typed(registry, customer):
    after = registry.update(customer, kind="person").customer
    assert after.name == customer.name


def test_a_blocked_key_is_claimed_by_an_edit_too():
    policy = CompanyPolicy.loads('[unique]\nphone = "block"')
    registry = CustomerRegistry(policy=policy)
    first = registry.register(kind="person", name="王芳").customer
    second = registry.register(kind="person", name="李雷").customer
    registry.update(first, phone="13800138000")
    with pytest.raises(ValidationFailed) as failed:
        registry.update(second, phone="13800138000")
    assert [(issue.code, issue.path) for issue in failed.value.report.errors] == [
        ("phone.duplicate", ("phone",))
    ]


class Race:
    """Permits everything, and lets a colleague save between an edit's reading and its writing."""

    def __init__(self, colleague):
        self.colleague = colleague
        self.asked = 0

    def permits(self, actor, action, customer):
        if action == "update":
            self.asked += 1
            if self.asked == 2:
                self.colleague()
        return True


def test_the_faster_of_two_edits_wins_even_between_reading_and_writing(registry, customer):
    race = Race(lambda: registry.update(customer, grade="B", owner="han.meimei"))
    slow = CustomerRegistry(repository=registry._office.repository, access=race)
    with pytest.raises(StaleVersion) as stale:
        slow.update(customer, grade="C")
    assert (stale.value.theirs, stale.value.overlap) == (("grade", "owner"), ("grade",))
    assert registry.get(customer.id).grade == "B"


def test_a_retry_that_lost_its_race_against_itself_is_replayed(registry, customer):
    def first():
        registry.update(customer, {"grade": "C"}, idempotency_key="k1")

    slow = CustomerRegistry(repository=registry._office.repository, access=Race(first))
    receipt = slow.update(customer, {"grade": "C"}, idempotency_key="k1")
    assert (receipt.replayed, receipt.version) == (True, 2)
