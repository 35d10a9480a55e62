"""Who has been kept longer than the company means to."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.operations.privacy.erase import retained_until

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Overdue", "retention"]

_AT_A_TIME = 200


@attrs.frozen(kw_only=True)
class Overdue:
    """A customer whose time was over on the day `since`; `held` says that he may not be erased."""

    customer: Customer
    since: date
    held: bool = False


def retention(registry: "CustomerRegistry", *, today: date | None = None) -> Iterator[Overdue]:
    r"""Yield those who were kept longer than the policy's `retention` allows, oldest first.

    The time counts from the last change. Who was erased already is not told. With `today` the
    report looks ahead, or back. Nothing is changed: erase them one by one, or hold them. Raises
    NotPermitted.

    >>> from customer_registry import CompanyPolicy, CustomerRegistry
    >>> policy = CompanyPolicy.loads('[retention.person]\nat_most = "3 years"')
    >>> registry = CustomerRegistry(policy=policy)
    >>> receipt = registry.register(kind="person", name="王芳")
    >>> [str(each.customer.code) for each in retention(registry, today=date(2100, 1, 1))]
    ['C000001']
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    office.asked("retention")
    return _overdue(registry, office, today or office.today())


def _overdue(registry: "CustomerRegistry", office: "Office", today: date) -> Iterator[Overdue]:
    place = 0
    while True:
        with registry.unit("retention") as work:
            read = list(islice(work.customers.iterate(place), _AT_A_TIME))
        if not read:
            return
        for _, customer in read:
            since = _over_since(office.engine.policy, customer)
            if since is not None and since < today:
                held = _is_kept(office, customer, today)
                yield Overdue(customer=customer, since=since, held=held)
        place = read[-1][0]


def _over_since(policy: CompanyPolicy, customer: Customer) -> date | None:
    """Return the day on which a customer's time is over; None where there is no such day."""
    kept = policy.retention.get(customer.kind)
    if customer.custody.erased_at is not None or kept is None or kept.at_most is None:
        return None
    return kept.at_most.after(customer.updated_at.astimezone(policy.zone).date())


def _is_kept(office: "Office", customer: Customer, today: date) -> bool:
    """Return whether a hold or the law's own time stands against an erasure."""
    hold, until = customer.custody.hold, retained_until(office.engine.policy, customer)
    return (hold is not None and hold.stands(today)) or (until is not None and today < until)
