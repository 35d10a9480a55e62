"""The parts of a pattern, and what matching each one may cost."""

from collections.abc import Iterable
from typing import TypeAlias

import attrs

from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy.patterns.char_set import NOTHING, CharSet

__all__ = ["Alternatives", "Char", "Cost", "Count", "Part", "Repeat", "Sequence"]

_MANY = 1_000_000


@attrs.frozen
class Count:
    """A number of steps or ways: `once`, and `each` for every character of the text."""

    once: int = 0
    each: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.once + other.once, self.each + other.each)

    def times(self, other: "Count", at: int) -> "Count":
        """Return the product; raises PolicyError where it would grow with the text squared."""
        if self.each and other.each:
            raise PolicyError(
                f"position {at + 1}: shares its characters with a part that repeats without end"
            )
        once, each = self.once * other.once, self.once * other.each + self.each * other.once
        return Count(once, each)


_ONE = Count(1)


@attrs.frozen
class Cost:
    """What matching a part takes at most: `steps`, and the `ways` it may go on afterwards."""

    steps: Count = _ONE
    ways: Count = _ONE


@attrs.frozen
class Char:
    """One character out of a set."""

    at: int
    first: CharSet
    nullable: bool = False

    def cost(self, _following: CharSet) -> Cost:
        """Return the cost of one step."""
        return Cost()


@attrs.frozen
class Sequence:
    """Parts that follow one another."""

    at: int
    parts: tuple["Part", ...]

    @property
    def first(self) -> CharSet:
        """The characters that it may begin with."""
        return _first_of(self.parts, NOTHING)

    @property
    def nullable(self) -> bool:
        """Whether it may match nothing."""
        return all(part.nullable for part in self.parts)

    def cost(self, following: CharSet) -> Cost:
        """Return what matching it costs at most, where one of `following` comes next."""
        steps, ways = _ONE, _ONE
        for place, part in enumerate(self.parts):
            cost = part.cost(_first_of(self.parts[place + 1 :], following))
            steps += ways.times(cost.steps, part.at)
            ways = ways.times(cost.ways, part.at)
        return Cost(steps, ways)


@attrs.frozen
class Alternatives:
    """Parts of which one matches."""

    at: int
    branches: tuple[Sequence, ...]

    @property
    def first(self) -> CharSet:
        """The characters that it may begin with."""
        return _union(branch.first for branch in self.branches)

    @property
    def nullable(self) -> bool:
        """Whether it may match nothing."""
        return any(branch.nullable for branch in self.branches)

    def cost(self, following: CharSet) -> Cost:
        """Return what matching it costs at most, where one of `following` comes next."""
        costs = [branch.cost(following) for branch in self.branches]
        steps = sum((cost.steps for cost in costs), Count())
        if len(costs) == 1 or self._is_decided():
            once, each = (max(getattr(cost.ways, of) for cost in costs) for of in ("once", "each"))
            return Cost(steps, Count(once, each))
        return Cost(steps, sum((cost.ways for cost in costs), Count()))

    def _is_decided(self) -> bool:
        """Whether the next character tells which branch is meant."""
        seen = NOTHING
        for branch in self.branches:
            if branch.nullable or branch.first.overlaps(seen):
                return False
            seen |= branch.first
        return True


@attrs.frozen
class Repeat:
    """A part that may come several times, `most` None for without end."""

    at: int
    part: "Part"
    least: int
    most: int | None

    @property
    def first(self) -> CharSet:
        """The characters that it may begin with."""
        return self.part.first

    @property
    def nullable(self) -> bool:
        """Whether it may match nothing."""
        return self.least == 0 or self.part.nullable

    def cost(self, following: CharSet) -> Cost:
        """Return what matching it costs at most, where one of `following` comes next."""
        again = NOTHING if self.most == 1 else self.part.first
        once = self.part.cost(following | again)
        return Cost(self._steps(once), self._ends(following).times(self._ways(once), self.at))

    def _ends(self, following: CharSet) -> Count:
        """Return how often it may stop where going on was possible too."""
        if self.least == self.most or not self.first.overlaps(following):
            return _ONE
        return Count(each=1, once=1) if self.most is None else Count(self.most - self.least + 1)

    def _ways(self, once: Cost) -> Count:
        if once.ways == _ONE or self.most == 1:
            return once.ways
        if self.most is None or once.ways.each:
            raise self._refused("repeats what may match in several ways")
        return Count(min(once.ways.once**self.most, _MANY))

    def _steps(self, once: Cost) -> Count:
        ways = self._ways(once)
        if self.most is None:
            return Count(once.steps.once, once.steps.once + once.steps.each)
        return Count(once.steps.once * self.most, once.steps.each).times(ways, self.at)

    def _refused(self, why: str) -> PolicyError:
        return PolicyError(f"position {self.at + 1}: {why}")


Part: TypeAlias = Char | Sequence | Alternatives | Repeat


def _union(sets: Iterable[CharSet]) -> CharSet:
    union = NOTHING
    for each in sets:
        union |= each
    return union


def _first_of(parts: Iterable[Part], following: CharSet) -> CharSet:
    """Return the characters that the parts may begin with, or what follows where all are empty."""
    first = NOTHING
    for part in parts:
        first |= part.first
        if not part.nullable:
            return first
    return first | following
