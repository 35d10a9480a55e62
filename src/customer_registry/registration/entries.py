"""The small ids by which contacts, addresses and bank accounts stay the same entries."""

from collections.abc import Mapping
from itertools import count
from typing import Any, TypeVar

import attrs

from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.contact import Contact

__all__ = ["with_entry_ids"]

Entry = TypeVar("Entry", Contact, PostalAddress, BankAccount)


_ENTRIES = ("contacts", "addresses", "bank_accounts")


def with_entry_ids(fields: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Return a customer's fields with an id for every entry that has none.

    An id tells the customer's version that first held the entry, and its turn: `3-1`.
    """
    named = {name: _named(fields[name], version) for name in _ENTRIES if fields.get(name)}
    return {**fields, **named}


def _named(entries: tuple[Entry, ...], version: int) -> tuple[Entry, ...]:
    if all(entry.id for entry in entries):
        return entries
    taken = {entry.id for entry in entries}
    names = (f"{version}-{turn}" for turn in count(1))
    free = (name for name in names if name not in taken)
    return tuple(entry if entry.id else attrs.evolve(entry, id=next(free)) for entry in entries)
