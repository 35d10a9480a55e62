"""Edit a customer: only what was typed, and only the version that was read."""

from datetime import datetime
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer, StaleVersion
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.journal import JournalEntry, changes
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.entries import with_entry_ids
from customer_registry.registration.office import Office
from customer_registry.registration.request import Request
from customer_registry.repository import KeyTaken, Receipt, UnitOfWork
from customer_registry.validation.engine import Judgement
from customer_registry.validation.rules.duplicates import duplicate

__all__ = ["Target", "replace", "stale", "update"]

Target = Customer | CustomerCode | UUID | str


def update(
    office: Office,
    target: Target,
    raw: object,
    *,
    version: int,
    idempotency_key: str | None = None,
) -> Receipt:
    """Return the receipt of an edit; one that changes nothing writes nothing.

    Raises CustomerNotFound, StaleVersion, or ValidationFailed with everything wrong.
    """
    with office.unit("update", target if isinstance(target, Customer) else None) as work:
        current = office.found(work, target)
        request = Request.of(office, idempotency_key, "update", raw, (current.id, version))
        if request is not None and (replayed := request.replayed(office, work)):
            return replayed
        judgement = office.judge(raw, current)
        if current.version != version:
            raise stale(work, current, version, judgement.touched)
        if not judgement.ok:
            raise ValidationFailed(office.look_up(judgement, work, current.id, current).report)
    if not judgement.touched and request is None:
        return Receipt(customer=current, version=current.version, report=judgement.report)
    with office.unit("update", current, writing=True) as work:
        receipt = _edit(office, work, current, judgement, request)
    return receipt if receipt.replayed else office.after_commit(receipt)


def _edit(
    office: Office,
    work: UnitOfWork,
    before: Customer,
    judgement: Judgement,
    request: Request | None,
) -> Receipt:
    if request is not None and (replayed := request.replayed(office, work)):
        return replayed
    current = office.found(work, before.id)
    if current.version != before.version:
        raise stale(work, current, before.version, judgement.touched)
    judgement = office.look_up(judgement, work, before.id, before)
    if not judgement.ok:
        raise ValidationFailed(judgement.report)
    after = before
    if judgement.touched:
        after = _edited(before, judgement, office.clock())
        replace(office, work, before, after, judgement)
        work.journal.append(_entry(office, before, after))
    receipt = Receipt(customer=after, version=after.version, report=judgement.report)
    if request is not None:
        request.remember(office, work, receipt)
    return receipt


def replace(
    office: Office, work: UnitOfWork, before: Customer, after: Customer, judgement: Judgement
) -> None:
    """Keep the new version, or say who holds one of its keys already, or who was faster."""
    try:
        kept = work.customers.replace(after, office.claims(work, after, before))
    except KeyTaken as taken:
        issue = attrs.evolve(duplicate(taken.key, taken.holder), path=judgement.path_of(taken.key))
        raise ValidationFailed(judgement.refused(issue).report) from taken
    if not kept:
        raise stale(work, office.found(work, after.id), after.version - 1, judgement.touched)


def stale(
    work: UnitOfWork, current: Customer, version: int, wanted: frozenset[str]
) -> StaleVersion:
    """Return the fact that a version is not the current one, with what changed since."""
    since = (entry for entry in work.journal.of(current.id) if (entry.version or 0) > version)
    theirs = {change.path.partition(".")[0] for entry in since for change in entry.changes}
    return StaleVersion(current, sorted(theirs), sorted(theirs & wanted))


def _edited(before: Customer, judgement: Judgement, now: datetime) -> Customer:
    changed = {name: judgement.facts[name] for name in judgement.touched}
    return with_entry_ids(
        attrs.evolve(before, **changed, version=before.version + 1, updated_at=now)
    )


def _entry(office: Office, before: Customer, after: Customer) -> JournalEntry:
    return JournalEntry(
        at=after.updated_at,
        actor=office.actor.id,
        action="updated",
        customer_id=after.id,
        version=after.version,
        changes=changes(before, after),
    )
