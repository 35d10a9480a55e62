"""Races: clerks act at once, in threads or in processes, and what they were told is judged."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.process import BaseProcess
from queue import Empty
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from customer_registry.operations.verify import verify
from customer_registry.registry import CustomerRegistry
from customer_registry.repository import Repository
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.testing.racing.clerk import EDITED_TOGETHER, PARENT, Clerk, registry_over
from customer_registry.testing.racing.history import Act, Kept, judge_history
from customer_registry.testing.racing.processes import begun_anew
from customer_registry.testing.racing.sending import expect_arrived, expect_sendable
from customer_registry.testing.racing.together import run_together

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

__all__ = ["Outcome", "Race", "kept_in", "noted", "rehearse"]

PATIENCE = 120
"""Seconds after which nobody waits for a clerk any more."""

_Gate: TypeAlias = Any
"""A barrier, of threads or of processes."""


@attrs.frozen
class Outcome:
    """What the clerks were told, and what is wrong with it, by the words of `judge_history`."""

    acts: list[Act]
    faults: Counter[str]
    disagreements: tuple[str, ...] = ()
    """What `verify` finds in the store afterwards."""

    @property
    def errors(self) -> list[str]:
        """What went wrong for the clerks, each kind once."""
        return sorted({act.text for act in self.acts if act.kind == "error"})


@attrs.frozen(kw_only=True)
class Race:
    """Some clerks, how many turns each of them takes, and where their chance begins."""

    clerks: int
    turns: int
    seed: int
    only_coveted: bool = False
    """Whether all want the same customer at the same moment, each turn, and nothing else."""

    def in_threads(self, repositories: Sequence[Repository]) -> Outcome:
        """Let clerks act in threads, over the repositories in turn; all are of one store."""
        acts, gate = self._begun(repositories[0]), threading.Barrier(self.clerks)
        threads = [
            threading.Thread(
                target=lambda me=me: acts.extend(
                    self.acts(repositories[me % len(repositories)], me, gate)
                )
            )
            for me in range(self.clerks)
        ]
        run_together(threads)
        return self._judged(acts, repositories[0])

    def in_processes(self, open_store: Callable[[], Repository]) -> Outcome:
        """Let clerks act in processes, each of which opens the store for itself."""
        expect_sendable(open_store)
        with closing(open_store()) as repository:
            acts = self._begun(repository)
        context = begun_anew()
        gate, heard = context.Barrier(self.clerks), context.Queue()
        clerks = [
            context.Process(target=_act_alone, args=(self, open_store, me, gate, heard))
            for me in range(self.clerks)
        ]
        for clerk in clerks:
            clerk.start()
        for _ in clerks:
            acts += map(Act.of, _next_told(heard, clerks))
        for clerk in clerks:
            clerk.join(PATIENCE)
        with closing(open_store()) as repository:
            return self._judged(acts, repository)

    def acts(self, repository: Repository, me: int, gate: _Gate) -> list[Act]:
        """Take one clerk's turns, and return what he was told."""
        clerk = self._clerk(repository, me)
        gate.wait(PATIENCE)
        told = list[Act]()
        for turn in range(self.turns):
            if self.only_coveted:
                gate.wait(PATIENCE)
            told.append(noted(clerk.want if self.only_coveted else clerk.act, turn))
        return told

    def _begun(self, repository: Repository) -> list[Act]:
        """Register those whom everybody will edit."""
        rehearse()
        parent = self._clerk(repository, PARENT)
        number = 0 if self.only_coveted else self.turns // EDITED_TOGETHER + 1
        return [parent.register(turn) for turn in range(number)]

    def _clerk(self, repository: Repository, me: int) -> Clerk:
        rng = Random(f"{self.seed} {me}")  # noqa: S311  nothing secret hangs on it
        return Clerk(registry_over(repository), me=me, clerks=self.clerks, rng=rng)

    def _judged(self, acts: list[Act], repository: Repository) -> Outcome:
        registry = registry_over(repository)
        try:
            faults = judge_history(acts, kept_in(registry))
            found = tuple(f"{each.code}: {each.where}" for each in verify(registry).disagreements)
        except Exception as error:  # noqa: BLE001  a store in ruins is a finding
            return Outcome(acts, Counter(unreadable=1) + _judged_alone(acts), (repr(error),))
        return Outcome(acts, faults, found)


def _judged_alone(acts: list[Act]) -> Counter[str]:
    """Return what is wrong with what clerks were told, whatever the store holds."""
    codes = [act.code for act in acts if act.kind in {"register", "covet"}]
    errors = sum(act.kind == "error" for act in acts)
    return Counter(duplicates=len(codes) - len(set(codes)), errors=errors)


def kept_in(registry: CustomerRegistry) -> list[Kept]:
    """Return the customers as the store holds them in the end."""
    with registry.unit("search") as work:
        return [
            Kept(
                code=each.code.text,
                version=each.version,
                fields={
                    "notes": str(each.notes or ""),
                    "sales_region": str(each.sales_region or ""),
                    "status": str(each.status),
                },
                tax_number=next((str(tax.number) for tax in each.tax_identifiers), ""),
            )
            for _, each in work.customers.iterate()
        ]


def noted(act: Callable[[int], Act], turn: int) -> Act:
    """Return the act of a turn; whatever goes wrong beside the call is an error as well."""
    began = time.monotonic_ns()
    try:
        return act(turn)
    except Exception as error:  # noqa: BLE001  any error is a finding
        text = f"{type(error).__name__} {error}"
        return Act(kind="error", began=began, ended=time.monotonic_ns(), text=text)


def rehearse() -> None:
    """Do everything once in another store: nobody has to wait for an import in the race."""
    registry = registry_over(InMemoryRepository())
    clerk = Clerk(registry, me=0, clerks=1, rng=Random(0))  # noqa: S311  nothing secret hangs on it
    for act in (clerk.register, clerk.covet, clerk.edit, clerk.find, clerk.search, clerk.fail):
        act(0)


def _next_told(heard: "Queue[list[str]]", clerks: Sequence[BaseProcess]) -> Sequence[str]:
    """Return what the next clerk tells; raises AssertionError for one who never began."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return heard.get(timeout=1)
        except Empty:
            expect_arrived(clerks)
            if time.monotonic() > deadline:
                raise


def _act_alone(
    race: Race, open_store: Callable[[], Repository], me: int, gate: _Gate, heard: "Queue[Any]"
) -> None:
    """Act in a process of one's own, and tell the parent of it."""
    try:
        rehearse()
        with closing(open_store()) as repository:
            acts = race.acts(repository, me, gate)
    except Exception as error:  # noqa: BLE001  the parent is to know why
        now = time.monotonic_ns()
        text = f"a process: {type(error).__name__} {error}"
        acts = [Act(kind="error", began=now, ended=now, text=text)]
    heard.put([act.line for act in acts])
