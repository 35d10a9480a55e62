"""What a PostgreSQL schema shows of itself to an inspection."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import reduce
from importlib.resources import files

import attrs

from customer_registry.domain.errors import StorageCorrupt, StorageUnavailable
from customer_registry.repository import Disagreement, Inspected
from customer_registry.storage.inspecting import Item
from customer_registry.storage.postgres.spelling import Spelling
from customer_registry.storage.tables.inspecting import Asked, Tables, inspected_tables
from customer_registry.storage.tables.sealed import Sealed
from customer_registry.storage.tables.statements import Statements

__all__ = ["inspect", "laid_out"]

_ASKED = Asked(
    rows="""
        SELECT
            place, id, convert_to(code, 'UTF8'), version, document, checksum, true
        FROM customer_registry_customers
        WHERE place > :after AND place <= :last
        ORDER BY place
        LIMIT :limit
    """,
    keys="""
        SELECT convert_to(field, 'UTF8'), convert_to(text, 'UTF8'), place
        FROM customer_registry_keys
    """,
    codes="""
        SELECT convert_to(text, 'UTF8'), place FROM customer_registry_claims WHERE field = 'code'
    """,
    unfounded="""
        SELECT convert_to(field, 'UTF8'), place
        FROM customer_registry_claims AS claim
        WHERE field NOT IN ('code', 'retired_code') AND NOT EXISTS (
            SELECT 1 FROM customer_registry_keys AS key
            WHERE key.field = claim.field AND key.text = claim.text AND key.place = claim.place
        )
        LIMIT 100
    """,
    receipts="""
        SELECT
            convert_to(actor, 'UTF8'), convert_to(key, 'UTF8'),
            salt, digest, customer, version, issues, convert_to(at, 'UTF8'),
            EXISTS (
                SELECT 1 FROM customer_registry_customers AS customer
                WHERE customer.id = receipt.customer AND customer.version >= receipt.version
            )
        FROM customer_registry_receipts AS receipt
    """,
)
_TOKENS = """
SELECT convert_to(token.lexeme, 'UTF8'), search.place
FROM customer_registry_search AS search
CROSS JOIN LATERAL unnest(search.tokens) AS token
"""
_SOME = """
SELECT token.lexeme, count(*)
FROM customer_registry_search AS search
CROSS JOIN LATERAL unnest(search.tokens) AS token
WHERE token.lexeme IN (
    SELECT word.lexeme
    FROM (
        SELECT tokens FROM customer_registry_search AS each
        WHERE each.place % GREATEST(1, :last / 50) = 0
        LIMIT 100
    ) AS chosen
    CROSS JOIN LATERAL unnest(chosen.tokens) AS word
)
GROUP BY token.lexeme
"""
# Through the index, whatever else would be cheaper.
_BY_INDEX = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")

_LAID_OUT = """
WITH ours AS (
    SELECT oid, relname, relkind FROM pg_catalog.pg_class
    WHERE relname LIKE 'customer\\_registry\\_%' AND relkind IN ('r', 'v')
        AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = :schema)
)
SELECT concat_ws(
    ' ', 'column', relname || '.' || attname, pg_catalog.format_type(atttypid, atttypmod),
    CASE WHEN attnotnull THEN 'not null' END,
    (
        SELECT collname FROM pg_catalog.pg_collation AS collations
        WHERE collations.oid = attcollation AND relkind = 'r'
    )
)
FROM pg_catalog.pg_attribute JOIN ours ON ours.oid = attrelid
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT concat_ws(
    ' ', 'index', pg_catalog.pg_get_indexdef(indexrelid),
    CASE WHEN NOT (indisvalid AND indisready) THEN 'invalid' END
)
FROM pg_catalog.pg_index JOIN ours ON ours.oid = indrelid
UNION ALL
SELECT concat_ws(' ', 'check', relname, pg_catalog.pg_get_constraintdef(checks.oid))
FROM pg_catalog.pg_constraint AS checks JOIN ours ON ours.oid = conrelid
WHERE contype = 'c'
UNION ALL
SELECT concat_ws(
    ' ', 'trigger', CASE tgenabled WHEN 'O' THEN 'on' ELSE 'off' END,
    pg_catalog.pg_get_triggerdef(triggers.oid)
)
FROM pg_catalog.pg_trigger AS triggers JOIN ours ON ours.oid = tgrelid
WHERE NOT tgisinternal
UNION ALL
SELECT concat_ws(' ', 'function', proname, pg_catalog.md5(prosrc))
FROM pg_catalog.pg_proc
WHERE proname LIKE 'customer\\_registry\\_%'
    AND pronamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = :schema)
