"""Two clients of one file, in every order of their statements, are numbered soundly."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import comb
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from clerk import COVETED, chance
from interleaving import Case, explore, replay
from ways import BROKEN, OURS

from customer_registry import (
    Actor,
    CompanyPolicy,
    CustomerRegistry,
    ReservationRules,
    SQLiteRepository,
    ValidationFailed,
)
from customer_registry.domain.values.code import CustomerCode
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.sqlite.work import Work
from customer_registry.testing.racing.numbering import Acknowledged, judge

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=1)
GAPLESS = OURS["gapless"]
CONTROL = "the control of the schedules: a broken way has to be found"


class Deferred(SQLiteRepository):
    """A broken file: no queue in front, and a lock that is taken with the first change only."""

    def __init__(self, path):
        super().__init__(path, busy_timeout=0)

    @contextmanager
    def write(self):
        statements = Statements(self._connections.writer(), self._path)
        try:
            statements.all("BEGIN")
            yield Work(statements, self._salt, self._vault, self._identity)
            statements.commit()
        except BaseException:
            statements.roll_back()
            raise


def registry(repository, way=GAPLESS, *, actor="li.lei", now=NOON, **rules):
    return CustomerRegistry(
        repository=repository,
        codes=way.codes(),
        policy=CompanyPolicy(reservations=ReservationRules(**rules)),
        clock=lambda: now,
        actor=Actor(actor),
    )


def person(name):
    return {"kind": "person", "name": name}


def registers(name, way=GAPLESS, **fields):
    def client(repository):
        opened = registry(repository, way, actor=name)
        return way.register(opened, person(name) | fields, chance(1))

    return client


def is_refused(raw, way=GAPLESS):
    def client(repository):
        with pytest.raises(ValidationFailed):
            way.register(registry(repository, way), raw, chance(1))

    return client


def reserves_and_registers(name):
    def client(repository):
        opened = registry(repository, actor=name)
        with opened.reserve_code(kind="person") as code:
            return opened.register(person(name), code=str(code)).customer.code

    return client


def reserves_and_leaves(name):
    def client(repository):
        with registry(repository, actor=name).reserve_code(kind="person"):
            return

    return client


def comes_too_late(repository):
    """Try to register with the code that was reserved yesterday."""
    late = registry(repository, actor="han.meimei")
    with pytest.raises(ValidationFailed):
        late.register(person("韩梅梅"), code="C0000001")


def founded(way=GAPLESS):
    def prepare(repository):
        way.register(registry(repository, way), COVETED, chance(1))

    return prepare


def with_a_lapsed_reservation(repository):
    """Let somebody reserve C0000001 and never come back."""
    registry(repository, actor="han.meimei", now=LONG_AGO).reserve_code(kind="person")


def judged(way):
    """Return what is wrong afterwards with the codes told, stored and kept."""

    def faults(repository, ended):
        told = [
            Acknowledged(str(each.answer), each.began, each.ended)
            for each in ended
            if isinstance(each.answer, CustomerCode)
        ]
        errors = {type(each.answer).__name__ for each in ended} - {"CustomerCode", "NoneType"}
        with registry(repository, way).unit("search") as work:
            stored = [customer.code.text for _, customer in work.customers.iterate()]
            kept = {str(each.code): each.number for each in work.numbers.reservations()}
            passed = work.numbers.ranges().get("customer", 0)
        verdict = judge(told, stored, explained=set(kept.values()), passed=passed)
        twice = {"stored and kept"} if kept.keys() & set(stored) else set()
        return verdict.faults(way.promise) | errors | twice

    return faults


def explored(prepare, *clients, way=GAPLESS, opened=SQLiteRepository):
    with memory_folder() as folder:
        return explore(Case(prepare, clients, judged(way), opened), folder)


@contextmanager
def memory_folder():
    """Return a context with a folder where a sync costs nothing, if there is one."""
    memory = Path("/dev/shm")  # noqa: S108  a folder of its own is made in it
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def at_random(seed):
    rng = chance(seed)
    return tuple(rng.randrange(2) for _ in range(80))


SOUND = {
    "both register": (founded(), registers("王芳"), registers("李雷")),
    "one is refused": (founded(), registers("王芳"), is_refused(COVETED)),
    "one reserves first": (founded(), reserves_and_registers("王芳"), registers("李雷")),
    "one leaves his form": (founded(), reserves_and_leaves("王芳"), registers("李雷")),
    "both leave their forms": (founded(), reserves_and_leaves("王芳"), reserves_and_leaves("李雷")),
    "a number lies free": (with_a_lapsed_reservation, registers("王芳"), registers("李雷")),
    "one comes too late": (with_a_lapsed_reservation, comes_too_late, registers("李雷")),
}


@pytest.mark.parametrize("case", SOUND.values(), ids=SOUND)
def test_two_clients_are_numbered_soundly_in_every_order(case):
    found = explored(*case)
    assert found.faults == {}, found.first
    assert found.schedules > 1


def test_two_processes_never_share_a_block_of_numbers():
    way = OURS["unique"]
    found = explored(founded(way), registers("王芳", way), registers("李雷", way), way=way)
    assert found.faults == {}, found.first


def test_of_two_who_register_at_once_the_number_that_lies_free_goes_to_one():
    def faults(repository, ended):
        codes = sorted(str(each.answer) for each in ended)
        return set() if codes == ["C0000001", "C0000002"] else {" ".join(codes)}

    clients = (registers("王芳"), registers("李雷"))
    with memory_folder() as folder:
        found = explore(Case(with_a_lapsed_reservation, clients, faults), folder)
    assert found.faults == {}


def test_the_schedules_find_the_duplicate_of_the_largest_code_and_one_more(tmp_path):
    way = BROKEN["max-plus-one"]
    case = Case(founded(way), (registers("王芳", way), registers("李雷", way)), judged(way))
    found = explore(case, tmp_path)
    assert found.faults.keys() == {"duplicates"}, CONTROL
    assert found.faults["duplicates"] < found.schedules  # one after the other nobody notices
    assert replay(case, tmp_path, found.first["duplicates"]) == {"duplicates"}
    assert replay(case, tmp_path, ()) == set()
    by_chance = (replay(case, tmp_path, at_random(seed)) for seed in range(40))
    assert set().union(*by_chance) == {"duplicates"}


def test_the_schedules_find_the_gap_of_a_number_drawn_before():
    way = BROKEN["drawn-before"]
    found = explored(founded(way), registers("王芳", way), is_refused(COVETED, way), way=way)
    assert found.faults == {"gaps": found.schedules}, CONTROL


def test_the_schedules_find_who_takes_the_lock_late():
    found = explored(founded(), registers("王芳"), registers("李雷"), opened=Deferred)
    assert found.faults.keys() == {"StorageBusy"}, CONTROL
    assert found.faults["StorageBusy"] < found.schedules


def test_every_order_is_counted_once(tmp_path):
    def read_twice(repository):
        with repository.read() as work:
            work.numbers.peek("customer")

    unjudged = Case(lambda repository: None, (read_twice, read_twice), lambda *_: set())
    found = explore(unjudged, tmp_path)
    assert found.schedules == comb(6, 3)  # BEGIN, SELECT and ROLLBACK of each


def test_who_waits_for_the_lock_comes_after_or_before_the_other_whole_and_not_between(tmp_path):
    def draw(repository):
        with repository.write() as work:
            return work.numbers.next("customer")

    def faults(repository, ended):
        return {" ".join(str(each.answer) for each in ended)}

    found = explore(Case(lambda repository: None, (draw, draw), faults), tmp_path)
    assert found.faults == {"1 2": 1, "2 1": 1}
