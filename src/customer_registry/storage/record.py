"""A customer as a store keeps it: the one place where fields will be sealed."""

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.repository import Key, keys_of
from customer_registry.storage.grams import tokens
from customer_registry.storage.wire import read_customer, write_customer

__all__ = ["Record", "opened", "recorded"]


@attrs.frozen
class Record:
    """A customer's document, and beside it what finds it."""

    document: bytes = attrs.field(repr=False)
    keys: frozenset[Key] = attrs.field(repr=False)
    tokens: frozenset[str] = attrs.field(repr=False)


def recorded(customer: Customer) -> Record:
    """Return what a store keeps of a customer."""
    return Record(write_customer(customer), keys_of(customer), tokens(customer))


def opened(document: bytes) -> Customer:
    """Return the customer of a stored document."""
    return read_customer(document)
