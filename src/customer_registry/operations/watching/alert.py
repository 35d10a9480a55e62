"""An alert: acts that deserve a second look, without a word of what they were about."""

from datetime import datetime
from uuid import UUID

import attrs

from customer_registry.operations.watching.texts import texts

__all__ = ["Alert"]


@attrs.frozen(kw_only=True)
class Alert:
    """Acts of one actor that deserve a second look.

    `detector` names who found them, `entries` are their numbers in the journal, the last of which
    is of the time `at`; `customer_id` is there where one customer is concerned.
    """

    detector: str
    actor: str
    at: datetime
    entries: tuple[int, ...]
    customer_id: UUID | None = None

    def message(self, language: str = "zh") -> str:
        """Return the alert as a sentence; that of a detector of your own gives its name.

        >>> from datetime import UTC
        >>> at = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        >>> Alert(detector="many_reveals", actor="li.lei", at=at, entries=(4, 5)).message("en")
        'li.lei revealed sensitive fields 2 times in a short time (entries 4-5)'
        """
        words = texts(language)
        sentence = words["alerts"].get(self.detector, words["alerts"]["other"])
        return sentence.format(
            detector=self.detector,
            actor=self.actor,
            count=len(self.entries),
            span=_span(self.entries),
        )


def _span(entries: tuple[int, ...]) -> str:
    first, last = min(entries, default=0), max(entries, default=0)
    return f"{first}" if first == last else f"{first}-{last}"
