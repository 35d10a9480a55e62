# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of its units of work: all or nothing, and nothing seen too early."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageUnavailable
from customer_registry.domain.issues import Issue
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.repository import (
    IMPORT,
    CustomerQuery,
    Customers,
    Durability,
    Edits,
    Journal,
    Key,
    Numbers,
    Receipts,
    Repository,
    StoredReceipt,
    UnitOfWork,
    keys_of,
    lacking,
)
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import (
    Interrupted,
    added,
    allowed,
    codes,
    held,
    interrupted,
    kept,
    refused,
    same,
    searched,
    told,
)

__all__ = ["TransactionPromises"]

_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
_T = TypeVar("_T")
_PATIENCE = 30.0
"""Seconds after which a thread that should have answered is given up."""


class TransactionPromises:
    """Write, read, savepoint, and who the repository is."""

    def test_nothing_of_the_ports_is_missing(self, repository: Repository) -> None:
        missing = [f"Repository.{name}" for name in lacking(repository, Repository)]
        for unit in (repository.read, repository.write, repository.snapshot):
            with unit() as work:
                missing += _missing_in(work)
        told(not missing, f"every member of the ports is there; missing: {_listed(missing)}")

    def test_an_exception_leaves_nothing_behind(self, repository: Repository) -> None:
        customer = make_customer()
        with interrupted(), repository.write() as work:
            _do_everything(work, customer)
            raise Interrupted
        _expect_untouched(repository, customer)
        with allowed("what failed once can be done again"), repository.write() as work:
            _do_everything(work, customer)
        same(kept(repository, customer), customer, "what failed once can be done again")

    def test_an_interrupt_from_the_keyboard_leaves_nothing_either(
        self, repository: Repository
    ) -> None:
        customer = make_customer()
        with suppress(KeyboardInterrupt), repository.write() as work:
            _do_everything(work, customer)
            raise KeyboardInterrupt
        _expect_untouched(repository, customer)

    def test_an_exception_takes_back_an_edit(self, repository: Repository) -> None:
        before = make_customer()
        claims = keys_of(before)
        added(repository, before, claims=claims)
        other = make_customer(seed=5)
        after = attrs.evolve(before, version=2, contacts=other.contacts, name=other.name)
        with interrupted(), repository.write() as work:
            told(work.customers.replace(after, keys_of(after)), "replace gives True")
            raise Interrupted
        same(kept(repository, before), before, "an undone edit leaves the version before")
        for key in claims:
            same(held(repository, key), [str(before.code)], f"its {key.field} finds it again")
        same(searched(repository, str(before.name)), [str(before.code)], "its name finds it again")
        same(searched(repository, str(other.name)), [], "the undone name finds nobody")
        with allowed("an undone edit leaves no claims"):
            added(repository, other, claims=keys_of(other))

    def test_a_unit_of_work_sees_what_it_did(self, repository: Repository) -> None:
        customer = make_customer()
        with repository.write() as work:
            _do_everything(work, customer)
            same(work.customers.get(customer.id), customer, "a unit of work sees its own customers")
            same(work.customers.by_code(customer.code), customer, "… by code")
            same(work.customers.holding(_phone_key(customer)), (customer,), "… by key")
            found = work.customers.search(CustomerQuery(text=str(customer.name)))
            same(codes(found.customers), [str(customer.code)], "… and in a search")
            same(work.journal.head()[0], 1, "… and its journal entries")

    def test_a_savepoint_takes_back_its_own_work_and_no_more(self, repository: Repository) -> None:
        first, second, third = (make_customer(seed=seed) for seed in range(3))
        with repository.write() as work:
            work.customers.add(first, keys_of(first))
            work.numbers.next("customer")
            head = work.journal.append(_entry(first))
            with interrupted(), work.savepoint():
                _do_everything(work, second)
                _expect_no_error(work.customers.replace(attrs.evolve(first, version=2, grade="Z")))
                raise Interrupted
            same(work.journal.head()[0], head.number, "a savepoint takes back journal entries")
            same(work.numbers.next("customer"), 2, "a savepoint returns its numbers")
            with allowed("a savepoint gives back its claims"):
                work.customers.add(third, [*keys_of(third), *keys_of(second)])
        same(kept(repository, first), first, "what was done before the savepoint stays")
        same(kept(repository, second), None, "what was done inside it goes, its claims too")
        same(kept(repository, third), third, "what was done after it stays")
        same(searched(repository, str(second.name)), [], "its search tokens go")
        same(searched(repository), codes([third, first]), "only the others are found")
        with repository.read() as work:
            same(work.receipts.get("system", "k"), None, "a savepoint takes back receipts")
            told(_chain_holds(work), "the chain holds over a savepoint taken back")

    def test_a_savepoint_without_an_exception_keeps_its_work(self, repository: Repository) -> None:
        customer = make_customer()
        with repository.write() as work, work.savepoint():
            _do_everything(work, customer)
        same(kept(repository, customer), customer, "a savepoint that ends well keeps its work")

    def test_savepoints_stand_inside_savepoints(self, repository: Repository) -> None:
        outer, inner, after = (make_customer(seed=seed) for seed in range(3))
        with repository.write() as work:
            with work.savepoint():
                work.customers.add(outer)
                with interrupted(), work.savepoint():
                    work.customers.add(inner)
                    raise Interrupted
            with interrupted(), work.savepoint():
                with work.savepoint():
                    work.customers.add(after)
                raise Interrupted
        found = [kept(repository, each) is not None for each in (outer, inner, after)]
        same(found, [True, False, False], "each savepoint answers for what was done inside it")

    def test_a_failed_transaction_takes_its_savepoints_with_it(
        self, repository: Repository
    ) -> None:
        customer = make_customer()
        with interrupted(), repository.write() as work:
            with work.savepoint():
                _do_everything(work, customer)
            raise Interrupted
        _expect_untouched(repository, customer)

    def test_a_reader_sees_nothing_that_is_not_committed(self, repository: Repository) -> None:
        customer = make_customer()
        done, written = threading.Event(), threading.Event()

        def write() -> None:
            with repository.write() as work:
                work.customers.add(customer)
                written.set()
                done.wait(_PATIENCE)

        with ThreadPoolExecutor(2) as threads:
            writer = threads.submit(write)
            told(written.wait(_PATIENCE), "a writer is not kept waiting for nobody")
            reader = threads.submit(kept, repository, customer)
            early = _answer_within(reader.result, 0.2)
            done.set()
            writer.result(_PATIENCE)
            late = reader.result(_PATIENCE)
        told(early is None, "a reader never sees what another thread has not committed")
        told(late in (None, customer), "a reader that waited sees the whole customer")
        same(kept(repository, customer), customer, "once committed, everybody sees it")

    def test_a_reader_never_sees_half_a_transaction(self, repository: Repository) -> None:
        pairs = [(make_customer(seed=at), make_customer("person", at)) for at in range(15)]

        def write() -> None:
            for pair in pairs:
                with repository.write() as work:
                    for customer in pair:
                        work.customers.add(customer)
                        work.journal.append(_entry(customer))

        def look() -> bool:
            with repository.read() as work:
                counted = len(list(work.customers.iterate()))
                return counted % 2 == 0 and counted == work.journal.head()[0]

        with ThreadPoolExecutor(2) as threads:
            writer = threads.submit(write)
            looks = [look() for _ in range(40)]
            writer.result(_PATIENCE)
        told(all(looks), "a read() is one snapshot: customers and journal of the same moment")

    def test_a_reading_unit_refuses_to_write(self, repository: Repository) -> None:
        stored, newcomer = make_customer(), make_customer(seed=1)
        with repository.write() as work:
            _do_everything(work, stored)
        with repository.read() as work:
            for name, write in _writes(stored, newcomer).items():
                with refused(StorageUnavailable, f"a reading unit refuses `{name}`"):
                    write(work)
        with repository.read() as work:
            kept_now = [customer for _, customer in work.customers.iterate()]
            same(kept_now, [stored], "what was refused left nothing")
            same(work.numbers.ranges(), {"customer": 1}, "… and drew no number")
            same(work.numbers.reservations(), (_reservation(stored),), "… and reserved no code")
            same(work.journal.head()[0], 1, "… and wrote no journal entry")
            told(work.receipts.get("system", "k"), "… and forgot no receipt")
            same(work.receipts.get("han.meimei", "k"), None, "… and kept none")

    def test_threads_draw_every_number_once(self, repository: Repository) -> None:
        def draw() -> list[int]:
            drawn = []
            for _ in range(10):
                with repository.write() as work:
                    drawn.append(work.numbers.next("customer"))
                    work.journal.append(_entry(None))
            return drawn

        drawn = sorted(number for numbers in _at_once(draw, 4) for number in numbers)
        same(drawn, list(range(1, 41)), "threads that write together leave no gap and no double")
        with repository.read() as work:
            told(_chain_holds(work), "the chain holds whoever writes")

    def test_of_two_edits_of_one_version_one_wins(self, repository: Repository) -> None:
        customer = make_customer()
        added(repository, customer)

        def edit() -> bool:
            with repository.write() as work:
                return work.customers.replace(attrs.evolve(customer, version=2, grade="Z"))

        same(sorted(_at_once(edit, 4)), [False, False, False, True], "exactly one edit wins")

    def test_a_repository_knows_who_it_is(self, repository: Repository) -> None:
        identity = repository.identity
        same(type(identity), UUID, "identity is a UUID")
        added(repository, make_customer())
        same(repository.identity, identity, "identity never changes")
        told(repository.durability in set(Durability), "durability says what a save survives")

    def test_what_follows_a_unit_is_called_once_or_waits_for_the_host(
        self, repository: Repository
    ) -> None:
        called = list[str]()

        def call() -> tuple[Issue, ...]:
            called.append("called")
            return (Issue("hook.failed"),)

        added(repository, make_customer())
        found = repository.after_commit(call)
        told(len(called) <= 1, "after_commit calls once")
        codes_found = [issue.code for issue in found]
        expected = ["hook.failed"] if called else []
        same(codes_found, expected, "after_commit returns what the call found, once it called")

    def test_closing_twice_is_no_fault(self, repository: Repository) -> None:
        added(repository, make_customer())
        repository.close()
        repository.close()


