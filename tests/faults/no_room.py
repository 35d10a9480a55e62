"""Fills a store until there is no room, in three ways, and judges it before and after there is.

    python tests/faults/no_room.py                    all three, with both journals
    python tests/faults/no_room.py --broken           a store that hides the error has to be accused

The ways: a small file system in memory (root only), a limit on the size of files, a limit on the
pages of the database. Customers are registered until StorageFull is raised; then everything can
still be read, a load saves nothing or all of its rows, and nothing is half there. As soon as there
is room, what failed is tried again with the same key, and gets the next code.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from children import Tell, in_a_child, told_of
from errands import GOLDEN, SETTINGS, load, open_store, register, rehearse
from stored import Told, faults_at, stored_at

from customer_registry import CustomerRegistry
from customer_registry.storage.sqlite import connections
from customer_registry.testing import make_raw

__all__ = ["CONTROLS", "WAYS", "can_mount", "faults_of"]

MOST = 300
"""Customers who are registered in vain if nothing ever fills up."""

BIG_LOAD = 1000


class SmallDisk:
    """A file system in memory, of which most is taken up by a file that can be removed."""

    spare = 0
    """Kilobytes of the size of a store that are not enough to copy it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.ballast = folder / "ballast"

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Return a context in which the folder is a small disk."""
        mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", self.folder]
        subprocess.run(mount, check=True, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            unmount = ["umount", "-l", self.folder]
            subprocess.run(unmount, check=True)

    def leave(self, kilobytes: int) -> None:
        """Leave no more room than this."""
        disk = os.statvfs(self.folder)
        self.ballast.write_bytes(bytes(disk.f_bavail * disk.f_frsize - kilobytes * 1024))

    def make_room(self) -> None:
        """Let there be room again."""
        self.ballast.unlink()


class SizeLimit:
    """A limit on the size of every file that this process writes."""

    spare = -8

    def __init__(self, folder: Path):
        self.folder = folder

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Return a context in which nothing is as yet limited."""
        yield

    def leave(self, kilobytes: int) -> None:
        """Let no file grow beyond this."""
        self._limit(kilobytes * 1024)

    def make_room(self) -> None:
        """Let there be room again."""
        self._limit(-1)

    def _limit(self, size: int) -> None:
        import resource  # noqa: PLC0415  POSIX only

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class PageLimit(SizeLimit):
    """A limit on the pages of the database, set on every connection."""

    spare = 0

    def leave(self, kilobytes: int) -> None:
        """Let the database grow to so much and no more."""
        pages = kilobytes // 4
        limit = (f"PRAGMA max_page_count = {pages}", "PRAGMA max_page_count", pages)
        connections._PRAGMAS = (*connections._PRAGMAS, limit)

    def make_room(self) -> None:
        """Let there be room again."""
        connections._PRAGMAS = connections._PRAGMAS[:-1]


WAYS = {"disk": SmallDisk, "size": SizeLimit, "pages": PageLimit}
CONTROLS = {"disk": "swallowing", "size": "swallowing", "pages": "bare"}
"""Broken on purpose: who hides that a COMMIT failed, and who lets the driver's errors through."""


class Ear:
    """Hears what is told and keeps it, as a notebook does, without a file that could be full."""

    def __init__(self):
        self.told = Told()

    def note(self, *words: object) -> None:
        """Hear one line."""
        self.told.hear(" ".join(map(str, words)))


def faults_of(way: str, setting: str, folder: Path) -> list[str]:
    """Return what is wrong with a store in which there was no room in this way."""

    def work(tell: Tell) -> None:
        full = WAYS[way](folder)
        with full.mounted():
            for each in [*_filled(full, setting), *_not_migrated(full, setting)]:
                tell(each)

    return in_a_child(work)


def can_mount() -> bool:
    """Return whether this process may have a small disk."""
    with tempfile.TemporaryDirectory() as folder:
        disk = SmallDisk(Path(folder))
        try:
            with disk.mounted():
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


