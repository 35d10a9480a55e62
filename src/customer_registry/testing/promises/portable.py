# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of giving all that it keeps to another one, and of taking it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.errors import StorageCorrupt, StorageUnavailable
from customer_registry.domain.issues import Issue
from customer_registry.domain.journal import JournalEntry
from customer_registry.repository import (
    KINDS,
    Part,
    Repository,
    StoredReceipt,
    UnitOfWork,
    WaitingEdit,
    keys_of,
)
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import (
    Interrupted,
    added,
    codes,
    interrupted,
    refused,
    same,
    searched,
    told,
)

__all__ = ["PortablePromises", "lived_in", "lived_on", "parts_of"]

_AT = datetime(2026, 11, 24, 8, 30, 0, 250, tzinfo=UTC)


class PortablePromises:
    """Parts, put and snapshot."""

    def test_parts_begin_with_who_the_store_is_and_how_much_follows(
        self, repository: Repository
    ) -> None:
        lived_in(repository)
        first, *counts = islice(parts_of(repository), 1 + len(KINDS))
        same(first.content[0], repository.identity.bytes, "the first part names the store")
        same([part.content[0] for part in counts], list(KINDS), "then each kind has its count")
        rows = parts_of(repository)[1 + len(KINDS) :]
        found = [(kind, sum(1 for part in rows if part.kind == kind)) for kind in KINDS]
        same([part.content for part in counts], found, "each kind has as many rows as it says")
        told(all(many for _, many in found), "every kind of row travels")

    def test_another_store_that_takes_the_parts_gives_the_same(
        self, repository: Repository
    ) -> None:
        lived_in(repository)
        parts, other = parts_of(repository), InMemoryRepository()
        _put(other, parts)
        same(parts_of(other), parts, "what was taken is what was given, row by row")

    def test_a_store_takes_what_another_one_gave(self, repository: Repository) -> None:
        other = InMemoryRepository()
        lived_in(other)
        _put(repository, parts_of(other))
        same(parts_of(repository), parts_of(other), "what was taken is what was given, row by row")
        same(repository.identity, other.identity, "a store goes on as the one that it took")
        with repository.read() as work, other.read() as given:
            same(work.journal.head(), given.journal.head(), "the journal ends where it ended")
            everyone = [customer for _, customer in given.customers.iterate()]
            found = [work.customers.get(customer.id) for customer in everyone]
            same(found, everyone, "every customer is found as he was")
            wrong = [each for step in work.inspect() for each in step.found]
            same(wrong, [], "inspect finds nothing wrong with a store that took another")

    def test_what_was_taken_is_found_by_its_words(self, repository: Repository) -> None:
        other = InMemoryRepository()
        customer = make_customer("organization", seed=5)
        added(other, customer)
        _put(repository, parts_of(other))
        same(searched(repository, str(customer.name)), codes([customer]), "words find who was put")

    def test_a_store_goes_on_where_the_other_ended(self, repository: Repository) -> None:
        other = InMemoryRepository()
        lived_in(other)
        _put(repository, parts_of(other))
        with repository.write() as work:
            same(work.numbers.next("customer"), 8, "numbers go on")
            entry = work.journal.append(_entry())
            same(entry.number, 3, "entries go on")
            work.customers.add(make_customer(seed=9))
        with repository.read() as work:
            places = [place for place, _ in work.customers.iterate()]
            told(places[-1] == max(places) > 2, "places go on")  # noqa: PLR2004  two were put

    def test_a_store_that_holds_something_takes_nothing(self, repository: Repository) -> None:
        other = InMemoryRepository()
        lived_in(other)
        with repository.write() as work:
            work.numbers.next("customer")
        before = parts_of(repository)
        with (
            refused(StorageUnavailable, "put is refused by a store that is not empty"),
            repository.write() as work,
        ):
            work.put(parts_of(other))
        same(parts_of(repository), before, "a refused put changes nothing")

    def test_parts_that_are_none_of_a_store_are_refused(self, repository: Repository) -> None:
        other = InMemoryRepository()
        lived_in(other)
        before, parts = parts_of(repository), parts_of(other)
        for wrong in _spoilt(parts):
            with (
                refused(StorageCorrupt, "put refuses what is no whole store"),
                repository.write() as work,
            ):
                work.put(wrong)
            same(parts_of(repository), before, "a refused put changes nothing")

    def test_a_failed_transaction_took_nothing(self, repository: Repository) -> None:
        other = InMemoryRepository()
        lived_in(other)
        before = parts_of(repository)
        with interrupted(), repository.write() as work:
            work.put(parts_of(other))
            raise Interrupted
        same(parts_of(repository), before, "a failed transaction leaves a store as it was")
        told(repository.identity != other.identity, "a failed transaction changes no identity")

    def test_a_reading_unit_takes_nothing(self, repository: Repository) -> None:
        with (
            repository.read() as work,
            refused(StorageUnavailable, "put is refused by a unit that only reads"),
        ):
            work.put(parts_of(InMemoryRepository()))

    def test_a_snapshot_stays_as_it_was_while_others_write(self, repository: Repository) -> None:
        lived_in(repository)
        before = parts_of(repository)
        with repository.snapshot() as work:
            lived_on(repository)
            same(list(work.parts()), before, "a snapshot does not see what is written meanwhile")
            same(work.journal.head()[0], 2, "a snapshot is of one moment")
        told(parts_of(repository) != before, "what was written meanwhile is there")

    def test_a_snapshot_can_be_searched_and_not_written_to(self, repository: Repository) -> None:
        customer = make_customer("organization", seed=5)
        added(repository, customer)
        with repository.snapshot() as work:
            same(work.customers.get(customer.id), customer, "a snapshot reads as a unit does")
            same([each for _, each in work.customers.iterate()], [customer], "… all of it")
            with refused(StorageUnavailable, "a snapshot is not written to"):
                work.customers.add(make_customer(seed=6))

    def test_a_snapshot_that_fails_leaves_the_store_in_use(self, repository: Repository) -> None:
        lived_in(repository)
        with interrupted(), repository.snapshot():
            raise Interrupted
        lived_on(repository)
        with repository.snapshot() as work:
            same(work.journal.head()[0], 3, "the store is used as before")


