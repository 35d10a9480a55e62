"""A registry moves to another store as it is: all of it, in one step, and proven."""

import sqlite3
import tracemalloc
from contextlib import ExitStack, closing, contextmanager

import attrs
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lived import POLICY, answers, live, over, parts

from customer_registry import (
    Actor,
    CommitOutcomeUnknown,
    CustomerRegistry,
    InMemoryRepository,
    Keyring,
    KeyUnavailable,
    NotPermitted,
    PostgresRepository,
    SQLiteRepository,
    StorageCorrupt,
    StorageError,
    StorageOccupied,
    StorageUnavailable,
)
from customer_registry.operations import copy, verify
from customer_registry.repository import KINDS, Part
from customer_registry.testing import make_raw

KEYRING = Keyring.generate()


def _file(request, **how):
    folder = request.getfixturevalue("tmp_path_factory").mktemp("store")
    return SQLiteRepository(folder / "customers.db", **how)


def _schema(request, **how):
    servers = request.getfixturevalue("postgres_servers")
    conninfo = servers.newest().conninfo()
    return PostgresRepository(conninfo, schema=servers.new_schema(), **how)


STORES = {
    "memory": lambda request, **how: InMemoryRepository(**how),
    "sqlite": _file,
    "postgres": _schema,
}
"""Every kind of store, made empty: a copy is tried from each into each."""


@pytest.fixture(scope="module")
def new_store(request):
    """Make empty stores by their kind, and close them at the end."""
    with ExitStack() as made:
        yield lambda kind, **how: made.enter_context(closing(STORES[kind](request, **how)))


@pytest.fixture
def registry():
    registry = over(InMemoryRepository())
    live(registry, seed=7)
    return registry


def store_of(registry):
    return registry._office.repository


@pytest.mark.parametrize("keyring", [None, KEYRING], ids=["plain", "sealed"])
@pytest.mark.parametrize("into", STORES)
@pytest.mark.parametrize("out_of", STORES)
def test_a_copy_is_the_registry_row_by_row_and_answers_as_it_does(new_store, out_of, into, keyring):
    source, target = new_store(out_of, keyring=keyring), new_store(into, keyring=keyring)
    live(over(source), seed=3, acts=60)
    made = copy(over(source), target)
    assert parts(target) == parts(source)
    assert answers(over(target)) == answers(over(source))
    assert verify(over(target)).ok
    assert made.identity == target.identity == source.identity
    assert all(made.counts.values()), "the history is to have something of every kind"


@pytest.mark.parametrize("through", STORES)
@given(seed=st.integers(0, 2**32), sealed=st.booleans())
@settings(max_examples=8, deadline=None)
def test_whatever_was_done_comes_through_every_kind_of_store(new_store, through, seed, sealed):
    how = {"keyring": KEYRING} if sealed else {}
    kept = InMemoryRepository(**how)
    live(over(kept), seed)
    for kind in (through, "memory"):
        target = new_store(kind, **how)
        copy(over(kept), target)
        assert parts(target) == parts(kept)
        assert answers(over(target)) == answers(over(kept))
        assert verify(over(target)).ok
        kept = target


def test_the_copy_goes_on_where_the_registry_stood(registry, new_store):
    target = new_store("sqlite")
    before = registry.register(make_raw("person", 900), idempotency_key="form-900")
    copy(registry, target)
    moved = over(target)
    replayed = moved.register(make_raw("person", 900), idempotency_key="form-900")
    assert replayed.replayed
    assert replayed.customer == before.customer
    here, there = (each.register(make_raw("person", 901)) for each in (registry, moved))
    assert here.customer.code == there.customer.code
    assert verify(moved).ok


def test_both_journals_end_with_the_entry_that_tells_of_the_copy(registry, new_store):
    target = new_store("sqlite")
    made = copy(registry.acting_as(Actor("韩梅梅")), target)
    for repository in (store_of(registry), target):
        with repository.read() as work:
            *_, last = work.journal.of(None)
            assert work.journal.head() == (made.head.number, made.head.digest)
        told = {change.path: change.after for change in last.changes}
        assert (last.action, last.actor, last.number) == ("copied", "韩梅梅", made.head.number)
        assert told == {"copy.into": "SQLiteRepository"}


def test_who_may_not_back_up_may_not_copy(registry, new_store):
    class NoBackups:
        def permits(self, actor, action, customer):
            return action != "backup"

    refused, target = (
        CustomerRegistry(repository=store_of(registry), access=NoBackups()),
        new_store("memory"),
    )
    with pytest.raises(NotPermitted, match="backup"):
        copy(refused, target)
    assert counts(target) == [0] * len(KINDS)


def counts(repository):
    return [part.content[1] for part in parts(repository)[1 : 1 + len(KINDS)]]


