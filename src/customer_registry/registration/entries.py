"""The small ids by which contacts, addresses and bank accounts stay the same entries."""

from typing import Any

import attrs

from customer_registry.domain.customer import Customer

__all__ = ["with_entry_ids"]

_LISTS = ("contacts", "addresses", "bank_accounts")


def with_entry_ids(customer: Customer) -> Customer:
    """Return the customer with an id for every entry that has none.

    An id tells the customer's version that first held the entry, and its turn: `3-1`.
    """
    named = {name: _named(getattr(customer, name), customer.version) for name in _LISTS}
    return attrs.evolve(customer, **named)


def _named(entries: tuple[Any, ...], version: int) -> tuple[Any, ...]:
    taken = {entry.id for entry in entries}
    free = (
        name
        for turn in range(1, 2 * len(entries) + 1)
        if (name := f"{version}-{turn}") not in taken
    )
    return tuple(entry if entry.id else attrs.evolve(entry, id=next(free)) for entry in entries)
