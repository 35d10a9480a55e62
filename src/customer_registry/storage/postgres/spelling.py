"""How statements are written for one schema of PostgreSQL."""

import re
from functools import cached_property

import attrs

__all__ = ["Spelling"]

_NAMED = re.compile("(?<!:):([a-z_]+)")
_TABLE = re.compile("\\b(customer_registry_[a-z_]+)")


@attrs.define(eq=False)
class Spelling:
    """How statements are written for one schema: its name before the tables, types as here."""

    schema: str
    _known: dict[str, bytes] = attrs.field(init=False, factory=dict, repr=False)

    def of(self, sql: str) -> bytes:
        """Return a statement as the driver takes it."""
        known = self._known.get(sql)
        if known is None:
            doubled = _NAMED.sub(
                r"%(\1)s", sql.replace("%", "%%").replace(" AS BLOB)", " AS bytea)")
            )
            spelt = _TABLE.sub(rf"{self.quoted}.\1", doubled)
            known = self._known[sql] = spelt.encode()
        return known

    @cached_property
    def quoted(self) -> str:
        """The name of the schema as PostgreSQL takes it literally."""
        doubled = self.schema.replace('"', '""')
        return f'"{doubled}"'
