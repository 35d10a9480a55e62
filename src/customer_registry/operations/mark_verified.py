"""Write down what a register outside said about a customer: that it was verified, or refuted."""

from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.issues import Issue, Report, Severity
from customer_registry.domain.verification import Outcome, Verification
from customer_registry.registration.editing import VERIFIED_PARTS
from customer_registry.registration.saving import save, stale
from customer_registry.repository import Receipt

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["mark_verified"]


def mark_verified(
    registry: "CustomerRegistry", customer: Customer, verification: Verification
) -> Receipt:
    """Save what came of verifying a customer as it was read; the journal names the register.

    A confirmed customer carries the time of the answer in `verified_at` until its kind, name, tax
    numbers or identity document change. A refuted one loses it, and the receipt warns; an unknown
    outcome warns and writes nothing, so that one may ask again later. Raises StaleVersion,
    CustomerNotFound, NotPermitted.

    >>> from datetime import datetime, UTC
    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> customer = registry.register(kind="person", name="王芳").customer
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> answer = Verification(outcome="confirmed", source="VIES", at=at)
    >>> mark_verified(registry, customer, answer).customer.verified_at == at
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    if verification.outcome is Outcome.UNKNOWN:
        with office.unit("mark_verified", customer) as work:
            return office.shown(_receipt(office, office.found(work, customer), verification))
    with office.unit("mark_verified", customer, writing=True) as work:
        before = office.found(work, customer)
        if before.version != customer.version:
            raise stale(work, before, customer.version, VERIFIED_PARTS)
        after = attrs.evolve(
            before,
            verified_at=verification.at if verification.is_confirmed else None,
            version=before.version + 1,
            updated_at=office.clock(),
        )
        action = "verified" if verification.is_confirmed else "refuted"
        save(office, work, after, before, action=action, reason=verification.source)
    return office.after_commit(_receipt(office, after, verification))


def _receipt(office: "Office", customer: Customer, verification: Verification) -> Receipt:
    report = Report(_warnings(verification), sentences=office.engine.policy.spoken)
    return Receipt(customer=customer, version=customer.version, report=report)


def _warnings(verification: Verification) -> list[Issue]:
    at = ("tax_identifiers",)
    if verification.is_refuted:
        return [Issue("tax_id.refuted", at, Severity.WARNING, {"source": verification.source})]
    if verification.outcome is Outcome.UNKNOWN:
        return [Issue("tax_id.unverifiable", at, Severity.WARNING)]
    return []
