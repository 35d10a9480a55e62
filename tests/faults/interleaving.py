"""Runs two clients of one SQLite file statement by statement, in every order there is.

The repository's code is what it is; each client is a greenlet with a repository of its own, as if
it were a process. Before every SQL statement, every try for the writers' lock and its release the
scheduler chooses who goes on. A client that found the lock taken tries again only after the other
has moved.

What a client does next follows from what it has seen, and what it has seen from how many commits
stood when it ran each statement, and from whose. Two schedules alike in that are one state from
there on, so each state is left in each direction once, and the schedules that this covers are
counted over the states. A schedule is the list of who moved, and can be run again.
"""

import gc
import sqlite3
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TypeAlias
from unittest import mock

import attrs
from greenlet import GreenletExit, getcurrent, greenlet

from customer_registry.storage.sqlite import SQLiteRepository, lock

__all__ = ["Case", "Ended", "Explored", "explore", "replay"]

Schedule: TypeAlias = tuple[int, ...]
State: TypeAlias = tuple[object, ...]


@attrs.frozen
class Ended:
    """How a client ended: what it returned or raised, and the moves between which it ran."""

    answer: object
    began: int
    ended: int


@attrs.frozen
class Case:
    """Clients over one file, and the words for what is wrong with how they end."""

    prepare: Callable[[SQLiteRepository], object]
    clients: Sequence[Callable[[SQLiteRepository], object]]
    judge: Callable[[SQLiteRepository, list[Ended]], set[str]]
    opened: Callable[[Path], SQLiteRepository] = SQLiteRepository


@attrs.frozen
class Explored:
    """How many schedules there are, over how many states, and how many runs that took.

    `faults` counts the schedules that end in each fault, `first` is one of them.
    """

    schedules: int
    states: int
    runs: int
    faults: Counter[str]
    first: dict[str, Schedule]


def explore(case: Case, folder: Path) -> Explored:
    """Run a case in every order; the folder is best in memory."""
    found = _Found()
    todo: list[Schedule] = [()]
    for runs in count(1):
        with _playing(case, folder) as play:
            todo += _run_on(play, todo.pop(), found)
        if not todo:
            return found.counted(runs)
    raise AssertionError


def replay(case: Case, folder: Path, schedule: Schedule) -> set[str]:
    """Run one schedule, and whoever can move where it says nothing possible; returns the faults."""
    with _playing(case, folder) as play:
        for at in count():
            if not play.movable:
                return play.faults()
            wanted = schedule[at] if at < len(schedule) else 0
            play.move(wanted if wanted in play.movable else play.movable[0])
    raise AssertionError


def _run_on(play: "_Play", begun: Schedule, found: "_Found") -> list[Schedule]:
    """Play a schedule and on, as far as it is new; return the other ways met there."""
    others: list[Schedule] = []
    state = found.start = play.state
    while play.movable:
        at = len(play.moves)
        if at >= len(begun):
            if state in found.ways_on:
                return others
            others += [(*play.moves, other) for other in play.movable[1:]]
        chosen = begun[at] if at < len(begun) else play.movable[0]
        play.move(chosen)
        if chosen in play.waiting:
            found.in_vain.add((state, chosen))
        found.ways_on.setdefault(state, {})[chosen] = play.state
        state = play.state
    found.end(state, play)
    return others


@attrs.define
class _Found:
    """The states met so far, where each leads to, and what is wrong with the last ones."""

    start: State = ()
    ways_on: dict[State, dict[int, State]] = attrs.field(factory=dict)
    ends: dict[State, set[str]] = attrs.field(factory=dict)
    in_vain: set[tuple[State, int]] = attrs.field(factory=set)
    first: dict[str, Schedule] = attrs.field(factory=dict)

    def end(self, state: State, play: "_Play") -> None:
        self.ends[state] = play.faults()
        for fault in self.ends[state]:
            self.first.setdefault(fault, tuple(play.moves))

    def counted(self, runs: int) -> Explored:
        """Count the ways through the states, and those that end in each fault.

        Tries for a lock that was taken change nothing, and are not counted.
        """

        @cache
        def ways_to_end(state: State) -> Counter[str]:
            if state in self.ends:
                return Counter(["", *self.ends[state]])
            ways = self.ways_on[state].items()
            on = (to for chosen, to in ways if (state, chosen) not in self.in_vain)
            return sum(map(ways_to_end, on), Counter())

        faults = ways_to_end(self.start)
        schedules = faults.pop("")
        states = len(self.ways_on) + len(self.ends)
        return Explored(schedules, states, runs, faults, self.first)


class _Client(greenlet):
    """One client; it stops before everything that the other could notice."""

    def __init__(self, play: "_Play", work: Callable[[], object]) -> None:
        super().__init__(self._run)
        self.play = play
        self.work = work
        self.answer: object = None
        self.seen: tuple[object, ...] = ()
        self.is_waiting = False
        self.is_given_up = False

    def saw(self, event: str) -> None:
        """Note how the last move went, and how many commits stood then."""
        self.seen += ((event, len(self.play.commits)),)

    def _run(self) -> None:
        try:
            self.answer = self.work()
        except Exception as error:  # noqa: BLE001  an answer like any other; the case judges it
            self.answer = error


