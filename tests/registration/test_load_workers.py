"""Loading with worker processes: what comes out is what one process brings about."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextlib import contextmanager
from itertools import chain, cycle, islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry import STANDARD, CodePattern, CustomerRegistry
from customer_registry.domain.issues import Issue, Severity
from customer_registry.registration import judging_apart
from customer_registry.registration.load import load
from customer_registry.testing import make_raw, raw_customers, uscc

HERE = os.getpid()


class Row(dict):
    """A row of which one can tell whether it is still needed."""


class Unsendable:
    def __reduce__(self):
        raise RuntimeError("stays where it is")


class Unreadable:
    """Can be sent, and cannot be opened."""

    def __reduce__(self):
        return int, ("no number",)


def told_by_process(name):
    """Tells which process judges."""
    yield Issue("name.digits", ("name",), Severity.INFO, {"process": os.getpid()})


def dies_of_poison(name):
    """Ends a worker, as a lack of memory would."""
    if str(name) == "毒" and os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return ()


def fails_at_poison(name):
    """Fails as a rule with a mistake does."""
    if str(name) == "毒":
        raise ZeroDivisionError
    return ()


POISON = {"kind": "person", "name": "毒"}
GOOD = [make_raw("organization" if seed % 3 else "person", seed) for seed in range(40)]
TAKEN = {**GOOD[5], "tax_identifiers": GOOD[1]["tax_identifiers"]}
HOSTILE = [
    {"kind": "organization", "name": "", "website": "nowhere"},
    {"kind": "person", "name": "王芳", "phone": "95588", "colour": "red"},
    {"kind": "organization", "name": "甲公司", "tax_identifiers": [uscc(3), "1"], "grade": []},
    TAKEN,
    GOOD[1],
    GOOD[1],
    None,
    5,
    "王芳",
    ["王芳"],
    {},
    {1: 2},
    object(),
    {"name": object()},
    {"name": lambda: "王芳"},
    {"kind": "person", "name": Unsendable()},
    {"kind": "person", "name": "李娜", "notes": Unreadable()},
    {"kind": "person", "name": "\ud800", "phone": (each for each in "138")},
]


def loaded(rows, *, workers, rules=STANDARD, batch=4, **how):
    registry = CustomerRegistry(rules=rules)
    rows = once_all_wait(rows, after=2 * batch)
    return load(registry._office, rows, workers=workers, batch=batch, **how)


def once_all_wait(rows, *, after):
    """Yield rows; with the third batch come those that the workers, if any, are waiting for."""
    rows = iter(rows)
    yield from islice(rows, after)
    end = time.monotonic() + 10
    while time.monotonic() < end and not all(map(waits, multiprocessing.active_children())):
        time.sleep(0.005)
    yield from rows


def waits(process):
    return not sys.platform.startswith("linux") or state_of(process.pid) == "S"


def state_of(process):
    """Return the state that Linux gives a process, Z and none for one that has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None


def faces(report):
    """Return everything that a report says, as plain values, the judging process apart."""
    return [
        (
            row.row,
            str(row.outcome),
            str(row.code),
            [
                (each.code, each.path, each.severity, without_process(each), each.suggestion)
                for each in row.report.issues
            ],
            {str(name): id(typed) for name, typed in row.report.echo.items()},
            row.report.lines("zh"),
        )
        for row in report
    ]


def without_process(issue):
    return {name: value for name, value in issue.params.items() if name != "process"}


def processes(report):
    said = (issue.params.get("process") for row in report for issue in row.report.issues)
    return {process for process in said if process}


def until_apart(rows, seen, seconds=60):
    """Yield rows again and again until another process has judged one of them."""
    end = time.monotonic() + seconds
    for row in cycle(rows):
        if seen - {HERE} or time.monotonic() > end:
            return
        yield row


