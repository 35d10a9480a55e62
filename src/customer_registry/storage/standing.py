"""How far a store is sealed, as the store itself says it."""

from typing import Literal, Self, TypeAlias, cast

import attrs

from customer_registry.domain.errors import KeyUnavailable, StorageCorrupt, TamperedRecord
from customer_registry.sealing.sealer import Sealer

__all__ = ["Phase", "Standing"]

Phase: TypeAlias = Literal["sealing", "rotating", "sealed"]


@attrs.frozen(kw_only=True)
class Standing:
    """The keys that a store has settled on, and whether all of it goes by them already.

    While `sealing` some fields are plain as yet, while `rotating` some are under older keys.
    """

    phase: Phase
    sealing: str
    index: str

    @classmethod
    def read(cls, said: str, sealer: Sealer) -> Self:
        """Return what a store says; raises StorageCorrupt, or TamperedRecord for another's word.

        Without the key nobody can tell whose word it is.
        """
        try:
            phase, sealing, index, _ = said.split(" ")
            standing = cls(phase=cast("Phase", phase), sealing=sealing, index=index)
        except ValueError as error:
            raise StorageCorrupt("the store does not say how it is sealed") from error
        if phase not in {"sealing", "rotating", "sealed"}:
            raise StorageCorrupt("the store does not say how it is sealed")
        try:
            proven = standing.written(sealer) == said
        except KeyUnavailable:
            return standing
        if not proven:
            raise TamperedRecord("how the store is sealed was not said with its keys")
        return standing

    def written(self, sealer: Sealer) -> str:
        """Return the words for the store; raises KeyUnavailable."""
        said = f"{self.phase} {self.sealing} {self.index}"
        return f"{said} {sealer.settled(self.sealing, self.index).proof(said)}"

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left that goes by other keys, or by none."""
        return self.phase == "sealed"
