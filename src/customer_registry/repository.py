"""The ports: what a registry asks of a store, and nothing of how a store does it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self, TypeAlias
from uuid import UUID

import attrs

from customer_registry.domain.codes.policy import NumberRanges
from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.customer import Customer, CustomValue, PartyKind
from customer_registry.domain.errors import RegistryError
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier

__all__ = [
    "IMPORT",
    "Condition",
    "CustomerQuery",
    "Customers",
    "Disagreement",
    "Durability",
    "Found",
    "Inspected",
    "Journal",
    "Key",
    "KeyTaken",
    "Page",
    "Receipt",
    "Receipts",
    "Repository",
    "StoredReceipt",
    "UnitOfWork",
    "keys_of",
]


IMPORT = "import"
"""The actor under which the receipts of imports are kept; they are pruned by hand."""


class Durability(StrEnum):
    """What an acknowledged save survives: the end of the process, of the system, of the power."""

    NOTHING = "nothing"
    PROCESS = "process"
    SYSTEM = "system"
    POWER = "power"


@attrs.frozen
class Key:
    """An exact key that finds customers: `field` is `phone email tax_identifier …`."""

    field: str
    text: str = attrs.field(repr=False)

    @classmethod
    def of(cls, value: "KeyedValue") -> Self | None:
        """Return the key a value is found by; None where it identifies nobody (a short code)."""
        text = value.key
        return cls(_KEY_FIELDS[type(value)], text) if text else None

    @classmethod
    def of_name(cls, name: PartyName, kind: PartyKind) -> Self | None:
        """Return the key of a name, which is apart for persons and organisations."""
        return cls(f"{kind}_name", name.key) if name.key else None

    @classmethod
    def of_sound(cls, name: PartyName, kind: PartyKind) -> Self | None:
        """Return the key of organisations that are called nearly alike; persons have none.

        It only finds, nobody claims it.
        """
        sound = name.sound_key if kind is PartyKind.ORGANIZATION else ""
        return cls("organization_sound", sound) if sound else None


KeyedValue: TypeAlias = PhoneNumber | EmailAddress | TaxIdentifier | IdentityDocument

_KEY_FIELDS: dict[type, str] = {
    PhoneNumber: "phone",
    EmailAddress: "email",
    TaxIdentifier: "tax_identifier",
    IdentityDocument: "identity_document",
}


def keys_of(customer: Customer) -> frozenset[Key]:
    """Return every exact key that finds a customer."""
    values: list[KeyedValue] = [*customer.phones, *customer.emails, *customer.tax_identifiers]
    if customer.identity_document is not None:
        values.append(customer.identity_document)
    name = (customer.name, customer.kind)
    keys = [Key.of_name(*name), Key.of_sound(*name), *map(Key.of, values)]
    return frozenset(key for key in keys if key is not None)


class KeyTaken(RegistryError):
    """Another customer, `holder`, claims this key."""

    def __init__(self, key: Key, holder: Customer) -> None:
        super().__init__(f"{key.field} is taken")
        self.key = key
        self.holder = holder


def _as_set(tags: Iterable[str]) -> frozenset[str]:
    return frozenset(tags)


@attrs.frozen(kw_only=True)
class CustomerQuery:
    """What to search for; newest first, `limit` customers from below the place `before`.

    `text` is what a person types: names, parts of names, codes, phones, addresses of e-mail.
    `region` is the one of any address. Times are aware, from the first on and before the last.
    """

    text: str = ""
    kind: str | None = None
    status: str | None = None
    grade: str | None = None
    category: str | None = None
    owner: str | None = None
    department: str | None = None
    sales_region: str | None = None
    region: str | None = None
    tags: frozenset[str] = attrs.field(default=frozenset(), converter=_as_set)
    custom: Mapping[str, CustomValue] = attrs.field(
        factory=dict, converter=FrozenMapping[str, CustomValue]
    )
    created_from: datetime | None = None
    created_before: datetime | None = None
    updated_from: datetime | None = None
    updated_before: datetime | None = None
    limit: int = 20
    before: int | None = None


@attrs.frozen
class Found:
    """What a store found: customers, newest first, and the place of the last where more follow."""

    customers: tuple[Customer, ...] = ()
    last: int | None = None


@attrs.frozen
class Page:
    """A page of a search; `next` is the cursor of the page that follows, None on the last.

    `total` is how many customers all pages hold, None where nobody asked for a count.
    """

    customers: tuple[Customer, ...] = ()
    next: str | None = None
    total: int | None = None

    def __iter__(self) -> Iterator[Customer]:
        return iter(self.customers)

    def __getitem__(self, place: int) -> Customer:
        return self.customers[place]

    def __len__(self) -> int:
        return len(self.customers)


@attrs.frozen(kw_only=True)
class Receipt:
    """What a writing verb gives back.

    `customer` stands as it does now, `version` is the one that was written, `replayed` says that
    an earlier call with the same idempotency key did the work.
    """

    customer: Customer
    version: int
    report: Report = attrs.field(factory=Report)
    replayed: bool = False

    def message(self, language: str = "zh") -> str:
        """Return the sentence that tells the clerk: `保存成功，客户编码：C000001`."""
        return self.report.sentence("saved", {"code": self.customer.code}, language)


@attrs.frozen(kw_only=True)
class StoredReceipt:
    """What is kept of an answered request, so that a retry gets the same answer.

    `digest` covers `salt` and the canonical request, never the request itself.
    """

    actor: str
    key: str
    salt: bytes = attrs.field(repr=False)
    digest: bytes = attrs.field(repr=False)
    customer_id: UUID
    version: int
    issues: tuple[Issue, ...] = ()
    at: datetime


def _as_tuple(flaws: Iterable[str]) -> tuple[str, ...]:
    return tuple(flaws)


@attrs.frozen(kw_only=True)
class Condition:
    """How a store stands, as far as it can tell; what does not apply to it is None.

    `engine` is what keeps the data, with its version; `flaws` are faults known of that version that
    this store is exposed to: `wal_reset`. `wal_bytes` is what a write-ahead log holds, `free_bytes`
    the room left where the data lies. `checked` is when a verification last found nothing wrong.
    """

    engine: str | None = None
    flaws: tuple[str, ...] = attrs.field(default=(), converter=_as_tuple)
    journal_mode: str | None = None
    synchronous: str | None = None
    schema: int | None = None
    checked: datetime | None = None
    wal_bytes: int | None = None
    free_bytes: int | None = None


@attrs.frozen
class Disagreement:
    """One thing that does not agree, by its code and where it stands.

    Of the store: `store.damaged` what the engine's own check says, `store.schema` a table, index,
    trigger or view that is not as it was laid out, `store.reference` a foreign key without its row,
    `store.unreadable` a part that could not be read.

    Of the customers: `customer.unreadable` a document that is none, `customer.altered` one that is
    not as it was written, `customer.row` one that its own id, code or version does not agree with,
    `customer.unjournalled` a customer whose version no entry wrote, `customer.missing` one that
    entries tell of and nobody keeps.

    Of what finds them: `key.missing` and `key.left_over`, of phones, names, numbers; `code.missing`
    and `code.left_over`, of codes; `claim.left_over`, of a key that the customer claims and has
    not; `search.missing` and `search.left_over`, of words; `search.unfound` words that are there
    and are not found.

    Of the journal: `journal.broken` an entry that was changed or moved, `journal.head` a journal
    that was cut, `journal.body_missing` a body gone without an erasure that names it,
    `journal.unreadable`.

    Of the rest: `receipt.unreadable`, `receipt.orphaned` a receipt of a customer, or of a version,
    that is not there, `numbers.gap` numbers that no customer, no reservation and no act explains
    although the rule has no gaps, `numbers.ahead` a counter beyond all that is explained,
    `numbers.behind` one below the codes that it gave, `numbers.unreadable`.
    """

    code: str
    where: str


@attrs.frozen(kw_only=True)
class Inspected:
    """A step of an inspection: the customer that was read, what was found, the share that is done.

    `id` is the row's own, for a customer that cannot be read.
    """

    share: float
    id: UUID | None = None
    customer: Customer | None = None
    found: tuple[Disagreement, ...] = ()


class Customers(Protocol):
    """The customers of one unit of work."""

    def get(self, customer_id: UUID) -> Customer | None:
        """Return the customer with this id."""
        ...

    def by_code(self, code: CustomerCode) -> Customer | None:
        """Return the customer with this code, present or former."""
        ...

    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]:
        """Return the customers found by an exact key, oldest first, all or the first `limit`."""
        ...

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        """Return the ids and names of those whom `holding` gives, without all the rest."""
        ...

    def search(self, query: CustomerQuery) -> Found:
        """Return the customers that answer a query, newest first."""
        ...

    def count(self, query: CustomerQuery) -> int:
        """Return how many customers answer a query, whatever its `limit` and `before`."""
        ...

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        """Keep a new customer and claim its unique keys; raises KeyTaken and keeps nothing.

        The code is always claimed, as Key `code`.
        """
        ...

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        """Keep a new version of a customer; raises KeyTaken.

        Returns False, and does nothing, unless the stored one is its direct predecessor.
        """
        ...

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        """Yield every customer with its place, oldest first, from beyond a place."""
        ...

    def codes(self, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the codes, present and former, that begin with `prefix`, from beyond `after`.

        They come in the order of their code points.
        """
        ...


