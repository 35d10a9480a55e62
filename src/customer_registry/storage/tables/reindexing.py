"""Make anew what finds customers, keys and search tokens, out of their documents."""

import zlib

from customer_registry.storage.record import PLAIN
from customer_registry.storage.tables.statements import BATCH, Row, Statements, further

__all__ = ["reindex"]

# What stands for a sealed value cannot be made anew without its key, and needs not.
_NO_KEYS = """
DELETE FROM customer_registry_keys
WHERE field NOT IN ('identity_document', 'tax_identifier')
    OR length(text) <> 41
    OR substr(text, 9, 1) <> '.'
"""
_OLDEST = """
SELECT place, document FROM customer_registry_customers
WHERE place > :after
ORDER BY place
LIMIT :limit
"""
_FIND_BY = """
INSERT INTO customer_registry_keys (field, text, place) VALUES (:field, :text, :place)
"""
# One that is there stays, so that it goes on accusing a document that was altered.
_SUM_UP = """
UPDATE customer_registry_customers SET checksum = :checksum
WHERE place = :place AND checksum IS NULL
"""


def reindex(statements: Statements) -> None:
    """Index every customer afresh, inside the running transaction and a few at a time.

    Raises StorageCorrupt for a document that cannot be read.
    """
    statements.change(_NO_KEYS)
    statements.change(statements.dialect.no_tokens)
    after = 0
    while rows := statements.all(_OLDEST, {"after": after, "limit": BATCH}):
        _index(statements, rows)
        after = further(rows[-1][0], after)


def _index(statements: Statements, rows: list[Row]) -> None:
    records = [(place, PLAIN.due(PLAIN.opened(document))) for place, document in rows]
    statements.change_many(
        _FIND_BY,
        [
            {"field": key.field, "text": key.text, "place": place}
            for place, record in records
            for key in record.keys
        ],
    )
    joined = statements.dialect.joined
    statements.change_many(
        statements.dialect.index,
        [{"place": place, "tokens": joined(record.tokens)} for place, record in records],
    )
    statements.change_many(
        _SUM_UP,
        [{"place": place, "checksum": zlib.crc32(document)} for place, document in rows],
    )
