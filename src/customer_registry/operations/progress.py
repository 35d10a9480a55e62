"""How far a long work is, for whoever wants to be told."""

from collections.abc import Callable, Iterable, Iterator

from customer_registry.repository import Part

__all__ = ["Progress", "nobody", "told_of"]

Progress = Callable[[int, int], object]
"""Is told how much is done, and of how much."""

_STEP = 1000


def told_of(parts: Iterable[Part], total: int, on_progress: Progress | None) -> Iterator[Part]:
    """Yield parts, and tell how many of a total have come."""
    tell = on_progress or nobody
    for done, part in enumerate(parts):
        yield part
        if done % _STEP == 0:
            tell(min(done, total), total)
    tell(total, total)


def nobody(done: int, total: int) -> None:
    """Tell nobody how far it is."""
