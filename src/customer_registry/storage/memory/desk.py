"""The identity of a store in memory and its keys, and what it says of how it is sealed."""

from uuid import UUID, uuid4

import attrs

from customer_registry.sealing.sealer import Sealer
from customer_registry.storage.record import Records
from customer_registry.storage.vault import Vault

__all__ = ["Desk"]


@attrs.define(eq=False, repr=False)
class Desk:
    """The identity of a store and its keys, and what it says of how it is sealed."""

    vault: Vault
    identity: UUID = attrs.field(factory=uuid4)
    said: str | None = None

    @classmethod
    def founded(cls, vault: Vault) -> "Desk":
        """Return the desk of a store that holds nothing yet."""
        desk = cls(vault)
        desk.said = vault.founding(desk.identity)
        return desk

    @property
    def sealer(self) -> Sealer:
        """The keys of the store."""
        return self.vault.sealer(self.identity)

    @property
    def records(self) -> Records:
        """How the store's customers are written and read."""
        return self.vault.records(self.identity, self.said)
