"""Do what waited for a second person, once he approves (四眼原则), or let it be."""

from datetime import datetime
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.registration.editing import edited
from customer_registry.registration.office import Office
from customer_registry.registration.saving import save, stale
from customer_registry.registration.waiting import journal
from customer_registry.repository import Receipt, UnitOfWork, WaitingEdit
from customer_registry.validation.judgement import Judgement

__all__ = ["APPROVED", "approve_customer", "approve_edit", "proposed", "take_back"]

APPROVED = "approved"
"""Where a customer stands in `approval` whom a second person looked at."""


def approve_edit(office: Office, edit_id: UUID) -> Receipt:
    """Return the receipt of an edit that waited, saved now; raises ValidationFailed, StaleVersion.

    It is judged again, by the rules of today and the customer as he stands.
    """
    with office.unit("approve") as work:
        edit, before = _found(office, work, edit_id, office.clock())
    judgement = _judged(office, edit, before)
    now = office.clock()
    with office.unit("approve", before, writing=True) as work:
        edit, current = _found(office, work, edit_id, now)
        if current.version != before.version:
            raise stale(work, current, before.version, judgement.touched)
        judgement = office.look_up(judgement, work, before.id, before, now=now)
        if not judgement.ok:
            raise ValidationFailed(judgement.report)
        after = edited(before, judgement, now)
        save(
            office,
            work,
            after,
            before,
            action="approved",
            judgement=judgement,
            reason=f"submitted by {edit.actor}",
        )
        work.edits.drop(edit.id)
    return office.after_commit(
        Receipt(customer=after, version=after.version, report=judgement.report)
    )


def take_back(office: Office, edit_id: UUID, reason: str) -> None:
    """Drop an edit that waits: rejected by somebody else, or withdrawn by whom it is of."""
    now = office.clock()
    with office.unit("reject", writing=True) as work:
        edit = work.edits.get(edit_id)
        if edit is None:
            raise _refused(office, Issue("approval.gone"))
        office.found(work, edit.customer_id)
        work.edits.drop(edit.id)
        action = "withdrawn" if edit.actor == office.actor.id else "rejected"
        journal(office, work, edit, action, now=now, reason=reason)


def approve_customer(
    office: Office, customer: Customer, *, approval: str, action: str, reason: str | None = None
) -> Receipt:
    """Return the receipt of a customer whose approval is another now; his maker may not give it."""
    now = office.clock()
    with office.unit("approve", customer, writing=True) as work:
        before = office.found(work, customer)
        if before.version != customer.version:
            raise stale(work, before, customer.version, frozenset({"approval"}))
        if approval == APPROVED and _maker(work, before) == office.actor.id:
            raise _refused(office, Issue("approval.own"))
        after = before
        if before.approval != approval:
            version = before.version + 1
            after = attrs.evolve(before, approval=approval, version=version, updated_at=now)
            save(office, work, after, before, action=action, reason=reason)
    report = Report(sentences=office.engine.policy.spoken)
    receipt = Receipt(customer=after, version=after.version, report=report)
    return office.shown(receipt) if after is before else office.after_commit(receipt)


def proposed(office: Office, edit: WaitingEdit, customer: Customer) -> Customer:
    """Return the customer as he would be if an edit were approved now; as he is if it cannot be."""
    judgement = _judged(office, edit, customer)
    return edited(customer, judgement, office.clock()) if judgement.ok else customer


def _judged(office: Office, edit: WaitingEdit, customer: Customer) -> Judgement:
    """Return what today's rules say of an edit; what he may type was asked of who submitted it."""
    return office.engine.read(edit.fields, before=customer, today=office.today())


def _found(
    office: Office, work: UnitOfWork, edit_id: UUID, now: datetime
) -> tuple[WaitingEdit, Customer]:
    """Return an edit that this actor may approve now, and the customer as he stands."""
    edit = work.edits.get(edit_id)
    if edit is None:
        raise _refused(office, Issue("approval.gone"))
    customer = office.found(work, edit.customer_id)
    office.permit("approve", customer)
    if edit.actor == office.actor.id:
        raise _refused(office, Issue("approval.own"))
    if now >= edit.until:
        until = edit.until.isoformat(timespec="minutes")
        raise _refused(office, Issue("approval.expired", params={"until": until}))
    theirs = stale(work, customer, edit.version, frozenset(edit.fields)).overlap
    if theirs:
        raise _refused(office, Issue("approval.overtaken", params={"fields": list(theirs)}))
    return edit, customer


def _maker(work: UnitOfWork, customer: Customer) -> str:
    """Return who registered a customer, or sent him in again."""
    entries = (each for each in work.journal.of(customer.id) if each.action in _SENT_IN)
    return [each.actor for each in entries][-1]


_SENT_IN = frozenset({"registered"})


def _refused(office: Office, issue: Issue) -> ValidationFailed:
    return ValidationFailed(Report([issue], sentences=office.engine.policy.spoken))
