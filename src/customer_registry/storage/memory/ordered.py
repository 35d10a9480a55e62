"""Ordered lists of places: who holds a word, and who holds all the words of a search."""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import TypeVar

from customer_registry.storage.grams import Wanted

__all__ = ["candidates", "strike"]

_Sorted = TypeVar("_Sorted", int, str)


def strike(ordered: list[_Sorted], one: _Sorted) -> None:
    """Take one out of an ordered list that holds it."""
    del ordered[bisect_left(ordered, one)]


def candidates(
    postings: Mapping[str, list[int]], asked: Wanted, before: int | None
) -> Iterator[int] | None:
    """Return the places that hold every token asked for, and one of each group, newest first.

    None where no token is asked for.
    """
    groups = [*({token} for token in asked.exact), *asked.groups]
    lists = [[postings.get(token, []) for token in group] for group in groups]
    if not lists:
        return None
    lists.sort(key=lambda each: sum(map(len, each)))
    return _shared(lists, before)


def _shared(lists: list[list[list[int]]], before: int | None) -> Iterator[int]:
    rarest, *others = lists
    last = None
    for place in heapq.merge(*(_down(posting, before) for posting in rarest), reverse=True):
        if place != last and all(_any_holds(each, place) for each in others):
            yield place
        last = place


def _down(posting: list[int], before: int | None) -> Iterator[int]:
    end = len(posting) if before is None else bisect_left(posting, before)
    return (posting[at] for at in range(end - 1, -1, -1))


def _any_holds(postings: list[list[int]], place: int) -> bool:
    return any(
        (at := bisect_left(posting, place)) < len(posting) and posting[at] == place
        for posting in postings
    )