class _Play:
    """One run of a case, move by move."""

    def __init__(self, case: Case, repositories: list[SQLiteRepository]) -> None:
        self.moves: list[int] = []
        self.commits: tuple[int, ...] = ()
        self._case = case
        self._repository = repositories[0]
        self._spans: dict[int, tuple[int, int]] = {}
        self._clients = [
            _Client(self, partial(work, repository))
            for work, repository in zip(case.clients, repositories, strict=True)
        ]
        for client in self._clients:
            client.switch()

    @property
    def movable(self) -> list[int]:
        """The clients that have something to do."""
        return [at for at, each in enumerate(self._clients) if not (each.dead or each.is_waiting)]

    @property
    def waiting(self) -> list[int]:
        """The clients that found the lock taken, and nobody has moved since."""
        return [at for at, each in enumerate(self._clients) if each.is_waiting]

    @property
    def state(self) -> State:
        """What all that is to come depends on."""
        return (self.commits, *((each.seen, each.is_waiting, each.dead) for each in self._clients))

    def move(self, at: int) -> None:
        """Let a client go on to where it stops next."""
        now = len(self.moves)
        self.moves.append(at)
        self._clients[at].switch()
        self._spans[at] = (self._spans.get(at, (now, now))[0], now)
        for other in self._clients:
            other.is_waiting &= other is self._clients[at]

    def faults(self) -> set[str]:
        """Return what is wrong now that nobody can move."""
        if not all(client.dead for client in self._clients):
            return {"everybody waits"}
        ended = [Ended(each.answer, *self._spans[at]) for at, each in enumerate(self._clients)]
        return self._case.judge(self._repository, ended)

    def committed(self, client: _Client) -> None:
        self.commits += (self._clients.index(client),)

    def give_up(self) -> None:
        """Take back what is not finished."""
        for client in self._clients:
            client.is_given_up = True
            if not client.dead:
                client.throw(GreenletExit)


@contextmanager
def _playing(case: Case, folder: Path) -> Generator[_Play, None, None]:
    """Return a context with a case at its beginning, over a fresh copy of what was prepared."""
    prepared, path = folder / "prepared.db", folder / "played.db"
    if not prepared.exists():
        with closing(SQLiteRepository(prepared)) as repository:
            case.prepare(repository)
    for left in folder.glob(f"{path.name}*"):
        left.unlink()
    path.write_bytes(prepared.read_bytes())
    with _stopping():
        repositories = [_warm(case.opened(path)) for _ in case.clients]
        play = _Play(case, repositories)
        try:
            yield play
        finally:
            play.give_up()
            for repository in repositories:
                repository.close()


def _warm(repository: SQLiteRepository) -> SQLiteRepository:
    """Let a repository open its connections, which every client does alike."""
    with repository.read(), repository.write():
        return repository


@contextmanager
def _stopping() -> Generator[None, None, None]:
    """Put the stops where the repository meets the driver and the lock file."""
    lock_stops = {
        "_try_lock": partial(_try_lock, lock._try_lock),
        "_unlock": partial(_unlock, lock._unlock),
        # The line in front of the lock only takes orders away, and every order is to be tried.
        "try_byte": lambda *_: True,
        "free_bytes": lambda *_: None,
        "time": SimpleNamespace(monotonic=lambda: 0.0, sleep=lambda _: None),
    }
    connect = partial(sqlite3.connect, factory=_Connection)
    with mock.patch.multiple(lock, **lock_stops), mock.patch.object(sqlite3, "connect", connect):
        gc.disable()  # what an earlier play left behind must not be closed by a client of this one
        try:
            yield
        finally:
            gc.enable()


class _Connection(sqlite3.Connection):
    """A connection that stops before every statement."""

    def execute(self, *statement):
        return self._stopped(super().execute, *statement)

    def executemany(self, *statement):
        return self._stopped(super().executemany, *statement)

    def _stopped(self, run, sql, *values):
        before = self.in_transaction
        answer = _stopped(run, sql, *values)
        client = getcurrent()
        is_commit = before and not self.in_transaction and not sql.startswith("ROLLBACK")
        if is_commit and isinstance(client, _Client):
            client.play.committed(client)
        return answer


def _stopped(run, *arguments):
    """Stop, then go on, and note how it went."""
    client = getcurrent()
    if not isinstance(client, _Client) or client.is_given_up:
        return run(*arguments)
    client.parent.switch()
    try:
        answer = run(*arguments)
    except Exception as error:
        client.saw(repr(error))
        raise
    client.saw("done")
    return answer


def _try_lock(try_lock, file):
    """Stop, then try; who found it taken has seen nothing, and waits for the others to move."""
    client = getcurrent()
    if not isinstance(client, _Client):
        return try_lock(file)
    if client.is_given_up:
        if try_lock(file):
            return True
        raise GreenletExit  # nobody will free it any more
    client.parent.switch()
    client.is_waiting = not try_lock(file)
    if not client.is_waiting:
        client.saw("lock")
    return not client.is_waiting


def _unlock(unlock, file):
    """Stop, then unlock; who is given up just then unlocks as well, or nobody else could close."""
    try:
        _stopped(unlock, file)
    except GreenletExit:
        unlock(file)
        raise
