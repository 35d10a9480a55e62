"""The feed of what happened: nothing missed, nothing twice, whoever writes meanwhile."""

import base64
import json
import random
import subprocess
import sys
import threading

import pytest

from customer_registry import (
    Actor,
    Change,
    CustomerRegistry,
    InMemoryRepository,
    InvalidCursor,
    JournalEntry,
    NotPermitted,
    SQLiteRepository,
)
from customer_registry.testing import make_raw

SEED = 20261124


@pytest.fixture(params=["memory", "sqlite"])
def registry(request, tmp_path):
    if request.param == "memory":
        yield CustomerRegistry()
    else:
        with CustomerRegistry.open(tmp_path / "customers.db") as opened:
            yield opened


def register(registry, many):
    for seed in range(many):
        registry.register(make_raw(seed=seed))


def followed(registry, limit=200, after=None):
    """Return the numbers that come page by page up to the end, and the last cursor."""
    numbers, more = [], True
    while more:
        page = registry.changes(after, limit=limit)
        numbers += [entry.number for entry in page]
        after, more = page.next, page.more
    return numbers, after


def test_the_feed_begins_with_the_first_entry_and_goes_on_from_its_cursor(registry):
    register(registry, 3)
    page = registry.changes(limit=2)
    assert [(entry.number, entry.action) for entry in page] == [
        (1, "registered"),
        (2, "registered"),
    ]
    assert page.more
    last = registry.changes(page.next, limit=2)
    assert [entry.number for entry in last] == [3]
    assert not last.more


def test_at_the_end_the_cursor_stays_and_goes_on_with_what_comes_later(registry):
    register(registry, 1)
    end = registry.changes().next
    assert registry.changes(end).next == end
    assert len(registry.changes(end)) == 0
    registry.register(make_raw(seed=8))
    assert [entry.number for entry in registry.changes(end)] == [2]


def test_a_cursor_of_before_the_first_entry_goes_on(registry):
    empty = registry.changes()
    assert (len(empty), empty.more) == (0, False)
    register(registry, 1)
    assert len(registry.changes(empty.next)) == 1


def test_asked_again_with_a_cursor_the_feed_gives_the_same_again(registry):
    register(registry, 3)
    start = registry.changes(limit=1).next
    assert registry.changes(start).entries == registry.changes(start).entries


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_of_any_length_give_every_entry_once(registry, limit):
    register(registry, 7)
    assert followed(registry, limit)[0] == [1, 2, 3, 4, 5, 6, 7]


def test_a_page_is_of_two_hundred_entries_unless_another_number_is_asked_for(registry):
    with registry._office.repository.write() as work:
        for _ in range(201):
            work.journal.append(JournalEntry(at=make_at(), actor="system", action="raised"))
    assert (len(registry.changes()), registry.changes().more) == (200, True)
    assert len(registry.changes(limit=201)) == 201
    assert len(registry.changes(limit=0)) == len(registry.changes(limit=-5)) == 1


@pytest.mark.parametrize("cursor", ["", "x", "e30=", "W10=", "WzEsMiwzXQ==", "金", "[1]"])
def test_any_other_text_is_no_cursor(registry, cursor):
    with pytest.raises(InvalidCursor):
        registry.changes(cursor)


@pytest.mark.parametrize("number", [-1, 2, 2**63, 2**80, 1.0, True, None, "1"])
def test_a_cursor_whose_number_is_bent_is_none(registry, number):
    register(registry, 1)
    identity, _, seen = json.loads(base64.urlsafe_b64decode(registry.changes().next))
    bent = base64.urlsafe_b64encode(json.dumps([identity, number, seen]).encode()).decode()
    with pytest.raises(InvalidCursor):
        registry.changes(bent)


def test_a_cursor_of_another_registry_is_none(registry):
    other = CustomerRegistry()
    register(other, 1)
    register(registry, 1)
    with pytest.raises(InvalidCursor):
        registry.changes(other.changes().next)


def test_a_journal_that_was_rolled_back_behind_a_cursor_is_told(registry):
    register(registry, 2)
    identity, number, _ = json.loads(base64.urlsafe_b64decode(registry.changes().next))
    forged = json.dumps([identity, number, "0" * 16]).encode()
    with pytest.raises(InvalidCursor):
        registry.changes(base64.urlsafe_b64encode(forged).decode())


