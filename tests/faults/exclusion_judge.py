"""Judges a log of locks and writes: was there ever a checkpoint beside a commit, or out of turn?"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

__all__ = ["Event", "Findings", "judge_log", "read_events"]

WRITE, CHECKPOINT, RECOVER = 120, 121, 122
"""The bytes of the -shm file that SQLite locks for a commit, a checkpoint and a recovery."""

SHARED_BYTES = 0x4000_0002
"""The first of the database's bytes that who closes the last connection locks, all 510."""


@attrs.frozen
class Event:
    """One call that locked, freed or wrote something; the times are before it and after it."""

    pid: int
    before: int
    after: int
    file: str
    what: str
    start: int
    length: int

    def is_about(self, byte: int) -> bool:
        """Whether it locks or frees a byte; a length of 0 is all there is, -1 a file closed."""
        return self.length <= 0 or self.start <= byte < self.start + self.length


@attrs.frozen
class Span:
    """What one process did from a moment to another."""

    pid: int
    began: int
    ended: int

    def is_within(self, other: "Span") -> bool:
        """Whether it is the same process's, and wholly inside."""
        return self.pid == other.pid and other.began <= self.began and self.ended <= other.ended

    def overlaps(self, other: "Span") -> bool:
        """Whether another process's was there at the same time."""
        return self.pid != other.pid and self.began < other.ended and other.began < self.ended


@attrs.frozen
class Findings:
    """How much there was of each, and how often it was what it must not be."""

    seen: Counter[str]
    faults: Counter[str]

    def __str__(self) -> str:
        told = ", ".join(f"{times} {word}" for word, times in self.seen.items())
        accused = ", ".join(f"{word} {times}" for word, times in sorted(self.faults.items()))
        return f"{told}: {f'accused of {accused}' if accused else 'sound'}"


def read_events(log: Path) -> list[Event]:
    """Return the events of a log, in the order of the calls' ends."""
    events = []
    for line in log.read_text().splitlines():
        pid, before, after, *file, what, start, length = line.split(" ")
        name = file[0]  # a deleted file says so behind its name
        events.append(Event(int(pid), int(before), int(after), name, what, int(start), int(length)))
    return sorted(events, key=lambda event: event.after)


def judge_log(events: Iterable[Event]) -> Findings:
    """Return what is wrong with a log.

    Turns count from after their lock was had to before it was let go, all else from before to
    after, so that what is within or beside them is so in truth.
    """
    events = list(events)
    end = max((event.after for event in events), default=0)
    turns = list(_spans(events, "-lock", 0, end, is_inner=True))
    recoveries = list(_spans(events, "-shm", RECOVER, end))
    commits = _without(_spans(events, "-shm", WRITE, end), recoveries)
    checkpoints = _without(_spans(events, "-shm", CHECKPOINT, end), recoveries)
    closings = list(_spans(events, "db", SHARED_BYTES, end))
    moved = [
        Span(event.pid, event.before, event.after)
        for event in events
        if (event.file, event.what) == ("db", "write")
    ]
    seen = {"turns": turns, "commits": commits, "checkpoints": checkpoints, "closings": closings}
    return Findings(
        Counter({word: len(spans) for word, spans in seen.items()} | {"pages moved": len(moved)}),
        +Counter(
            {
                "two turns at once": _overlaps(turns),
                "a commit out of turn": _outside(commits, turns),
                "a checkpoint out of turn": _outside([*checkpoints, *moved], turns),
                "a closing out of turn": _outside(closings, turns),
                "a checkpoint beside a commit": _overlaps([*checkpoints, *closings], commits),
                "two checkpoints at once": _overlaps([*checkpoints, *closings]),
            }
        ),
    )


def _spans(
    events: list[Event], file: str, byte: int, end: int, *, is_inner: bool = False
) -> Iterator[Span]:
    """Yield who locked a byte for himself from when to when; who dies frees it at the end."""
    since: dict[int, int] = {}
    for event in events:
        if event.file != file or event.what == "write" or not event.is_about(byte):
            continue
        if event.what == "exclusive":
            since.setdefault(event.pid, event.after if is_inner else event.before)
        elif event.pid in since:
            until = event.before if is_inner else event.after
            yield Span(event.pid, since.pop(event.pid), until)
    yield from (Span(pid, began, end) for pid, began in since.items())


def _without(spans: Iterable[Span], others: list[Span]) -> list[Span]:
    """Return the spans that have none of the others inside."""
    return [span for span in spans if not any(other.is_within(span) for other in others)]


def _outside(spans: list[Span], turns: list[Span]) -> int:
    """Count the spans that are in no turn of their own process."""
    turns_of: dict[int, list[Span]] = {}
    for turn in sorted(turns, key=_began):
        turns_of.setdefault(turn.pid, []).append(turn)
    outside = 0
    for span in spans:
        own = turns_of.get(span.pid, [])
        at = bisect_right(own, span.began, key=_began)
        outside += not (at and span.is_within(own[at - 1]))
    return outside


def _overlaps(ones: list[Span], others: list[Span] | None = None) -> int:
    """Count the pairs of both, or among the ones, that are there at the same time."""
    spans = [(span, 0) for span in ones] + [(span, 1) for span in others or ()]
    pairs, there = 0, []
    for span, kind in sorted(spans, key=lambda each: each[0].began):
        there = [each for each in there if each[0].ended > span.began]
        pairs += sum(
            span.overlaps(other) and (others is None or kind != its) for other, its in there
        )
        there.append((span, kind))
    return pairs


def _began(span: Span) -> int:
    return span.began
