"""One measured figure beside its budget, and the few ways in which everything here is timed."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence

import attrs

__all__ = ["Figure", "by_turns", "medians", "share", "spent"]


@attrs.frozen(kw_only=True)
class Figure:
    """A measured value, its budget if it has one, and what was measured beside it in the same run.

    Where two limits stand, the second one is what we aim for.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    at_most: float | None = None
    at_least: float | None = None
    aim: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the budget is met; None for a figure without one."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return self.value >= self.at_least if self.at_least is not None else None

    @property
    def limit(self) -> str:
        """The budget in words."""
        if self.at_most is None and self.at_least is None:
            return ""
        word, bound = (
            ("at least", self.at_least) if self.at_most is None else ("at most", self.at_most)
        )
        return f"{word} {bound:g}" + (f", aim {self.aim:g}" if self.aim is not None else "")

    @property
    def verdict(self) -> str:
        """Say `met`, `aim met` or `MISSED`; nothing where there is no budget."""
        if self.is_met is None:
            return ""
        if not self.is_met:
            return "MISSED"
        return "aim met" if self.aim is not None and self._reaches(self.aim) else "met"

    def _reaches(self, bound: float) -> bool:
        return self.value <= bound if self.at_most is not None else self.value >= bound

    def __str__(self) -> str:
        measured = f"{self.name:<34} {self.value:>9.2f} {self.unit:<4}"
        return f"{measured} {self.limit:<24} {self.verdict:<8} {self.beside}".rstrip()

    def row(self) -> str:
        """Return the figure as a row of a Markdown table."""
        amount = f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:.2f}"
        told = (self.name, f"{amount} {self.unit}".strip(), self.limit, self.verdict, self.beside)
        return f"| {' | '.join(told)} |"


def spent(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, in microseconds."""
    began = time.process_time_ns()
    work()
    return (time.process_time_ns() - began) / 1000


def by_turns(rounds: Iterable[Sequence[Callable[[], object]]]) -> list[list[float]]:
    """Return what each way spent in every round, in µs; another way begins every time."""
    kept: list[list[float]] = []
    for number, ways in enumerate(rounds):
        kept = kept or [[] for _ in ways]
        for step in range(len(ways)):
            at = (number + step) % len(ways)
            kept[at].append(spent(ways[at]))
    return kept


def medians(kept: Iterable[Sequence[float]]) -> list[float]:
    """Return the median of each way."""
    return [statistics.median(each) for each in kept]


def share(times: Iterable[float], percent: int) -> float:
    """Return the time that so many percent of all do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