@pytest.mark.parametrize("kind", STORES)
def test_a_call_that_finds_the_copy_proves_it_and_writes_nothing(registry, new_store, kind):
    target = new_store(kind)
    made = copy(registry, target)
    before = parts(store_of(registry))
    again = copy(registry, target)
    assert again.found
    assert not made.found
    assert (again.counts, again.digest, again.head.digest) == (
        made.counts,
        made.digest,
        made.head.digest,
    )
    assert parts(store_of(registry)) == before == parts(target)


def test_a_registry_that_went_on_says_how_far_its_copy_is(registry, new_store):
    target = new_store("sqlite")
    made = copy(registry, target)
    registry.register(make_raw("person", 900))
    before = parts(target)
    with pytest.raises(StorageOccupied, match=f"as of entry {made.head.number}, not") as refused:
        copy(registry, target)
    assert (refused.value.number, refused.value.expected) == (
        made.head.number,
        made.head.number + 1,
    )
    assert parts(target) == before


def test_a_store_that_holds_another_registry_stays(registry, new_store):
    target = new_store("sqlite")
    over(target).register(make_raw("person", 1))
    before = parts(target)
    with pytest.raises(StorageOccupied, match="something else") as refused:
        copy(registry, target)
    assert refused.value.number is None
    assert parts(target) == before
    with store_of(registry).read() as work:
        assert "copied" not in [entry.action for entry in work.journal.of(None)]


def test_a_store_in_which_a_number_was_drawn_is_not_empty(registry, new_store):
    target = new_store("memory")
    with target.write() as work:
        work.numbers.next("customer")
    with pytest.raises(StorageOccupied):
        copy(registry, target)


def test_a_copy_that_somebody_changed_is_not_found(registry, new_store):
    target = new_store("sqlite")
    copy(registry, target)
    with closing(sqlite3.connect(target.path)) as connection, connection:
        connection.execute("UPDATE customer_registry_numbers SET drawn = drawn + 1")
    with pytest.raises(StorageOccupied, match="otherwise"):
        copy(registry, target)


def test_what_is_written_meanwhile_is_not_in_the_copy_and_breaks_nothing(new_store):
    source, target = new_store("sqlite"), new_store("sqlite")
    live(over(source), seed=5)
    registered = []

    def register(done, total):
        if len(registered) < 3:
            registered.append(over(source).register(make_raw("person", 800 + len(registered))))

    made = copy(over(source), target, on_progress=register)
    assert len(registered) == 3
    with source.read() as work:
        assert work.journal.head()[0] == made.head.number + 3
    assert parts(target) != parts(source)
    assert verify(over(target)).ok


def test_progress_begins_with_nothing_and_ends_with_all_of_three_passes(registry, new_store):
    told = []
    made = copy(registry, new_store("sqlite"), on_progress=lambda *step: told.append(step))
    assert told == sorted(told)
    assert {total for _, total in told} == {3 * made.rows}
    assert told[-1] == (3 * made.rows, 3 * made.rows)


def test_where_to_may_be_a_path_and_the_file_is_closed_afterwards(registry, tmp_path):
    copy(registry, tmp_path / "new.db")
    assert copy(registry, str(tmp_path / "new.db")).found
    with CustomerRegistry.open(tmp_path / "new.db", create=False, policy=POLICY) as moved:
        assert answers(moved) == answers(registry)


def test_memory_by_its_name_would_be_gone(registry):
    with pytest.raises(StorageUnavailable, match="memory"):
        copy(registry, "memory:")


def test_a_registry_is_not_copied_to_where_it_is(registry):
    before = parts(store_of(registry))
    with pytest.raises(ValueError, match="where it is"):
        copy(registry, store_of(registry))
    assert parts(store_of(registry)) == before


class TestSealed:
    @pytest.fixture
    def sealed(self):
        registry = over(InMemoryRepository(keyring=KEYRING))
        live(registry, seed=7)
        return registry

    def test_a_journal_with_a_key_is_not_copied_to_where_nobody_has_it(self, sealed, new_store):
        target = new_store("sqlite")
        with pytest.raises(KeyUnavailable):
            copy(sealed, target)
        assert counts(target) == [0] * len(KINDS)

    def test_nor_out_of_where_nobody_has_it(self, new_store, tmp_path):
        with CustomerRegistry.open(tmp_path / "a.db", keyring=KEYRING) as registry:
            registry.register(make_raw("person", 1))
        target = new_store("memory", keyring=KEYRING)
        with CustomerRegistry.open(tmp_path / "a.db") as blind, pytest.raises(KeyUnavailable):
            copy(blind, target)
        assert counts(target) == [0] * len(KINDS)
        with CustomerRegistry.open(tmp_path / "a.db", keyring=KEYRING) as registry:
            assert verify(registry).ok

    def test_nor_to_where_other_keys_are(self, sealed, new_store):
        other = attrs.evolve(Keyring.generate(), journal=KEYRING.journal)
        with pytest.raises(KeyUnavailable):
            copy(sealed, new_store("sqlite", keyring=other))

    def test_a_plain_registry_stays_plain_where_there_are_keys(self, registry, new_store):
        target = new_store("sqlite", keyring=KEYRING)
        copy(registry, target)
        assert parts(target) == parts(store_of(registry))


