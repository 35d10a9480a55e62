"""Where a new code's number comes from: given back, out of this process's block, or the counter."""

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.repository import Numbers

if TYPE_CHECKING:
    from customer_registry.registration.blocks import Blocks

__all__ = ["Drawing"]


@attrs.define(eq=False, repr=False)
class Drawing:
    """The number ranges as a code policy sees them while it assigns one code.

    `refill_at` is the time by which reservations are over whose numbers may be drawn again, None
    where they are not; `drawn` tells which number of which range was taken last, `refilled` which
    reservations were given up for it on the way.
    """

    _numbers: Numbers
    _blocks: "Blocks | None" = None
    _refill_at: datetime | None = None
    drawn: tuple[str, int] | None = attrs.field(init=False, default=None)
    refilled: list[Reservation] = attrs.field(init=False, factory=list[Reservation])

    def next(self, name: str) -> int:
        """Return the next number of a range."""
        number = self._refilled(name)
        if number is None and self._blocks is not None:
            number = self._blocks.take(name)
        if number is None:
            number = self._numbers.next(name)
        self.drawn = (name, number)
        return number

    def peek(self, name: str) -> int:
        """Return the next number of the counter itself."""
        return self._numbers.peek(name)

    def raise_to(self, name: str, number: int) -> None:
        """Raise the counter, and let go of numbers below."""
        if self._blocks is not None:
            self._blocks.drop(name, number)
        self._numbers.raise_to(name, number)

    def _refilled(self, name: str) -> int | None:
        lapsed = self._refill_at and self._numbers.lapsed(name, self._refill_at)
        if not lapsed:
            return None
        self._numbers.forget(lapsed.code)
        self.refilled.append(lapsed)
        return lapsed.number
