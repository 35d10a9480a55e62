"""Faults that a backend is easily built with: each makes the suite fail, and it says what is wrong.

They are planted in the directory of JSON files; the sound one passes the same tests.
"""

import base64
import json
import os
import threading
import time
from contextlib import contextmanager, nullcontext
from functools import partial

import attrs
import pytest
from json_directory import Held, JsonDirectory

from customer_registry import InMemoryRepository, StorageBusy
from customer_registry.repository import Found
from customer_registry.testing import RepositoryContract, RepositoryKills, RepositoryRaces

SUITES = {
    name: suite
    for suite in (RepositoryContract, RepositoryRaces, RepositoryKills)
    for name in dir(suite)
    if name.startswith("test_")
}


class Bent(JsonDirectory):
    """A directory of JSON files whose units of work have customers that a subclass bends."""

    @contextmanager
    def write(self):
        with super().write() as work:
            yield Unit(work, customers=self.bent(work.customers))

    @contextmanager
    def read(self):
        with super().read() as work:
            yield Unit(work, customers=self.bent(work.customers))

    def bent(self, customers):
        return customers


class Unit:
    """A port, or a unit of work, in which some is as given, and all else as it was."""

    def __init__(self, sound, **bent):
        self.__dict__.update(bent)
        self.sound = sound

    def __getattr__(self, name):
        return getattr(self.sound, name)


class LooksThenLeaps(JsonDirectory):
    """Looks whether a key is free, and saves later, when another may have it."""

    def _locked(self):
        return nullcontext()

    @contextmanager
    def write(self):
        held = self._current()
        copy = InMemoryRepository()
        copy._work = held.memory._work.copied()
        with copy.write() as work:
            yield work
            self._save(Held(held.number, held.parts, copy), work)

    def _write(self, text, number):
        draft = self._folder / f"draft of {os.getpid()} {threading.get_ident()}"
        draft.write_text(text, "utf-8")
        draft.replace(self._path(number))


class LastEditWins(Bent):
    """Saves an edit over whatever version stands there."""

    def bent(self, customers):
        def replace(customer, claims=()):
            stored = customers.get(customer.id)
            version = stored.version + 1 if stored else customer.version
            return customers.replace(attrs.evolve(customer, version=version), claims)

        return Unit(customers, replace=replace)


class MemberForgotten(Bent):
    """Was written for a port that had not all members of today."""

    def bent(self, customers):
        return Older(customers)


class Older(Unit):
    def __getattr__(self, name):
        if name == "is_retired":
            raise AttributeError(name)
        return super().__getattr__(name)


class KeepsNumbers(JsonDirectory):
    """Does not take back the numbers that a failed transaction drew."""

    @contextmanager
    def write(self):
        drawn, work = {}, None
        try:
            with super().write() as work:
                try:
                    yield work
                except BaseException:
                    drawn = work.numbers.ranges()
                    raise
        finally:
            if drawn:
                with super().write() as work:
                    for name, number in drawn.items():
                        work.numbers.raise_to(name, number)


class MovingSnapshot(JsonDirectory):
    """Takes the store as it is at each look for a snapshot."""

    @contextmanager
    def snapshot(self):
        yield Moving(self)


class Moving:
    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        with self.store.read() as work:
            return getattr(work, name)


class OldestFirst(Bent):
    """Gives each page in the order of registration."""

    def bent(self, customers):
        def search(query):
            found = customers.search(query)
            return Found(found.customers[::-1], found.last, found.places)

        return Unit(customers, search=search)


class ErasureForgotten(JsonDirectory):
    """Writes what came, and not what went."""

    def _write(self, text, number):
        super()._write(json.dumps(json.loads(text) | {"gone": []}), number)


class ReceiptsLost(JsonDirectory):
    """Keeps receipts in memory only."""

    def _save(self, held, work, *, is_whole=False):
        super()._save(held, Without("receipt", work), is_whole=is_whole)


class FormerCodesLost(JsonDirectory):
    """Keeps the present codes only."""

    def _save(self, held, work, *, is_whole=False):
        super()._save(held, Without("claim", work), is_whole=is_whole)


class Without:
    def __init__(self, kind, work):
        self.kind, self.work = kind, work

    def parts(self):
        return [part for part in self.work.parts() if part.kind != self.kind]


class ReadsOnce(JsonDirectory):
    """Looks for what others wrote when it is opened, and never again."""

    def _current(self):
        return self._held if self._held.parts else super()._current()


class StaleForAWhile(JsonDirectory):
    """Shows what it has read for a twentieth of a second."""

    fresh_until = 0.0

    def read(self):
        if time.monotonic() > self.fresh_until:
            self.fresh_until, self.shown = time.monotonic() + 0.05, self._current().memory._work
            self.shown = self.shown.copied()
        return nullcontext(self.shown)


class KeepsBackups(JsonDirectory):
    """Keeps what it replaces by one file under another name, spelt in one way or another."""

    spelt = staticmethod(bytes)

    def scrub(self, *, whole=False):
        older = b"".join(self._path(number).read_bytes() for number in sorted(self._numbers()))
        super().scrub(whole=whole)
        (self._folder / "customers.bak").write_bytes(self.spelt(older))


class KeepsBackupsInUtf16(KeepsBackups):
    """Keeps them as another system would have them."""

    spelt = staticmethod(lambda content: content.decode().encode("utf-16-be"))


