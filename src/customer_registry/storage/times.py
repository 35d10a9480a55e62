"""Times as text that sorts as time does."""

from datetime import UTC, datetime

__all__ = ["sortable"]


def sortable(at: datetime) -> str:
    """Return a time in UTC, always as wide, so that texts compare as times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
