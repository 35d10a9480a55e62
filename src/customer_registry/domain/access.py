"""Who acts, and whether they may."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.frozen import FrozenMapping

__all__ = ["SYSTEM", "AccessPolicy", "Actor", "unrestricted"]


def _as_set(roles: Iterable[str]) -> frozenset[str]:
    return frozenset(roles)


@attrs.frozen
class Actor:
    """Somebody who acts: an id that the journal names, with roles and attributes.

    >>> Actor("han.meimei", roles={"sales"}).roles
    frozenset({'sales'})
    """

    id: str
    roles: frozenset[str] = attrs.field(default=frozenset(), converter=_as_set)
    attributes: Mapping[str, object] = attrs.field(
        factory=dict[str, object], converter=FrozenMapping[str, object], hash=False
    )


SYSTEM = Actor("system")
"""Who acts where nobody was named."""


class AccessPolicy(Protocol):
    """Decides what an actor may do; anything but True denies."""

    def permits(self, actor: Actor, action: str, customer: Customer | None) -> bool:
        """Return whether `actor` may do `action`, to `customer` where it concerns one."""
        ...


class _Unrestricted:
    """Everybody may do everything: the rule where no company policy declares access."""

    def permits(self, actor: Actor, action: str, customer: Customer | None) -> bool:  # noqa: ARG002  the protocol's shape
        return True


unrestricted: AccessPolicy = _Unrestricted()
