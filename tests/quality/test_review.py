"""Whom a second look at the stored customers finds, and what it says of them."""

import tracemalloc
from datetime import UTC, datetime
from functools import partial

import pytest

from customer_registry import (
    STANDARD,
    Actor,
    CompanyPolicy,
    CustomerRegistry,
    InMemoryRepository,
    Issue,
    NotPermitted,
    Severity,
    SQLiteRepository,
)
from customer_registry.quality import review


def codes(findings):
    return [(str(each.customer.code), [issue.code for issue in each.report]) for each in findings]


@pytest.fixture(params=["memory", "sqlite"])
def repository(request, tmp_path):
    store = (
        InMemoryRepository() if request.param == "memory" else SQLiteRepository(tmp_path / "c.db")
    )
    yield store
    store.close()


def test_customers_in_order_are_not_mentioned(repository):
    registry = CustomerRegistry(repository=repository)
    registry.register(kind="person", name="王芳", phone="13800138000")
    assert list(review(registry)) == []


def test_a_rule_of_today_finds_customers_of_yesterday(repository):
    CustomerRegistry(repository=repository).register(kind="person", name="王芳", grade="C")
    CustomerRegistry(repository=repository).register(kind="person", name="李娜", grade="A")
    today = CustomerRegistry(
        repository=repository, policy=CompanyPolicy.loads('[lists]\ngrade = ["A", "B"]')
    )
    (finding,) = review(today)
    assert finding.customer.name.text == "王芳"
    assert [(issue.code, issue.path) for issue in finding.report] == [("not_in_list", ("grade",))]


def test_a_host_s_rule_is_asked_about_every_customer(repository):
    def grade_is_given(grade, name):
        if grade is None:
            yield Issue("grade.missing", severity=Severity.WARNING)

    CustomerRegistry(repository=repository).register(kind="person", name="王芳")
    strict = CustomerRegistry(repository=repository, rules=[*STANDARD, grade_is_given])
    assert codes(review(strict)) == [("C000001", ["grade.missing"])]


def test_a_field_that_became_required_is_found_empty(repository):
    CustomerRegistry(repository=repository).register(kind="person", name="王芳")
    policy = CompanyPolicy.loads('[required]\nall = ["contacts.phones"]')
    registry = CustomerRegistry(repository=repository, policy=policy)
    assert codes(review(registry)) == [("C000001", ["required"])]


def test_wished_for_fields_are_found_empty(repository):
    registry = CustomerRegistry(repository=repository)
    registry.register(kind="person", name="王芳", phone="13800138000")
    registry.register(kind="person", name="李娜", grade="A")
    found = codes(review(registry, complete=["grade", "contacts.phones", "phone"]))
    assert found == [
        ("C000001", ["review.empty"]),
        ("C000002", ["review.empty", "review.empty"]),
    ]


def test_a_wish_for_an_unknown_field_is_refused_at_once():
    with pytest.raises(ValueError, match="grade"):
        review(CustomerRegistry(), complete=["grad"])


def test_customers_not_verified_since_a_date_are_found(repository):
    registry = CustomerRegistry(repository=repository)
    registry.register(kind="person", name="王芳")
    since = datetime(2026, 1, 1, tzinfo=UTC)
    (finding,) = review(registry, verified_since=since)
    assert [issue.code for issue in finding.report] == ["review.unverified"]
    assert "2026-01-01" in finding.report.lines("zh")[0]


def test_a_date_without_a_zone_is_refused_at_once():
    with pytest.raises(ValueError, match="zone"):
        review(CustomerRegistry(), verified_since=datetime(2026, 1, 1))  # noqa: DTZ001  the fault


def test_a_customer_is_no_duplicate_of_itself_but_of_another(repository):
    registry = CustomerRegistry(repository=repository)
    registry.register(kind="person", name="王芳", phone="13800138000", email="a@example.com")
    assert list(review(registry)) == []
    registry.register(kind="person", name="李娜", phone="13800138000")
    assert codes(review(registry)) == [
        ("C000001", ["phone.duplicate"]),
        ("C000002", ["phone.duplicate"]),
    ]


def test_hints_alone_are_no_reason_to_look_unless_asked(repository):
    def a_hint(name):
        yield Issue("name.hint", severity=Severity.INFO)

    registry = CustomerRegistry(repository=repository, rules=[*STANDARD, a_hint])
    registry.register(kind="person", name="王芳")
    assert list(review(registry)) == []
    assert codes(review(registry, at_least=Severity.INFO)) == [("C000001", ["name.hint"])]
    assert codes(review(registry, at_least="info")) == [("C000001", ["name.hint"])]


def test_an_unknown_weight_is_refused_at_once():
    with pytest.raises(ValueError, match="'urgent' is not a valid Severity"):
        review(CustomerRegistry(), at_least="urgent")


def test_others_write_while_somebody_looks(repository):
    registry = CustomerRegistry(repository=repository)
    registry.register(kind="person", name="王芳")
    registry.register(kind="person", name="李娜")
    for finding in review(registry, complete=["grade"]):
        registry.update(finding.customer, grade="A")
    assert list(review(registry, complete=["grade"])) == []


def test_who_may_not_review_sees_nothing():
    class NoReviews:
        def permits(self, actor, action, customer):
            return action != "review"

    registry = CustomerRegistry(access=NoReviews()).acting_as(Actor("li.lei"))
    with pytest.raises(NotPermitted):
        list(review(registry))


def test_memory_does_not_grow_with_the_number_of_customers(tmp_path):
    with CustomerRegistry.open(tmp_path / "c.db") as registry:
        registry.load({"kind": "person", "name": "王芳", "notes": "x" * 1000} for _ in range(1500))
        peaks = [_peak(partial(_looked_at, registry, share)) for share in (500, 1500)]
    assert peaks[1] < peaks[0] * 1.2


def _looked_at(registry, share):
    for count, _ in enumerate(review(registry, complete=["grade"]), 1):
        if count == share:
            return


def _peak(work):
    work()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
