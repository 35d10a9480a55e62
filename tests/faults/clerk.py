"""A clerk who registers customer after customer, is made to fail, and notes what he was told."""

import os
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import attrs
from ways import LeftUnsaved, Way

from customer_registry import STANDARD, CustomerRegistry, ValidationFailed
from customer_registry.repository import Repository
from customer_registry.testing import make_raw
from customer_registry.testing.racing.numbering import Acknowledged

__all__ = [
    "Deliberate",
    "Mischief",
    "Notebook",
    "Notes",
    "chance",
    "read_notes",
    "register_the_coveted",
    "work",
]

COVETED = make_raw(seed=999)
"""The customer who is registered first; whoever tries again is refused for the tax number."""

FAILING = 0.1
ENOUGH_ERRORS = 25
"""As many as one clerk meets before he gives up."""


class _Uneventful(Random):
    """Chance by which nothing unusual happens."""

    def random(self) -> float:
        return 0.999


class Deliberate(Exception):
    """A failure made by the race, not by what is raced."""


class Mischief(threading.local):
    """What is to fail in the running thread's next registration; each once."""

    def __init__(self):
        self.clock_in = self.salt_in = 0
        self.rule = self.hook = False

    def plan(self, kind: str, rng: Random) -> None:
        """Let one thing go wrong: the clock in the transaction, a rule, or the journal's salt."""
        self.clock_in = rng.randint(2, 4) if kind == "clock" else 0
        self.salt_in = kind == "salt"
        self.rule = kind == "rule"
        self.hook = kind == "hook"

    def clock(self) -> datetime:
        """Tell the time, or fail at the planned call; the first is before the transaction."""
        self.clock_in -= 1
        if self.clock_in == 0:
            raise Deliberate("clock")
        return datetime.now(UTC)

    def salt(self, size: int) -> bytes:
        """Give salt to the journal, which is written after the number is drawn."""
        if self.salt_in:
            self.salt_in = False
            raise Deliberate("salt")
        return os.urandom(size)

    def breaking_rule(self, name, customers):
        """A rule that asks the store, and so runs in the transaction."""
        if self.rule:
            self.rule = False
            raise Deliberate("rule")
        return ()

    def failing_hook(self, receipt):
        """A hook of the host's; what it raises undoes nothing."""
        if self.hook:
            raise Deliberate("hook")

    def registry(self, way: Way, repository: Repository) -> CustomerRegistry:
        """Return a registry in which all this can happen."""

        def rule(name, customers):
            yield from self.breaking_rule(name, customers)

        return CustomerRegistry(
            repository=repository,
            codes=way.codes(),
            policy=way.policy(),
            rules=[*STANDARD, rule],
            hooks=[self.failing_hook],
            clock=self.clock,
        )


class Notebook:
    """Where a clerk notes what he was told, before he does anything else.

    A line is one write: when the process is killed, what it wrote stays.
    """

    def __init__(self, path: Path):
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, *words: object) -> None:
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())

    def close(self) -> None:
        os.close(self._file)


@attrs.frozen
class Notes:
    """What all notebooks of a race tell together."""

    told: list[Acknowledged] = attrs.field(factory=list)
    failures: int = 0
    errors: list[str] = attrs.field(factory=list)


def chance(seed: object) -> Random:
    """Return chance that comes out the same for the same seed."""
    return Random(str(seed))  # noqa: S311  nothing secret hangs on it


def read_notes(folder: Path, names: str = "*.notes") -> Notes:
    """Return what stands in the notebooks; a line without an end was never written."""
    told, failures, errors = [], 0, []
    for path in sorted(folder.glob(names)):
        *lines, _ = path.read_text().split("\n")
        for kind, _, rest in (line.partition(" ") for line in lines):
            if kind == "told":
                code, began, ended = rest.split()
                told.append(Acknowledged(code, int(began), int(ended)))
            elif kind == "failed":
                failures += 1
            else:
                errors.append(rest)
    return Notes(told, failures, errors)


def register_the_coveted(way: Way, registry: CustomerRegistry, folder: Path) -> None:
    """Register the customer whose tax number others will want, and note his code."""
    with closing(Notebook(folder / "first.notes")) as book:
        began = time.monotonic_ns()
        code = way.register(registry, COVETED, _Uneventful())
        book.note("told", code, began, time.monotonic_ns())


def work(
    way: Way,
    registry: CustomerRegistry,
    mischief: Mischief,
    notebook: Notebook,
    *,
    share: int,
    rng: Random,
) -> None:
    """Register until `share` customers are acknowledged, or too many errors were met."""
    acknowledged = errors = 0
    while acknowledged < share and errors < ENOUGH_ERRORS:
        outcome, *words = turn(way, registry, mischief, rng)
        notebook.note(outcome, *words)
        acknowledged += outcome == "told"
        errors += outcome == "error"


def turn(way, registry, mischief, rng):
    """Return how one registration ended: told, failed as planned, or an error of the numbering."""
    kind, raw = planned(rng), person(rng)
    mischief.plan(kind, rng)
    began = time.monotonic_ns()
    try:
        code = way.register(registry, COVETED if kind == "refused" else raw, rng)
    except (Deliberate, LeftUnsaved) as failure:
        return "failed", type(failure).__name__, kind
    except ValidationFailed as failure:
        outcome = "failed" if kind == "refused" else "error"
        return outcome, failure
    except Exception as error:  # noqa: BLE001  any other error is a finding
        return "error", type(error).__name__, str(error).replace("\n", " ")
    return "told", code, began, time.monotonic_ns()


def planned(rng: Random) -> str:
    if rng.random() < FAILING:
        return rng.choice(["refused", "rule", "clock", "salt"])
    return "hook" if rng.random() < FAILING / 5 else "nothing"


def person(rng: Random) -> dict[str, object]:
    """Return a raw person, hardly ever called like another one."""
    given = "".join(chr(rng.randint(0x4E00, 0x8FFF)) for _ in range(3))
    return {"kind": "person", "name": f"王{given}"}
