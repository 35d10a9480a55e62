"""Keep a customer's data from being erased, or from being used."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.values.custody import Custody, Hold
from customer_registry.registration.reason import read_reason
from customer_registry.registration.saving import save, stale
from customer_registry.repository import Receipt

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["hold", "release", "restrict", "told", "unrestrict"]


def hold(
    registry: "CustomerRegistry", customer: Customer, reason: str, *, until: date | None = None
) -> Receipt:
    """Put a customer under legal hold: until a day, or until it is released, nobody erases him.

    The reason is kept with the customer. Raises StaleVersion, CustomerNotFound, NotPermitted, and
    ValidationFailed without a reason, for what is no day, and for one that is over.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> customer = registry.register(kind="person", name="王芳").customer
    >>> hold(registry, customer, "合同纠纷，案号 2026-118").customer.custody.hold.until is None
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    if until is not None and (type(until) is not date or until < office.today()):
        raise _refused(office, Issue("hold.until", ("until",)))
    act = _Act("hold", "held", lambda custody, why: _held(custody, Hold(reason=why, until=until)))
    return _saved(registry, customer, act, reason)


def release(registry: "CustomerRegistry", customer: Customer, reason: str) -> Receipt:
    """Lift the legal hold of a customer; raises as `hold` does."""
    act = _Act("hold", "released", lambda custody, _: attrs.evolve(custody, hold=None))
    return _saved(registry, customer, act, reason)


def restrict(registry: "CustomerRegistry", customer: Customer, reason: str) -> Receipt:
    """Let a customer's data only be stored any more: nobody edits them, and few see them.

    That is due while a person disputes them, or where the law forbids to erase them yet (PIPL 2021,
    article 47; GDPR 2016/679, article 18). Where access is declared, those see the customer who may
    `restrict`. Raises as `hold` does.
    """
    act = _Act("restrict", "restricted", lambda custody, why: attrs.evolve(custody, restricted=why))
    return _saved(registry, customer, act, reason)


def unrestrict(registry: "CustomerRegistry", customer: Customer, reason: str) -> Receipt:
    """Let a customer's data be used again; raises as `hold` does."""
    act = _Act(
        "restrict", "unrestricted", lambda custody, _: attrs.evolve(custody, restricted=None)
    )
    return _saved(registry, customer, act, reason)


def told(office: "Office", reason: object) -> str:
    """Return the tidied reason of an act; raises ValidationFailed without one."""
    why, found = read_reason(reason, required=True)
    if found or why is None:
        raise ValidationFailed(Report(found, {"reason": reason}, office.engine.policy.spoken))
    return why


@attrs.frozen
class _Act:
    """What is permitted under a name, journalled under another, and done to a custody."""

    permission: str
    action: str
    done: Callable[[Custody, str], Custody]


def _held(custody: Custody, hold: Hold) -> Custody:
    return attrs.evolve(custody, hold=hold)


def _saved(registry: "CustomerRegistry", customer: Customer, act: _Act, reason: object) -> Receipt:
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    why = told(office, reason)
    with office.unit(act.permission, customer, writing=True) as work:
        before = office.found(work, customer)
        if before.custody.erased_at is not None:
            raise _refused(office, Issue("customer.erased"))
        if before.version != customer.version:
            raise stale(work, before, customer.version, frozenset({"custody"}))
        custody = act.done(before.custody, why)
        if custody == before.custody:
            return office.shown(_receipt(office, before))
        version = before.version + 1
        after = attrs.evolve(before, custody=custody, version=version, updated_at=office.clock())
        save(office, work, after, before, action=act.action, reason=why)
    return office.after_commit(_receipt(office, after))


def _refused(office: "Office", issue: Issue) -> ValidationFailed:
    return ValidationFailed(Report([issue], sentences=office.engine.policy.spoken))


def _receipt(office: "Office", customer: Customer) -> Receipt:
    report = Report(sentences=office.engine.policy.spoken)
    return Receipt(customer=customer, version=customer.version, report=report)
