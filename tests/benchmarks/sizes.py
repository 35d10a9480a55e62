"""Looking up and searching among few customers and among many, call by call by turns."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import million
from figures import Figure, share

from customer_registry import CustomerRegistry

__all__ = ["growing"]

_Calls = dict[str, list[Callable[[], object]]]
_LOOK_UPS = ("get", "find")
_FILTERS = ("filters", "filters and a name", "nobody", "dates")
"""Questions that filters answer, or nobody: the worst of all has a limit of its own."""


def growing(counts: Sequence[int], rounds: int, keep: Path | None = None) -> Iterator[Figure]:
    """S1 and S2: wall time of whole calls, in files of several sizes."""
    with ExitStack() as opened:
        scratch = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        asked = [_calls(opened, _filled(keep or scratch, count), count) for count in counts]
        taken = {name: _by_turns([calls[name] for calls in asked], rounds) for name in asked[0]}
    yield from _searching(taken, counts)
    yield from _looking_up(taken, counts)


def _filled(folder: Path, count: int) -> Path:
    path = folder / f"{count}.db"
    if not path.exists():
        million.fill(path, million.customers(count))
    return path


def _calls(opened: ExitStack, path: Path, count: int) -> _Calls:
    registry = opened.enter_context(CustomerRegistry.open(path, policy=million.POLICY))
    return million.calls_of(registry, count)


def _by_turns(calls: list[list[Callable[[], object]]], rounds: int) -> list[list[float]]:
    """Return the milliseconds of every call at every size, those of the first round left out."""
    taken: list[list[float]] = [[] for _ in calls]
    for number in range(rounds + 1):
        for same in zip(*calls, strict=True):
            for at, call in enumerate(same):
                began = time.perf_counter()
                call()
                if number:
                    taken[at].append((time.perf_counter() - began) * 1000)
    return taken


def _searching(taken: dict[str, list[list[float]]], counts: Sequence[int]) -> Iterator[Figure]:
    for at, count in enumerate(counts):
        texts = {
            name: times[at] for name, times in taken.items() if name not in {*_LOOK_UPS, *_FILTERS}
        }
        together = [each for times in texts.values() for each in times]
        slowest = max(texts, key=lambda name: share(texts[name], 95))
        told = f"slowest sort: {slowest}, {share(texts[slowest], 95):.2f} ms"
        yield Figure(
            name=f"S1 text p95 at {count:,}",
            value=share(together, 95),
            unit="ms",
            beside=told,
            at_most=2,
        )
        medians = {
            name: share(times[at], 95) for name, times in taken.items() if name not in _LOOK_UPS
        }
        worst = max(medians, key=lambda name: medians[name])
        longest = max(each for name in medians for each in taken[name][at])
        yield Figure(
            name=f"S1 worst sort's p95 at {count:,}",
            value=medians[worst],
            unit="ms",
            beside=f"{worst}; the longest call of all took {longest:.1f} ms",
            at_most=20,
        )


def _looking_up(taken: dict[str, list[list[float]]], counts: Sequence[int]) -> Iterator[Figure]:
    for verb in _LOOK_UPS:
        costs = [share(times, 50) for times in taken[verb]]
        told = ", ".join(
            f"{cost:.3f} ms at {count:,}" for cost, count in zip(costs, counts, strict=True)
        )
        yield Figure(
            name=f"S2 {verb}, largest / smallest",
            value=costs[-1] / costs[0],
            unit="x",
            beside=told,
            at_most=2,
            aim=1.3,
        )
