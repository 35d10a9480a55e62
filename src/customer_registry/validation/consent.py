"""Which fields ask for a purpose that nobody recorded."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from customer_registry.domain.values.custody import Consent

__all__ = ["unserved"]


def unserved(
    demanded: Mapping[str, str],
    facts: Mapping[str, Any],
    touched: frozenset[str] | None,
    unseen: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, str]]:
    """Yield the filled fields whose purpose has no basis, each with its purpose.

    In an edit only those that it touches, or all where it touches the consents; of `unseen` fields
    nothing is said, lest that tells whether there is something.
    """
    consents: tuple[Consent, ...] = facts.get("consents") or ()
    served = {consent.purpose for consent in consents if consent.is_valid}
    for field, purpose in demanded.items():
        concerned = touched is None or field in touched or "consents" in touched
        if concerned and field not in unseen and facts.get(field) and purpose not in served:
            yield field, purpose
