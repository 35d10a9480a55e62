"""Scenarios of customers who were kept longer than the company means to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, PolicyError
from customer_registry.domain.policy.custody import Period
from customer_registry.operations import erase, hold, retention

POLICY = CompanyPolicy.loads("""
[retention.person]
at_least = "1 year"
at_most = "3 years"

[retention.organization]
at_most = "90 days"
""")


class Clock:
    now = datetime(2020, 2, 29, 12, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry(repository, clock):
    return CustomerRegistry(repository=repository, policy=POLICY, clock=clock)


def told(registry, today=None):
    return [(str(each.customer.code), each.since) for each in retention(registry, today=today)]


def test_each_kind_has_its_time_from_the_last_change(registry, clock):
    person = registry.register(kind="person", name="王芳").customer
    registry.register(kind="organization", name="浦江公司")
    assert told(registry) == []
    clock.now += timedelta(days=91)
    assert told(registry) == [("C000002", date(2020, 5, 29))]
    registry.update(person, grade="A")
    assert told(registry, today=date(2023, 5, 30)) == [("C000002", date(2020, 5, 29))]
    assert told(registry, today=date(2023, 6, 1)) == [
        ("C000001", date(2023, 5, 30)),
        ("C000002", date(2020, 5, 29)),
    ]


def test_who_is_held_is_told_with_that(registry, clock):
    customer = registry.register(kind="person", name="王芳").customer
    customer = hold(registry, customer, "诉讼").customer
    (overdue,) = retention(registry, today=date(2030, 1, 1))
    assert overdue.held


def test_who_was_erased_is_not_told_again(registry, clock):
    customer = registry.register(kind="person", name="王芳").customer
    clock.now += timedelta(days=400)
    erase(registry, customer, "到期")
    assert told(registry, today=date(2099, 1, 1)) == []


def test_without_a_retention_nobody_is_overdue(repository):
    registry = CustomerRegistry(repository=repository)
    registry.register(kind="person", name="王芳")
    assert told(registry, today=date(2999, 1, 1)) == []


def test_more_customers_than_are_read_at_once_are_all_told(registry):
    registry.load({"kind": "organization", "name": f"公司{number}号"} for number in range(450))
    assert len(told(registry, today=date(2099, 1, 1))) == 450


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1 day", date(2026, 12, 31), date(2027, 1, 1)),
        ("1 month", date(2026, 1, 31), date(2026, 2, 28)),
        ("1 year", date(2024, 2, 29), date(2025, 2, 28)),
        ("9999 years", date(2026, 1, 1), date(9999, 1, 1)),
        ("9999 days", date(9999, 1, 1), date.max),
    ],
)
def test_a_period_ends_on_a_day_that_there_is(text, start, end):
    assert Period.parse(text).after(start) == end


@pytest.mark.parametrize("text", ["", "5", "0 days", "5 weeks", "five years", "10000 days"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(PolicyError, match="a period is written as"):
        Period.parse(text)
