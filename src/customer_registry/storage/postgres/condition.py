"""How a PostgreSQL store stands: what its server promises, and what it does not."""

from collections.abc import Mapping
from types import MappingProxyType

from customer_registry.repository import Condition, Durability
from customer_registry.storage.tables.checked import schema_and_checked
from customer_registry.storage.tables.statements import Statements

__all__ = ["condition", "durability"]

_SETTINGS = """
SELECT
    current_setting('server_version'), current_setting('synchronous_commit'),
    current_setting('fsync'), current_setting('full_page_writes')
"""
_FLAWS: Mapping[str, str] = MappingProxyType({"fsync": "no_fsync", "pages": "torn_pages"})


def condition(statements: Statements) -> Condition:
    """Return how a store stands; `no_fsync` and `torn_pages` are flaws of how its server is set."""
    ((version, synchronous, *settings),) = statements.all(_SETTINGS)
    schema, checked = schema_and_checked(statements)
    off = (flaw for flaw, set_to in zip(_FLAWS.values(), settings, strict=True) if set_to == "off")
    return Condition(
        engine=f"PostgreSQL {str(version).split(' ')[0]}",
        flaws=off,
        synchronous=synchronous,
        schema=schema,
        checked=checked,
    )


def durability(statements: Statements) -> Durability:
    """Return what an acknowledged save survives on this server."""
    ((_, synchronous, fsync, pages),) = statements.all(_SETTINGS)
    if synchronous == "off":
        return Durability.NOTHING
    return Durability.POWER if fsync == pages == "on" else Durability.PROCESS
