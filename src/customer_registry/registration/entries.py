"""The small ids by which contacts, addresses and bank accounts stay the same entries."""

from itertools import count
from typing import TypeVar

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.contact import Contact

__all__ = ["with_entry_ids"]

Entry = TypeVar("Entry", Contact, PostalAddress, BankAccount)


def with_entry_ids(customer: Customer) -> Customer:
    """Return the customer with an id for every entry that has none.

    An id tells the customer's version that first held the entry, and its turn: `3-1`.
    """
    version = customer.version
    return attrs.evolve(
        customer,
        contacts=_named(customer.contacts, version),
        addresses=_named(customer.addresses, version),
        bank_accounts=_named(customer.bank_accounts, version),
    )


def _named(entries: tuple[Entry, ...], version: int) -> tuple[Entry, ...]:
    taken = {entry.id for entry in entries}
    names = (f"{version}-{turn}" for turn in count(1))
    free = (name for name in names if name not in taken)
    return tuple(entry if entry.id else attrs.evolve(entry, id=next(free)) for entry in entries)
