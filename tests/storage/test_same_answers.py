"""Whatever happens to several kinds of store at once, all of them give the same answers.

A new kind is one line in `BACKENDS`: how a new, empty store is made in a folder. PostgreSQL joins
where there is a server.
"""

import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from json_directory import JsonDirectory

from customer_registry import (
    CustomerRegistry,
    CustomerStatus,
    InMemoryRepository,
    PostgresRepository,
    RegistryError,
    SQLiteRepository,
    operations,
)
from customer_registry.repository import CustomerQuery, Key
from customer_registry.testing import make_customer, make_raw, uscc

BACKENDS = {
    "memory": lambda _: InMemoryRepository(),
    "sqlite": lambda folder: SQLiteRepository(folder / "customers.db"),
    "json": lambda folder: JsonDirectory(folder / "customers"),
}

FIRST_DAY = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
FEW = st.integers(0, 9)
KINDS = st.sampled_from(("person", "organization"))
PIECES = st.sampled_from(
    (
        "公司",
        "华",
        "王",
        "有限",
        "贸易 公司",
        "zhang",
        "EXAMPLE",
        "",
        "c00000",
        "138",
        "6",
        "%",
        "*",
    )
)
NARROWED = st.just({}) | st.fixed_dictionaries(
    {},
    optional={
        "kind": KINDS,
        "grade": st.sampled_from(("A", "B")),
        "tags": st.just({"重点"}),
        "created_from": st.integers(0, 40).map(lambda at: FIRST_DAY + timedelta(minutes=at)),
        "region": st.just("上海市"),
    },
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "grade": st.sampled_from(("A", "B", None)),
        "tags": st.sampled_from((["重点"], ["重点", "年框"], [])),
        "short_name": st.sampled_from(("华恒", "新名贸易", "")),
        "phone": st.integers(0, 3).map("1370000000{}".format),
    },
)


class Store:
    """One store with a clock and ids that are the same as the others'."""

    def __init__(self, repository):
        self.repository = repository
        minutes, ids = count(), count(1)
        self.registry = CustomerRegistry(
            repository=repository,
            clock=lambda: FIRST_DAY + timedelta(minutes=next(minutes)),
            new_id=lambda _: UUID(int=next(ids)),
        )


