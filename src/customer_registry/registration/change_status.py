"""Change a customer's status, along the ways the trade knows."""

import attrs

from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.errors import InvalidValue, ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import JournalEntry, changes
from customer_registry.domain.values import text
from customer_registry.registration.office import Office
from customer_registry.registration.request import Request
from customer_registry.registration.update import Target, stale
from customer_registry.repository import Receipt

__all__ = ["change_status"]


def change_status(
    office: Office,
    target: Target,
    status: str,
    *,
    version: int,
    reason: str | None = None,
    idempotency_key: str | None = None,
) -> Receipt:
    """Return the receipt of a change of status; to keep the status writes nothing.

    Raises CustomerNotFound, StaleVersion, or ValidationFailed: `status.unknown`,
    `status.transition`, and `reason.required` on the way to or from the black list.
    """
    typed = {"status": status, "reason": reason}
    known = target if isinstance(target, Customer) else None
    with office.unit("change_status", known, writing=True) as work:
        before = office.found(work, target)
        about = (before.id, version)
        request = Request.of(office, idempotency_key, "change_status", typed, about)
        if request is not None and (replayed := request.replayed(office, work)):
            return replayed
        office.permit("change_status", before)
        if before.version != version:
            raise stale(work, before, version, frozenset({"status"}))
        wanted, told = _judged(before, status, reason)
        after = before
        if wanted is not before.status:
            now = office.clock()
            after = attrs.evolve(before, status=wanted, version=version + 1, updated_at=now)
            if not work.customers.replace(after, office.claims(work, after, before)):
                raise stale(work, office.found(work, before.id), version, frozenset({"status"}))
            work.journal.append(
                JournalEntry(
                    at=now,
                    actor=office.actor.id,
                    action="status_changed",
                    customer_id=after.id,
                    version=after.version,
                    changes=changes(before, after),
                    reason=told,
                )
            )
        receipt = Receipt(customer=after, version=after.version)
        if request is not None:
            request.remember(office, work, receipt)
    return receipt if after is before else office.after_commit(receipt)


def _judged(before: Customer, status: object, reason: object) -> tuple[CustomerStatus, str | None]:
    """Return the status meant and the tidied reason, or refuse with all that is wrong."""
    issues: list[Issue] = []
    told = None
    try:
        told = text.block(reason, longest=1000) if isinstance(reason, str) else None
    except InvalidValue as refusal:
        issues.append(refusal.issue(("reason",)))
    if not isinstance(status, str) or status not in list(CustomerStatus):
        allowed = [str(each) for each in CustomerStatus]
        issues.append(Issue("status.unknown", ("status",), params={"allowed": allowed}))
        wanted = before.status
    else:
        wanted = CustomerStatus(status)
        issues += _forbidden(before.status, wanted, told)
    if issues:
        raise ValidationFailed(Report(issues, {"status": status, "reason": reason}))
    return wanted, told


def _forbidden(old: CustomerStatus, new: CustomerStatus, reason: str | None) -> list[Issue]:
    if old is new:
        return []
    issues = []
    if not old.may_become(new):
        params = {"old": str(old), "new": str(new)}
        issues.append(Issue("status.transition", ("status",), params=params))
    if CustomerStatus.BLACKLISTED in {old, new} and not reason:
        issues.append(Issue("reason.required", ("reason",)))
    return issues
