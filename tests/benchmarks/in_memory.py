"""Whether the store in memory keeps its pace as it grows."""

from collections.abc import Callable, Iterator, Sequence

from figures import Figure, by_turns, medians
from rows import Row, rows

from customer_registry import CustomerRegistry

__all__ = ["growing"]

_SLOWER = 1.3
"""How many times slower the largest may be than the smallest, to count as not slowing."""


def growing(sizes: Sequence[int], count: int) -> Iterator[Figure]:
    """M1: registering and finding in stores of several sizes, row by row by turns."""
    registries = [_filled(size) for size in sizes]
    most = max(sizes)

    def registering(row: Row) -> list[Callable[[], object]]:
        return [lambda each=each: each.register(row) for each in registries]

    def finding(row: Row) -> list[Callable[[], object]]:
        phone = str(row["phone"])
        return [lambda each=each: each.find(phone=phone) for each in registries]

    written = medians(by_turns(map(registering, rows(count, most))))
    read = medians(by_turns(map(finding, rows(count, most))))
    for verb, costs in (("register", written), ("find", read)):
        told = ", ".join(
            f"{cost:.0f} µs at {size:,}" for cost, size in zip(costs, sizes, strict=True)
        )
        yield Figure(
            name=f"M1 {verb}, largest / smallest",
            value=costs[-1] / costs[0],
            unit="x",
            beside=told,
            at_most=_SLOWER,
        )


def _filled(size: int) -> CustomerRegistry:
    registry = CustomerRegistry()
    registry.load(rows(size), on_row=lambda _row: None)
    return registry
