"""When a verification last found nothing wrong with a store, as the store itself says it."""

from datetime import datetime

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.storage.tables.statements import Statements
from customer_registry.storage.times import sortable

__all__ = ["keep_checked", "schema_and_checked"]

_KEEP = "UPDATE customer_registry_meta SET checked = :at"
_META = "SELECT schema, checked FROM customer_registry_meta"


def keep_checked(statements: Statements, at: datetime) -> None:
    """Keep when a verification last found nothing wrong."""
    statements.change(_KEEP, {"at": sortable(at)})


def schema_and_checked(statements: Statements) -> tuple[int | None, datetime | None]:
    """Return the number of a store's schema, and when it was last verified; None for never."""
    schema, written = statements.one(_META) or (None, None)
    try:
        return schema, None if written is None else datetime.fromisoformat(str(written))
    except ValueError as error:
        raise StorageCorrupt("the time of the last verification cannot be read") from error
