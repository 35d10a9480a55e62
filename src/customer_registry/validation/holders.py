"""What a rule may ask the store: who holds a key, who has a code."""

from typing import Protocol
from uuid import UUID

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Key, KeyedValue

__all__ = ["Holders", "StoredHolders"]


class _Customers(Protocol):
    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]: ...

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]: ...

    def get(self, customer_id: UUID) -> Customer | None: ...

    def by_code(self, code: CustomerCode) -> Customer | None: ...


class Holders(Protocol):
    """The look-ups of one transaction, as rules see them."""

    def holding(self, held: KeyedValue | Key, limit: int | None = None) -> tuple[Customer, ...]:
        """Return the customers that hold a value: a phone, an e-mail, a tax number, a key.

        Oldest first, all of them or the first `limit`.
        """
        ...

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        """Return the ids and names of the first `limit` that hold a key, without all the rest."""
        ...

    def get(self, customer_id: UUID) -> Customer | None:
        """Return the customer with an id."""
        ...

    def by_code(self, code: CustomerCode) -> Customer | None:
        """Return the customer with a code, present or former."""
        ...


class StoredHolders:
    """Look-ups in a unit of work."""

    def __init__(self, customers: _Customers) -> None:
        self._customers = customers

    def holding(self, held: KeyedValue | Key, limit: int | None = None) -> tuple[Customer, ...]:
        """Return the customers that hold a value; nobody holds one without a key."""
        key = held if isinstance(held, Key) else Key.of(held)
        return () if key is None else self._customers.holding(key, limit)

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        """Return the ids and names of the first `limit` that hold a key, without all the rest."""
        return self._customers.called(key, limit)

    def get(self, customer_id: UUID) -> Customer | None:
        """Return the customer with an id."""
        return self._customers.get(customer_id)

    def by_code(self, code: CustomerCode) -> Customer | None:
        """Return the customer with a code, present or former."""
        return self._customers.by_code(code)