class Journal(Protocol):
    """The journal of one unit of work."""

    def append(self, entry: JournalEntry) -> JournalEntry:
        """Chain an entry to the head; returns it with its number."""
        ...

    def of(self, customer_id: UUID | None) -> tuple[JournalEntry, ...]:
        """Return a customer's entries, oldest first; of None those about no customer."""
        ...

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        """Return entries beyond a number, oldest first."""
        ...

    def head(self) -> tuple[int, bytes]:
        """Return the number and digest of the last entry; (0, GENESIS) before the first."""
        ...

    def links(self, after: int = 0) -> Iterator[Link]:
        """Yield the entries as stored and chained, oldest first, from beyond a number."""
        ...


class Receipts(Protocol):
    """The receipts of one unit of work."""

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        """Return the receipt of an actor's idempotency key."""
        ...

    def add(self, receipt: StoredReceipt) -> None:
        """Keep a receipt."""
        ...

    def prune(self, before: datetime, *, keep_actor: str) -> int:
        """Forget receipts older than a time, those of one actor apart; returns how many."""
        ...


class Numbers(NumberRanges, Protocol):
    """The number ranges of one unit of work, and the codes that are reserved."""

    def ranges(self) -> dict[str, int]:
        """Return every range with the last number drawn."""
        ...

    def reserve(self, reservation: Reservation) -> None:
        """Keep a reservation, in the place of one of the same code."""
        ...

    def reserved(self, code: CustomerCode) -> Reservation | None:
        """Return the reservation of a code, whether active, lapsed or released."""
        ...

    def lapsed(self, name: str, now: datetime) -> Reservation | None:
        """Return the reservation with a range's smallest number that nobody keeps any more.

        Its time is over, or it was released. None where there is none.
        """
        ...

    def forget(self, code: CustomerCode) -> None:
        """Drop the reservation of a code, if there is one."""
        ...

    def reservations(
        self, owner: str | None = None, *, active_at: datetime | None = None
    ) -> tuple[Reservation, ...]:
        """Return the reservations of an owner, or all, in the order of their codes.

        With a time only those that are active then.
        """
        ...


