"""The number ranges of one unit of work on a SQLite file."""

import attrs

from customer_registry.storage.sqlite.statements import Statements

__all__ = ["Numbers"]

_NEXT = """
INSERT INTO customer_registry_numbers (range, drawn) VALUES (:range, 1)
ON CONFLICT (range) DO UPDATE SET drawn = drawn + 1
RETURNING drawn
"""
_DRAWN = "SELECT drawn FROM customer_registry_numbers WHERE range = :range"
_RAISE = """
INSERT INTO customer_registry_numbers (range, drawn)
SELECT :range, :number WHERE :number > 0
ON CONFLICT (range) DO UPDATE SET drawn = excluded.drawn WHERE excluded.drawn > drawn
"""
_RANGES = "SELECT range, drawn FROM customer_registry_numbers"


@attrs.define(eq=False, repr=False)
class Numbers:
    """The number ranges of one unit of work."""

    _statements: Statements

    def next(self, name: str) -> int:
        """Return the next number of a range, from 1."""
        ((drawn,),) = self._statements.change(_NEXT, {"range": name}).fetchall()
        return int(drawn)

    def peek(self, name: str) -> int:
        """Return what `next` would return, without taking it."""
        row = self._statements.one(_DRAWN, {"range": name})
        return 1 if row is None else int(row[0]) + 1

    def raise_to(self, name: str, number: int) -> None:
        """Make sure that the range never again gives `number` or a smaller one."""
        self._statements.change(_RAISE, {"range": name, "number": number})

    def ranges(self) -> dict[str, int]:
        """Return every range with the last number drawn."""
        return dict(self._statements.all(_RANGES))
