"""The keys of one repository, and how its customers are written with them."""

from typing import TYPE_CHECKING
from uuid import UUID

from customer_registry.domain.errors import TamperedRecord
from customer_registry.sealing.sealer import UNSEALED, Sealer
from customer_registry.storage.record import Records
from customer_registry.storage.standing import Standing

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["Vault"]


class Vault:
    """A keyring, or none, made over to the identity of a store once that is known."""

    def __init__(self, keyring: "Keyring | None" = None) -> None:
        self._keyring = keyring
        self._sealer: tuple[UUID, Sealer] | None = None
        self._records: tuple[UUID, str | None, Records] | None = None

    @property
    def has_keys(self) -> bool:
        """Whether there is a keyring."""
        return self._keyring is not None

    def sealer(self, identity: UUID) -> Sealer:
        """Return the keys of the store with this identity."""
        if self._keyring is None:
            return UNSEALED
        known = self._sealer
        if known is None or known[0] != identity:
            known = self._sealer = identity, self._keyring.sealer(identity)
        return known[1]

    def records(self, identity: UUID, said: str | None) -> Records:
        """Return how customers are written in a store that says `said` of how it is sealed.

        Raises TamperedRecord, StorageCorrupt.
        """
        known = self._records
        if known is None or known[:2] != (identity, said):
            made = Records.of(self.sealer(identity), said)
            if known is not None and known[0] == identity:
                _refuse_going_back(known[2].standing, made.standing)
            known = self._records = identity, said, made
        return known[2]

    def founding(self, identity: UUID) -> str | None:
        """Return what an empty store says of itself from now on; None without keys."""
        if self._keyring is None:
            return None
        sealer = self.sealer(identity)
        sealing, index = sealer.newest
        return Standing(phase="sealed", sealing=sealing, index=index).written(sealer)


def _refuse_going_back(before: Standing | None, now: Standing | None) -> None:
    """Raise TamperedRecord for a store that was sealed whole, and takes plain values again."""
    was_whole = before is not None and before.is_whole
    if was_whole and (now is None or now.phase == "sealing"):
        raise TamperedRecord("this store was sealed, and does not say so any more")
