"""A mapping that stays as it was made, and can be copied, pickled and sent elsewhere."""

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

__all__ = ["FrozenMapping"]

Name = TypeVar("Name")
Value_co = TypeVar("Value_co", covariant=True)


class FrozenMapping(Mapping[Name, Value_co]):  # noqa: PLW1641  mappings have no hash
    """A read-only mapping with a copy of its own, but for that of another read-only one.

    >>> FrozenMapping({"wechat": "lilei"})["wechat"]
    'lilei'
    """

    __slots__ = ("_held",)

    def __init__(self, given: Mapping[Name, Value_co]) -> None:
        self._held: dict[Name, Value_co] = (
            cast("FrozenMapping[Name, Value_co]", given)._held  # noqa: SLF001  our own kind
            if type(given) is FrozenMapping
            else dict(given)
        )

    def __getitem__(self, name: Name) -> Value_co:
        return self._held[name]

    def __iter__(self) -> Iterator[Name]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __eq__(self, other: object) -> bool:
        if type(other) is FrozenMapping:
            other = cast("FrozenMapping[Name, Value_co]", other)._held
        return self._held == other if isinstance(other, dict) else super().__eq__(other)

    def __repr__(self) -> str:
        return f"FrozenMapping({self._held!r})"

    def __reduce__(self) -> tuple[type, tuple[dict[Name, Value_co]]]:
        return type(self), (self._held,)
