"""A customer as a store keeps it: the one place where fields will be sealed."""

from collections.abc import Iterable
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.repository import Key, keys_of
from customer_registry.storage.grams import tokens
from customer_registry.storage.wire import read_customer, read_name, write_customer

__all__ = ["Record", "called", "opened", "owned", "recorded"]


@attrs.frozen
class Record:
    """A customer's document, and beside it what finds it."""

    document: bytes = attrs.field(repr=False)
    keys: frozenset[Key] = attrs.field(repr=False)
    tokens: frozenset[str] = attrs.field(repr=False)


def recorded(customer: Customer) -> Record:
    """Return what a store keeps of a customer; raises TypeError for one that holds masks."""
    return Record(write_customer(customer), keys_of(customer), tokens(customer))


def opened(document: bytes) -> Customer:
    """Return the customer of a stored document."""
    return read_customer(document)


def called(document: bytes) -> tuple[UUID, str]:
    """Return the id and name of a stored document, without reading the rest where it can."""
    return read_name(document)


def owned(customer: Customer, claims: Iterable[Key]) -> tuple[Key, ...]:
    """Return what only this customer may have, its codes first, each once."""
    codes = (Key("code", code.text) for code in (customer.code, *customer.former_codes))
    return tuple(dict.fromkeys([*codes, *claims]))