def lived_in(repository: Repository) -> None:
    """Let a store keep something of every kind, sealed or not."""
    first, other = make_customer(seed=1), make_customer(seed=2)
    with repository.write() as work:
        work.customers.add(first, keys_of(first))
        work.customers.add(other)
        work.journal.append(_entry(first.id))
        work.journal.append(_entry())
        work.numbers.raise_to("customer", 7)
        work.numbers.next("客户|kind=person")
        work.receipts.add(_receipt(first.id))
        _wait(work, first.id)
    with repository.write() as work:
        again = attrs.evolve(
            first, version=2, code=make_customer(seed=3).code, former_codes=(first.code,)
        )
        work.customers.replace(again, keys_of(again))


def lived_on(repository: Repository) -> None:
    """Let a store go on."""
    with repository.write() as work:
        work.customers.add(make_customer(seed=7))
        work.journal.append(_entry())
        work.numbers.next("customer")


def _wait(work: UnitOfWork, customer_id: UUID) -> None:
    """Reserve two codes, one of them given back, and let an edit wait."""
    code, other = make_customer(seed=4).code, make_customer(seed=8).code
    kept = Reservation(code=code, owner="李娜", at=_AT, until=_AT + timedelta(hours=1))
    work.numbers.reserve(kept)
    drawn = attrs.evolve(kept, code=other, range="customer", number=6)
    work.numbers.reserve(drawn.released(_AT))
    work.edits.add(
        WaitingEdit(
            id=UUID(int=9),
            customer_id=customer_id,
            version=1,
            actor="韩梅梅",
            at=_AT,
            until=_AT + timedelta(days=7),
            fields={"grade": "A", "tags": ["重点"]},
        )
    )


def _receipt(customer_id: UUID) -> StoredReceipt:
    return StoredReceipt(
        actor="韩梅梅",
        key="表单-1",
        salt=b"salt",
        digest=b"digest",
        customer_id=customer_id,
        version=1,
        issues=(Issue("phone.missing", ("phones", 0)),),
        at=_AT,
    )


def _entry(about: UUID | None = None) -> JournalEntry:
    return JournalEntry(at=_AT, actor="system", action="updated", customer_id=about, reason="试")


def _spoilt(parts: list[Part]) -> list[list[Part]]:
    """Return what a damaged file could hold in the place of the parts."""
    at = next(place for place, part in enumerate(parts) if part.kind == "customer")
    place, _ = parts[at].content
    nobody = Part("customer", (place, b"{}"))
    return [
        [],
        parts[1:],
        parts[:-1],
        parts[:1],
        [*parts, parts[-1]],
        [*parts[:at], *parts[at + 1 :]],
        [*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]][::-1],
        [*parts[:at], nobody, *parts[at + 1 :]],
        [*parts[:at], Part("customer", (place,)), *parts[at + 1 :]],
        [*parts[:at], Part("other", parts[at].content), *parts[at + 1 :]],
    ]


def parts_of(repository: Repository) -> list[Part]:
    """Return all that a store keeps."""
    with repository.snapshot() as work:
        return list(work.parts())


def _put(repository: Repository, parts: Iterable[Part]) -> None:
    with repository.write() as work:
        work.put(parts)
