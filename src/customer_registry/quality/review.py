"""A second look at stored customers: who breaks today's rules, is incomplete or long unverified."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Protocol

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.issues import Issue, Report, Severity
from customer_registry.domain.spelling import hint
from customer_registry.repository import UnitOfWork
from customer_registry.validation.required import field_behind, lacking

__all__ = ["Finding", "review"]

_AT_A_TIME = 200
_FIELDS = tuple(field.name for field in attrs.fields(Customer))
_WEIGHTS = (Severity.INFO, Severity.WARNING, Severity.ERROR)


class _Registry(Protocol):
    def unit(
        self, action: str, customer: Customer | None = None
    ) -> AbstractContextManager[UnitOfWork]: ...

    def check(self, *, of: Customer | None) -> Report: ...


@attrs.frozen
class Finding:
    """A customer worth a second look, with the report that says why."""

    customer: Customer
    report: Report


def review(
    registry: _Registry,
    *,
    complete: Iterable[str] = (),
    verified_since: datetime | None = None,
    at_least: Severity | str = Severity.WARNING,
) -> Iterator[Finding]:
    """Yield the stored customers that are worth a second look (定期检查), oldest first.

    A customer is judged as if it were typed today. Beyond the rules, `complete` names fields that
    should be filled (`contacts.phones` as in the company policy), and `verified_since` an aware
    time after which each customer should have been verified. What weighs less than `at_least` is
    no reason to look. Customers are read a few at a time, so others may write meanwhile and memory
    does not grow. Raises NotPermitted, and ValueError for an unknown field or weight, or a time
    without a zone.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> receipt = registry.register(kind="person", name="王芳")
    >>> [finding.report.lines("en") for finding in review(registry, complete=["contacts.phones"])]
    [('Phone of contact is still empty',)]
    """
    wanted = tuple(complete)
    for name in wanted:
        if field_behind(name) not in _FIELDS:
            raise ValueError(f"a customer has no field {name!r}{hint(name, _FIELDS)}")
    if verified_since is not None and verified_since.tzinfo is None:
        raise ValueError("verified_since needs a time zone")
    return _findings(registry, wanted, verified_since, _WEIGHTS.index(Severity(at_least)))


def _findings(
    registry: _Registry, complete: tuple[str, ...], since: datetime | None, least: int
) -> Iterator[Finding]:
    for customer in _customers(registry):
        judged = registry.check(of=customer)
        found = (*_unverified(customer, since), *judged.issues, *_empty(customer, complete))
        if any(_WEIGHTS.index(issue.severity) >= least for issue in found):
            yield Finding(customer, attrs.evolve(judged, issues=found))


def _customers(registry: _Registry) -> Iterator[Customer]:
    """Yield every customer; no unit of work is open while somebody looks at one."""
    place = 0
    while True:
        with registry.unit("review") as work:
            read = list(islice(work.customers.iterate(after=place), _AT_A_TIME))
        if not read:
            return
        yield from (customer for _, customer in read)
        place = read[-1][0]


def _empty(customer: Customer, complete: tuple[str, ...]) -> Iterator[Issue]:
    facts = {name: getattr(customer, name) for name in _FIELDS}
    for name in lacking(complete, {}, facts, None):
        yield Issue("review.empty", tuple(name.split(".")), Severity.WARNING)


def _unverified(customer: Customer, since: datetime | None) -> Iterator[Issue]:
    if since is None or (customer.verified_at and customer.verified_at >= since):
        return
    params = {"since": since.date().isoformat()}
    yield Issue("review.unverified", severity=Severity.WARNING, params=params)