def test_entries_about_no_customer_are_in_the_feed(registry):
    with registry.unit("repair", writing=True) as work:
        work.journal.append(JournalEntry(at=make_at(), actor="system", action="raised"))
    assert [entry.customer_id for entry in registry.changes()] == [None]


def make_at():
    return CustomerRegistry()._office.clock()


class OwnOnly:
    """Everybody sees his own customers, and no phone."""

    def permits(self, actor, action, customer):
        return (
            action != "changes" or actor.id != "nobody"
            if customer is None
            else (customer.owner == actor.id)
        )

    def sight(self, actor, field, customer):
        from customer_registry.domain.access import Sight  # noqa: PLC0415  only here

        return Sight.MASKED if field in {"contacts", "notes"} else Sight.EDITED


def test_the_feed_shows_a_reader_what_he_may_see_and_goes_over_the_rest():
    repository = InMemoryRepository()
    whole = CustomerRegistry(repository=repository)
    for owner in ("li.lei", "han.meimei", "li.lei"):
        whole.register(kind="person", name="王芳", owner=owner, notes="只给自己看")
    restricted = CustomerRegistry(repository=repository, access=OwnOnly())
    reader = restricted.acting_as(Actor("li.lei"))
    assert followed(reader, limit=1)[0] == [1, 3]
    shown = [change for entry in reader.changes() for change in entry.changes]
    assert Change("notes", hidden=True) in shown
    assert "只给自己看" not in str([(each.before, each.after) for each in shown])


def test_who_may_not_follow_is_refused():
    registry = CustomerRegistry(access=OwnOnly()).acting_as(Actor("nobody"))
    with pytest.raises(NotPermitted):
        registry.changes()


def judged(read, written):
    """Return what a follower missed or saw out of order."""
    missed = sorted(set(written) - set(read))
    return missed, [at for at, number in enumerate(read, 1) if number != at]


def test_a_follower_misses_nothing_while_threads_write(registry):
    writers, each = 4, 25
    done = threading.Event()

    def write(name):
        for seed in range(each):
            registry.acting_as(Actor(name)).register(kind="person", name=f"王{seed}{name}")

    threads = [threading.Thread(target=write, args=(f"w{at}",)) for at in range(writers)]
    for thread in threads:
        thread.start()
    read, cursor = [], None
    while not done.is_set():
        if not any(thread.is_alive() for thread in threads):
            done.set()  # and one look more
        numbers, cursor = followed(registry, limit=7, after=cursor)
        read += numbers
    for thread in threads:
        thread.join()
    assert judged(read, range(1, writers * each + 1)) == ([], [])


WRITER = """
import sys
from customer_registry import CustomerRegistry
with CustomerRegistry.open(sys.argv[1]) as registry:
    for seed in range(int(sys.argv[3])):
        registry.register(kind="person", name=f"王{seed}{sys.argv[2]}")
"""


def test_a_follower_misses_nothing_while_processes_write(tmp_path):
    path, each = tmp_path / "customers.db", 20
    registry = CustomerRegistry(repository=SQLiteRepository(path))
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, f"w{at}", str(each)]) for at in range(3)]
    read, cursor = [], None
    while any(writer.poll() is None for writer in writers):
        numbers, cursor = followed(registry, after=cursor)
        read += numbers
    read += followed(registry, after=cursor)[0]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    registry.close()
    assert judged(read, range(1, 3 * each + 1)) == ([], [])


def test_numbers_that_are_given_before_the_commit_are_accused():
    """The control: a store whose numbers come from a sequence, and are committed in any order."""
    chance = random.Random(SEED)  # noqa: S311  a reproducible choice
    waiting, committed, read, last = [], [], [], 0
    for number in range(1, 101):
        waiting.append(number)
        while len(waiting) > 3:
            committed.append(waiting.pop(chance.randrange(len(waiting))))
            seen = [each for each in sorted(committed) if each > last]
            read += seen
            last = max([last, *seen])
    missed, _ = judged(read, committed)
    assert missed, f"seed {SEED}"
