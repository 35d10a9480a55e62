"""Take out of the tables what was deleted or replaced."""

import psycopg

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.storage.postgres.statements import Spelling
from customer_registry.storage.tables.statements import Row

__all__ = ["scrub"]

_TABLES = (
    "customer_registry_customers",
    "customer_registry_keys",
    "customer_registry_claims",
    "customer_registry_journal",
    "customer_registry_receipts",
    "customer_registry_reservations",
    "customer_registry_pending",
    "customer_registry_search",
)


def scrub(
    connection: psycopg.Connection[Row], spelling: Spelling, place: str, *, whole: bool
) -> None:
    """Vacuum our tables, outside of any transaction; `whole` writes them anew.

    Raises StorageUnavailable for a role that does not own them: PostgreSQL only warns, and skips.
    """
    skipped = list[str]()

    def note(notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            skipped.append(str(notice.message_primary))

    connection.add_notice_handler(note)
    try:
        for table in _TABLES:
            connection.execute(spelling.of(f"VACUUM (FULL {'true' if whole else 'false'}) {table}"))
    finally:
        connection.remove_notice_handler(note)
    if skipped:
        raise StorageUnavailable(f"{place}: only the owner of the tables scrubs them")
