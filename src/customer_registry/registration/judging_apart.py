"""Judge rows ahead of the writer: in worker processes, or here where there are none."""

import gc
import hashlib
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import attrs

from customer_registry.domain.access import unrestricted
from customer_registry.registration.office import Office
from customer_registry.registration.packing import packed, unpacked
from customer_registry.registration.request import canonical
from customer_registry.repository import Key, Repository
from customer_registry.validation.judgement import Judgement

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, SpawnContext
    from multiprocessing.process import BaseProcess

__all__ = ["Judged", "judged", "workers_here"]

_ENOUGH = 2
"""Judging a row takes less than twice the time of writing it, so that more would only wait."""

Chunk: TypeAlias = list[object]


@attrs.frozen(eq=False, repr=False)
class Judged:
    """A row, all that can be said of it without asking the store, its canonical form and digest."""

    raw: object
    judgement: Judgement
    content: bytes
    digest: bytes


def workers_here() -> int:
    """Return how many workers are of use on this machine: none on a single CPU."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:  # of Linux only
        available = os.cpu_count() or 1
    return min(_ENOUGH, available - 1)


def judged(
    office: Office, chunks: Iterable[Chunk], workers: int
) -> Generator[list[Judged], None, None]:
    """Yield the rows of every chunk judged, in order, while at most `workers` chunks are ahead.

    Processes start with the second chunk. What cannot be judged apart is judged here: rows and
    rules that cannot be sent, a row at which a rule fails, and what a worker had when it died.
    An exception of `chunks` is raised after all that came before it.
    """
    failures: list[Exception] = []
    source = _until_failure(chunks, failures)
    head = list(islice(source, 2)) if workers else []
    if len(head) < 2:  # noqa: PLR2004  the second
        yield from (_judged_here(office, chunk) for chunk in chain(head, source))
    else:
        with _crew(office, workers) as crew:
            yield from _in_turn(office, chain(head, source), crew)
    for failure in failures:
        raise failure


def _until_failure(chunks: Iterable[Chunk], failures: list[Exception]) -> Iterator[Chunk]:
    try:
        yield from chunks
    except Exception as failure:  # noqa: BLE001  raised when its turn has come
        failures.append(failure)


def _judged_here(office: Office, chunk: Chunk) -> list[Judged]:
    return [Judged(raw, office.judge(raw), *_keyed(raw)) for raw in chunk]


def _keyed(raw: object) -> tuple[bytes, bytes]:
    content = canonical(raw)
    return content, hashlib.sha256(content).digest()


def _in_turn(
    office: Office, chunks: Iterable[Chunk], crew: "_Crew"
) -> Generator[list[Judged], None, None]:
    """Yield chunk by chunk; a worker gets its next one before the writer gets to work."""
    asked: deque[tuple[Chunk, _Worker | None]] = deque()
    for chunk in chunks:
        done = crew.answer(office, *asked.popleft()) if crew.is_full(len(asked)) else None
        asked.append((chunk, crew.ask(office, chunk)))
        if done is not None:
            yield done
    while asked:
        yield crew.answer(office, *asked.popleft())


@attrs.frozen(eq=False, repr=False)
class _Worker:
    """A process that judges, and the wire to it."""

    process: "BaseProcess"
    wire: "Connection[bytes, bytes]"


@attrs.define(eq=False, repr=False)
class _Crew:
    """The workers: those that have not told yet that they are there, the free, and the busy ones.

    Each has one chunk at a time: with a second on its way, two full pipes would wait for one
    another.
    """

    starting: list[_Worker] = attrs.field(factory=list["_Worker"])
    free: list[_Worker] = attrs.field(factory=list["_Worker"])
    busy: list[_Worker] = attrs.field(factory=list["_Worker"])

    def is_full(self, asked: int) -> bool:
        """Return whether the next chunk has to wait for the first of those that were asked for."""
        self._welcome()
        return asked > 0 and (not self.free or asked >= len(self.free) + len(self.busy))

    def ask(self, office: Office, chunk: Chunk) -> _Worker | None:
        """Return the worker that judges a chunk from now on; None where that has to happen here."""
        try:
            question = packed((office.clock(), chunk))
        except Exception:  # noqa: BLE001  foreign objects may do anything
            return None
        while self.free:
            worker = self.free.pop()
            self.busy.append(worker)
            try:
                worker.wire.send_bytes(question)
            except OSError:
                self._dismiss(worker)
            else:
                return worker
        return None

    def answer(self, office: Office, chunk: Chunk, worker: _Worker | None) -> list[Judged]:
        """Return a chunk judged, by whomever."""
        said = self._said(worker) if worker else None
        if said is None:
            return _judged_here(office, chunk)
        return [_understood(office, raw, each) for raw, each in zip(chunk, said, strict=True)]

    def end(self) -> None:
        """End all workers at once: they hold nothing that could be lost."""
        for worker in (*self.starting, *self.free, *self.busy):
            _end(worker)

    def _said(self, worker: _Worker) -> "list[_Said] | None":
        try:
            answer = worker.wire.recv_bytes()
        except (EOFError, OSError):
            self._dismiss(worker)
            return None
        self.busy.remove(worker)
        self.free.append(worker)
        try:
            said: list[_Said] | None = unpacked(answer)
        except Exception:  # noqa: BLE001  foreign objects may do anything
            return None
        return said

    def _welcome(self) -> None:
        """Take up those who have told that they are there, however long that took them."""
        for worker in tuple(self.starting):
            try:
                if not worker.wire.poll():
                    continue
                worker.wire.recv_bytes()
            except (EOFError, OSError):
                _end(worker)
            else:
                self.free.append(worker)
            self.starting.remove(worker)

    def _dismiss(self, worker: _Worker) -> None:
        self.busy.remove(worker)
        _end(worker)


def _end(worker: _Worker) -> None:
    worker.wire.close()
    worker.process.kill()
    worker.process.join()
    with suppress(ValueError):  # the host buries all children, and has been faster
        worker.process.close()


@contextmanager
def _crew(office: Office, workers: int) -> Generator[_Crew, None, None]:
    """Return a context with as many workers as can be had; none of them outlives it."""
    crew = _Crew()
    try:
        with suppress(OSError):  # the system has no more room for processes
            for start in [_starter(office)] * workers:
                if start is not None:
                    crew.starting.append(start(crew.starting))
        yield crew
    finally:
        crew.end()


def _starter(office: Office) -> Callable[[Iterable[_Worker]], _Worker] | None:
    """Return what starts a worker beside others; None where there can be none, or no rules sent.

    A fork takes everything along, the rules of a script too, but with other threads about it may
    take along a lock that nobody ever opens; then a fresh interpreter is started.
    """
    import multiprocessing  # noqa: PLC0415  only who wants workers pays

    here = multiprocessing.current_process()
    if here.daemon:  # it may have no children
        return None
    # A script without `if __name__ == "__main__"` runs again in a fresh interpreter, and must not
    # load once more there: starting another one raises.
    runs_again = getattr(here, "_inheriting", False)
    alone = attrs.evolve(
        office, repository=cast("Repository", None), access=unrestricted, hooks=(), clock=_no_time,
        coding=attrs.evolve(office.coding, blocks=None),
    )  # fmt: skip
    if _is_alone() and not runs_again:
        return lambda others: _started(multiprocessing.get_context("fork"), alone, others)
    try:
        sent = pickle.dumps(alone)
    except Exception:  # noqa: BLE001  such as a rule inside a function
        return None
    return lambda _: _started(multiprocessing.get_context("spawn"), sent, None)


def _is_alone() -> bool:
    """Return whether no other thread runs in this process, those of libraries counted too."""
    if sys.platform != "linux":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  names alone
    except OSError:
        return False


def _started(
    context: "ForkContext | SpawnContext",
    office: Office | bytes,
    others: Iterable[_Worker] | None,
) -> _Worker:
    """Return a new worker; a fork has to let go of its parent's ends of all wires.

    Who kept one would never hear that its parent is dead.
    """
    here, there = context.Pipe()
    inherited = () if others is None else (here, *(other.wire for other in others))
    try:
        process = context.Process(target=_judge_apart, args=(there, office, inherited), daemon=True)
        process.start()
    except BaseException:
        here.close()
        raise
    finally:
        there.close()  # else its death would not be heard
    return _Worker(process, here)


def _no_time() -> datetime:
    raise AssertionError("every question brings its time")


_Said: TypeAlias = tuple[
    dict[str, Any], tuple[Any, ...], frozenset[str], tuple[Any, ...], bytes, bytes
]


def _judge_apart(
    wire: "Connection[bytes, bytes]",
    office: Office | bytes,
    inherited: "Iterable[Connection[bytes, bytes]]",
) -> None:
    """Answer until nobody asks any more; the keyboard and the parent's handlers are not for us."""
    for each in inherited:
        each.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what a fork brought along is never looked through, and so stays shared
    with suppress(EOFError, OSError):
        if isinstance(office, bytes):
            office = cast("Office", pickle.loads(office))  # noqa: S301  our own parent wrote it
        wire.send_bytes(b"here")
        while True:
            wire.send_bytes(_answer(office, wire.recv_bytes()))


