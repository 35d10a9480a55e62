"""Who a store is: given to it when its tables are laid out, and read ever after."""

from uuid import UUID, uuid4

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.storage import grams
from customer_registry.storage.tables.statements import Statements

__all__ = ["give_identity", "identity_of"]

_BYTES = 16
_GIVE = """
INSERT INTO customer_registry_meta (one, identity, schema, grams)
VALUES (1, :identity, :schema, :grams)
"""


def give_identity(statements: Statements, schema: int) -> None:
    """Let new tables say who they are, and with which schema and which search tokens."""
    values = {"identity": uuid4().bytes, "schema": schema, "grams": grams.VERSION}
    statements.change(_GIVE, values)


def identity_of(written: object, place: str) -> UUID:
    """Return the identity that the store at `place` says; raises StorageCorrupt for none."""
    if not isinstance(written, bytes) or len(written) != _BYTES:
        raise StorageCorrupt(f"{place}: the store does not say what it is; restore a backup")
    return UUID(bytes=written)
