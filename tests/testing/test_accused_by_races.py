"""The race suite accuses stores that are wrong only when several use them at once."""

import os
import time
from contextlib import contextmanager
from functools import partial
from importlib import import_module

import pytest

from customer_registry import InMemoryRepository, SQLiteRepository, StorageBusy
from customer_registry.storage.reading import ReadingUnit
from customer_registry.testing import RepositoryKills, RepositoryRaces

A_MOMENT = 0.001


class Races(RepositoryRaces):
    shared = False


class LastWriterWins(InMemoryRepository):
    """Works on a copy, and puts it in the place of whatever stands there at the end."""

    @contextmanager
    def write(self):
        copy = self._work.copied()
        with copy.savepoint():
            yield copy
            copy.settle()
        self._work = copy


class WithoutLock(InMemoryRepository):
    """Lets everybody write at once."""

    @contextmanager
    def write(self):
        with self._work.savepoint():
            time.sleep(A_MOMENT)
            yield self._work


class Hurried(InMemoryRepository):
    """Refuses who does not come at once."""

    @contextmanager
    def write(self):
        with self._turns.taken(0) as is_mine:
            if not is_mine:
                raise StorageBusy("another is writing")
            with super().write() as work:
                yield work


class Following(InMemoryRepository):
    """Shows a reader what is written meanwhile."""

    @contextmanager
    def read(self):
        yield ReadingUnit(self._work)


ACCUSED = [
    (LastWriterWins, "threads_over_one_repository_see_one_store", "is given once"),
    (LastWriterWins, "of_those_who_claim_one_key_at_once_one_gets_it", "one gets it"),
    (WithoutLock, "threads_over_one_repository_see_one_store", "is given once"),
    (Hurried, "threads_over_one_repository_see_one_store", "below the waiting time"),
    (Hurried, "a_writer_waits_for_another", "a writer waits for another"),
    (Following, "a_reader_stays_at_one_moment_while_others_write", "a reading unit s"),
]


@pytest.mark.parametrize(("broken", "promise", "said"), ACCUSED)
def test_a_store_that_races_is_accused_in_words(broken, promise, said):
    with pytest.raises(AssertionError) as told:
        getattr(Races(), f"test_{promise}")(broken)
    assert said in str(told.value)
    assert "seed 1" in str(told.value) or promise.startswith(("a_reader", "a_writer"))


def test_kills_ask_nothing_of_a_store_that_promises_nothing():
    with pytest.raises(pytest.skip.Exception, match="survives nothing"):
        RepositoryKills().test_what_was_acknowledged_survives_a_kill(InMemoryRepository)


@pytest.mark.parametrize("suite", [RepositoryRaces, RepositoryKills])
def test_a_suite_without_its_fixture_is_told_so(suite):
    with pytest.raises(NotImplementedError, match="fixture `open_store`"):
        vars(suite)["open_store"].__wrapped__(None)


def sent_nowhere(folder):
    """Return what opens a store, and cannot be pickled."""
    return lambda: SQLiteRepository(folder / "customers.db")


class NotFoundThere:
    """Is pickled by a name that other processes do not know."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self):
        return SQLiteRepository(self.folder / "customers.db")

    def __reduce__(self):
        return import_module, ("a_module_that_is_nowhere",)


def only_here(path, here):
    """Open a store in this process alone."""
    if os.getpid() != here:
        raise StorageBusy("only one process may")
    return SQLiteRepository(path)


SUITES = [
    (RepositoryRaces, "test_processes_see_one_store"),
    (RepositoryKills, "test_what_was_acknowledged_survives_a_kill"),
]


@pytest.mark.parametrize(("suite", "promise"), SUITES)
@pytest.mark.usefixtures("capfd")
@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (sent_nowhere, "open_store can be sent to another process: give functools.partial"),
        (NotFoundThere, "open_store arrives in another process: there its module"),
    ],
)
def test_an_open_store_that_other_processes_do_not_get_is_told(
    suite, promise, opening, said, tmp_path
):
    began = time.monotonic()
    with pytest.raises(AssertionError) as told:
        getattr(suite(), promise)(opening(tmp_path))
    assert said in str(told.value)
    assert time.monotonic() - began < 60


@pytest.mark.usefixtures("capfd")
def test_kills_accuse_a_store_that_no_other_process_writes_to(tmp_path):
    open_store = partial(only_here, tmp_path / "customers.db", os.getpid())
    with pytest.raises(AssertionError, match="in a process of its own registers customers"):
        RepositoryKills().test_what_was_acknowledged_survives_a_kill(open_store)
