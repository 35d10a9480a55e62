"""What tables show of themselves to an inspection."""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import KeyUnavailable, StorageCorrupt, TamperedRecord
from customer_registry.repository import Disagreement, Inspected, StoredReceipt
from customer_registry.storage.chaining import digested
from customer_registry.storage.confided import receipts_unlike
from customer_registry.storage.inspecting import Item, Row, inspected, part
from customer_registry.storage.record import Record, Records
from customer_registry.storage.tables.edits import unlike
from customer_registry.storage.tables.receipts import read_receipt
from customer_registry.storage.tables.sealed import Sealed
from customer_registry.storage.tables.statements import BATCH, Statements, further
from customer_registry.storage.tables.statements import Row as Columns

__all__ = ["Asked", "Tables", "inspected_tables"]

_OWN = 0.2
"""The share of the database's own checks."""

_LAST = "SELECT max(place) FROM customer_registry_customers"


@attrs.frozen(kw_only=True)
class Asked:
    """How a database is asked for what may be damaged: texts as bytes, None for another type.

    `rows` gives place, id, code, version, document, checksum, whether all have their types; `keys`
    field, text, place; `codes` text, place; `unfounded` field and place of claims that nobody has a
    key for; `receipts` actor, key, salt, digest, customer, version, issues, time, and whether their
    customer is there.
    """

    rows: str
    keys: str
    codes: str
    unfounded: str
    receipts: str


@attrs.frozen(eq=False, repr=False)
class Tables(ABC):
    """The tables of one unit of work, as an inspection asks for them."""

    statements: Statements
    _records: Records
    _asked: Asked

    def can_compare(self, field: str) -> bool:
        """Return whether the keys of a field follow from the customers, with what is at hand."""
        return self._records.can_compare(field)

    def due(self, customer: Customer) -> Record:
        """Return what ought to find a customer."""
        return self._records.due(customer)

    @abstractmethod
    def faults(self) -> Iterator[Inspected]:
        """Yield what the database's own checks say, and how the schema differs from ours."""

    @abstractmethod
    def tokens(self) -> Iterator[Item]:
        """Yield what search goes by: token, place."""

    @abstractmethod
    def unfound_words(self) -> Iterator[Inspected]:
        """Yield that words are kept which a search does not find."""

    def last(self) -> int:
        """Return the place of the newest customer, 0 for none."""
        ((last,),) = self.statements.all(_LAST)
        return last or 0

    def rows(self, after: int, last: int) -> Iterator[Row]:
        """Yield the customers beyond a place, up to the last."""
        values = {"after": after, "last": last, "limit": BATCH}
        while rows := self.statements.all(self._asked.rows, values):
            yield from (_row(columns, self._records) for columns in rows)
            values["after"] = further(rows[-1][0], values["after"])

    def keys(self) -> Iterable[Item]:
        """Yield the exact keys: field, text, place."""
        return self.statements.each(self._asked.keys)

    def claimed_codes(self) -> Iterable[Item]:
        """Yield the claimed codes: text, place."""
        return self.statements.each(self._asked.codes)

    def unfounded_claims(self) -> Iterator[Inspected]:
        """Yield the claims of keys that nobody has."""
        for field, place in self.statements.all(self._asked.unfounded):
            where = f"place {place}: {_shown(field)}"
            yield Inspected(share=1.0, found=(Disagreement("claim.left_over", where),))

    def unsound_receipts(self) -> Iterator[Inspected]:
        """Yield the receipts that cannot be read, have no customer, or are not as sealed."""
        for actor, key, *row, is_there in self.statements.each(self._asked.receipts):
            where = f"{_shown(actor)}: {_shown(key)}"
            receipt = _receipt(_shown(actor), _shown(key), row)
            if receipt is None:
                found: tuple[Disagreement, ...] = (Disagreement("receipt.unreadable", where),)
            elif not is_there:
                found = (Disagreement("receipt.orphaned", where),)
            else:
                found = tuple(receipts_unlike((receipt,), self._records))
            if found:
                yield Inspected(share=0.5, found=found)


def inspected_tables(tables: Tables, sealed: Sealed) -> Iterator[Inspected]:
    """Yield what a database says of itself, every customer, and what does not agree with it."""
    yield from part("standing", partial(_standing, sealed), share=0.0)
    yield from part("file", tables.faults, share=_OWN)
    for step in inspected(tables):
        yield attrs.evolve(step, share=_OWN + (0.95 - _OWN) * step.share)
    yield from part("claims", tables.unfounded_claims, start=0.95, share=0.0)
    yield from part("search", tables.unfound_words, start=0.95, share=0.03)
    yield from part("edits", partial(unlike, tables.statements, sealed), start=0.98, share=0.0)
    yield from part("receipts", tables.unsound_receipts, start=0.98, share=0.02)


def _standing(sealed: Sealed) -> Iterator[Inspected]:
    yield Inspected(share=1.0, found=sealed.disagreements())


def _row(columns: Columns, records: Records) -> Row:
    place, own, code, version, document, checksum, typed = columns
    label = _shown(code)
    customer_id = UUID(bytes=own) if own is not None and len(own) == 16 else None  # noqa: PLR2004
    customer = _opened(document, checksum, records)
    if isinstance(customer, str):
        return Row(place=place, label=label, id=customer_id, found=(Disagreement(customer, label),))
    agrees = typed and _agrees(customer, customer_id, code, version)
    found = () if agrees else (Disagreement("customer.row", label),)
    return Row(
        place=place,
        label=label,
        id=customer_id,
        customer=customer,
        document=digested(document),
        found=found,
    )


def _opened(document: bytes, checksum: object, records: Records) -> Customer | str:
    """Return the customer of a document, or the word for why it cannot be trusted."""
    try:
        customer = records.opened(document)
    except KeyUnavailable:
        return "customer.unopened"
    except TamperedRecord:
        return "customer.altered"
    except StorageCorrupt:
        return "customer.unreadable"
    return customer if zlib.crc32(document) == checksum else "customer.altered"


def _agrees(customer: Customer, own: UUID | None, code: bytes, version: object) -> bool:
    return (customer.id, customer.code.text.encode(), customer.version) == (own, code, version)


def _receipt(actor: str, key: str, row: Sequence[object]) -> StoredReceipt | None:
    *parts, at = row
    if not all(isinstance(each, bytes) for each in row[:3]):
        return None
    try:
        return read_receipt(actor, key, (*parts, _shown(at)))
    except StorageCorrupt:
        return None


def _shown(written: object) -> str:
    return written.decode(errors="replace") if isinstance(written, bytes) else "?"
