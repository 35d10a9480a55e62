"""How a store of tables says that it is sealed, in one unit of work."""

from typing import cast
from uuid import UUID

import attrs

from customer_registry.repository import Disagreement
from customer_registry.sealing.sealer import Sealer
from customer_registry.storage.record import PLAIN, Records
from customer_registry.storage.standing import TELLING
from customer_registry.storage.tables.statements import Statements
from customer_registry.storage.vault import Vault

__all__ = ["Past", "Sealed", "keep_standing", "seal_if_empty", "standing"]

_STANDING = "SELECT sealing FROM customer_registry_meta"
_KEEP = "UPDATE customer_registry_meta SET sealing = :said"
_WORDS = {action: f'","action":"{action}",'.encode() for action in TELLING}
_FOUND = """
UPDATE customer_registry_meta SET sealing = :said
WHERE sealing IS NULL
    AND NOT EXISTS (SELECT 1 FROM customer_registry_customers)
    AND NOT EXISTS (SELECT 1 FROM customer_registry_journal)
"""


@attrs.frozen(eq=False)
class Past:
    """What a store holds that tells how it was sealed, whatever it says now."""

    _statements: Statements

    def told(self) -> int:
        """Return the last entry of the journal that tells how the store is sealed, 0 for none."""
        row = self._statements.one(self._statements.dialect.told, _WORDS)
        return int(row[0]) if row else 0

    def is_sealed(self) -> bool:
        """Return whether anything is there only where it was sealed: a first entry has its key."""
        ((is_there,),) = self._statements.all(self._statements.dialect.is_sealed)
        return bool(is_there) or self.told() > 0


class Sealed:
    """The keys of a unit of work, and how the store has customers written; asked once."""

    def __init__(self, statements: Statements, vault: Vault, identity: UUID) -> None:
        self._statements = statements
        self._vault = vault
        self._identity = identity
        self._known: tuple[int, Records] | None = None
        self._said: str | None = None

    def hear(self, said: str | None) -> None:
        """Take from the store what it says; it need not be asked then."""
        records, self._said = self._vault.records(self._identity, said), said
        self._known = self._statements.taken_back, records

    @property
    def records(self) -> Records:
        """How the store has customers written and looked up; raises TamperedRecord."""
        if self._known is None or self._known[0] != self._statements.taken_back:
            self.hear(standing(self._statements))
        return cast("tuple[int, Records]", self._known)[1]

    @property
    def reading(self) -> Records:
        """How documents are read; without keys the store need not be asked."""
        return self.records if self._vault.has_keys else PLAIN

    @property
    def sealer(self) -> Sealer:
        """The keys of this repository."""
        return self._vault.sealer(self._identity)

    def refuse_writing(self) -> None:
        """Raise KeyUnavailable, TamperedRecord where nobody with these keys is to write."""
        self._vault.refuse_writing(self._identity, self._said, Past(self._statements))

    def disagreements(self) -> tuple[Disagreement, ...]:
        """Return what is wrong with how the store says it is sealed."""
        said = standing(self._statements)
        return self._vault.disagreements(self._identity, said, Past(self._statements))

    def change(self, identity: UUID | None = None) -> None:
        """Ask the store anew."""
        self._identity = identity or self._identity
        self._known = None


def standing(statements: Statements) -> str | None:
    """Return what a store says of how it is sealed."""
    ((said,),) = statements.all(_STANDING) or [(None,)]
    return None if said is None else str(said)


def keep_standing(statements: Statements, said: str) -> None:
    """Let a store say how it is sealed."""
    statements.change(_KEEP, {"said": said})


def seal_if_empty(statements: Statements, vault: Vault, identity: UUID) -> None:
    """Let a store that holds nothing yet be sealed from the beginning, if there are keys."""
    if (said := vault.founding(identity)) is not None:
        statements.change(_FOUND, {"said": said})
