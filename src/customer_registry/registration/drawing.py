"""Where a new code's number comes from: given back, out of this process's block, or the counter."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from customer_registry.domain.codes.policy import NumberRanges
from customer_registry.repository import Numbers

__all__ = ["Blocks", "Drawing", "Rehearsal"]


@attrs.define(eq=False, repr=False)
class Blocks:
    """Numbers that this process has taken for itself, in blocks of `size`; threads share them.

    A block is taken at the end of a transaction and used once that has committed. What the process
    does not use is a gap.
    """

    size: int
    _left: dict[str, deque[int]] = attrs.field(init=False, factory=dict)
    _wanted: set[str] = attrs.field(init=False, factory=set)
    _lock: threading.Lock = attrs.field(init=False, factory=threading.Lock)

    def take(self, name: str) -> int | None:
        """Return a number of this process's own; None where it has none left, and wants more."""
        with self._lock:
            if left := self._left.get(name):
                return left.popleft()
            self._wanted.add(name)
        return None

    def left(self, name: str) -> tuple[int, ...]:
        """Return the numbers of this process's own that are left, and take none."""
        with self._lock:
            return tuple(self._left.get(name, ()))

    def drop(self, name: str, number: int) -> None:
        """Let go of all numbers up to this one."""
        with self._lock:
            left = self._left.get(name)
            while left and left[0] <= number:
                left.popleft()

    def allocated(self, numbers: NumberRanges) -> Mapping[str, range]:
        """Return blocks for all ranges that want one, taken in the running transaction."""
        blocks: dict[str, range] = {}
        for name in tuple(self._wanted):
            first = numbers.peek(name)
            numbers.raise_to(name, first + self.size - 1)
            blocks[name] = range(first, first + self.size)
        return blocks

    def keep(self, blocks: Mapping[str, range]) -> None:
        """Use these blocks from now on: their transaction has committed."""
        with self._lock:
            for name, block in blocks.items():
                self._left.setdefault(name, deque()).extend(block)
                self._wanted.discard(name)


@attrs.define(eq=False, repr=False)
class Drawing:
    """The number ranges as a code policy sees them while it assigns one code.

    `refill_at` is the time by which reservations are over whose numbers may be drawn again, None
    where they are not; `drawn` tells which number of which range was taken last.
    """

    _numbers: Numbers
    _blocks: Blocks | None = None
    _refill_at: datetime | None = None
    drawn: tuple[str, int] | None = attrs.field(init=False, default=None)

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
        return lapsed.number


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
