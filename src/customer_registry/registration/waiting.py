"""Let an edit wait for a second person (四眼原则)."""

from datetime import datetime
from typing import cast

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.registration.office import Office
from customer_registry.registration.saving import refuse_closed
from customer_registry.repository import Receipt, UnitOfWork, WaitingEdit
from customer_registry.validation.judgement import Judgement

__all__ = ["PENDING", "SUBMITTED", "journal", "named_in", "wait"]

PENDING = "pending"
"""Where a new customer stands in `approval`, if the company lets them wait."""

SUBMITTED = "submitted"
"""The act that lets an edit wait."""

_EDIT = "pending"


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
    journal(office, work, edit, SUBMITTED, now=now)
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
    """Say in the journal what became of an edit that waits, which one, and which fields it has."""
    named = str(edit.id)
    comes_or_goes = (None, named) if action == SUBMITTED else (named, None)
    fields = (Change(name, hidden=True) for name in sorted(edit.fields))
    work.journal.append(
        JournalEntry(
            at=now,
            actor=office.actor.id,
            action=action,
            customer_id=edit.customer_id,
            changes=(*fields, Change(_EDIT, *comes_or_goes)),
            reason=reason,
        )
    )


def named_in(entry: JournalEntry) -> str | None:
    """Return the id of the edit that an entry tells of; None where it tells of none."""
    for change in entry.changes:
        if change.path == _EDIT:
            return cast("str | None", change.after or change.before)
    return None


def _as_shown(before: Customer, judgement: Judgement) -> dict[str, object]:
    """Return the fields that an edit touches, as a form shows them."""
    changed = {name: judgement.facts[name] for name in judgement.touched}
    shown = attrs.evolve(before, **changed).raw()
    return {name: shown[name] for name in sorted(judgement.touched)}
