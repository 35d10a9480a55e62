"""Let an edit wait for a second person (四眼原则)."""

from datetime import datetime

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.registration.office import Office
from customer_registry.registration.saving import refuse_closed
from customer_registry.repository import Receipt, UnitOfWork, WaitingEdit
from customer_registry.validation.judgement import Judgement

__all__ = ["PENDING", "journal", "wait"]

PENDING = "pending"
"""Where a new customer stands in `approval`, if the company lets them wait."""


def wait(
    office: Office, work: UnitOfWork, before: Customer, judgement: Judgement, now: datetime
) -> Receipt:
    """Keep a sound edit until somebody else approves it; the customer stands as he is."""
    refuse_closed(before, office.engine.policy.spoken)
    edit = WaitingEdit(
        id=office.new_id(now),
        customer_id=before.id,
        version=before.version,
        actor=office.actor.id,
        at=now,
        until=now + office.engine.policy.approval.lasting,
        fields=_as_shown(before, judgement),
    )
    work.edits.add(edit)
    journal(office, work, edit, "submitted", now=now)
    issue = Issue("approval.waiting", severity=Severity.WARNING, params={"edit": str(edit.id)})
    return Receipt(customer=before, version=before.version, report=judgement.having([issue]).report)


def journal(
    office: Office,
    work: UnitOfWork,
    edit: WaitingEdit,
    action: str,
    *,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Say in the journal what became of an edit that waits, and which fields it is about."""
    work.journal.append(
        JournalEntry(
            at=now,
            actor=office.actor.id,
            action=action,
            customer_id=edit.customer_id,
            changes=tuple(Change(name, hidden=True) for name in sorted(edit.fields)),
            reason=reason,
        )
    )


def _as_shown(before: Customer, judgement: Judgement) -> dict[str, object]:
    """Return the fields that an edit touches, as a form shows them."""
    changed = {name: judgement.facts[name] for name in judgement.touched}
    shown = attrs.evolve(before, **changed).raw()
    return {name: shown[name] for name in sorted(judgement.touched)}
