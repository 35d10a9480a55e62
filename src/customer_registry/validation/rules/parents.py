"""Rules about the customer above a customer."""

from collections.abc import Iterator
from uuid import UUID

from customer_registry.domain.issues import Issue
from customer_registry.domain.values.code import CustomerCode
from customer_registry.validation.holders import Holders

__all__ = ["RULES"]


def parent_exists_and_is_no_descendant(
    parent: CustomerCode | None, customers: Holders, this: UUID
) -> Iterator[Issue]:
    """The customer above is registered, and is neither the customer itself nor one below it."""
    above, seen = parent, set[CustomerCode]()
    while above is not None and above not in seen:
        seen.add(above)
        holder = customers.by_code(above)
        if holder is None:
            if above == parent:
                yield Issue("parent.unknown", params={"value": str(parent)})
            return
        if holder.id == this:
            yield Issue("parent.cycle")
            return
        above = holder.parent


RULES = (parent_exists_and_is_no_descendant,)
