"""Save one version of a customer: claimed, stored and journalled in the running transaction."""

from collections.abc import Mapping

from customer_registry.domain.customer import Customer, StaleVersion
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import JournalEntry, changes
from customer_registry.registration.office import Office
from customer_registry.repository import KeyTaken, UnitOfWork
from customer_registry.validation.judgement import Judgement

__all__ = ["refuse_closed", "save", "stale"]


def save(
    office: Office,
    work: UnitOfWork,
    after: Customer,
    before: Customer | None,
    *,
    action: str,
    judgement: Judgement | None = None,
    reason: str | None = None,
) -> None:
    """Keep `after` in the place of `before`, or as a new customer.

    Raises ValidationFailed naming who holds one of its keys, or for a customer whose data are only
    stored any more, and StaleVersion naming who was faster.
    """
    if before is not None and before.custody == after.custody:
        refuse_closed(before, office.engine.policy.spoken)
    if (taken := _kept(office, work, after, before)) is not None:
        raise ValidationFailed(_told(office, taken, judgement))
    work.journal.append(
        JournalEntry(
            at=after.updated_at,
            actor=office.actor.id,
            action=action,
            customer_id=after.id,
            version=after.version,
            changes=changes(before, after),
            reason=reason,
        )
    )


def _kept(
    office: Office, work: UnitOfWork, after: Customer, before: Customer | None
) -> KeyTaken | None:
    """Keep a customer; returns what spoke against it, lest an exception carries the holder on."""
    claims = office.claims(work, after, before)
    try:
        if before is None:
            work.customers.add(after, claims)
        elif not work.customers.replace(after, claims):
            raise stale(work, office.found(work, after.id), before.version, frozenset())
    except KeyTaken as taken:
        return taken
    return None


def refuse_closed(customer: Customer, spoken: Mapping[str, Mapping[str, str]]) -> None:
    """Raise ValidationFailed for a customer that was erased, or whose processing is restricted."""
    custody = customer.custody
    if custody.erased_at is not None:
        raise ValidationFailed(Report([Issue("customer.erased")], sentences=spoken))
    if custody.restricted is not None:
        raise ValidationFailed(Report([Issue("customer.restricted")], sentences=spoken))


def stale(
    work: UnitOfWork, current: Customer, version: int, wanted: frozenset[str]
) -> StaleVersion:
    """Return the fact that a version is not the current one, with what changed since."""
    since = (entry for entry in work.journal.of(current.id) if (entry.version or 0) > version)
    theirs = {change.path.partition(".")[0] for entry in since for change in entry.changes}
    return StaleVersion(current, sorted(theirs), sorted(theirs & wanted))


def _told(office: Office, taken: KeyTaken, judgement: Judgement | None) -> Report:
    """Return the very issue that the rule about this key gives."""
    path = () if judgement is None else judgement.path_of(taken.key)
    issue = office.taken(taken.key, taken.holder, path)
    return Report([issue]) if judgement is None else judgement.refused(issue).report
