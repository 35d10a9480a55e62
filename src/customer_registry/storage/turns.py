"""A lock that threads get in the order in which they asked for it."""

import math
import threading
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TypeAlias

__all__ = ["Turns"]

_Place: TypeAlias = tuple[int, SimpleQueue[None]]
"""A thread that waits, and the bell that wakes it."""

_GLANCE = 0.05
"""Seconds after which a waiter looks by itself: an interrupted thread may have rung no bell."""


class Turns:
    """Lets one thread at a time through, first come, first served.

    Python's own locks go to whoever is running, which is mostly the thread that has just let go.
    """

    def __init__(self) -> None:
        self._line: deque[_Place] = deque()
        self._holder: int | None = None

    @property
    def is_mine(self) -> bool:
        """Whether it is the running thread's turn already."""
        return self._holder == threading.get_ident()

    @contextmanager
    def taken(self, patience: float = math.inf) -> Generator[bool, None, None]:
        """Return a context with the turn; it gets False where none came in `patience` seconds.

        Whose turn it is already goes on with it.
        """
        me = threading.get_ident()
        if self._holder == me:
            yield True
            return
        place: _Place = (me, SimpleQueue())
        try:
            self._line.append(place)
            yield self._has_come(place, time.monotonic() + patience)
        finally:
            # Python looks for interrupts when it calls: nothing is called before the place is free.
            if self._holder == me:
                self._holder = None
            self._line.remove(place)
            with suppress(IndexError):
                self._line[0][1].put(None)

    def _has_come(self, place: _Place, deadline: float) -> bool:
        """Wait until only places of this thread are ahead: a signal's handler may ask as well."""
        me, bell = place
        while self._line[0][0] != me:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with suppress(Empty):
                bell.get(timeout=min(left, _GLANCE))
        self._holder = me
        return True
