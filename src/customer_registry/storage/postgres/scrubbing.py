"""Take out of the tables what was deleted or replaced."""

import psycopg

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.storage.postgres.notices import warnings_of
from customer_registry.storage.postgres.spelling import Spelling
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
    with warnings_of(connection) as skipped:
        for table in _TABLES:
            connection.execute(spelling.of(f"VACUUM (FULL {'true' if whole else 'false'}) {table}"))
    if skipped:
        raise StorageUnavailable(f"{place}: only the owner of the tables scrubs them")
