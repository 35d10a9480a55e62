"""Which schema and which search tokens a store was written with, and whether they are today's."""

from customer_registry.domain.errors import SchemaTooNew, SchemaTooOld, StorageCorrupt
from customer_registry.storage import grams
from customer_registry.storage.tables.statements import Row

__all__ = ["refuse_other_schema"]


def refuse_other_schema(found: Row, schema: int, place: str) -> None:
    """Raise SchemaTooNew, SchemaTooOld or StorageCorrupt unless both are today's.

    `found` are the numbers that the store at `place` says, of its schema and of its tokens.
    """
    ours = (schema, grams.VERSION)
    if len(found) != len(ours) or not all(isinstance(each, int) and each > 0 for each in found):
        raise StorageCorrupt(f"{place}: the store's schema is damaged; restore a backup")
    if any(theirs > own for theirs, own in zip(found, ours, strict=True)):
        raise SchemaTooNew(f"{place}: written by a later version; install that one")
    if found != ours:
        raise SchemaTooOld(f"{place}: was written by an earlier version; open it with migrate=True")
