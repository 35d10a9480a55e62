"""The ports: what a registry asks of a store, and nothing of how a store does it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias
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
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier

if TYPE_CHECKING:
    from customer_registry.sealing.sealer import Sealer

__all__ = [
    "IMPORT",
    "KINDS",
    "Condition",
    "CustomerQuery",
    "Customers",
    "Disagreement",
    "Durability",
    "Edits",
    "Found",
    "Inspected",
    "Journal",
    "Key",
    "KeyTaken",
    "Page",
    "Part",
    "Receipt",
    "Receipts",
    "Repository",
    "StoredReceipt",
    "UnitOfWork",
    "WaitingEdit",
    "keys_of",
    "lacking",
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
    def of(cls, value: "KeyedValue | Masked") -> Self | None:
        """Return the key a value is found by; None for what identifies nobody: a short code."""
        if isinstance(value, Masked) or isinstance(getattr(value, "number", None), Masked):
            return None
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
    values: list[KeyedValue | Masked] = [
        *customer.phones,
        *customer.emails,
        *customer.tax_identifiers,
    ]
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
    """What a store found: customers, newest first, and the place of the last where more follow.

    `places` are those of all of them.
    """

    customers: tuple[Customer, ...] = ()
    last: int | None = None
    places: tuple[int, ...] = attrs.field(default=(), eq=False)


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

    @property
    def waiting(self) -> UUID | None:
        """The id of the edit that waits for a second person, None where nothing waits."""
        said = (issue for issue in self.report.issues if issue.code == "approval.waiting")
        return next((UUID(str(issue.params["edit"])) for issue in said), None)

    def message(self, language: str = "zh") -> str:
        """Return the sentence that tells the clerk: `保存成功，客户编码：C000001`.

        Of an edit that waits for a second person, that it does.
        """
        code = "saved" if self.waiting is None else "submitted"
        return self.report.sentence(code, {"code": self.customer.code}, language)


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


@attrs.frozen(kw_only=True)
class WaitingEdit:
    """An edit that waits for a second person: the fields as a form shows them, by whom and when.

    `version` is the one that was read, `until` when nobody may approve it any more.
    """

    id: UUID
    customer_id: UUID
    version: int
    actor: str
    at: datetime
    until: datetime
    fields: Mapping[str, object] = attrs.field(repr=False)


KINDS = (
    "link",
    "customer",
    "key",
    "claim",
    "range",
    "reservation",
    "receipt",
    "pending",
)
"""The kinds of rows that a store keeps, in the order in which they travel."""


@attrs.frozen
class Part:
    """A row of what a store keeps, as any other store takes it: its kind, and plain values.

    First comes `meta`: the store's identity, with which key it is sealed, its last place. Then a
    `count` for each of KINDS: the kind, how many follow. Then all rows, kind by kind: `link`
    number, customer, chain, salt, body, body digest, digest; `customer` place, document as stored;
    `key` and `claim` field, text, place; `range` name, last number; `reservation` code, owner, at,
    until, range, number, released; `receipt` actor, key, salt, digest, customer, version, issues,
    at; `pending` id, customer, version, actor, at, until, content.

    Ids are their sixteen bytes, times texts in UTC that sort as time does. Rows of a kind are in
    the order of the values that tell them apart, texts by code points, so that two stores that keep
    the same give the same.
    """

    kind: str
    content: tuple[str | int | bytes | None, ...] = attrs.field(repr=False)


def _as_tuple(flaws: Iterable[str]) -> tuple[str, ...]:
    return tuple(flaws)


@attrs.frozen(kw_only=True)
class Condition:
    """How a store stands, as far as it can tell; what does not apply to it is None.

    `engine` is what keeps the data, with its version; `flaws` are faults known of that version that
    this store is exposed to, `wal_reset`, or of how its server is set, `no_fsync`, `torn_pages`.
    `wal_bytes` is what a write-ahead log holds, `free_bytes` the room left where the data lies.
    `checked` is when a verification last found nothing wrong.
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
    `store.unreadable` a part that could not be read. Of how it is sealed: `store.unsealed` one that
    was and does not say so any more, `store.sealed_before` one that says what it said earlier,
    `store.unopened` one whose keys the keyring lacks.

    Of the customers: `customer.unreadable` a document that is none, `customer.altered` one that is
    not as it was written, `customer.row` one that its own id, code or version does not agree with,
    `customer.unjournalled` a customer whose version no entry wrote, `customer.replaced` one whose
    document is another than the one that its entry wrote, `customer.missing` one that entries tell
    of and nobody keeps, `customer.unopened` one with an envelope under a key that nobody knows.

    Of what finds them: `key.missing` and `key.left_over`, of phones, names, numbers; `code.missing`
    and `code.left_over`, of codes; `claim.left_over`, of a key that the customer claims and has
    not, `claim.missing`, of one that only he may have and does not claim; `search.missing` and
    `search.left_over`, of words; `search.unfound` words that are there and are not found.

    Of the journal: `journal.broken` an entry that was changed or moved, `journal.head` a journal
    that was cut, `journal.body_missing` a body gone without an erasure that names it,
    `journal.unreadable`, `journal.version` an entry whose version is not the one after the
    customer's last, `journal.unkeyed` entries without a key from where the store has one on,
    `journal.key_back` entries with an older key after a newer one,
    `journal.unverified` entries whose key is not here, so that nobody can tell. Held against heads
    that were kept elsewhere: `journal.rolled_back` entries that are gone from the end,
    `journal.rewritten` entries in the place of others.

    Of the edits that wait: `edit.unfounded` one that nobody submitted as it waits, or that was
    rejected or withdrawn since, `edit.altered` one that is not as it was sealed, `edit.unopened`
    one under a key that nobody knows.

    Of the rest: `receipt.unreadable`, `receipt.orphaned` a receipt of a customer, or of a version,
    that is not there, `receipt.altered` one that is not as it was sealed, `receipt.unopened` one
    under a key that nobody knows, `numbers.gap` numbers that no customer, no reservation and no
    act explains although the rule has no gaps, `numbers.ahead` a counter beyond all that is
    explained, `numbers.behind` one below the codes that it gave, `numbers.unreadable`.
    """

    code: str
    where: str


@attrs.frozen(kw_only=True)
class Inspected:
    """A step of an inspection: the customer that was read, what was found, the share that is done.

    `id` is the row's own, for a customer that cannot be read, `document` the SHA-256 of its
    document as it is stored.
    """

    share: float
    id: UUID | None = None
    customer: Customer | None = None
    document: bytes | None = None
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

        Returns False, and does nothing, unless the stored one is its direct predecessor. Raises
        TamperedRecord where that is not stored as the last entry about it tells: see `Inspected`.
        """
        ...

    def unclaimed(self, customer: Customer, keys: Iterable[Key]) -> frozenset[Key]:
        """Return those of a customer's keys that he does not claim.

        Those that nobody can look for without keys, or amid a rotation, are not among them.
        """
        ...

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        """Yield every customer with its place, oldest first, from beyond a place."""
        ...

    def codes(self, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the codes, present and former, that begin with `prefix`, from beyond `after`.

        They come in the order of their code points. Retired ones are not among them.
        """
        ...

    def reseal(self, customer: Customer) -> bool:
        """Keep the same version of a customer, sealed and indexed with the keys settled on.

        True where its document changed, of which an entry is to tell in the same transaction.
        False, and nothing done, unless this version is the stored one. Raises KeyUnavailable, and
        TamperedRecord as `replace` does.
        """
        ...

    def retire(self, code: CustomerCode) -> None:
        """Let a former code find nobody, and be nobody's again; only a digest of it stays."""
        ...

    def is_retired(self, code: CustomerCode) -> bool:
        """Return whether a code was retired."""
        ...


class Journal(Protocol):
    """The journal of one unit of work."""

    def append(self, entry: JournalEntry) -> JournalEntry:
        """Chain an entry to the head; returns it with its number.

        Where this unit has written the customer that it is about, what is stored holds the digest
        of that document as well: see `Inspected`.
        """
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

    @property
    def is_keyed(self) -> bool:
        """Whether new entries are chained with a key, which only who has it can do."""
        ...

    def holds(self, link: Link, previous: bytes) -> bool | None:
        """Return whether a link follows the one whose digest is `previous`, and is as written.

        None where only the key that it was chained with could tell, and that is not here.
        """
        ...

    def erase(self, customer_id: UUID) -> tuple[int, ...]:
        """Take the bodies of all of a customer's entries; returns their numbers.

        The chain still holds. An entry `erased` is to name them in the same transaction.
        """
        ...


class Receipts(Protocol):
    """The receipts of one unit of work."""

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        """Return the receipt of an actor's idempotency key."""
        ...

    def add(self, receipt: StoredReceipt) -> None:
        """Keep a receipt."""
        ...

    def reseal(self, after: tuple[str, str] = ("", "")) -> tuple[str, str] | None:
        """Seal some receipts beyond one, by actor and key, with the keys settled on.

        Returns the last of them, None at the end.
        """
        ...

    def prune(self, before: datetime, *, keep_actor: str) -> int:
        """Forget receipts older than a time, those of one actor apart; returns how many."""
        ...

    def of(self, customer_id: UUID) -> tuple[StoredReceipt, ...]:
        """Return the receipts about a customer, oldest first."""
        ...

    def forget(self, customer_id: UUID, codes: Iterable[CustomerCode]) -> None:
        """Drop the receipts about a customer, and what others say of one with these codes."""
        ...


class Edits(Protocol):
    """The edits of one unit of work that wait for a second person."""

    def add(self, edit: WaitingEdit) -> None:
        """Keep an edit; a sealed store seals what it says."""
        ...

    def get(self, edit_id: UUID) -> WaitingEdit | None:
        """Return the edit with this id."""
        ...

    def of(self, customer_id: UUID | None = None) -> tuple[WaitingEdit, ...]:
        """Return the edits that wait, of a customer or all, oldest first."""
        ...

    def listed(self) -> tuple[WaitingEdit, ...]:
        """Return all edits that wait without their fields, which takes no key, oldest first."""
        ...

    def drop(self, edit_id: UUID) -> None:
        """Drop an edit, if it is there."""
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

    @property
    def edits(self) -> Edits:
        """The edits that wait for a second person."""
        ...

    @property
    def sealer(self) -> "Sealer":
        """The keys of this repository; those of a store without keys seal nothing."""
        ...

    @property
    def sealing(self) -> str | None:
        """What the store says of how it is sealed; None where nothing is."""
        ...

    def keep_sealing(self, said: str) -> None:
        """Let the store say how it is sealed from now on."""
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

    def parts(self) -> Iterator[Part]:
        """Yield everything that the store keeps; raises StorageCorrupt for what cannot be read.

        Sealed fields stay sealed, erased bodies erased. Search tokens and the time of the last
        verification are no parts: they are made anew.
        """
        ...

    def put(self, parts: Iterable[Part]) -> None:
        """Keep everything that another store gave, its identity as well.

        The rest of this unit goes on with it. Raises StorageUnavailable for a store that holds
        something already, StorageCorrupt for parts that are none of a store.
        """
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

    def after_commit(self, call: Callable[[], tuple[Issue, ...]]) -> tuple[Issue, ...]:
        """Call what is to follow the unit that was written last, and return what it found.

        At once, for a store whose units commit. One that has joined a host's transaction keeps it
        until the host says that it committed, and returns nothing.
        """
        ...

    def snapshot(self) -> AbstractContextManager[UnitOfWork]:
        """Return a context that reads the store as it is now, for as long as it takes.

        Writers do not wait meanwhile; writing in it is a StorageUnavailable.
        """
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


def lacking(made: object, port: type) -> tuple[str, ...]:
    """Return the members of a port that an object has not, by their names.

    >>> lacking(object(), Repository)[:3]
    ('after_commit', 'close', 'condition')
    """
    members = (name for name in dir(port) if not name.startswith("_"))
    return tuple(name for name in members if not (hasattr(type(made), name) or hasattr(made, name)))
