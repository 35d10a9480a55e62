"""Who decides what an actor may do and see."""

from typing import Protocol

from customer_registry.domain.access.actor import Actor
from customer_registry.domain.access.sight import Sight
from customer_registry.domain.customer import Customer

__all__ = ["AccessPolicy", "unrestricted"]


class AccessPolicy(Protocol):
    """Decides what an actor may do and see; an exception denies.

    A policy that has no `sight` decides about acts alone: who may see a customer sees all of it.
    """

    def permits(self, actor: Actor, action: str, customer: Customer | None) -> bool:
        """Return whether `actor` may do `action`, to `customer` where it concerns one.

        Anything but True denies. `get` is the right to see a customer at all. An act that looks at
        many customers is asked of none first, and then of each one that it shows.
        """
        ...

    def sight(self, actor: Actor, field: str, customer: Customer | None) -> Sight:
        """Return how much of a field such as `contacts` or `custom.门店数` the actor may see.

        With None it is asked of a customer that is being registered. Anything but a Sight hides.
        """
        ...


class _Unrestricted:
    """Everybody may do everything: the rule where no company policy declares access."""

    def permits(self, actor: Actor, action: str, customer: Customer | None) -> bool:  # noqa: ARG002  the protocol's shape
        return True

    def sight(self, actor: Actor, field: str, customer: Customer | None) -> Sight:  # noqa: ARG002  as above
        return Sight.EDITED


unrestricted: AccessPolicy = _Unrestricted()
