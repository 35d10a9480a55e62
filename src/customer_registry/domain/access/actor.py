"""Who acts."""

from collections.abc import Iterable, Mapping

import attrs

from customer_registry.domain.frozen import FrozenMapping

__all__ = ["SYSTEM", "Actor"]


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
