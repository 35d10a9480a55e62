"""The writers' lock: nobody is overtaken, nobody waits for the dead, nobody is told too early."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress

import pytest

from customer_registry import SQLiteRepository
from customer_registry.domain.errors import StorageBusy
from customer_registry.storage.sqlite import lock as module
from customer_registry.storage.sqlite.lock import WriterLock

PATIENCE = 20
WAITED = 0.5
AT_MOST = 5
"""Seconds that a busy machine may take beyond the waiting time."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the order is kept on Linux only")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "customers.db-lock")


@pytest.fixture
def locks(path):
    """Two locks on one file, as two processes have them."""
    both = WriterLock(path, PATIENCE), WriterLock(path, PATIENCE)
    yield both
    for each in both:
        each.close()


def times_overtaken(locks, *, in_order=True, rounds=20):
    """Let one take the lock again as soon as it lets go, while the other waits; count who won."""
    greedy, patient = locks
    overtaken = 0
    for _ in range(rounds):
        came = []

        def wait(came=came):
            with patient.held():
                came.append("patient")

        waiting = threading.Thread(target=wait)
        with greedy.held():
            waiting.start()
            time.sleep(0.005)
            wait_until(lambda: not in_order or is_next_taken(greedy.path))
        with greedy.held():
            came.append("greedy")
        waiting.join(PATIENCE)
        overtaken += came[0] == "greedy"
    return overtaken


@pytest.fixture
def at_once(monkeypatch):
    """Let nobody stay."""
    monkeypatch.setattr(module, "_STAY", 0)


def test_who_lets_go_does_not_overtake_who_waits(locks, at_once):
    assert times_overtaken(locks) == 0


def test_who_lets_go_may_have_it_again_for_a_moment_only(locks, monkeypatch):
    monkeypatch.setattr(module, "_STAY", 0.05)
    greedy, patient = locks
    came, rounds = threading.Event(), 0

    def wait():
        with patient.held():
            came.set()

    waiting = threading.Thread(target=wait)
    while not came.is_set():
        with greedy.held():
            rounds += 1
            if rounds == 1:
                waiting.start()
                wait_until(lambda: is_next_taken(greedy.path))
            time.sleep(0.001)
    waiting.join(PATIENCE)
    assert rounds <= 52


def test_without_an_order_who_lets_go_has_it_again(locks, monkeypatch, at_once):
    monkeypatch.setattr(module, "try_byte", lambda *_: True)
    assert times_overtaken(locks, in_order=False) > 0, (
        "the control: without an order somebody is overtaken"
    )


HOLDER = """
import subprocess, sys, time
from customer_registry.storage.sqlite.lock import WriterLock
with WriterLock(sys.argv[1], 30).held():
    subprocess.Popen(["sleep", sys.argv[2]], close_fds=False)
    print("there", flush=True)
    time.sleep(60)
"""

WAITER = """
import sys
from customer_registry.storage.sqlite.lock import WriterLock
print("there", flush=True)
with WriterLock(sys.argv[1], 60).held():
    raise AssertionError
"""


def started(program, *arguments):
    """Start a program, and wait until it is there."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"there\n"
    return process


def killed(process):
    process.kill()
    process.stdout.close()
    assert process.wait(PATIENCE) == -signal.SIGKILL


def is_next_taken(path):
    file = os.open(path, os.O_RDWR)
    try:
        is_free = module.try_byte(file, 0)
    finally:
        os.close(file)
    return not is_free


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_killed_holder_frees_the_lock_though_a_program_it_started_lives_on(path, locks):
    killed(started(HOLDER, path, 3))
    began = time.monotonic()
    with locks[0].held():
        assert time.monotonic() - began < 2


def test_a_killed_waiter_stands_in_nobodys_way(path, locks):
    first, second = locks
    with first.held():
        waiter = started(WAITER, path)
        wait_until(lambda: is_next_taken(path))
        killed(waiter)
        assert not is_next_taken(path)
    with second.held(1):
        pass


def test_who_gives_up_waiting_stands_in_nobodys_way(path, locks):
    first, second = locks
    with first.held():
        with pytest.raises(StorageBusy), second.held(0.05):
            pass
        assert not is_next_taken(path)
    with second.held(1):
        pass


def test_who_is_interrupted_while_he_waits_stands_in_nobodys_way(path, locks, interruptible):
    first, second = locks

    def interrupt():
        wait_until(lambda: is_next_taken(path))
        os.kill(os.getpid(), signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    with first.held():
        interrupting.start()
        with pytest.raises(KeyboardInterrupt), second.held():
            pass
        interrupting.join(PATIENCE)
        assert not is_next_taken(path)
    with second.held(1):
        pass


def test_threads_of_one_process_come_in_the_order_in_which_they_asked(locks):
    lock, came = locks[0], []

    def work(name):
        with lock.held():
            came.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    with lock.held():
        for at, thread in enumerate(threads):
            thread.start()
            wait_until(lambda at=at: len(lock._turns._line) == at + 2)
    for thread in threads:
        thread.join(PATIENCE)
    assert came == list(range(6))


def test_an_error_in_a_unit_frees_the_lock(locks):
    first, second = locks
    with suppress(ZeroDivisionError), first.held():
        raise ZeroDivisionError
    with second.held(1):
        pass


# StorageBusy comes when the whole waiting time is over, and not before


def seconds_until_busy(unit):
    began = time.monotonic()
    with pytest.raises(StorageBusy), unit():
        pass
    return time.monotonic() - began


def in_another_thread(call):
    answer = []
    thread = threading.Thread(target=lambda: answer.append(call()))
    thread.start()
    thread.join(PATIENCE)
    return answer[0]


@pytest.fixture(params=["auto", "delete"])
def store(request, tmp_path):
    with closing(
        SQLiteRepository(tmp_path / "c.db", journal=request.param, busy_timeout=WAITED)
    ) as opened:
        yield opened


def test_a_thread_is_told_busy_after_the_whole_waiting_time(store):
    with store.write():
        waited = in_another_thread(lambda: seconds_until_busy(store.write))
    assert WAITED <= waited < WAITED + AT_MOST


def test_a_process_is_told_busy_after_the_whole_waiting_time(store):
    with WriterLock(f"{store.path}-lock", PATIENCE).held():
        waited = seconds_until_busy(store.write)
    assert WAITED <= waited < WAITED + AT_MOST


def test_who_waits_for_another_program_is_told_busy_after_the_whole_waiting_time(store):
    with closing(sqlite3.connect(store.path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        waited = seconds_until_busy(store.write)
    assert WAITED <= waited < WAITED + AT_MOST


def test_a_reader_is_told_busy_only_where_another_program_locks_him_out_all_the_while(store):
    with closing(sqlite3.connect(store.path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN EXCLUSIVE")

        def reading():
            with store.read() as work:
                work.numbers.ranges()

        if foreign.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            reading()
            return
        began = time.monotonic()
        with pytest.raises(StorageBusy):
            reading()
        assert WAITED <= time.monotonic() - began < WAITED + AT_MOST


def test_who_comes_to_his_turn_in_time_is_not_told_busy(store):
    def hold():
        with store.write():
            there.set()
            time.sleep(WAITED / 2)

    there = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    assert there.wait(PATIENCE)
    with store.write():
        pass
    holder.join(PATIENCE)