def failing_at(step, fail):
    """Return what is told of progress, and fails when it is told for the n-th time."""
    told = []

    def tell(done, total):
        told.append(done)
        if len(told) == step:
            fail()

    return tell, told


def steps_of(registry):
    tell, told = failing_at(0, None)
    copy(registry, InMemoryRepository(), on_progress=tell)
    return range(1, len(told) + 1)


def interrupt():
    raise KeyboardInterrupt


@pytest.mark.parametrize("kind", STORES)
def test_whenever_it_is_interrupted_another_call_comes_to_the_end(registry, new_store, kind):
    for step in steps_of(registry):
        target = new_store(kind)
        with pytest.raises(KeyboardInterrupt):
            copy(registry, target, on_progress=failing_at(step, interrupt)[0])
        if counts(target) != [0] * len(KINDS):
            assert parts(target) == parts(store_of(registry))
        copy(registry, target)
        assert parts(target) == parts(store_of(registry))


def test_a_connection_that_is_cut_leaves_nothing_or_all_of_it(registry, postgres_database):
    def cut():
        with psycopg.connect(postgres_database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )

    failed = 0
    for step in steps_of(registry):
        with closing(PostgresRepository(postgres_database, schema=f"at_{step}")) as target:
            try:
                copy(registry, target, on_progress=failing_at(step, cut)[0])
            except StorageError:
                failed += 1
                if counts(target) != [0] * len(KINDS):
                    assert parts(target) == parts(store_of(registry))
            copy(registry, target)
            assert parts(target) == parts(store_of(registry))
    assert failed, "the control of this test: a connection that is cut is felt"


class Broken(InMemoryRepository):
    """A store that bends what it takes, or what it gives after the commit."""

    def __init__(self, bend, *, late=False):
        super().__init__()
        self.bend, self.late = bend, late

    @contextmanager
    def write(self):
        with super().write() as work:
            if not self.late:
                put = work.put
                work.put = lambda parts: put(self.bend(parts))
            yield work

    @contextmanager
    def read(self):
        with super().read() as work:
            bend = self.bend if self.late else iter
            yield Bent(work, bend) if counts(self) != [0] * len(KINDS) else work


@attrs.frozen
class Bent:
    """A unit of work that gives other parts than are there."""

    of: object
    bend: object

    def parts(self):
        return self.bend(self.of.parts())

    def __getattr__(self, name):
        return getattr(self.of, name)


def counting_on(given):
    for part in given:
        name, *rest = part.content
        yield Part("range", (name, rest[0] + 1)) if part.kind == "range" else part


def without(kind):
    def bend(given):
        for part in given:
            if part.kind == "count" and part.content[0] == kind:
                yield Part("count", (kind, 0))
            elif part.kind != kind:
                yield part

    return bend


@pytest.mark.parametrize("bend", [counting_on, without("receipt"), without("pending")])
def test_a_store_that_keeps_something_else_is_left_empty(registry, bend):
    target = Broken(bend)
    with pytest.raises(StorageCorrupt, match="does not give what it took"):
        copy(registry, target)
    assert counts(target) == [0] * len(KINDS)


def test_a_store_that_loses_something_with_the_commit_is_accused(registry):
    with pytest.raises(StorageCorrupt, match="throw the copy away"):
        copy(registry, Broken(counting_on, late=True))


def test_who_is_not_sure_of_the_commit_calls_again(registry):
    class Unsure(InMemoryRepository):
        @contextmanager
        def write(self):
            with super().write() as work:
                yield work
            raise CommitOutcomeUnknown

    target = Unsure()
    with pytest.raises(CommitOutcomeUnknown):
        copy(registry, target)
    assert copy(registry, target).found
    assert parts(target) == parts(store_of(registry))


def test_little_is_held_at_a_time(tmp_path):
    with CustomerRegistry.open(tmp_path / "a.db") as registry:
        held = []
        for at in range(3):
            registry.load(make_raw(seed=150 * at + seed) for seed in range(150))
            tracemalloc.start()
            copy(registry, tmp_path / f"{at}.db")
            held.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert held[2] < 1.3 * held[1], held
