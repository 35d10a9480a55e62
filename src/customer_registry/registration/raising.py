"""Raise the counter of a range, journalled: the numbers that it leaves out stay explained."""

from datetime import datetime

from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.registration.drawing import Drawing
from customer_registry.repository import UnitOfWork

__all__ = ["PATH", "RAISED", "raise_numbers"]

RAISED = "numbers_raised"
"""The act of raising a counter, as the journal calls it."""

PATH = "numbers."
"""What stands before the range in the path of such an act."""


def raise_numbers(
    drawing: Drawing,
    work: UnitOfWork,
    name: str,
    number: int,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Let a range go on behind a number; a counter that is there already writes nothing.

    The entry is about no customer; its change tells the last number passed before and after.
    """
    before = drawing.peek(name) - 1
    drawing.raise_to(name, number)
    if number > before:
        change = Change(f"{PATH}{name}", before, number)
        work.journal.append(
            JournalEntry(at=now, actor=by, action=RAISED, changes=(change,), reason=reason)
        )
