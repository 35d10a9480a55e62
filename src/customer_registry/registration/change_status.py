"""Change a customer's status, along the ways the trade knows."""

from collections.abc import Iterator

import attrs

from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.registration.office import Office
from customer_registry.registration.reason import read_reason
from customer_registry.registration.request import Request
from customer_registry.registration.saving import save, stale
from customer_registry.registration.update import Target
from customer_registry.repository import Receipt
from customer_registry.validation.reading.basics import status_meant

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
    """Return the receipt of a change of status; to keep the status makes no new version.

    Raises CustomerNotFound, StaleVersion, or ValidationFailed: `status.unknown`,
    `status.transition`, and `reason.required` on the way to or from the black list.
    """
    typed = {"status": status, "reason": reason}
    with office.reading("change_status", target) as (_, before):
        pass
    request = Request.of(office, idempotency_key, "change_status", typed, (before.id, version))
    with request.in_doubt(), office.unit("change_status", before, writing=True) as work:
        if replayed := request.replayed(office, work):
            return office.shown(replayed)
        before = office.found(work, before.id)
        if before.version != version:
            raise stale(work, before, version, frozenset({"status"}))
        wanted, told = _judged(office, before, status, reason)
        after = before
        if wanted is not before.status:
            now = office.clock()
            after = attrs.evolve(before, status=wanted, version=version + 1, updated_at=now)
            save(office, work, after, before, action="status_changed", reason=told)
        report = Report(sentences=office.engine.policy.spoken)
        receipt = Receipt(customer=after, version=after.version, report=report)
        request.remember(office, work, receipt)
    return office.shown(receipt) if after is before else office.after_commit(receipt)


def _judged(
    office: Office, before: Customer, status: object, reason: object
) -> tuple[CustomerStatus, str | None]:
    """Return the status meant and the tidied reason, or refuse with all that is wrong."""
    told, found = read_reason(reason, required=False)
    issues = list(found)
    wanted = status_meant(status) if isinstance(status, str) else None
    if wanted is None:
        allowed = [str(each) for each in CustomerStatus]
        issues.append(Issue("status.unknown", ("status",), params={"allowed": allowed}))
    else:
        issues += _forbidden(before.status, wanted, told)
    if issues or wanted is None:
        typed = {"status": status, "reason": reason}
        raise ValidationFailed(Report(issues, typed, office.engine.policy.spoken))
    return wanted, told


def _forbidden(old: CustomerStatus, new: CustomerStatus, reason: str | None) -> Iterator[Issue]:
    if old is new:
        return
    if not old.may_become(new):
        params = {"old": str(old), "new": str(new)}
        yield Issue("status.transition", ("status",), params=params)
    if CustomerStatus.BLACKLISTED in {old, new} and not reason:
        yield Issue("reason.required", ("reason",))