ORDER BY 1
"""
_AMCHECK = """
SELECT nspname FROM pg_catalog.pg_extension AS extensions
JOIN pg_catalog.pg_namespace AS schemas ON schemas.oid = extensions.extnamespace
WHERE extname = 'amcheck'
"""
_TREES = """
SELECT indexes.oid, indexes.relname
FROM pg_catalog.pg_index
JOIN pg_catalog.pg_class AS indexes ON indexes.oid = indexrelid
JOIN pg_catalog.pg_class AS tables ON tables.oid = indrelid
WHERE tables.relname LIKE 'customer\\_registry\\_%'
    AND indexes.relam = (SELECT oid FROM pg_catalog.pg_am WHERE amname = 'btree')
    AND tables.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = :schema)
ORDER BY indexes.relname
"""


def inspect(statements: Statements, sealed: Sealed, schema: str) -> Iterator[Inspected]:
    """Yield what PostgreSQL says of the schema, every customer, and what does not agree with it."""
    return inspected_tables(_Schema(statements, sealed.records, _ASKED, schema), sealed)


def laid_out(statements: Statements, schema: str) -> tuple[str, ...]:
    """Return what there is of tables, indexes, checks, triggers and functions of our name."""
    told = (
        " ".join(str(line).split()) for (line,) in statements.all(_LAID_OUT, {"schema": schema})
    )
    names = (Spelling(schema).quoted, schema)
    return tuple(reduce(_unqualified, names, line) for line in told)


def _unqualified(line: str, schema: str) -> str:
    return line.replace(f"{schema}.customer_registry_", "customer_registry_")


@attrs.frozen(eq=False, repr=False)
class _Schema(Tables):
    """The schema of one unit of work, as an inspection asks for it."""

    _schema: str

    def faults(self) -> Iterator[Inspected]:
        """Yield how the schema differs from ours, and what the server's own check says of trees."""
        yield Inspected(share=0.5, found=tuple(self._altered()))
        yield Inspected(share=1.0, found=tuple(self._damage()))

    def tokens(self) -> Iterator[Item]:
        """Yield what search goes by: token, place."""
        return self.statements.each(_TOKENS)

    def unfound_words(self) -> Iterator[Inspected]:
        """Yield that words are kept which a search does not find: those of some customers."""
        dialect, unfound = self.statements.dialect, 0
        for word, many in self.statements.all(_SOME, {"last": self.last()}):
            with self._by_index():
                ((found,),) = self.statements.all(dialect.count, {"match": dialect.quoted(word)})
            unfound += found != many
        if unfound:
            yield Inspected(share=1.0, found=(Disagreement("search.unfound", f"{unfound} words"),))

    def _altered(self) -> Iterator[Disagreement]:
        found = frozenset(laid_out(self.statements, self._schema))
        expected = frozenset(_expected())
        for line in sorted(expected - found):
            yield Disagreement("store.schema", line)
        for line in sorted(found - expected):
            if line.startswith("trigger "):  # which would write what nobody asked for
                yield Disagreement("store.schema", line)

    def _damage(self) -> Iterator[Disagreement]:
        """Ask amcheck, where somebody installed it and lets us."""
        for (home,) in self.statements.all(_AMCHECK):
            for tree, name in self.statements.all(_TREES, {"schema": self._schema}):
                yield from self._damaged(Spelling(home).quoted, tree, name)

    def _damaged(self, home: str, tree: int, name: str) -> Iterator[Disagreement]:
        try:
            with self.statements.savepoint():
                self.statements.change(f"SELECT {home}.bt_index_check(:tree, true)", {"tree": tree})
        except StorageUnavailable:
            return  # not ours to ask
        except StorageCorrupt:
            yield Disagreement("store.damaged", name)

    @contextmanager
    def _by_index(self) -> Generator[None, None, None]:
        """Return a context in which nothing is found but by way of the index."""
        for setting in _BY_INDEX:
            self.statements.change(f"SET LOCAL {setting} TO off")
        try:
            yield
        finally:
            for setting in _BY_INDEX:
                self.statements.change(f"SET LOCAL {setting} TO DEFAULT")


def _expected() -> tuple[str, ...]:
    """Return what our own files lay out, as PostgreSQL tells it."""
    text = files("customer_registry.storage.postgres").joinpath("schema.txt").read_text("utf-8")
    return tuple(text.splitlines())
