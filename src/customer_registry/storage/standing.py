"""How far a store is sealed, as the store itself says it."""

from typing import Literal, Self, TypeAlias, cast

import attrs

from customer_registry.domain.errors import KeyUnavailable, StorageCorrupt, TamperedRecord
from customer_registry.sealing.sealer import Sealer

__all__ = ["TELLING", "Phase", "Standing", "founded"]

Phase: TypeAlias = Literal["sealing", "rotating", "sealed"]

TELLING = ("sealing", "sealed", "rotating", "rotated")
"""The actions of the journal that tell how a store is sealed from then on."""


@attrs.frozen(kw_only=True)
class Standing:
    """The keys that a store has settled on, and whether all of it goes by them already.

    While `sealing` some fields are plain as yet, while `rotating` some are under older keys.
    `keyed_from` is the first entry of the journal that is to have a key, and so all after it; who
    sealed the store vouched for those before. None in a store that does not say so.
    `entry` is the one that tells of it in the journal, 0 in a store that was founded so: an earlier
    word put back is known by it. `former` are the keys that some fields may be under as yet.
    `is_proven` says that whoever reads it has all these keys.
    """

    phase: Phase
    sealing: str
    index: str
    keyed_from: int | None = None
    entry: int = 0
    former: tuple[str, ...] = ()
    is_proven: bool = attrs.field(default=True, eq=False)

    @classmethod
    def read(cls, said: str, sealer: Sealer) -> Self:
        """Return what a store says; raises StorageCorrupt, or TamperedRecord for another's word.

        Without all the keys it names nobody can tell whose word it is: it is not proven then.
        """
        try:
            phase, sealing, index, since, entry, *former, _ = said.split(" ")
            standing = cls(
                phase=cast("Phase", phase),
                sealing=sealing,
                index=index,
                keyed_from=int(since) or None,
                entry=int(entry),
                former=tuple(former),
            )
        except ValueError as error:
            raise StorageCorrupt("the store does not say how it is sealed") from error
        if phase not in {"sealing", "rotating", "sealed"}:
            raise StorageCorrupt("the store does not say how it is sealed")
        try:
            proven = standing.written(sealer) == said
        except KeyUnavailable:
            return attrs.evolve(standing, is_proven=False)
        if not proven:
            raise TamperedRecord("how the store is sealed was not said with its keys")
        return standing

    def written(self, sealer: Sealer) -> str:
        """Return the words for the store; raises KeyUnavailable."""
        words = (self.phase, *self.keys, self.keyed_from or 0, self.entry, *self.former)
        said = " ".join(map(str, words))
        sealer.must_have(self.keys + self.former)
        return f"{said} {sealer.settled(*self.keys).proof(said)}"

    @property
    def keys(self) -> tuple[str, str]:
        """The ids of the sealing key and the index key settled on."""
        return self.sealing, self.index

    @property
    def has_sealed_all(self) -> bool:
        """Whether nothing sensitive is left plain, under whichever key it is."""
        return self.phase != "sealing"

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left that goes by other keys, or by none."""
        return self.phase == "sealed"


def founded(sealer: Sealer) -> str:
    """Return what a store that holds nothing yet says of itself; raises KeyUnavailable."""
    sealing, index = sealer.newest
    return Standing(phase="sealed", sealing=sealing, index=index, keyed_from=1).written(sealer)
