"""A disk that loses power: replays what a process did, and makes what a cut may leave of it.

Until a file's sync has returned, every sector of 512 bytes that was written since the last one may
have reached the disk or not, each on its own, and so may each change of the size; where a file grew
and the content did not follow, stand zeros or other bytes. That a file was made, taken away or
renamed is sure after the next sync of its folder only. What was written before a sync that failed
is lost for good, though the process goes on to read it and the next sync succeeds.
"""

from collections.abc import Callable, Iterator
from random import Random

import attrs
from iofault import Operation

__all__ = ["PowerDisk"]

SECTOR = 512
_GARBAGE = b"\xa5" * (1 << 22)
_IN_MEMORY = ("-shm", "-lock")
"""Files that mean nothing once all processes are gone."""


@attrs.define(eq=False)
class _File:
    """What is safe of a file, and what was done to it since."""

    safe: bytearray = attrs.field(factory=bytearray)
    since: list[Operation] = attrs.field(factory=list)
    size: int = 0

    def change(self, done: Operation) -> None:
        self.since.append(done)
        end = done.number + len(done.content)
        self.size = max(self.size, end) if done.kind == "w" else done.number

    def sync(self) -> None:
        self.safe = self.after(lambda: True, bytes(SECTOR))
        self.since.clear()

    def after(self, keeps: Callable[[], bool], stale: bytes, *, grown: bool = False) -> bytearray:
        """Return the content of which only some sectors and sizes were kept."""
        content = bytearray(self.safe)
        for done in self.since:
            if done.kind == "t":
                if keeps():
                    _resize(content, done.number, stale)
                continue
            for start in range(0, len(done.content), SECTOR):
                if keeps():
                    at, part = done.number + start, done.content[start : start + SECTOR]
                    _resize(content, max(len(content), at), stale)
                    content[at : at + len(part)] = part
        if grown and len(content) < self.size:
            _resize(content, self.size, stale)
        return content


@attrs.define
class PowerDisk:
    """The files of one folder, as they are and as they would be found.

    A disk that `shows_deleted` lets a file that grew show what a deleted one of its name held.
    """

    _rng: Random
    _shows_deleted: bool = False
    _files: dict[str, _File] = attrs.field(factory=dict)
    _safe: dict[str, _File] = attrs.field(factory=dict)
    _since: list[tuple[str, str, _File | None]] = attrs.field(factory=list)
    _buried: dict[str, bytes] = attrs.field(factory=dict)

    def put(self, name: str, content: bytes) -> None:
        """Have a file that is safe from the start."""
        self._files[name] = self._safe[name] = _File(bytearray(content), size=len(content))

    def do(self, done: Operation) -> None:
        """Replay one operation."""
        name = done.path
        if name.endswith(_IN_MEMORY):
            return
        match done.kind:
            case "o":
                self._files[name] = _File()
                self._since.append(("made", name, self._files[name]))
            case "w" | "t":
                self._files[name].change(done)
            case "s":
                self._files[name].sync()
            case "x":
                self._files[name].since.clear()
            case "D":
                self._safe = dict(self._files)
                self._since.clear()
            case "d":
                file = self._files.pop(name)
                self._buried[name] = bytes(file.after(lambda: True, bytes(SECTOR)))
                self._since.append(("taken", name, None))
            case "m":
                self._files[done.other] = self._files.pop(name)
                self._since.append((name, done.other, self._files[done.other]))

    def image(self) -> dict[str, bytes]:
        """Return what may be found after a cut at this moment, by chance."""
        rng = self._rng
        keeps, named = self._chance(), rng.choice([0.0, 0.5, 1.0])
        names = self._names(lambda: rng.random() < named)
        grown, stale = rng.random() < 0.5, rng.choice([b"", _GARBAGE])
        found = {}
        for name in sorted(names):
            old = self._buried.get(name, b"") if self._shows_deleted else stale
            found[name] = bytes(names[name].after(keeps, old, grown=grown))
        return found

    def _names(self, keeps: Callable[[], bool]) -> dict[str, _File]:
        """Return which names are found; a renaming is one change."""
        names = dict(self._safe)
        for what, name, file in self._since:
            if keeps():
                names.pop(what, None)
                if file is None:
                    names.pop(name, None)
                else:
                    names[name] = file
        return names

    def _chance(self) -> Callable[[], bool]:
        """Return what decides over sector after sector: by chance, up to one, all but one, one."""
        rng, count = self._rng, self._pending()
        at = rng.randrange(count + 1)
        turn = _turns()
        likely = rng.choice([0.0, 0.1, 0.5, 0.9, 1.0])
        return rng.choice(
            [
                lambda: rng.random() < likely,
                lambda: rng.random() < likely,
                lambda: next(turn) < at,
                lambda: next(turn) != at,
                lambda: next(turn) == at,
            ]
        )

    def _pending(self) -> int:
        since = (done for file in self._files.values() for done in file.since)
        return sum(-(-len(done.content) // SECTOR) or 1 for done in since)


def _turns() -> Iterator[int]:
    turn = 0
    while True:
        yield turn
        turn += 1


def _resize(content: bytearray, size: int, stale: bytes) -> None:
    """Cut a file, or let it grow with what lay on the disk before."""
    missing = size - len(content)
    if missing < 0:
        del content[size:]
    elif missing:
        old = stale[len(content) : size]
        content += old + bytes(missing - len(old))
