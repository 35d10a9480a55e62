"""Threads and processes that save at once, and broken variants that each race has to catch."""

import threading
import time
from contextlib import closing, contextmanager

import attrs
import pytest
from deferred import Deferred

from customer_registry import CompanyPolicy, CustomerRegistry
from customer_registry.domain.customer import StaleVersion
from customer_registry.domain.errors import StorageBusy, ValidationFailed
from customer_registry.domain.journal import GENESIS
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.testing import make_raw
from customer_registry.testing.racing.processes import begun_anew
from customer_registry.testing.racing.together import run_together

THREADS = 8
PROCESSES = 4
EACH = 12
A_MOMENT = 0.001
FIRST = "C000001"
"""The customer whom everybody edits, registered before the race."""

COVETED = make_raw(seed=999)
"""The customer whom everybody registers, by one tax number."""

CONTROL = "the control of this race: a broken variant has to be caught"


@attrs.define
class Record:
    """What one racer lived through, as plain data."""

    racer: int
    codes: list[str] = attrs.field(factory=list)
    registered: list[str] = attrs.field(factory=list)
    refused: list[object] = attrs.field(factory=list)
    edits: int = 0
    errors: list[str] = attrs.field(factory=list)


class Racer:
    """The sound way: the verbs as they are."""

    def __init__(self, registry, start):
        self.registry = registry
        self.start = start

    def covet(self):
        return self.registry.register(COVETED)

    def edit(self, racer, version):
        return self.registry.update(FIRST, version=version, notes=f"edited by {racer}")


class LooksThenLeaps(Racer):
    """The broken way: it asks first whether the number is free, and then takes it anyhow."""

    def covet(self):
        assert self.registry.check(COVETED).ok
        self.start.wait(60)
        off = {"tax_identifier": "off", "organization_name": "off"}
        policy = CompanyPolicy(unique=off)
        careless = CustomerRegistry(repository=self.registry._office.repository, policy=policy)
        return careless.register(COVETED)


class LastWriterWins(Racer):
    """The broken way: it edits whatever version stands there now."""

    def edit(self, racer, version):
        del version
        for _ in range(100):
            try:
                return self.registry.update(self.registry.get(FIRST), notes=f"edited by {racer}")
            except StaleVersion:
                continue
        raise AssertionError


class Slow:
    """Number ranges that take a moment between reading and writing; sound under a lock."""

    def __init__(self, ranges):
        self.ranges = ranges

    def next(self, name):
        number = self.ranges.peek(name)
        time.sleep(A_MOMENT)
        self.ranges.raise_to(name, number)
        return number

    def __getattr__(self, name):
        return getattr(self.ranges, name)


class SlowMemory(InMemoryRepository):
    """Sound memory whose numbers take a moment."""

    def __init__(self):
        super().__init__()
        self._work.numbers = Slow(self._work.numbers)


class WithoutLock(SlowMemory):
    """Broken memory: everybody writes at once."""

    @contextmanager
    def write(self):
        with self._work.savepoint():
            yield self._work


def run(way, registry, racer, start):
    """Let one racer register, covet and edit; whatever goes wrong is noted, never raised."""
    record, person = Record(racer), way(registry, start)
    start.wait(60)
    for turn in range(EACH):
        try:
            raw = make_raw("person", racer * EACH + turn)
            record.codes.append(registry.register(raw).customer.code.text)
        except Exception as error:  # noqa: BLE001  any error is a finding
            record.errors.append(f"{type(error).__name__} {error}")
    start.wait(60)
    try:
        record.registered.append(person.covet().customer.code.text)
    except ValidationFailed as failed:
        record.refused.append(plain(failed.report))
    except Exception as error:  # noqa: BLE001  as above
        record.errors.append(f"{type(error).__name__} {error}")
    start.wait(60)
    try:
        person.edit(racer, 1)
        record.edits += 1
    except StaleVersion as stale:
        if stale.current.version != 2:
            record.errors.append(f"stale at {stale.current.version}")
    except Exception as error:  # noqa: BLE001  as above
        record.errors.append(f"{type(error).__name__} {error}")
    return record


def plain(report):
    return [
        (issue.code, issue.path, str(issue.severity), dict(issue.params)) for issue in report.issues
    ]


