"""What waits for a host's commit: calls, each with the journal entry that its unit ended with."""

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

import attrs

from customer_registry.domain.issues import Issue

__all__ = ["Call", "End", "Waiting"]

Call: TypeAlias = Callable[[], tuple[Issue, ...]]

End: TypeAlias = tuple[int, bytes]
"""The number and digest of an entry. Entries are salted: no other has the same."""


@attrs.define(eq=False, repr=False)
class Waiting:
    """Keeps the calls of units that a host has yet to commit, in the order in which they came.

    A host may take back a unit and say nothing, so each call is made only where the last entry of
    its unit stands in the journal.
    """

    _end: End | None = attrs.field(init=False, default=None)
    _calls: deque[tuple[End, Call]] = attrs.field(init=False, factory=deque[tuple[End, Call]])
    _due: deque[Call] = attrs.field(init=False, factory=deque[Call])

    def follow(self, end: End | None) -> None:
        """Let what is kept next belong to a unit with this last entry; None where it wrote none."""
        self._end = end

    def keep(self, call: Call) -> tuple[()]:
        """Keep a call; drop it where nothing could ever tell whether its unit was committed."""
        if self._end is not None:
            self._calls.append((self._end, call))
        return ()

    def settle(self, digest_at: Callable[[int], bytes | None]) -> None:
        """Let the calls of units that stand in the journal be due, and drop all others.

        `digest_at` reads the journal. Where it cannot be read everything goes on waiting.
        """
        while self._calls:
            (number, digest), call = self._calls[0]
            stands = digest_at(number) == digest
            self._calls.popleft()
            if stands:
                self._due.append(call)

    def called(self) -> tuple[Issue, ...]:
        """Make the calls that are due, and return what they say."""
        found: list[Issue] = []
        while self._due:
            found += self._due.popleft()()
        return tuple(found)