def _writes(stored: Customer, newcomer: Customer) -> dict[str, Callable[[UnitOfWork], object]]:
    """Return everything that writes, by its name."""
    edited = attrs.evolve(stored, version=2, grade="Z")
    receipt = attrs.evolve(_receipt(newcomer), actor="han.meimei")
    late = _AT + timedelta(days=1)
    return {
        "customers.add": lambda work: work.customers.add(newcomer, keys_of(newcomer)),
        "customers.replace": lambda work: work.customers.replace(edited, keys_of(edited)),
        "numbers.next": lambda work: work.numbers.next("customer"),
        "numbers.raise_to": lambda work: work.numbers.raise_to("customer", 100),
        "numbers.reserve": lambda work: work.numbers.reserve(_reservation(newcomer)),
        "numbers.forget": lambda work: work.numbers.forget(stored.code),
        "journal.append": lambda work: work.journal.append(_entry(stored)),
        "receipts.add": lambda work: work.receipts.add(receipt),
        "receipts.prune": lambda work: work.receipts.prune(late, keep_actor=IMPORT),
    }


_PORTS = {
    "customers": Customers,
    "numbers": Numbers,
    "journal": Journal,
    "receipts": Receipts,
    "edits": Edits,
}


def _missing_in(work: UnitOfWork) -> list[str]:
    """Return the members that a unit of work and its ports have not, each with its port."""
    of_unit = lacking(work, UnitOfWork)
    below = (
        f"{port.__name__}.{name}"
        for place, port in _PORTS.items()
        if place not in of_unit
        for name in lacking(getattr(work, place), port)
    )
    return [*(f"UnitOfWork.{name}" for name in of_unit), *below]