class SameAnswers(RuleBasedStateMachine):
    """Asks every store the same, and compares what each one says."""

    backends = BACKENDS

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stores = {}
        for name, make in self.backends.items():
            folder = Path(self.folder.name) / name
            folder.mkdir()
            self.stores[name] = Store(make(folder))
        self.registered = 0

    def teardown(self):
        found = self.ask(lambda store: operations.verify(store.registry).disagreements)
        assert found == ("said", ()), found
        for store in self.stores.values():
            store.repository.close()
        self.folder.cleanup()

    def ask(self, question):
        """Return what all stores answer; raises AssertionError with the answers that differ."""
        answers = {name: answered(question, store) for name, store in self.stores.items()}
        first, *others = answers.values()
        assert all(answer == first for answer in others), "\n".join(map(str, answers.items()))
        return first

    @initialize(seeds=st.lists(FEW, min_size=3, max_size=8, unique=True), kind=KINDS)
    def begin(self, seeds, kind):
        for seed in seeds:
            self.register(kind=kind, seed=seed, key=None)

    def some(self, at):
        return f"C{at % self.registered + 1:06}"

    @rule(kind=KINDS, seed=FEW, key=st.sampled_from((None, None, "k1")))
    def register(self, kind, seed, key):
        raw = make_raw(kind, seed)
        told = self.ask(lambda store: receipt_of(store.registry.register(raw, idempotency_key=key)))
        self.registered += told[0] == "said" and not told[1][-1]

    @precondition(lambda self: self.registered)
    @rule(at=FEW, changes=CHANGES, late=st.integers(0, 1))
    def update(self, at, changes, late):
        code = self.some(at)

        def edited(store):
            read = store.registry.get(code)
            return receipt_of(
                store.registry.update(code, changes, version=max(1, read.version - late))
            )

        self.ask(edited)

    @precondition(lambda self: self.registered)
    @rule(at=FEW, status=st.sampled_from(CustomerStatus))
    def change_status(self, at, status):
        code = self.some(at)

        def changed(store):
            read = store.registry.get(code)
            return receipt_of(store.registry.change_status(read, status, reason="测试"))

        self.ask(changed)

    @precondition(lambda self: self.registered)
    @rule(at=FEW)
    def erase(self, at):
        code = self.some(at)

        def erased(store):
            operations.erase(store.registry, store.registry.get(code), "本人申请")

        self.ask(erased)

    @rule(seed=FEW, inside=st.booleans())
    def fail(self, seed, inside):
        def failed(store):
            with suppress(ZeroDivisionError), store.repository.write() as work:
                if inside:
                    with suppress(ZeroDivisionError), work.savepoint():
                        self.do_something(work, seed)
                        raise ZeroDivisionError
                    return work.numbers.peek("customer")
                self.do_something(work, seed)
                raise ZeroDivisionError
            return None

        self.ask(failed)

    def do_something(self, work, seed):
        work.numbers.next("customer")
        work.customers.add(make_customer(seed=seed + 500))

    @rule(piece=PIECES, limit=st.integers(1, 3), narrowed=NARROWED)
    def search(self, piece, limit, narrowed):
        def pages(store):
            page = store.registry.search(piece, limit=limit, count=True, **narrowed)
            found = [(page.customers, page.next, page.total)]
            while page.next:
                page = store.registry.search(after=page.next)
                found.append((page.customers, page.next, page.total))
            return found

        self.ask(pages)

    @rule(piece=PIECES, limit=st.integers(1, 3), before=st.integers(0, 9), narrowed=NARROWED)
    def query(self, piece, limit, before, narrowed):
        asked = CustomerQuery(text=piece, limit=limit, before=before or None, **narrowed)

        def found(work):
            answer = work.customers.search(asked)
            return answer.customers, answer.last, answer.places, work.customers.count(asked)

        self.ask(lambda store: read(store, found))

    @rule(seed=FEW, limit=st.sampled_from((None, 1, 2)))
    def find(self, seed, limit):
        like = make_customer("organization", seed)
        keys = [
            Key("tax_identifier", f"cn.uscc:{uscc(seed)}"),
            *filter(None, (Key.of(each) for each in (*like.phones, *like.emails))),
            *filter(None, [Key.of_name(like.name, like.kind), Key.of_sound(like.name, like.kind)]),
        ]
        for key in keys:
            self.ask(lambda store, key=key: read(store, lambda w: w.customers.holding(key, limit)))
        self.ask(lambda store: store.registry.find(phone=str(like.phones[0])))

    @rule(
        prefix=st.sampled_from(("", "C", "C00000", "C000001", "X")),
        after=st.sampled_from(("", "C000002")),
    )
    def codes(self, prefix, after):
        self.ask(lambda store: read(store, lambda w: list(w.customers.codes(prefix, after))))

    @invariant()
    def everything_is_kept_alike(self):
        self.ask(lambda store: read(store, everything))


def answered(question, store):
    """Return what a store says, or which fact it raises."""
    try:
        return "said", question(store)
    except RegistryError as error:
        return type(error).__name__, str(error), getattr(error, "report", None)


def receipt_of(receipt):
    return receipt.customer, receipt.version, receipt.report, receipt.replayed


def read(store, look):
    with store.repository.read() as work:
        return look(work)


def everything(work):
    """Return all that a store keeps, but who it is and what was drawn by chance."""
    entries = [attrs.evolve(entry) for entry in work.journal.since(0)]
    rows = [part for part in work.parts() if part.kind not in {"meta", "link", "receipt"}]
    return (
        [customer for _, customer in work.customers.iterate()],
        [place for place, _ in work.customers.iterate()],
        entries,
        work.journal.head()[0],
        work.numbers.ranges(),
        rows,
    )


def run(machine, examples):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.generate],
        ),
    )


def test_all_kinds_of_store_give_the_same_answers(postgres_servers):
    def postgres(_):
        server, schema = postgres_servers.newest(), postgres_servers.new_schema()
        return PostgresRepository(server.conninfo(), schema=schema)

    class WithPostgres(SameAnswers):
        backends = MappingProxyType({**BACKENDS, "postgres": postgres})

    run(WithPostgres, 12)


class OldestFirst(InMemoryRepository):
    """Gives a page in the order of registration: what is to be noticed."""

    def __init__(self):
        super().__init__()
        customers = self._work.customers
        search = customers.search
        kind = type("Turned", (type(customers),), {"__slots__": ()})
        kind.search = lambda _, query: turned(search(query))
        customers.__class__ = kind


def turned(found):
    return attrs.evolve(found, customers=found.customers[::-1])


def test_a_store_that_answers_otherwise_is_noticed():
    class WithAnOddOne(SameAnswers):
        backends = MappingProxyType({**BACKENDS, "odd": lambda _: OldestFirst()})

    with pytest.raises(AssertionError):
        run(WithAnOddOne, 60)
