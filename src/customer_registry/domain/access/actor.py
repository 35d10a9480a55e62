"""Who acts."""

import unicodedata
from collections.abc import Iterable, Mapping

import attrs

from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.values.text import match_key

__all__ = ["SYSTEM", "Actor", "same_person"]


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


def same_person(one: str, other: str) -> bool:
    """Return whether two ids are one person's, for whatever asks for a second person.

    Case, width, spaces and invisible marks make nobody a second one.

    >>> same_person("clerk", "Ｃlerk "), same_person("clerk", "clerk2")
    (True, False)
    """
    return _key(one) == _key(other)


def _key(name: str) -> str:
    return match_key("".join(each for each in name if unicodedata.category(each) not in _MARKS))


_MARKS = frozenset({"Cc", "Cf"})
"""The categories of the characters that nobody sees: controls and formats."""
