"""Number ranges that are drawn from in thought only, for a preview."""

from collections.abc import Iterator
from datetime import datetime

import attrs

from customer_registry.registration.blocks import Blocks
from customer_registry.repository import Numbers

__all__ = ["Rehearsal"]


@attrs.define(eq=False, repr=False)
class Rehearsal:
    """Number ranges that are drawn from in thought only: a reading transaction is enough.

    It gives the numbers that a `Drawing` with the same arguments would give.
    """

    _numbers: Numbers
    _blocks: Blocks | None = None
    _refill_at: datetime | None = None
    drawn: tuple[str, int] | None = attrs.field(init=False, default=None)
    _given_back: dict[str, Iterator[int]] = attrs.field(init=False, factory=dict)
    _passed: dict[str, int] = attrs.field(init=False, factory=dict)

    def next(self, name: str) -> int:
        """Return the number that would come next."""
        number = self._refilled(name)
        if number is None:
            number = self._own(name) or self.peek(name)
            self._passed[name] = number
        self.drawn = (name, number)
        return number

    def peek(self, name: str) -> int:
        """Return what the counter itself would give."""
        return max(self._numbers.peek(name), self._passed.get(name, 0) + 1)

    def raise_to(self, name: str, number: int) -> None:
        """Raise the range in thought."""
        self._passed[name] = max(number, self._passed.get(name, 0))

    def _refilled(self, name: str) -> int | None:
        if self._refill_at is None:
            return None
        if name not in self._given_back:
            self._given_back[name] = _given_back(self._numbers, name, self._refill_at)
        return next(self._given_back[name], None)

    def _own(self, name: str) -> int | None:
        passed, own = self._passed.get(name, 0), self._blocks.left(name) if self._blocks else ()
        return next((number for number in own if number > passed), None)


def _given_back(numbers: Numbers, name: str, now: datetime) -> Iterator[int]:
    """Yield the numbers of a range that nobody keeps any more, the smallest first."""
    if numbers.lapsed(name, now) is None:
        return
    rows = (each for each in numbers.reservations() if each.range == name)
    lapsed = (each.number for each in rows if not each.is_active(now))
    yield from sorted(number for number in lapsed if number is not None)
