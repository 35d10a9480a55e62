"""Do what waited for a second person, once he approves (四眼原则), or let it be."""

from datetime import datetime
from uuid import UUID

import attrs

from customer_registry.domain.access import Sight, same_person
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import NotPermitted, TamperedRecord, ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.registration.editing import edited
from customer_registry.registration.office import Office
from customer_registry.registration.saving import save, stale
from customer_registry.registration.waiting import SUBMITTED, journal, named_in
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
        office.permit("reject", office.found(work, edit.customer_id))
        work.edits.drop(edit.id)
        action = "withdrawn" if _is_own(office, edit.actor) else "rejected"
        journal(office, work, edit, action, now=now, reason=reason)


def approve_customer(
    office: Office, customer: Customer, *, approval: str, action: str, reason: str | None = None
) -> Receipt:
    """Return the receipt of a customer whose approval is another now.

    Nobody gives it who registered or edited him since it was given last.
    """
    now = office.clock()
    permission = "reject" if action == "rejected" else "approve"
    with office.unit(permission, customer, writing=True) as work:
        before = office.found(work, customer)
        if before.version != customer.version:
            raise stale(work, before, customer.version, frozenset({"approval"}))
        if approval == APPROVED and _is_own(office, *_authors(work, before)):
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
    _refuse_unfounded(work, edit)
    if _is_own(office, edit.actor):
        raise _refused(office, Issue("approval.own"))
    if any(office.view.sight(name, customer) is Sight.HIDDEN for name in edit.fields):
        raise NotPermitted("approve", office.engine.policy.whom_to_ask, customer_id=customer.id)
    if now >= edit.until:
        until = edit.until.isoformat(timespec="minutes")
        raise _refused(office, Issue("approval.expired", params={"until": until}))
    theirs = stale(work, customer, edit.version, frozenset(edit.fields)).overlap
    if theirs:
        raise _refused(office, Issue("approval.overtaken", params={"fields": list(theirs)}))
    return edit, customer


_AUTHORED = frozenset({"recoded", "registered", "status_changed", "submitted", "updated"})


def _authors(work: UnitOfWork, customer: Customer) -> set[str]:
    """Return who wrote something of a customer since he was approved last."""
    authors: set[str] = set()
    for entry in work.journal.of(customer.id):
        if any(each.path == "approval" and each.after == APPROVED for each in entry.changes):
            authors.clear()
        elif entry.action in _AUTHORED:
            authors.add(entry.actor)
    return authors


def _is_own(office: Office, *authors: str) -> bool:
    """Return whether the actor is one of the authors, however his name is written."""
    return any(same_person(office.actor.id, author) for author in authors)


def _refuse_unfounded(work: UnitOfWork, edit: WaitingEdit) -> None:
    """Raise TamperedRecord for an edit of which the journal tells otherwise."""
    told = [each for each in work.journal.of(edit.customer_id) if named_in(each) == str(edit.id)]
    if not told or (told[-1].action, told[-1].actor) != (SUBMITTED, edit.actor):
        raise TamperedRecord("the journal does not tell of this edit as it waits")


def _refused(office: Office, issue: Issue) -> ValidationFailed:
    return ValidationFailed(Report([issue], sentences=office.engine.policy.spoken))