@contextmanager
def another_thread():
    """Return a context in which this process has a second thread, so that no fork is taken."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        end = time.monotonic() + 1
        while time.monotonic() < end and not judging_apart._is_alone():
            time.sleep(0.001)  # the system's thread ends a little later


@pytest.fixture(autouse=True)
def nobody_left():
    yield
    assert multiprocessing.active_children() == []


# the same outcome


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_row_has_the_same_report_whoever_judges_it(workers):
    rows = [*GOOD[:10], *HOSTILE, *GOOD[10:30], *HOSTILE[::-1], *GOOD[30:]]
    assert faces(loaded(rows, workers=workers)) == faces(loaded(rows, workers=0))


def test_a_worker_that_leaves_something_out_is_noticed(monkeypatch):
    monkeypatch.setattr(judging_apart, "_is_alone", lambda: True)  # earlier tests may leave threads
    honest = judging_apart._said
    monkeypatch.setattr(judging_apart, "_said", lambda *asked: (*honest(*asked)[:3], (), b"", b"x"))
    rows = [*GOOD[:20], *HOSTILE[:3], *GOOD[20:]]
    assert faces(loaded(rows, workers=1)) != faces(loaded(rows, workers=0))


@settings(max_examples=10, deadline=None)
@given(st.lists(raw_customers(), min_size=5, max_size=12))
def test_any_rows_come_out_the_same(rows):
    rows = [*GOOD[:6], *rows]
    assert faces(loaded(rows, workers=1, batch=2)) == faces(loaded(rows, workers=0, batch=2))


def test_other_processes_judge():
    report = loaded(GOOD, workers=1, rules=[*STANDARD, told_by_process])
    assert len(processes(report) - {HERE}) == 1


def test_a_process_with_threads_starts_fresh_ones_that_judge_the_same():
    seen, given = set(), []
    rules = [*STANDARD, told_by_process]
    registry = CustomerRegistry(rules=rules)
    rows = (given.append(row) or row for row in until_apart([*GOOD, *HOSTILE], seen))
    kept = []

    def note(row):
        kept.append(row)
        seen.update(issue.params.get("process", HERE) for issue in row.report.issues)

    with another_thread():
        load(registry._office, rows, workers=1, batch=4, on_row=note)
    assert seen - {HERE}
    assert faces(kept) == faces(loaded(given, workers=0, rules=rules))


def test_rules_that_cannot_be_sent_judge_here():
    def inside(name):
        yield Issue("name.digits", ("name",), Severity.INFO, {"process": os.getpid()})

    with another_thread():
        report = loaded(GOOD, workers=1, rules=[inside])
    assert processes(report) == {HERE}


def test_rules_inside_a_function_go_along_where_there_is_one_thread(monkeypatch):
    monkeypatch.setattr(judging_apart, "_is_alone", lambda: True)  # earlier tests may leave threads

    def inside(name):
        yield Issue("name.digits", ("name",), Severity.INFO, {"process": os.getpid()})

    assert processes(loaded(GOOD, workers=1, rules=[inside])) - {HERE}


def test_codes_of_the_rows_lift_the_counter_as_without_workers():
    rows = [{**row, "code": f"C{at + 7:06}"} for at, row in enumerate(GOOD)]
    codes = CodePattern("C{number:06}", mode="editable")
    for workers in (0, 1):
        registry = CustomerRegistry(codes=codes)
        load(registry._office, rows, workers=workers, batch=4, lift_numbers=True)
        assert str(registry.register(kind="person", name="王芳").customer.code) == "C000047"


# little at a time


def test_a_load_of_one_batch_starts_nobody():
    started = []
    load(
        CustomerRegistry()._office,
        GOOD,
        workers=2,
        batch=len(GOOD),
        on_progress=lambda _: started.extend(multiprocessing.active_children()),
    )
    assert started == []


def test_rows_are_taken_as_they_are_needed():
    taken, ahead = [], []

    def counted():
        for row in GOOD:
            taken.append(row)
            yield row

    def note(done):
        ahead.append(len(taken) - done)

    loaded(counted(), workers=2, batch=4, on_progress=note)
    assert max(ahead) <= 3 * 4


@pytest.mark.parametrize("workers", [0, 2])
def test_a_row_is_let_go_once_it_is_saved(workers):
    alive, most = weakref.WeakSet(), []

    class Counted(Row):
        __hash__ = object.__hash__
        __reduce__ = dict.__reduce__

    def rows():
        for seed in range(120):
            row = Counted(make_raw("person", seed))
            alive.add(row)
            most.append(len(alive))
            yield row

    report = loaded(rows(), workers=workers)
    assert len(report.registered) == 120
    assert max(most) <= 4 * (2 * workers + 3)  # what is asked for, and what is being saved


def test_who_takes_the_reports_himself_has_none_kept():
    taken = []
    report = loaded([*GOOD, HOSTILE[0]], workers=1, on_row=taken.append)
    assert len(report) == 0
    assert [row.row for row in taken] == list(range(1, len(GOOD) + 2))


def test_less_than_no_workers_is_a_mistake():
    with pytest.raises(ValueError, match="0 or more"):
        CustomerRegistry().load(GOOD, workers=-1)


def test_the_front_door_lets_the_machine_decide():
    assert len(CustomerRegistry().load(GOOD, workers=None).registered) == len(GOOD)


# what goes wrong


def test_a_worker_that_dies_costs_nobody():
    rows = [*GOOD[:20], POISON, *GOOD[20:], {**POISON, "phone": "13800138000"}]
    rules = [*STANDARD, dies_of_poison]
    report = loaded(rows, workers=1, rules=rules)
    assert faces(report) == faces(loaded(rows, workers=0, rules=rules))


def test_workers_that_are_killed_one_by_one_cost_nobody():
    def killing(_):
        for child in multiprocessing.active_children()[:1]:
            os.kill(child.pid, signal.SIGKILL)

    rows = [*GOOD, *HOSTILE]
    report = loaded(rows, workers=3, on_progress=killing)
    assert faces(report) == faces(loaded(rows, workers=0))


def test_a_rule_that_fails_fails_here_after_what_came_before():
    for workers in (0, 1):
        registry = CustomerRegistry(rules=[*STANDARD, fails_at_poison])
        rows = [*GOOD[:22], POISON, *GOOD[22:]]
        with pytest.raises(ZeroDivisionError):
            load(registry._office, rows, workers=workers, batch=4)
        assert len(registry.search(limit=100)) == 20


def test_rows_that_end_in_an_exception_are_saved_up_to_the_last_whole_batch():
    for workers in (0, 2):
        registry = CustomerRegistry()
        rows = chain(GOOD[:22], iter(lambda: 1 / 0, None))
        with pytest.raises(ZeroDivisionError):
            load(registry._office, rows, workers=workers, batch=4)
        assert len(registry.search(limit=100)) == 20


@pytest.mark.parametrize("stop", [KeyboardInterrupt, GeneratorExit, MemoryError])
def test_who_stops_a_load_stops_its_workers(stop):
    def stopping(done):
        if done >= 20:
            assert multiprocessing.active_children()
            raise stop

    with pytest.raises(stop):
        loaded(GOOD, workers=2, on_progress=stopping)
    assert multiprocessing.active_children() == []


def test_a_host_that_buries_all_children_may_be_faster(tmp_path):
    script = tmp_path / "loading.py"
    script.write_text(f"import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n{LOADING}")
    with loading(script, tmp_path / "customers.db", 60) as process:
        out, err = process.communicate(timeout=60)
    assert (out.splitlines()[-1], err) == ("end 60", "")


def in_a_daemon(wire):
    wire.send(len(loaded(GOOD, workers=2).registered))


def test_a_process_that_may_have_no_children_loads_by_itself():
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=in_a_daemon, args=(there,), daemon=True)
    process.start()
    assert here.poll(30)
    assert here.recv() == len(GOOD)
    process.join()
    process.close()
    here.close()
    there.close()


# the whole load dies

LOADING = """
import multiprocessing, sys, threading
from customer_registry import CustomerRegistry
from customer_registry.registration.load import load
from customer_registry.testing import make_raw

