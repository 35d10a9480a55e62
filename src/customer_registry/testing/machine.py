"""A state machine that compares a repository with a plain dict, whatever is done to both."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.customer import Customer, CustomerStatus, StaleVersion
from customer_registry.domain.errors import MissingExtra, ValidationFailed
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.registry import CustomerRegistry
from customer_registry.repository import Repository, keys_of
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.testing.examples import make_customer, make_raw, uscc
from customer_registry.testing.promises.expect import (
    Interrupted,
    codes,
    interrupted,
    refused,
    same,
    told,
)

try:
    from hypothesis import strategies as st
    from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
except ImportError as error:
    raise MissingExtra("testing") from error

__all__ = ["RepositoryMachine"]

_RANGE = "customer"
_KEPT_RANGE = "kept"
"""The range of the codes that are reserved, which no customer gets."""

_NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
_KINDS = st.sampled_from(("person", "organization"))
_FEW = st.integers(0, 12)
"""Few seeds, so that customers meet again and compete for keys."""

_RESERVATIONS = st.builds(
    lambda number, owner, minutes, released: Reservation(
        code=CustomerCode(f"KEPT-{number}"),
        owner=owner,
        at=_NOW,
        until=_NOW + timedelta(minutes=minutes),
        range=_KEPT_RANGE,
        number=number,
        released_at=released,
    ),
    st.integers(1, 12),
    st.sampled_from(("han.meimei", "li.lei")),
    st.integers(-2, 2),
    st.sampled_from((None, None, _NOW)),
)
_PIECES = st.sampled_from(
    (
        "公司",
        "有限公司",
        "华",
        "王",
        "贸易",
        "zhang",
        "li.",
        "example",
        "EXAMPLE",
        "",
        "浦江",
        "C00000",
        "c000001",
        "6",
    )
)
_NARROWED: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(
    {},
    optional={
        "kind": _KINDS,
        "grade": st.sampled_from(("A", "B")),
        "tags": st.just({"重点"}),
    },
)
_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "grade": st.sampled_from(("A", "B", None)),
        "tags": st.sampled_from((["重点"], ["重点", "年框"], [])),
        "short_name": st.sampled_from(("华恒", "新名贸易", "")),
        "phone": st.integers(0, 3).map("1370000000{}".format),
        "notes": st.sampled_from(("一", "二\n三")),
    },
)


@attrs.define
class _Model:
    """What the repository should hold: customers in order of registration, and what happened."""

    customers: dict[object, Customer] = attrs.field(factory=dict)
    entries: list[tuple[object, str]] = attrs.field(factory=list)
    drawn: int = 0
    reserved: dict[str, Reservation] = attrs.field(factory=dict)

    def note(self, customer: Customer, action: str) -> None:
        self.customers[customer.id] = customer
        self.entries.append((customer.id, action))

    def newest_first(self) -> list[Customer]:
        return list(self.customers.values())[::-1]

    def with_tax_number(self, number: str) -> list[Customer]:
        return [
            each for each in self.customers.values() if number in map(str, each.tax_identifiers)
        ]


class RepositoryMachine(RuleBasedStateMachine):
    """Registers, edits, fails, takes back and searches, and checks each answer against a model.

    A backend's test overrides `make_repository` and takes the `TestCase`:

    ::

        class MyMachine(RepositoryMachine):
            def make_repository(self):
                return MyRepository(new_file())

        TestMyRepositoryAgainstAModel = MyMachine.TestCase
    """

    def make_repository(self) -> Repository:
        """Return a new, empty repository; it is closed when the example ends."""
        return InMemoryRepository()

    def __init__(self) -> None:
        super().__init__()
        self.repository = self.make_repository()
        self.registry = CustomerRegistry(repository=self.repository)
        self.model = _Model()

    def teardown(self) -> None:
        """Close the repository."""
        self.repository.close()

    @rule(kind=_KINDS, seed=_FEW)
    def register(self, kind: str, seed: int) -> None:
        """A customer is registered unless another has its tax number or identity document."""
        raw = make_raw(kind, seed)
        if self._is_taken(raw):
            with refused(ValidationFailed, "a unique key blocks a second customer"):
                self.registry.register(raw)
            return
        receipt = self.registry.register(raw)
        self.model.drawn += 1
        same(str(receipt.customer.code), f"C{self.model.drawn:06}", "codes have no gap")
        self.model.note(receipt.customer, "registered")

    @rule(seed=_FEW, key=st.sampled_from(("k1", "k2")))
    def register_twice_by_one_key(self, seed: int, key: str) -> None:
        """A retry with the same idempotency key writes nothing."""
        raw = make_raw("organization", seed)
        if self._is_taken(raw):
            return
        receipt = self.registry.register(raw, idempotency_key=f"{key}-{self.model.drawn}")
        again = self.registry.register(raw, idempotency_key=f"{key}-{self.model.drawn}")
        told(
            again.replayed and again.customer == receipt.customer, "a retry gets the first receipt"
        )
        self.model.drawn += 1
        self.model.note(receipt.customer, "registered")

    @precondition(lambda self: self.model.customers)
    @rule(at=st.integers(0, 99), changes=_CHANGES)
    def update(self, at: int, changes: dict[str, Any]) -> None:
        """An edit of the present version is kept; one that changes nothing writes nothing."""
        before = self._one(at)
        after = self.registry.update(before, changes).customer
        same(after.version - before.version, int(after != before), "an edit is one version")
        if after != before:
            self.model.note(after, "updated")

    @precondition(lambda self: self.model.customers)
    @rule(at=st.integers(0, 99), changes=_CHANGES)
    def update_a_version_too_late(self, at: int, changes: dict[str, Any]) -> None:
        """An edit of a version that is not the present one is refused."""
        stale = attrs.evolve(self._one(at), version=self._one(at).version + 7)
        with refused(StaleVersion, "an edit of another version than the present one is refused"):
            self.registry.update(stale, changes)

    @precondition(lambda self: self.model.customers)
    @rule(at=st.integers(0, 99), status=st.sampled_from(CustomerStatus))
    def change_status(self, at: int, status: CustomerStatus) -> None:
        """A status changes along the ways the trade knows."""
        before = self._one(at)
        if before.status is not status and not before.status.may_become(status):
            with refused(ValidationFailed, "a status changes along known ways only"):
                self.registry.change_status(before, status, reason="测试")
            return
        after = self.registry.change_status(before, status, reason="测试").customer
        if before.status is not status:
            self.model.note(after, "status_changed")

    @rule(seed=_FEW)
    def fail_to_save(self, seed: int) -> None:
        """A transaction that fails at its very end leaves nothing."""
        with interrupted(), self.repository.write() as work:
            work.numbers.next(_RANGE)
            customer = make_customer(seed=seed + 500)
            work.customers.add(customer, keys_of(customer))
            work.journal.append(_entry(customer, "registered"))
            for code in self.model.reserved:
                work.numbers.forget(CustomerCode(code))
            for each in self.model.customers.values():
                work.customers.replace(attrs.evolve(each, version=each.version + 1, grade="Z"))
            raise Interrupted

    @rule(seed=_FEW)
    def take_back_to_a_savepoint(self, seed: int) -> None:
        """What was done inside a failed savepoint goes, what was done around it stays."""
        customer = make_customer(seed=1_000 + seed + 100 * self.model.drawn)
        with self.repository.write() as work:
            work.numbers.next(_RANGE)
            with interrupted(), work.savepoint():
                other = make_customer(seed=999_999)
                work.numbers.next(_RANGE)
                work.customers.add(other, keys_of(other))
                work.journal.append(_entry(other, "registered"))
                raise Interrupted
            work.customers.add(customer)
            work.journal.append(_entry(customer, "registered"))
        self.model.drawn += 1
        self.model.note(customer, "registered")

    @rule(reservation=_RESERVATIONS, taken_back=st.booleans())
    def reserve(self, reservation: Reservation, taken_back: bool) -> None:  # noqa: FBT001  drawn by name
        """A reservation is kept in the place of one of the same code."""
        if taken_back:
            with interrupted(), self.repository.write() as work:
                work.numbers.reserve(reservation)
                raise Interrupted
            return
        with self.repository.write() as work:
            work.numbers.reserve(reservation)
        self.model.reserved[reservation.code.text] = reservation

    @rule(minutes=st.integers(-3, 3))
    def refill(self, minutes: int) -> None:
        """The smallest number that nobody keeps any more is drawn again."""
        now = _NOW + timedelta(minutes=minutes)
        free = [each for each in self.model.reserved.values() if not each.is_active(now)]
        expected = min(free, key=lambda each: each.number or 0, default=None)
        with self.repository.write() as work:
            lapsed = work.numbers.lapsed(_KEPT_RANGE, now)
            same(lapsed, expected, "lapsed gives the smallest number that nobody keeps")
            if lapsed is not None:
                work.numbers.forget(lapsed.code)
                del self.model.reserved[lapsed.code.text]

    @rule(piece=_PIECES, limit=st.integers(1, 4), narrowed=_NARROWED)
    def search(self, piece: str, limit: int, narrowed: dict[str, Any]) -> None:
        """A search gives exactly whom a plain scan finds, newest first, over all its pages."""
        page = self.registry.search(piece, limit=limit, **narrowed)
        found = list(page)
        while page.next:
            told(len(page) == limit, "a page that is not the last is full")
            told(len(found) < len(self.model.customers), "paging comes to an end")
            page = self.registry.search(after=page.next)
            found += page
        expected = [
            each
            for each in self.model.newest_first()
            if _speaks_of(each, piece)
            and narrowed.get("kind", each.kind) == each.kind
            and narrowed.get("grade", each.grade) == each.grade
            and narrowed.get("tags", set()) <= set(each.tags)
        ]
        same(codes(found), codes(expected), f"a search for {piece!r} finds what a scan finds")

    @rule(seed=_FEW)
    def find(self, seed: int) -> None:
        """A look-up gives exactly the holders of a key, oldest first."""
        like = make_customer("organization", seed)
        number, phone, email = uscc(seed), str(like.phones[0]), str(like.emails[0])
        everyone = list(self.model.customers.values())
        by_phone = [each for each in everyone if phone in map(str, each.phones)]
        by_email = [each for each in everyone if email in map(str, each.emails)]
        by_number = self.model.with_tax_number(number)
        same(codes(self.registry.find(phone=phone)), codes(by_phone), "find by phone")
        same(codes(self.registry.find(email=email)), codes(by_email), "find by e-mail")
        same(codes(self.registry.find(tax_identifier=number)), codes(by_number), "find by number")

    @invariant()
    def customers_are_those_of_the_model(self) -> None:
        """Everyone stands as the model says, in order of registration."""
        with self.repository.read() as work:
            found = [customer for _, customer in work.customers.iterate()]
            same(found, list(self.model.customers.values()), "iterate gives everyone as they stand")
            for each in found:
                same(work.customers.by_code(each.code), each, "by_code gives the newest version")
                same(work.customers.get(each.id), each, "get gives the newest version")

    @invariant()
    def reservations_are_those_of_the_model(self) -> None:
        """Every reservation stands as the model says, and codes are those of the customers."""
        expected = [each for _, each in sorted(self.model.reserved.items())]
        with self.repository.read() as work:
            kept = [each for each in work.numbers.reservations() if each.range == _KEPT_RANGE]
            same(kept, expected, "reservations gives all, in the order of their codes")
            present = sorted(str(each.code) for each in self.model.customers.values())
            same(list(work.customers.codes()), present, "codes gives every code, in order")

    @invariant()
    def the_journal_tells_all_and_holds(self) -> None:
        """Every act has its entry, numbers have no gap, and the chain holds from GENESIS."""
        with self.repository.read() as work:
            entries = work.journal.since(0)
            told_acts = [(entry.customer_id, entry.action) for entry in entries]
            same(told_acts, self.model.entries, "the journal tells every act in order")
            previous = GENESIS
            for number, link in enumerate(work.journal.links(), start=1):
                holds = work.journal.holds(link, previous)
                told(link.number == number and holds, "the chain holds")
                previous = link.digest
            same(work.journal.head(), (len(entries), previous), "head is the end of the chain")
            same(
                work.numbers.peek(_RANGE), self.model.drawn + 1, "no number is lost or drawn twice"
            )

    def _one(self, at: int) -> Customer:
        everyone = list(self.model.customers.values())
        return everyone[at % len(everyone)]

    def _is_taken(self, raw: dict[str, Any]) -> bool:
        documents = [
            str(each.identity_document)
            for each in self.model.customers.values()
            if each.identity_document
        ]
        document = raw.get("identity_document") or {}
        numbers = [each["number"] for each in raw.get("tax_identifiers", ())]
        return document.get("number") in documents or any(
            self.model.with_tax_number(number) for number in numbers
        )


def _entry(customer: Customer, action: str) -> JournalEntry:
    return JournalEntry(
        at=customer.updated_at,
        actor="machine",
        action=action,
        customer_id=customer.id,
        version=customer.version,
    )


def _speaks_of(customer: Customer, piece: str) -> bool:
    """Return whether a plain reader would find the piece in one of the customer's texts."""
    if not piece.isascii():
        return any(piece in text for text in _texts(customer))
    words = piece.lower().replace(".", " ").split()
    spoken = " ".join(_texts(customer)).lower()
    for sign in "@._-":
        spoken = spoken.replace(sign, " ")
    said = [*spoken.split(), *_numbers(customer)]
    return all(any(_is_found(each, word) for word in said) for each in words)


def _is_found(piece: str, word: str) -> bool:
    """Return whether a word begins with a piece, or holds its four or more digits anywhere."""
    return word.startswith(piece) or (piece.isdigit() and len(piece) >= 4 and piece in word)  # noqa: PLR2004  by which people know a phone


def _texts(customer: Customer) -> Iterator[str]:
    names = (customer.name, customer.short_name, customer.foreign_name, customer.code)
    contacts = (contact.name for contact in customer.contacts)
    yield from (str(text) for text in (*names, *contacts, *customer.emails) if text)


def _numbers(customer: Customer) -> Iterator[str]:
    """Yield what stands for a phone: the whole number, and the national one."""
    for phone in customer.phones:
        if isinstance(phone, PhoneNumber):
            yield from (phone.number.lstrip("+"), "".join(filter(str.isdigit, phone.national)))
    for number in map(str, customer.tax_identifiers):
        yield number.lower()
