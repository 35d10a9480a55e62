"""The keys of one repository, and how its customers are written with them."""

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from customer_registry.domain.errors import KeyUnavailable, TamperedRecord
from customer_registry.repository import Disagreement
from customer_registry.sealing.sealer import UNSEALED, Sealer
from customer_registry.storage.record import Records
from customer_registry.storage.standing import Standing, founded

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["Past", "Vault"]


class Past(Protocol):
    """What a store holds that tells how it was sealed, whatever it says now."""

    def told(self) -> int:
        """Return the last entry of the journal that tells how the store is sealed, 0 for none."""
        ...

    def is_sealed(self) -> bool:
        """Return whether anything in the store is there only where it was sealed."""
        ...


class Vault:
    """A keyring, or none, made over to the identity of a store once that is known."""

    def __init__(self, keyring: "Keyring | None" = None) -> None:
        self._keyring = keyring
        self._sealer: tuple[UUID, Sealer] | None = None
        self._records: tuple[UUID, str | None, Records] | None = None
        self._trusted: tuple[UUID, str | None] | None = None

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

    def refuse_writing(self, identity: UUID, said: str | None, past: Past) -> None:
        """Raise where nobody with this keyring is to write to a store, as far as it is known.

        KeyUnavailable where the keyring lacks a key that the store names, TamperedRecord where the
        store was sealed otherwise before than it says now. Its past is asked once.
        """
        if self._keyring is None or self._trusted == (identity, said):
            return
        standing = self.records(identity, said).standing
        if standing is None:
            if past.is_sealed():
                raise TamperedRecord("this store was sealed, and does not say so any more")
        elif not standing.is_proven:
            raise KeyUnavailable(_lacking(standing))
        elif standing.entry != past.told():
            raise TamperedRecord("how the store is sealed is not what its journal told last")
        self._trusted = identity, said

    def disagreements(
        self, identity: UUID, said: str | None, past: Past
    ) -> tuple[Disagreement, ...]:
        """Return what is wrong with how a store says it is sealed."""
        standing = self.records(identity, said).standing
        if standing is None:
            return (Disagreement("store.unsealed", "how it is sealed"),) if past.is_sealed() else ()
        found = list[Disagreement]()
        if self.has_keys and not standing.is_proven:
            found.append(Disagreement("store.unopened", _lacking(standing)))
        if standing.entry != (told := past.told()):
            where = f"said at entry {standing.entry}, told last in entry {told}"
            found.append(Disagreement("store.sealed_before", where))
        return tuple(found)

    def founding(self, identity: UUID) -> str | None:
        """Return what an empty store says of itself from now on; None without keys."""
        if self._keyring is None:
            return None
        return founded(self.sealer(identity))


def _lacking(standing: Standing) -> str:
    named = ", ".join(dict.fromkeys((*standing.keys, *standing.former)))
    return f"this store goes by the keys {named}: the keyring lacks some of them"


def _refuse_going_back(before: Standing | None, now: Standing | None) -> None:
    """Raise TamperedRecord for a store that was sealed whole, and takes plain values again."""
    was_whole = before is not None and before.is_whole
    if was_whole and (now is None or now.phase == "sealing"):
        raise TamperedRecord("this store was sealed, and does not say so any more")
