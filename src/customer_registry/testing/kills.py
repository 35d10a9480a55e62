"""The kill test of a storage backend: what was acknowledged is there after the process is killed.

What a store says of its `durability` is a promise to the host, rank by rank:

- `nothing`: a save lives as long as the process. There is nothing to prove.
- `process`: a save outlives the process, however that ends. `RepositoryKills` proves it.
- `system`: it outlives a crash of the operating system: what was written was handed to the disk
  (`fsync`) before the save was acknowledged. A kill proves nothing here, for the system goes on and
  keeps what the process wrote: run the kills in a virtual machine that is reset, or look at the
  order of the system calls (`strace -f -e trace=write,fsync,rename`): nobody is told before the
  sync of the file, and of the folder where a name is new.
- `power`: it outlives a power failure as well: beyond the calls above, the disk keeps what it
  confirmed. That is the host's to choose; say `power` only of what was synced.

A store that cannot know says the lower rank.
"""

import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from random import Random

import attrs

from customer_registry.domain.errors import MissingExtra
from customer_registry.operations.verify import verify
from customer_registry.registry import CustomerRegistry
from customer_registry.repository import Durability, Repository
from customer_registry.testing.examples import make_raw
from customer_registry.testing.promises.expect import allowed, told
from customer_registry.testing.racing.clerk import registry_over
from customer_registry.testing.racing.processes import begun_anew
from customer_registry.testing.racing.race import PATIENCE, kept_in, rehearse
from customer_registry.testing.racing.sending import expect_arrived, expect_sendable

try:
    import pytest
except ImportError as error:
    raise MissingExtra("testing") from error

__all__ = ["RepositoryKills"]

_EACH = 1000
"""Customers that nobody registers more of in his life."""


class RepositoryKills:
    """Kills processes as they write, and looks at what the next one finds; one fixture.

    ::

        class TestMyRepositoryKills(RepositoryKills):
            @pytest.fixture
            def open_store(self, tmp_path):
                return partial(MyRepository, tmp_path / "customers.db")

    `open_store` gives a function that opens the same store each time, and can be pickled. What each
    rank of `durability` promises, and how the higher ones are proved, stands at the head of this
    module.
    """

    kills = 6
    """How many processes are killed, one after the other, `writers` of them in a round."""

    writers = 2

    longest = 0.3
    """Seconds that writers go on at most, once all have told of a customer."""

    seed = 1
    """Where the moments of the kills begin; every message tells it."""

    @pytest.fixture
    def open_store(self) -> Callable[[], Repository]:
        """Return what opens the store."""
        raise NotImplementedError("a backend's test has a fixture `open_store` of its own")

    def test_what_was_acknowledged_survives_a_kill(
        self, open_store: Callable[[], Repository]
    ) -> None:
        """Nothing that a writer was told is gone, nothing is there by half, others go on."""
        with closing(open_store()) as repository:
            if repository.durability is Durability.NOTHING:
                pytest.skip("this store says that a save survives nothing")
        expect_sendable(open_store)
        rng = Random(self.seed)  # noqa: S311  nothing secret hangs on it
        heard = dict[str, int]()
        for done in range(0, self.kills, self.writers):
            before = len(heard)
            heard |= self._killed(open_store, done, rng)
            self._expect_whole(open_store, heard, done + self.writers)
            told(len(heard) > before, "a writer in a process of its own registers customers")

    def _killed(
        self, open_store: Callable[[], Repository], first: int, rng: Random
    ) -> dict[str, int]:
        """Let some write, kill them, and return the versions that they told of."""
        writers = [_Writer.started(open_store, (first + at) * _EACH) for at in range(self.writers)]
        for writer in writers:
            writer.expect_begun()
            told(writer.pipe.poll(PATIENCE), "a writer who comes after a kill can register")
        time.sleep(rng.random() * self.longest)
        for writer in rng.sample(writers, len(writers)):
            writer.process.kill()
        versions = dict[str, int]()
        for code, version in sorted(each for writer in writers for each in writer.heard()):
            versions[code] = version
        return versions

    def _expect_whole(
        self, open_store: Callable[[], Repository], heard: dict[str, int], kills: int
    ) -> None:
        with allowed("who comes after a kill can open the store, read and write"):
            repository = open_store()
            registry = registry_over(repository)
            kept = {each.code: each.version for each in kept_in(registry)}
            found = [f"{each.code}: {each.where}" for each in verify(registry).disagreements]
            with repository.write() as work:
                work.journal.head()
            repository.close()
        where = f"  seed {self.seed}, {kills} kills, {len(heard)} customers told"
        lost = sorted(code for code, version in heard.items() if kept.get(code, 0) < version)
        promise = (
            f"durability says `{repository.durability}`: what was acknowledged survives a kill"
        )
        told(not lost, f"{promise}\n  lost: {lost[:5]}\n{where}")
        untold = len(kept) - len(heard)
        told(untold <= kills, f"a writer saves one customer at a time\n{where}, {untold} untold")
        promise = "a transaction is there whole or not at all: customer, number, entry and keys"
        told(not found, f"{promise}\n  found: {found[:5]}\n{where}")


@attrs.frozen
class _Writer:
    """A process that registers and edits, and where it is heard."""

    process: BaseProcess
    pipe: Connection

    @classmethod
    def started(cls, open_store: Callable[[], Repository], first: int) -> "_Writer":
        context = begun_anew()
        heard, said = context.Pipe(duplex=False)
        process = context.Process(target=_write, args=(open_store, first, said), daemon=True)
        process.start()
        said.close()
        return cls(process, heard)

    def expect_begun(self) -> None:
        """Raise AssertionError where the process ends before its first word."""
        try:
            told(self.pipe.poll(PATIENCE), "a process begins")
            self.pipe.recv()
        except EOFError:
            self.process.join(PATIENCE)
            expect_arrived([self.process])

    def heard(self) -> list[tuple[str, int]]:
        """Return all that it told before its end."""
        acknowledged = list[tuple[str, int]]()
        with self.pipe:
            while True:
                try:
                    acknowledged.append(self.pipe.recv())
                except (EOFError, OSError):  # cut off in the middle of a word
                    break
        self.process.join(PATIENCE)
        return acknowledged


def _write(open_store: Callable[[], Repository], first: int, said: Connection) -> None:
    """Register and edit, and say so, until somebody kills this process."""
    said.send("begun")
    rehearse()
    registry = registry_over(open_store())
    for seed in count(first):
        said.send(_registered(registry, seed))
        if seed % 4 == 0:
            said.send(_edited(registry))


def _registered(registry: CustomerRegistry, seed: int) -> tuple[str, int]:
    return str(registry.register(make_raw("person", seed)).customer.code), 1


def _edited(registry: CustomerRegistry) -> tuple[str, int]:
    customer = registry.update(registry.search(limit=1)[0], grade="A").customer
    return str(customer.code), customer.version