def _listed(names: list[str]) -> str:
    return ", ".join(sorted(set(names)))


def _do_everything(work: UnitOfWork, customer: Customer) -> None:
    """Reserve and register, under the number range `customer` and the key `k`."""
    work.numbers.next("customer")
    work.numbers.reserve(_reservation(customer))
    work.customers.add(customer, keys_of(customer))
    work.journal.append(_entry(customer))
    work.receipts.add(_receipt(customer))


def _expect_untouched(repository: Repository, customer: Customer) -> None:
    with repository.read() as work:
        same(work.customers.get(customer.id), None, "a failed transaction leaves no customer")
        same(work.customers.by_code(customer.code), None, "… no code")
        same(list(work.customers.iterate()), [], "… no place")
        same(list(work.customers.codes()), [], "… no code taken")
        same(work.numbers.ranges(), {}, "… no number drawn")
        same(work.numbers.reservations(), (), "… no code reserved")
        same(work.journal.head(), (0, GENESIS), "… no journal entry")
        same(list(work.journal.links()), [], "… no link")
        same(work.receipts.get("system", "k"), None, "… no receipt")
        for key in keys_of(customer):
            same(work.customers.holding(key), (), f"… no key ({key.field})")
    same(searched(repository), [], "… and no search token")
    same(searched(repository, str(customer.name)), [], "… and no search token")


def _expect_no_error(replaced: bool) -> None:  # noqa: FBT001  what replace said
    told(replaced, "replace gives True for the direct predecessor")


def _chain_holds(work: UnitOfWork) -> bool:
    previous, number = GENESIS, 0
    for link in work.journal.links():
        if not work.journal.holds(link, previous) or link.number != number + 1:
            return False
        previous, number = link.digest, link.number
    return work.journal.head() == (number, previous)


def _entry(customer: Customer | None) -> JournalEntry:
    about = None if customer is None else customer.id
    return JournalEntry(at=_AT, actor="system", action="registered", customer_id=about)


def _reservation(customer: Customer) -> Reservation:
    late = _AT + timedelta(days=1)
    return Reservation(code=customer.code, owner="system", at=_AT, until=late)


def _receipt(customer: Customer) -> StoredReceipt:
    return StoredReceipt(
        actor="system",
        key="k",
        salt=bytes(16),
        digest=bytes(32),
        customer_id=customer.id,
        version=customer.version,
        at=_AT,
    )


def _phone_key(customer: Customer) -> Key:
    return next(key for key in keys_of(customer) if key.field == "phone")


def _answer_within(answer: Callable[[float], Customer | None], seconds: float) -> Customer | None:
    """Return the answer, None while there is none: a store may let readers wait for a writer."""
    try:
        return answer(seconds)
    except TimeoutError:
        return None


def _at_once(act: Callable[[], _T], many: int) -> list[_T]:
    """Return what `act` gave in several threads that began together."""
    gate = threading.Barrier(many)

    def run() -> _T:
        gate.wait(_PATIENCE)
        return act()

    with ThreadPoolExecutor(many) as threads:
        return [future.result(_PATIENCE) for future in [threads.submit(run) for _ in range(many)]]
