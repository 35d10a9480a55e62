"""The race suite of a storage backend: threads, repositories and processes on one store."""

import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import count

import attrs

from customer_registry.domain.errors import MissingExtra
from customer_registry.domain.journal import GENESIS
from customer_registry.repository import KINDS, Repository, UnitOfWork
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import allowed, same, told
from customer_registry.testing.promises.portable import lived_in, lived_on, parts_of
from customer_registry.testing.racing.clerk import entry_of
from customer_registry.testing.racing.race import PATIENCE, Outcome, Race

try:
    import pytest
except ImportError as error:
    raise MissingExtra("testing") from error

__all__ = ["RepositoryRaces"]

_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
_RETIRED = make_customer(seed=1).code
"""The former code of somebody in a store that was lived in."""

_PROMISES = {
    "duplicates": "a number is given once: draw it in the transaction that saves the customer",
    "lost customers": "a customer who was acknowledged is kept",
    "gaps": "a transaction that fails returns its number, so that the codes have no gap",
    "order": "who begins after another was told his code gets a larger one",
    "tax numbers twice": "of several who claim one key at once one gets it: let the store decide "
    "as it writes, do not look first",
    "refused for nobody": "who does not get a key is told who has it",
    "refused otherwise": "all who do not get a key read the same report",
    "lost updates": "an edit replaces its direct predecessor or nothing: compare the version in "
    "the transaction that writes",
    "conflicts told wrongly": "who edits too late is told what was written since",
    "stale reads": "what was acknowledged is seen by everybody who looks afterwards: keep no "
    "cache that others do not know of",
    "unreadable": "what is left when all have gone can be read",
    "reads of the future": "nobody sees what is not committed",
    "errors": "nothing but a refusal reaches a caller: below the waiting time writers wait",
}
"""What is promised, by the word of the judge for what was found instead."""


class RepositoryRaces:
    """What a repository promises to several who use it at once; a subclass has one fixture.

    ::

        class TestMyRepositoryRaces(RepositoryRaces):
            @pytest.fixture
            def open_store(self, tmp_path):
                return partial(MyRepository, tmp_path / "customers.db")

    `open_store` gives a function that opens the same store each time; for the processes it has to
    be one that can be pickled. What it opens is closed by the suite. Give a store that lives in one
    object only `shared = False`. A few seconds as it stands: larger `turns` look closer.
    """

    clerks = 4
    """How many act at once in threads."""

    processes = 3
    """How many act at once in processes."""

    turns = 60
    """How often each of them acts."""

    seed = 1
    """Where their chance begins; every message tells it."""

    shared = True
    """Whether the store can be opened several times, in other processes as well."""

    @pytest.fixture
    def open_store(self) -> Callable[[], Repository]:
        """Return what opens the store."""
        raise NotImplementedError("a backend's test has a fixture `open_store` of its own")

    def test_threads_over_one_repository_see_one_store(
        self, open_store: Callable[[], Repository]
    ) -> None:
        """Clerks register, edit, read, search and fail in threads, as if they stood in a line."""
        with closing(open_store()) as repository:
            self._expect_sound(self._race().in_threads([repository]))

    def test_threads_with_a_repository_each_see_one_store(
        self, open_store: Callable[[], Repository]
    ) -> None:
        """The same, each thread with the store opened for itself."""
        self._expect_shared()
        with ExitStack() as stack:
            each = [stack.enter_context(closing(open_store())) for _ in range(self.clerks)]
            self._expect_sound(self._race().in_threads(each))

    def test_processes_see_one_store(self, open_store: Callable[[], Repository]) -> None:
        """The same, each clerk in a process of its own."""
        self._expect_shared()
        self._expect_sound(
            attrs.evolve(self._race(), clerks=self.processes).in_processes(open_store)
        )

    def test_of_those_who_claim_one_key_at_once_one_gets_it(
        self, open_store: Callable[[], Repository]
    ) -> None:
        """All want the same tax number at the same moment, again and again."""
        race = self._race(only_coveted=True)
        with closing(open_store()) as repository:
            outcome = race.in_threads([repository])
        self._expect_sound(outcome)
        winners = sum(act.kind == "covet" for act in outcome.acts)
        same(winners, race.turns, "of those who claim a free key one gets it, and not none")

    def test_what_one_wrote_another_finds(self, open_store: Callable[[], Repository]) -> None:
        """All that a store keeps is there for others: those who have it open, and the next."""
        self._expect_shared()
        with closing(open_store()) as first, closing(open_store()) as second:
            lived_in(first)
            _expect_alike(first, second, "what was written")
            lived_on(second)
            _expect_alike(second, first, "what was written elsewhere")
            _erase(first)
            _expect_alike(first, second, "what was erased, pruned and retired")
        with closing(open_store()) as third, closing(open_store()) as fourth:
            _expect_alike(third, fourth, "what was kept before")
            _expect_erased(third)

    def test_a_reader_stays_at_one_moment_while_others_write(
        self, open_store: Callable[[], Repository]
    ) -> None:
        """Whatever is read within one unit is of the same moment, in `snapshot` as well."""
        with closing(open_store()) as repository, _writing(repository) as written:
            for _ in range(10):
                with repository.read() as work:
                    _expect_one_moment(work, lambda: written.wait(0.01))
                with repository.snapshot() as work:
                    _expect_one_moment(
                        work,
                        lambda: told(written.wait(PATIENCE), "no writer waits for a snapshot"),
                    )
                written.clear()

    def test_a_writer_waits_for_another(self, open_store: Callable[[], Repository]) -> None:
        """A unit of work that takes half a second is no error for the others."""
        with closing(open_store()) as repository:
            other = closing(open_store()) if self.shared else nullcontext(repository)
            with other as second, ThreadPoolExecutor(1) as threads:
                begun, done = threading.Event(), threading.Event()
                slow = threads.submit(_write_slowly, repository, begun, done)
                told(begun.wait(PATIENCE), "a unit of work begins")
                threading.Timer(0.5, done.set).start()
                with allowed("below the waiting time a writer waits for another, without an error"):
                    _write(second, 2)
                slow.result(PATIENCE)
            with repository.read() as work:
                same(work.numbers.peek("customer"), 3, "both drew their number, one after another")

    def _race(self, *, only_coveted: bool = False) -> Race:
        return Race(clerks=self.clerks, turns=self.turns, seed=self.seed, only_coveted=only_coveted)

    def _expect_shared(self) -> None:
        if not self.shared:
            pytest.skip("this store lives in one object only")

    def _expect_sound(self, outcome: Outcome) -> None:
        broken = [f"{_PROMISES[word]} ({word}: {outcome.faults[word]})" for word in outcome.faults]
        if outcome.disagreements:
            some = ", ".join(outcome.disagreements[:5])
            broken.append(f"what is kept agrees with itself and with the journal ({some})")
        errors = [f"  {error}" for error in outcome.errors[:5]]
        told(not broken, "\n".join([*broken, *errors, f"  seed {self.seed}, turns {self.turns}"]))


