"""The number ranges of one unit of work on tables, and the codes that are reserved."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Part
from customer_registry.storage.parts import reservation_of, reservation_part
from customer_registry.storage.tables.statements import Refused, Row, Statements
from customer_registry.storage.times import sortable

__all__ = ["Numbers"]

# Without RETURNING, for which SQLite would first write out the words that wait to be indexed.
_DRAW = """
INSERT INTO customer_registry_numbers (range, drawn) VALUES (:range, :number)
ON CONFLICT (range) DO UPDATE SET drawn = excluded.drawn
"""
_DRAWN = "SELECT drawn FROM customer_registry_numbers WHERE range = :range"
_RAISE = """
INSERT INTO customer_registry_numbers (range, drawn)
SELECT CAST(:range AS TEXT), CAST(:number AS BIGINT) WHERE CAST(:number AS BIGINT) > 0
ON CONFLICT (range) DO UPDATE SET drawn = excluded.drawn
WHERE excluded.drawn > customer_registry_numbers.drawn
"""
_RANGES = "SELECT range, drawn FROM customer_registry_numbers"

_RESERVE = """
INSERT INTO customer_registry_reservations
    (code, owner, at, until, range, number, released, free_from)
VALUES (:code, :owner, :at, :until, :range, :number, :released, :free_from)
ON CONFLICT (code) DO UPDATE SET
    owner = excluded.owner, at = excluded.at, until = excluded.until, range = excluded.range,
    number = excluded.number, released = excluded.released, free_from = excluded.free_from
"""
_RESERVATION: Sequence[str] = ("code", "owner", "at", "until", "range", "number", "released")
_ANY_RESERVED = "SELECT 1 FROM customer_registry_reservations LIMIT 1"
_RESERVED = """
SELECT code, owner, at, until, range, number, released
FROM customer_registry_reservations
WHERE code = :code
"""
_FORGET = "DELETE FROM customer_registry_reservations WHERE code = :code"
_RESERVATIONS = """
SELECT code, owner, at, until, range, number, released
FROM customer_registry_reservations
WHERE CAST(:active_at AS TEXT) IS NULL OR free_from > :active_at
ORDER BY code
"""
_RESERVATIONS_OF = """
SELECT code, owner, at, until, range, number, released
FROM customer_registry_reservations
WHERE owner = :owner AND (CAST(:active_at AS TEXT) IS NULL OR free_from > :active_at)
ORDER BY code
"""


@attrs.define(eq=False, repr=False)
class Numbers:
    """The number ranges of one unit of work, and the codes that are reserved."""

    _statements: Statements
    _may_be_reserved: bool | None = attrs.field(init=False, default=None)

    def next(self, name: str) -> int:
        """Return the next number of a range, from 1."""
        number = self.peek(name)
        self._statements.change(_DRAW, {"range": name, "number": number})
        return number

    def peek(self, name: str) -> int:
        """Return what `next` would return, without taking it."""
        row = self._statements.one(_DRAWN, {"range": name})
        return 1 if row is None else _counter(name, row[0])[1] + 1

    def raise_to(self, name: str, number: int) -> None:
        """Make sure that the range never again gives `number` or a smaller one."""
        self._statements.change(_RAISE, {"range": name, "number": number})

    def ranges(self) -> dict[str, int]:
        """Return every range with the last number drawn."""
        return dict(_counter(*row) for row in self._statements.all(_RANGES))

    def reserve(self, reservation: Reservation) -> None:
        """Keep a reservation, in the place of one of the same code."""
        kept = reservation_part(reservation).content
        values = dict(zip(_RESERVATION, kept, strict=True))
        values["free_from"] = "" if reservation.released_at else values["until"]
        self._statements.change(_RESERVE, values)
        self._may_be_reserved = True

    def reserved(self, code: CustomerCode) -> Reservation | None:
        """Return the reservation of a code, whether active, lapsed or released."""
        if self._none_is_reserved():
            return None
        row = self._statements.one(_RESERVED, {"code": code.text})
        return None if row is None else _reservation(row)

    def lapsed(self, name: str, now: datetime) -> Reservation | None:
        """Return the reservation with a range's smallest number that nobody keeps any more."""
        if self._none_is_reserved():
            return None
        row = self._statements.one(
            self._statements.dialect.lapsed, {"range": name, "now": sortable(now)}
        )
        return None if row is None else _reservation(row)

    def forget(self, code: CustomerCode) -> None:
        """Drop the reservation of a code, if there is one."""
        with suppress(Refused):  # a lone surrogate, which no store holds
            self._statements.change(_FORGET, {"code": code.text})

    def reservations(
        self, owner: str | None = None, *, active_at: datetime | None = None
    ) -> tuple[Reservation, ...]:
        """Return the reservations of an owner, or all, active at a time, or at any."""
        sql = _RESERVATIONS if owner is None else _RESERVATIONS_OF
        values = {"owner": owner, "active_at": active_at and sortable(active_at)}
        return tuple(map(_reservation, self._statements.all(sql, values)))

    def _none_is_reserved(self) -> bool:
        """Return whether there is no reservation at all, asked once for a whole unit."""
        if self._may_be_reserved is None:
            self._may_be_reserved = self._statements.one(_ANY_RESERVED) is not None
        return not self._may_be_reserved


def _counter(name: object, drawn: object) -> tuple[str, int]:
    if not (isinstance(name, str) and isinstance(drawn, int)):
        raise StorageCorrupt("a stored counter cannot be read")
    return name, drawn


def _reservation(row: Row) -> Reservation:
    return reservation_of(Part("reservation", row))
