"""Numbers that a process takes for itself, so that it need not ask the counter for each."""

import os
import threading
from collections import deque
from collections.abc import Mapping

import attrs

from customer_registry.domain.codes.policy import NumberRanges

__all__ = ["Blocks"]


@attrs.define(eq=False, repr=False)
class Blocks:
    """Numbers that this process has taken for itself, in blocks of `size`; threads share them.

    A block is taken at the end of a transaction and used once that has committed. What the process
    does not use is a gap.
    """

    size: int
    _process: int = attrs.field(init=False, factory=os.getpid)
    _left: dict[str, deque[int]] = attrs.field(init=False, factory=dict)
    _wanted: set[str] = attrs.field(init=False, factory=set)
    _lock: threading.Lock = attrs.field(init=False, factory=threading.Lock)

    def take(self, name: str) -> int | None:
        """Return a number of this process's own; None where it has none left, and wants more."""
        with self._lock:
            if self._process != os.getpid():  # a fork has copied its parent's numbers
                self._process = os.getpid()
                self._left.clear()
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

    def keep(self, blocks: Mapping[str, range]) -> tuple[()]:
        """Use these blocks from now on: their transaction has committed; nothing is to be told."""
        with self._lock:
            for name, block in blocks.items():
                self._left.setdefault(name, deque()).extend(block)
                self._wanted.discard(name)
        return ()