@contextmanager
def _writing(repository: Repository) -> Generator[threading.Event, None, None]:
    """Return a context in which another thread writes, and sets the event after each unit."""
    written, done = threading.Event(), threading.Event()

    def write() -> None:
        for seed in count():
            if done.is_set():
                return
            _write(repository, seed)
            written.set()

    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(write)
        try:
            yield written
        finally:
            done.set()
        writer.result(PATIENCE)


def _expect_one_moment(work: UnitOfWork, meanwhile: Callable[[], object]) -> None:
    first = _seen(work)
    meanwhile()
    same(_seen(work), first, "a reading unit stays at the moment of its beginning")
    told(first[0] == first[1], "a reading unit sees whole transactions only")


def _expect_alike(one: Repository, other: Repository, what: str) -> None:
    promise = f"{what} is found by whoever opens the store"
    with allowed(promise):
        found, expected = parts_of(other), parts_of(one)
    same(other.identity, one.identity, "whoever opens a store finds the same identity")
    for kind in ("meta", *KINDS):
        theirs, ours = (
            [each for each in parts if each.kind == kind] for parts in (found, expected)
        )
        told(theirs == ours, f"{promise}: every {kind}, {len(ours)} of them; {len(theirs)} found")
    same(other.condition().checked, one.condition().checked, f"{promise}: when it was verified")


def _erase(repository: Repository) -> None:
    """Take from a store that was lived in what is to be gone, and say that it was verified."""
    with repository.write() as work:
        (_, customer), *_ = work.customers.iterate()
        work.journal.erase(customer.id)
        work.customers.retire(_RETIRED)
        work.customers.replace(attrs.evolve(customer, version=3, former_codes=()))
        work.receipts.forget(customer.id, ())
        work.keep_checked(_AT)


def _expect_erased(repository: Repository) -> None:
    with repository.read() as work:
        (_, customer), *_ = work.customers.iterate()
        same(work.journal.of(customer.id)[0].changes, (), "an erased entry stays erased")
        told(work.customers.is_retired(_RETIRED), "a retired code stays retired")
        same(work.receipts.of(customer.id), (), "what was forgotten stays forgotten")
        wrong = [each for step in work.inspect() for each in step.found]
        same(wrong, [], "inspect finds nothing wrong with a store that is opened again")
        previous = GENESIS
        for link in work.journal.links():
            told(work.journal.holds(link, previous), "the chain holds in a store opened again")
            previous = link.digest
    same(repository.condition().checked, _AT, "when it was verified is kept")


def _seen(work: UnitOfWork) -> tuple[int, int, int]:
    """Return how many customers, entries and numbers there are."""
    customers = sum(1 for _ in work.customers.iterate())
    return customers, work.journal.head()[0], work.numbers.peek("customer")


def _write(repository: Repository, seed: int) -> None:
    customer = make_customer(seed=seed)
    with repository.write() as work:
        work.numbers.next("customer")
        work.customers.add(customer)
        work.journal.append(entry_of(customer))


def _write_slowly(repository: Repository, begun: threading.Event, done: threading.Event) -> None:
    with repository.write() as work:
        work.numbers.next("customer")
        begun.set()
        done.wait(PATIENCE)