class KeepsBackupsInBase64(KeepsBackups):
    """Keeps them as letters."""

    spelt = staticmethod(base64.b64encode)


class KeepsBackupsInHexadecimal(KeepsBackups):
    """Keeps them as digits."""

    spelt = staticmethod(lambda content: content.hex().encode())


class KeepsBackupsInAscii(KeepsBackups):
    """Keeps them as JSON that everybody can print."""

    spelt = staticmethod(lambda content: json.dumps(content.decode()).encode())


class Tombstones(JsonDirectory):
    """Writes down what went, so that nobody misses it."""

    def _write(self, text, number):
        with (self._folder / "gone.log").open("a", encoding="utf-8") as log:
            json.dump(json.loads(text)["gone"], log, ensure_ascii=False)
        super()._write(text, number)


class ScrubsNothing(JsonDirectory):
    """Leaves older files to the day on which one tells everything."""

    def scrub(self, *, whole=False):
        pass


class Impatient(JsonDirectory):
    """Does not wait for others."""

    patience = 0.0


class LockLeftBehind(JsonDirectory):
    """Takes a file for a lock that whoever is killed leaves behind."""

    patience = 0.5

    @contextmanager
    def _locked(self):
        taken, deadline = self._folder / "taken", time.monotonic() + self.patience
        while True:
            try:
                os.close(os.open(taken, os.O_CREAT | os.O_EXCL))
                break
            except FileExistsError as error:
                if time.monotonic() > deadline:
                    raise StorageBusy("another is writing") from error
                time.sleep(0.001)
        try:
            time.sleep(0.005)
            yield
        finally:
            taken.unlink()


FAULTS = [
    (LooksThenLeaps, "threads_with_a_repository_each_see_one_store", "is given once"),
    (LastEditWins, "an_edit_of_a_version_read_too_long_ago_does_nothing", "gives False for a"),
    (KeepsNumbers, "a_failed_transaction_returns_its_numbers", "leaves ranges as they were"),
    (KeepsNumbers, "threads_over_one_repository_see_one_store", "codes have no gap"),
    (MovingSnapshot, "a_snapshot_stays_as_it_was_while_others_write", "does not see what is"),
    (MovingSnapshot, "a_reader_stays_at_one_moment_while_others_write", "of its beginning"),
    (OldestFirst, "an_empty_text_finds_everyone_newest_first", "newest first"),
    (ErasureForgotten, "what_one_wrote_another_finds", "found by whoever opens the store"),
    (ReceiptsLost, "what_one_wrote_another_finds", "every receipt"),
    (FormerCodesLost, "what_one_wrote_another_finds", "every claim"),
    (ReadsOnce, "what_one_wrote_another_finds", "found by whoever opens the store"),
    (StaleForAWhile, "threads_over_one_repository_see_one_store", "keep no cache"),
    (MemberForgotten, "nothing_of_the_ports_is_missing", "missing: Customers.is_retired"),
    (Impatient, "a_writer_waits_for_another", "a writer waits for another"),
    (LockLeftBehind, "what_was_acknowledged_survives_a_kill", "who comes after a kill can"),
]


def run(promise, kind, folder):
    """Run a test of the suite against a kind of directory."""
    name = f"test_{promise}"
    suite = SUITES[name]()
    opened = kind(folder) if isinstance(suite, RepositoryContract) else partial(kind, folder)
    getattr(suite, name)(opened)


@pytest.mark.parametrize(("fault", "promise", "said"), FAULTS)
def test_a_planted_fault_is_told_in_words(fault, promise, said, tmp_path):
    with pytest.raises(AssertionError) as told:
        run(promise, fault, tmp_path)
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("fault", "spelling"),
    [
        (KeepsBackups, "UTF-8"),
        (KeepsBackupsInUtf16, "UTF-16 (big-endian)"),
        (KeepsBackupsInBase64, "base64"),
        (KeepsBackupsInHexadecimal, "hexadecimal"),
        (KeepsBackupsInAscii, "JSON"),
        (Tombstones, "UTF-8"),
        (ScrubsNothing, "UTF-8"),
    ],
)
def test_whoever_keeps_what_was_erased_is_told_what_is_left(fault, spelling, tmp_path):
    with pytest.raises(AssertionError) as told:
        look_for_traces(fault, tmp_path)
    assert "nothing of the customer is left in what is stored" in str(told.value)
    assert f"name in {spelling}" in str(told.value)


def test_the_sound_directory_leaves_no_trace(tmp_path):
    look_for_traces(JsonDirectory, tmp_path)


def test_a_hook_that_shows_nothing_proves_nothing(tmp_path):
    with pytest.raises(AssertionError, match="stored_bytes gives all that is stored"):
        look_for_traces(JsonDirectory, tmp_path, stored_bytes=bytes)


def look_for_traces(kind, folder, stored_bytes=None):
    """Run the test of the contract that looks into everything that a directory holds."""
    looked = stored_bytes or (lambda: b"\n".join(each.read_bytes() for each in folder.iterdir()))
    promise = RepositoryContract().test_an_erasure_leaves_no_trace_in_what_is_stored
    promise(kind(folder), looked)


@pytest.mark.parametrize(
    "promise",
    sorted({each for _, each, _ in FAULTS if SUITES[f"test_{each}"] is RepositoryContract}),
)
def test_the_same_tests_pass_the_sound_directory(promise, tmp_path):
    """Races and kills of the sound one are in test_json_directory.py."""
    run(promise, Bent, tmp_path)