def _filled(full: SmallDisk | SizeLimit, setting: str) -> Iterator[str]:
    """Fill a store and make room again; yield what is wrong."""
    path, ear = full.folder / "store.db", Ear()
    with open_store(path, setting) as registry:
        register(registry, ear, 0)
    full.leave(400)
    registry = open_store(path, setting)
    try:
        seed, how = _register_until_full(registry, ear)
        yield from {how} - {"StorageFull"}
        yield from _wrong_while_full(registry, ear, path)
        full.make_room()
        for again in (lambda: register(registry, ear, seed), lambda: load(registry, ear, 5000)):
            yield from {f"with room: {told_of(again)}"} - {"with room: done"}
    finally:
        registry.close()
    yield from _wrong(path, ear.told, "with room")


def _register_until_full(registry: CustomerRegistry, ear: Ear) -> tuple[int, str]:
    """Return the seed of the customer who found no room, and what was raised."""
    for seed in range(1, MOST):
        how = told_of(lambda: register(registry, ear, seed))  # noqa: B023  called at once
        if how != "done":
            return seed, how
    return MOST, "never full"


def _wrong_while_full(registry: CustomerRegistry, ear: Ear, path: Path) -> Iterator[str]:
    """Yield what is wrong while there is no room: all can be read, and nothing is half there."""
    rows = [make_raw("person", seed=7000 + each) for each in range(BIG_LOAD)]
    if (how := told_of(lambda: registry.load(rows))) != "StorageFull":
        yield f"load without room: {how}"
    (first, *_), last = ear.told.customers, list(ear.told.customers)[-1]
    for code in (first, last):
        how = told_of(lambda: (registry.history(code), registry.search(code)))  # noqa: B023  called at once
        yield from {f"reading without room: {how}"} - {"reading without room: done"}
    yield from _wrong(path, ear.told, "without room")


def _wrong(path: Path, told: Told, when: str) -> Iterator[str]:
    """Yield what is wrong with the file: it holds what was told and no more."""
    found = faults_at(path, told)
    if not found and stored_at(path).customers != told.customers:
        found = {"holds another customer than was told"}
    yield from (f"{fault} {when}" for fault in found)


def _not_migrated(full: SmallDisk | SizeLimit, setting: str) -> Iterator[str]:
    """Open an old store where there is no room for a copy, and again where there is."""
    path = Path(shutil.copy(GOLDEN / "schema1.db", full.folder / "old.db"))
    before = stored_at(path)
    full.leave(path.stat().st_size // 1024 + full.spare)
    how = told_of(lambda: open_store(path, setting).close())
    yield from {f"migrating without room: {how}"} - {"migrating without room: StorageFull"}
    if stored_at(path) != before or list(full.folder.glob("*unfinished*")):
        yield "half migrated without room"
    full.make_room()
    with open_store(path, setting) as registry:
        register(registry, None, 100)
    yield from (f"{fault} after migrating" for fault in faults_at(path, Told()))


def main(arguments: list[str] | None = None) -> int:
    """Fill what was asked for, print a line each; return 1 for any surprise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--way", choices=[*WAYS, "all"], default="all")
    parser.add_argument("--broken", action="store_true", help="try a store that hides the error")
    asked = parser.parse_args(arguments)
    rehearse()
    surprises = 0
    for way in WAYS if asked.way == "all" else (asked.way,):
        if way == "disk" and not can_mount():
            print("disk: left out, only root may mount one")  # noqa: T201  a report
            continue
        for setting in (CONTROLS[way],) if asked.broken else SETTINGS:
            with tempfile.TemporaryDirectory() as folder:
                faults = faults_of(way, setting, Path(folder))
            print(f"{way:<7}{setting:<12}{', '.join(faults) or 'sound'}")  # noqa: T201  a report
            surprises += bool(faults) != asked.broken
    return min(surprises, 1)


if __name__ == "__main__":
    sys.exit(main())
