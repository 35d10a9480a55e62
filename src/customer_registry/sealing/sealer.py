"""What a store asks of the keys: to seal and open a field, to index a value, to key the journal."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

import attrs

__all__ = ["UNSEALED", "Cell", "JournalKey", "Sealer"]


@attrs.frozen(kw_only=True)
class Cell:
    """The place a sealed value belongs to: it opens nowhere else.

    `field` is the dotted path without places in lists, `bank_accounts.number`; `entry` the entry's
    own id, empty where a customer has one only; `version` the customer's version that wrote it.
    """

    customer_id: UUID
    field: str
    entry: str = ""
    version: int


@attrs.frozen
class JournalKey:
    """A key that the journal is chained with, and the id that entries name it by."""

    id: str
    key: bytes = attrs.field(repr=False)


class Sealer(Protocol):
    """The keys of one repository."""

    @property
    def seals(self) -> bool:
        """Whether sensitive fields are sealed before they are stored."""
        ...

    def seal(self, text: str, cell: Cell) -> str:
        """Return a value as an envelope, in letters that JSON needs not escape."""
        ...

    def open(self, envelope: str, cell: Cell) -> str:
        """Return what an envelope holds; raises KeyUnavailable, or TamperedRecord."""
        ...

    def is_current(self, envelope: str) -> bool:
        """Return whether an envelope was sealed with the key that new ones are sealed with."""
        ...

    def indices(self, field: str, text: str) -> tuple[str, ...]:
        """Return what stands for a value in an index: under the settled key first, then others.

        Raises KeyUnavailable.
        """
        ...

    def settled(self, sealing: str, index: str) -> "Sealer":
        """Return the same keys for a store that seals and indexes with these two by now."""
        ...

    @property
    def newest(self) -> tuple[str, str]:
        """The ids of the newest sealing key and the newest index key; raises KeyUnavailable."""
        ...

    def must_have(self, ids: Iterable[str]) -> None:
        """Raise KeyUnavailable unless all these sealing and index keys are here."""
        ...

    def proof(self, said: str) -> str:
        """Return what nobody without the settled sealing key can say of a text.

        Raises KeyUnavailable.
        """
        ...

    def journal_key(self, key_id: str | None = None) -> JournalKey | None:
        """Return the key of an id, or the one for new entries; None chains without a key.

        Raises KeyUnavailable for an id that is not known.
        """
        ...


class _Unsealed:
    """No keys at all."""

    seals = False

    def seal(self, text: str, cell: Cell) -> str:
        del text
        raise _unavailable(f"{cell.field} is sealed in this store: give its keyring")

    def open(self, envelope: str, cell: Cell) -> str:
        del envelope
        raise _unavailable(f"{cell.field} is sealed in this store: give its keyring")

    def is_current(self, envelope: str) -> bool:
        del envelope
        return True

    def indices(self, field: str, text: str) -> tuple[str, ...]:
        del text
        raise _unavailable(f"{field} is indexed blindly in this store: give its keyring")

    def settled(self, sealing: str, index: str) -> "Sealer":
        del sealing, index
        return self

    @property
    def newest(self) -> tuple[str, str]:
        raise _unavailable("give a keyring")

    def must_have(self, ids: Iterable[str]) -> None:
        del ids
        raise _unavailable("give a keyring")

    def proof(self, said: str) -> str:
        del said
        raise _unavailable("give a keyring")

    def journal_key(self, key_id: str | None = None) -> JournalKey | None:
        if key_id is not None:
            raise _unavailable(f"the journal key {key_id} is not here")
        return None


def _unavailable(why: str) -> Exception:
    from customer_registry.domain.errors import KeyUnavailable  # noqa: PLC0415  seldom raised

    return KeyUnavailable(why)


UNSEALED: Sealer = _Unsealed()
"""The sealer of a store without keys."""