threading.Thread(target=threading.Event().wait, daemon=True).start() if "threads" in sys.argv else 0
rows = (make_raw("person", seed) for seed in range(int(sys.argv[2])))

def told(done):
    print(done, *(child.pid for child in multiprocessing.active_children()), flush=True)

with CustomerRegistry.open(sys.argv[1]) as registry:
    report = load(registry._office, rows, workers=2, batch=20, on_progress=told)
print("end", len(report), flush=True)
"""


def loading(script, store, rows, *more):
    command = [sys.executable, str(script), str(store), str(rows), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def mistakes(store, rows):
    """Return what is wrong with a store that should hold the rows in their order, once each."""
    with CustomerRegistry.open(store) as registry, registry.unit("look") as work:
        found = [customer for _, customer in work.customers.iterate()]
    names = [str(each.name) for each in found]
    wanted = [make_raw("person", seed)["name"] for seed in range(rows)]
    codes = [str(each.code) for each in found]
    said = [] if names == wanted else ["not the rows, or not in their order"]
    return said if codes == [f"C{at:06}" for at in range(1, rows + 1)] else [*said, "codes"]


def is_running(process):
    return state_of(process) not in {None, "Z"}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_load_that_is_killed_anywhere_goes_on_where_it_was(tmp_path):
    seed = random.randrange(2**32)  # noqa: S311  no secret
    print("seed", seed)  # noqa: T201  a failure can be repeated
    chance = random.Random(seed)  # noqa: S311  no secret
    script, store = tmp_path / "loading.py", tmp_path / "customers.db"
    script.write_text(LOADING)
    workers = set()
    for _ in range(4):
        with loading(script, store, 400) as process:
            for line in islice(process.stdout, chance.randrange(1, 8)):
                workers.update(line.split()[1:])
            time.sleep(chance.random() / 20)
            process.kill()
    with loading(script, store, 400) as process:
        out, err = process.communicate(timeout=60)
    assert (out.splitlines()[-1], err) == ("end 400", "")
    assert mistakes(store, 400) == []
    end = time.monotonic() + 20
    while any(map(is_running, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert workers
    assert not any(map(is_running, workers))


@pytest.mark.parametrize("rows", [[0, 1, 3, 2], [0, 1, 2], [0, 1, 2, 3, 3]])
def test_rows_in_disorder_missing_or_doubled_are_noticed(rows, tmp_path):
    with CustomerRegistry.open(tmp_path / "c.db") as registry:
        for turn, seed in enumerate(rows):
            registry.register(kind="person", name=make_raw("person", seed)["name"], notes=str(turn))
    assert mistakes(tmp_path / "c.db", 4)


def test_a_script_that_would_run_again_in_its_workers_loads_once(tmp_path):
    script, store = tmp_path / "loading.py", tmp_path / "customers.db"
    script.write_text(LOADING)
    with loading(script, store, 600, "threads") as process:
        out, err = process.communicate(timeout=60)
    assert out.splitlines()[-1] == "end 600"
    assert '__name__ == "__main__"' in err.replace("'", '"')
    assert mistakes(store, 600) == []
