"""Keys that only one customer may have, as the company decided, held against what is claimed."""

from collections.abc import Callable
from heapq import heappush, heappushpop
from typing import TYPE_CHECKING

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageError
from customer_registry.domain.policy import UNIQUE_KEYS, Unique
from customer_registry.registration.office import Office, is_shared
from customer_registry.repository import Disagreement, UnitOfWork, keys_of
from customer_registry.storage.inspecting import is_damage

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Unclaimed"]

_TOLD = 100
"""Customers that are remembered of a field that the company made unique."""


class Unclaimed:
    """Tells of customers whose unique keys are not claimed, so that another could have them too.

    A customer written before the company made a field unique claims it with his next edit: of such
    a field only those are told who were written later than somebody who does claim it. Nor is a
    key told that several have had since a time when that was fine.
    """

    def __init__(
        self, office: Office, work: UnitOfWork, found: Callable[[Disagreement], object]
    ) -> None:
        self._work = work
        self._found = found
        policy = office.engine.policy
        self._unique = {each for each in UNIQUE_KEYS if policy.uniqueness(each) is Unique.BLOCK}
        self._since: dict[str, datetime] = {}
        self._later: dict[str, list[tuple[datetime, str]]] = {}

    def read(self, customer: Customer) -> None:
        """Look for the claims of a customer as he is stored."""
        try:
            self._read(customer)
        except StorageError as error:
            if not is_damage(error):
                raise
            self._found(Disagreement("store.unreadable", "claims"))
            self._unique.clear()

    def ends(self) -> None:
        """Tell of those who ought to claim what others did before them."""
        for field, later in self._later.items():
            since = self._since.get(field)
            for at, code in sorted(later):
                if since is not None and at > since:
                    self._found(Disagreement("claim.missing", f"{code}: {field}"))

    def _read(self, customer: Customer) -> None:
        keys = [key for key in keys_of(customer) if key.field in self._unique]
        if not keys:
            return
        missing = self._work.customers.unclaimed(customer, keys)
        lacking = {key.field for key in missing if not is_shared(self._work, key)}
        for field in sorted(lacking):
            if UNIQUE_KEYS[field] is Unique.BLOCK:
                self._found(Disagreement("claim.missing", f"{customer.code.text}: {field}"))
            else:
                self._remember(field, customer)
        for field in {key.field for key in keys if key not in missing}:
            self._since[field] = min(
                customer.updated_at, self._since.get(field, customer.updated_at)
            )

    def _remember(self, field: str, customer: Customer) -> None:
        """Remember the customers who were written last, of those who do not claim a field."""
        later, one = self._later.setdefault(field, []), (customer.updated_at, customer.code.text)
        if len(later) < _TOLD:
            heappush(later, one)
        else:
            heappushpop(later, one)