def _answer(office: Office, question: bytes) -> bytes:
    """Return what is to be said of a chunk; None where the parent had better see for itself."""
    try:
        now, chunk = unpacked(question)
        office = attrs.evolve(office, clock=lambda: now)
        return packed([_said(office, raw) for raw in chunk])
    except Exception:  # noqa: BLE001  a rule that fails has to fail in the parent
        return packed(None)


def _said(office: Office, raw: object) -> _Said:
    found = office.judge(raw)
    _work_out_keys(found.facts)
    return (dict(found.facts), found.entries, found.touched, found.issues, *_keyed(raw))


def _work_out_keys(facts: Mapping[str, Any]) -> None:
    """Let the name know the keys that the writer will look for; it keeps them."""
    name, kind = facts.get("name"), facts.get("kind")
    if name and kind:
        Key.of_name(name, kind)
        Key.of_sound(name, kind)


def _understood(office: Office, raw: object, said: _Said) -> Judged:
    facts, entries, touched, issues, content, digest = said
    judgement = Judgement(
        facts=facts,
        entries=entries,
        touched=touched,
        issues=issues,
        echo=cast("Mapping[str, object]", raw if isinstance(raw, Mapping) else {"": raw}),
        policy=office.engine.policy,
    )
    return Judged(raw, judgement, content, digest)