class UnitOfWork(Protocol):
    """One transaction, or one reading snapshot."""

    @property
    def customers(self) -> Customers:
        """The customers."""
        ...

    @property
    def numbers(self) -> Numbers:
        """The number ranges."""
        ...

    @property
    def journal(self) -> Journal:
        """The journal."""
        ...

    @property
    def receipts(self) -> Receipts:
        """The receipts."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        ...

    def inspect(self) -> Iterator[Inspected]:
        """Yield what is wrong with how the store keeps its customers, and every customer once.

        Nothing is changed, and little is held at a time. A store that keeps nothing twice yields
        the customers only; the share rises from 0 to 1.
        """
        ...

    def keep_checked(self, at: datetime) -> None:
        """Keep when a verification last found nothing wrong."""
        ...


class Repository(Protocol):
    """A store of customers: one tenant's, with an identity of its own."""

    @property
    def identity(self) -> UUID:
        """The UUID made together with the store."""
        ...

    @property
    def durability(self) -> Durability:
        """What an acknowledged save survives."""
        ...

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Return a context that reads one snapshot; writing in it is a StorageUnavailable."""
        ...

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """Return a context that commits at its end, and leaves nothing behind on an exception."""
        ...

    def condition(self) -> Condition:
        """Return how the store stands; an empty one where it cannot tell."""
        ...

    def scrub(self, *, whole: bool = False) -> None:
        """Leave no trace of what customers were found by before they were edited or erased.

        With `whole` beyond doubt, whatever it costs.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections; closing twice is no fault."""
        ...
