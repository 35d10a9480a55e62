"""Why somebody does what is not done every day: the reason that the journal keeps."""

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue
from customer_registry.domain.values import text

__all__ = ["read_reason"]

_LONGEST = 1000


def read_reason(typed: object, *, required: bool) -> tuple[str | None, tuple[Issue, ...]]:
    """Return the tidied reason, None for none, and what is wrong with it."""
    try:
        told = text.block(typed, longest=_LONGEST) if isinstance(typed, str) else None
    except InvalidValue as refusal:
        return None, (refusal.issue(("reason",)),)
    if required and not told:
        return None, (Issue("reason.required", ("reason",)),)
    return told, ()
