"""Threads get a turn in the order in which they asked, whatever interrupts them."""

import os
import signal
import sys
import threading
import time
from contextlib import suppress

import pytest

from customer_registry import InMemoryRepository
from customer_registry.storage import turns as module
from customer_registry.storage.turns import Turns

PATIENCE = 20
A_FEW = 30
"""How much oftener a thread may come: one that has come can be kept from asking by the system."""


class Barging:
    """The broken way: Python's own lock, which goes to whoever is running."""

    def __init__(self):
        self.lock = threading.Lock()

    def taken(self):
        return self.lock


class Careless(Turns):
    """The broken way: a place is left only by who comes to his turn and ends it in peace."""

    def taken(self, patience=0):
        return _Careless(self)


class _Careless:
    def __init__(self, turns):
        self.turns = turns
        self.place = (threading.get_ident(), module.SimpleQueue())

    def __enter__(self):
        self.turns._line.append(self.place)
        return self.turns._has_come(self.place, float("inf"))

    def __exit__(self, *_):
        self.turns._holder = None
        self.turns._line.remove(self.place)


def started(*targets):
    threads = [threading.Thread(target=target, daemon=True) for target in targets]
    for thread in threads:
        thread.start()
    return threads


def ended(threads):
    for thread in threads:
        thread.join(PATIENCE)
    return not any(thread.is_alive() for thread in threads)


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def times_overtaken(turn, is_waited_for=lambda: True, rounds=20):
    """Ask for another turn at once, while a thread waits for its first; count who won."""
    overtaken = 0
    for _ in range(rounds):
        came = []

        def wait(came=came):
            with turn():
                came.append("patient")

        with turn():
            threads = started(wait)
            time.sleep(0.005)
            wait_until(is_waited_for)
        with turn():
            came.append("greedy")
        assert ended(threads)
        overtaken += came[0] == "greedy"
    return overtaken


def unevenness(*turns, seconds=0.3):
    """Return how much oftener one of some greedy threads came to its turn than another."""
    came, start, end = [0] * len(turns), threading.Barrier(len(turns)), time.monotonic() + seconds

    def work(me):
        start.wait(PATIENCE)
        while time.monotonic() < end:
            with turns[me]():
                came[me] += 1
                time.sleep(0.001)

    assert ended(started(*(lambda me=me: work(me) for me in range(len(turns)))))
    return max(came) - min(came)


def interrupted(turns, at):
    """Take a turn, interrupted when the `at`-th call in it begins or ends; returns whether it was.

    Python delivers an interrupt just there. A second thread waits meanwhile.
    """
    left = [at]

    def count(frame, event, argument):
        if frame.f_code.co_filename not in {module.__file__, __file__}:
            return
        if frame.f_code.co_name == "interrupted" or event not in {"call", "c_return"}:
            return
        left[0] -= 1
        if left[0] == 0:
            sys.setprofile(None)
            raise KeyboardInterrupt

    sys.setprofile(count)
    try:
        with turns.taken():
            pass
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False


def is_free(turns):
    """Return whether another thread comes to its turn."""

    def work():
        with turns.taken(PATIENCE) as came:
            assert came

    threads = started(work)
    threads[0].join(1)
    return not threads[0].is_alive()


def test_threads_come_in_the_order_in_which_they_asked():
    turns, came = Turns(), []

    def work(name):
        with turns.taken():
            came.append(name)

    threads = []
    with turns.taken():
        for name in range(8):
            threads += started(lambda name=name: work(name))
            wait_until(lambda name=name: len(turns._line) == name + 2)
    assert ended(threads)
    assert came == list(range(8))


def test_who_ends_his_turn_does_not_overtake_who_waits():
    turns = Turns()
    assert times_overtaken(turns.taken, lambda: len(turns._line) == 2) == 0


def test_pythons_own_lock_goes_to_who_has_just_let_go():
    assert times_overtaken(Barging().taken) > 0, "the control: Python's own lock keeps no order"


def test_greedy_threads_write_and_read_one_memory_equally_often():
    repository = InMemoryRepository()
    assert unevenness(*[repository.write] * 4, *[repository.read] * 4) <= A_FEW


def test_whose_turn_it_is_may_ask_again_and_keeps_it_to_the_end():
    turns = Turns()
    with turns.taken():
        with turns.taken() as came:
            assert came
        assert turns.is_mine
        assert not is_free_now(turns)
    assert not turns.is_mine
    assert is_free(turns)


def is_free_now(turns):
    free = []

    def work():
        with turns.taken(0) as came:
            free.append(came)

    assert ended(started(work))
    return free == [True]


def test_who_runs_out_of_patience_gets_no_turn_and_stands_in_nobodys_way():
    turns, told = Turns(), []

    def work():
        asked = time.monotonic()
        with turns.taken(0.2) as came:
            told.append((came, time.monotonic() - asked))

    with turns.taken():
        assert ended(started(work))
    ((came, waited),) = told
    assert not came
    assert 0.2 <= waited < 2
    assert is_free(turns)


def test_an_error_in_the_turn_ends_it():
    turns = Turns()
    with suppress(ZeroDivisionError), turns.taken():
        raise ZeroDivisionError
    assert is_free(turns)


def test_a_turn_interrupted_wherever_python_looks_for_interrupts_ends():
    for at in range(1, 100):
        turns = Turns()
        was = interrupted(turns, at)
        assert is_free(turns), f"nobody comes any more after an interrupt at call {at}"
        if not was:
            break
    assert 4 < at < 100


def test_a_turn_left_carelessly_is_seen_never_to_end():
    for at in range(1, 100):
        turns = Careless()
        assert interrupted(turns, at), "the control: an interrupt leaves a place that nobody frees"
        if not is_free(turns):
            break


def test_who_waits_can_be_interrupted_and_stands_in_nobodys_way(interruptible):
    turns, waiting = Turns(), threading.Event()

    def hold():
        with turns.taken():
            waiting.set()
            wait_until(lambda: len(turns._line) == 2)
            os.kill(os.getpid(), signal.SIGINT)
            wait_until(lambda: len(turns._line) == 1)

    threads = started(hold)
    assert waiting.wait(PATIENCE)
    with pytest.raises(KeyboardInterrupt), turns.taken():
        pass
    assert ended(threads)
    assert is_free(turns)


def test_a_signals_handler_may_ask_while_its_thread_waits():
    turns, waiting, came = Turns(), threading.Event(), []

    def hold():
        with turns.taken():
            waiting.set()
            wait_until(lambda: len(turns._line) == 2)
            os.kill(os.getpid(), signal.SIGUSR1)
            wait_until(lambda: len(turns._line) == 3)

    def handle(*_):
        with turns.taken():
            came.append("handler")

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        threads = started(hold)
        assert waiting.wait(PATIENCE)
        with turns.taken():
            came.append("thread")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ended(threads)
    assert came == ["handler", "thread"]
