"""How a SQLite file says that it is sealed, in one unit of work."""

from typing import cast
from uuid import UUID

from customer_registry.sealing.sealer import Sealer
from customer_registry.storage.record import PLAIN, Records
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.vault import Vault

__all__ = ["Sealed", "keep_standing", "seal_if_empty", "standing"]

_STANDING = "SELECT sealing FROM customer_registry_meta"
_KEEP = "UPDATE customer_registry_meta SET sealing = :said"
_FOUND = """
UPDATE customer_registry_meta SET sealing = :said
WHERE sealing IS NULL
    AND NOT EXISTS (SELECT 1 FROM customer_registry_customers)
    AND NOT EXISTS (SELECT 1 FROM customer_registry_journal)
"""


class Sealed:
    """The keys of a unit of work, and how the file has customers written; asked once."""

    def __init__(self, statements: Statements, vault: Vault, identity: UUID) -> None:
        self._statements = statements
        self._vault = vault
        self._identity = identity
        self._known: tuple[int, Records] | None = None

    def hear(self, said: str | None) -> None:
        """Take from the file what it says; it need not be asked then."""
        records = self._vault.records(self._identity, said)
        self._known = self._statements.taken_back, records

    @property
    def records(self) -> Records:
        """How the file has customers written and looked up; raises TamperedRecord."""
        if self._known is None or self._known[0] != self._statements.taken_back:
            self.hear(standing(self._statements))
        return cast("tuple[int, Records]", self._known)[1]

    @property
    def reading(self) -> Records:
        """How documents are read; without keys the file need not be asked."""
        return self.records if self._vault.has_keys else PLAIN

    @property
    def sealer(self) -> Sealer:
        """The keys of this repository."""
        return self._vault.sealer(self._identity)

    def change(self, identity: UUID | None = None) -> None:
        """Ask the file anew."""
        self._identity = identity or self._identity
        self._known = None


def standing(statements: Statements) -> str | None:
    """Return what a file says of how it is sealed."""
    ((said,),) = statements.all(_STANDING) or [(None,)]
    return None if said is None else str(said)


def keep_standing(statements: Statements, said: str) -> None:
    """Let a file say how it is sealed."""
    statements.change(_KEEP, {"said": said})


def seal_if_empty(statements: Statements, vault: Vault, identity: UUID) -> None:
    """Let a file that holds nothing yet be sealed from the beginning, if there are keys."""
    if (said := vault.founding(identity)) is not None:
        statements.change(_FOUND, {"said": said})
