"""Edit a customer: only what was typed, and only the version that was read."""

from uuid import UUID

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.editing import edited
from customer_registry.registration.office import Office
from customer_registry.registration.request import Request
from customer_registry.registration.saving import save, stale
from customer_registry.registration.waiting import wait
from customer_registry.repository import Receipt, UnitOfWork
from customer_registry.validation.judgement import Judgement

__all__ = ["Target", "update"]

Target = Customer | CustomerCode | UUID | str


def update(
    office: Office,
    target: Target,
    raw: object,
    *,
    version: int,
    idempotency_key: str | None = None,
) -> Receipt:
    """Return the receipt of an edit; one that changes nothing makes no new version.

    Raises CustomerNotFound, StaleVersion, or ValidationFailed with everything wrong.
    """
    with office.reading("update", target) as (work, current):
        request = Request.of(office, idempotency_key, "update", raw, (current.id, version))
        if replayed := request.replayed(office, work):
            return office.shown(replayed)
    judgement = office.judge(raw, current)  # a host's rule may take its time: no unit is open
    if current.version != version or not judgement.ok:
        with office.unit("update", current) as work:
            if current.version != version:
                current = office.found(work, current.id)  # as the journal stands by now
                raise stale(work, current, version, judgement.touched)
            raise ValidationFailed(office.look_up(judgement, work, current.id, current).report)
    if not judgement.touched and not request.is_keyed:
        unchanged = Receipt(customer=current, version=current.version, report=judgement.report)
        return office.shown(unchanged)
    with request.in_doubt(), office.unit("update", current, writing=True) as work:
        receipt = _edit(office, work, current, judgement, request)
    saved = receipt.version != version and not receipt.replayed
    return office.after_commit(receipt) if saved else office.shown(receipt)


def _edit(
    office: Office, work: UnitOfWork, before: Customer, judgement: Judgement, request: Request
) -> Receipt:
    if replayed := request.replayed(office, work):
        return replayed
    current = office.found(work, before.id)
    if current.version != before.version:
        raise stale(work, current, before.version, judgement.touched)
    judgement = office.look_up(judgement, work, before.id, before)
    if not judgement.ok:
        raise ValidationFailed(judgement.report)
    after = before
    if judgement.touched:
        now = office.clock()
        if judgement.touched & office.engine.policy.approval.fields:
            receipt = wait(office, work, before, judgement, now)
            request.remember(office, work, receipt)
            return receipt
        after = edited(before, judgement, now)
        save(office, work, after, before, action="updated", judgement=judgement)
    receipt = Receipt(customer=after, version=after.version, report=judgement.report)
    request.remember(office, work, receipt)
    return receipt
