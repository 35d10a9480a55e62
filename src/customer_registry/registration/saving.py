"""Save one version of a customer: claimed, stored and journalled in the running transaction."""

import attrs

from customer_registry.domain.customer import Customer, StaleVersion
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.issues import Report
from customer_registry.domain.journal import JournalEntry, changes
from customer_registry.registration.office import Office
from customer_registry.repository import KeyTaken, UnitOfWork
from customer_registry.validation.judgement import Judgement
from customer_registry.validation.rules.duplicates import duplicate

__all__ = ["save", "stale"]


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

    Raises ValidationFailed naming who holds one of its keys, StaleVersion naming who was faster.
    """
    claims = office.claims(work, after, before)
    try:
        if before is None:
            work.customers.add(after, claims)
        elif not work.customers.replace(after, claims):
            raise stale(work, office.found(work, after.id), before.version, frozenset())
    except KeyTaken as taken:
        raise ValidationFailed(_told(taken, judgement)) from taken
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


def stale(
    work: UnitOfWork, current: Customer, version: int, wanted: frozenset[str]
) -> StaleVersion:
    """Return the fact that a version is not the current one, with what changed since."""
    since = (entry for entry in work.journal.of(current.id) if (entry.version or 0) > version)
    theirs = {change.path.partition(".")[0] for entry in since for change in entry.changes}
    return StaleVersion(current, sorted(theirs), sorted(theirs & wanted))


def _told(taken: KeyTaken, judgement: Judgement | None) -> Report:
    """Return the very issue that the rule about this key gives."""
    issue = duplicate(taken.key, taken.holder)
    if judgement is None:
        return Report([issue])
    return judgement.refused(attrs.evolve(issue, path=judgement.path_of(taken.key))).report