def judge(registry, records):
    """Return everything that should not have happened, by what it concerns."""
    faults = {f"error: {error}" for record in records for error in record.errors}
    racers = len(records)
    registered = [code for record in records for code in record.registered]
    drawn = [code for record in records for code in record.codes] + registered
    if sorted(drawn) != [f"C{number:06}" for number in range(2, racers * EACH + 3)]:
        faults.add("codes: not exactly 1 to n")
    if any(record.codes != sorted(record.codes) for record in records):
        faults.add("codes: a later one is smaller")
    if len(registered) != 1:
        faults.add("coveted: not registered exactly once")
    try:
        return faults | reading_faults(registry, records, [FIRST, *drawn])
    except (KeyError, ValueError) as error:  # a store that the race left in ruins
        return faults | {f"store: cannot be read, {error!r}"}


def reading_faults(registry, records, codes):
    """Return what the store tells afterwards that should not be so."""
    faults, late = set(), registry.check(COVETED)
    if late.ok or any(refusal != plain(late) for record in records for refusal in record.refused):
        faults.add("coveted: a loser reads another report than a late-comer")
    if sum(record.edits for record in records) != 1 or registry.get(FIRST).version != 2:
        faults.add("edit: not exactly one winner")
    return faults | store_faults(registry, codes)


def store_faults(registry, codes):
    faults, previous = set(), GENESIS
    with registry._office.unit("search") as work:
        stored = [customer.code.text for _, customer in work.customers.iterate()]
        for number, link in enumerate(work.journal.links(), start=1):
            if link.number != number or not link.holds(previous):
                faults.add("journal: the chain is broken")
            previous = link.digest
    if sorted(stored) != sorted(codes):
        faults.add("store: holds other codes than were acknowledged")
    return faults


def first(repository):
    registry = CustomerRegistry(repository=repository)
    assert registry.register(make_raw("person", 5000)).customer.code.text == FIRST
    return registry


def race_of_threads(repository, way=Racer):
    registry, records = first(repository), []
    start = threading.Barrier(THREADS)
    threads = [
        threading.Thread(
            target=lambda racer=racer: records.append(run(way, registry, racer, start))
        )
        for racer in range(THREADS)
    ]
    run_together(threads)
    assert len(records) == THREADS
    return judge(registry, records)


def process(kind, path, racer, start, told):
    with closing(kind(path)) as repository:
        told.put(attrs.asdict(run(Racer, CustomerRegistry(repository=repository), racer, start)))


def race_of_processes(path, kind=SQLiteRepository):
    with closing(SQLiteRepository(path)) as repository:
        registry = first(repository)
        context = begun_anew()
        start, told = context.Barrier(PROCESSES), context.Queue()
        racers = [
            context.Process(target=process, args=(kind, path, racer, start, told))
            for racer in range(PROCESSES)
        ]
        for racer in racers:
            racer.start()
        records = [Record(**told.get(timeout=60)) for _ in racers]
        for racer in racers:
            racer.join(60)
        assert [racer.exitcode for racer in racers] == [0] * PROCESSES
        return judge(registry, records)


@pytest.fixture(params=["memory", "auto", "delete"])
def repository(request, tmp_path):
    if request.param == "memory":
        yield InMemoryRepository()
    else:
        with closing(SQLiteRepository(tmp_path / "race.db", journal=request.param)) as opened:
            yield opened


def concerning(faults, *words):
    return [fault for fault in faults if fault.startswith(words)]


def test_threads_save_at_once_and_nothing_goes_wrong(repository):
    assert race_of_threads(repository) == set()


def test_threads_over_slow_memory_save_at_once_and_nothing_goes_wrong():
    assert race_of_threads(SlowMemory()) == set()


def test_processes_save_at_once_and_nothing_goes_wrong(tmp_path):
    assert race_of_processes(tmp_path / "race.db") == set()


def test_the_race_sees_memory_without_a_lock():
    faults = race_of_threads(WithoutLock())
    assert concerning(faults, "error", "codes", "store", "journal"), CONTROL


def test_the_race_sees_threads_that_take_the_lock_late(tmp_path):
    with closing(Deferred(tmp_path / "race.db", busy_timeout=5)) as repository:
        faults = race_of_threads(repository)
    assert concerning(faults, f"error: {StorageBusy.__name__}"), CONTROL


def test_the_race_sees_processes_that_take_the_lock_late(tmp_path):
    faults = race_of_processes(tmp_path / "race.db", Deferred)
    assert concerning(faults, f"error: {StorageBusy.__name__}"), CONTROL


def test_the_race_sees_who_looks_and_then_leaps(repository):
    faults = race_of_threads(repository, LooksThenLeaps)
    assert concerning(faults, "coveted"), CONTROL


def test_the_race_sees_who_overwrites_unread_versions(repository):
    faults = race_of_threads(repository, LastWriterWins)
    assert concerning(faults, "edit"), CONTROL
