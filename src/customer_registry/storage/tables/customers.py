"""The customers of one unit of work on tables: documents, and what finds them."""

import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageCorrupt, TamperedRecord
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import CustomerQuery, Found, Key, KeyTaken
from customer_registry.storage.chaining import digested, refuse_another
from customer_registry.storage.grams import tokens
from customer_registry.storage.record import BLIND, Record, Records, called, retired
from customer_registry.storage.tables.journal import last_document
from customer_registry.storage.tables.sealed import Sealed
from customer_registry.storage.tables.searching import counted, found
from customer_registry.storage.tables.statements import (
    BATCH,
    LARGEST,
    Dialect,
    Refused,
    Statements,
    Values,
    further,
)

__all__ = ["Customers"]

_FROM_A_SURROGATE = re.compile("[\ud800-\udfff].*", re.DOTALL)
_FROM_A_NUL = re.compile("\0.*", re.DOTALL)

_BY_ID = "SELECT document FROM customer_registry_customers WHERE id = :id"
_HOLDER = """
SELECT customer.place, customer.document
FROM customer_registry_claims AS claim
JOIN customer_registry_customers AS customer ON customer.place = claim.place
WHERE claim.field = :field AND claim.text = :text
"""
# Of the tables of a CROSS JOIN the first is the outer one, whatever SQLite thinks of it.
_HOLDING = """
SELECT key.place, customer.document
FROM customer_registry_keys AS key
CROSS JOIN customer_registry_customers AS customer
WHERE key.field = :field AND key.text = :text AND customer.place = key.place
ORDER BY key.place
LIMIT :limit
"""
_OLDEST = """
SELECT place, document FROM customer_registry_customers
WHERE place > :after
ORDER BY place
LIMIT :limit
"""
_CODES = """
SELECT text FROM customer_registry_claims
WHERE field = 'code' AND text >= :least AND text > :after
ORDER BY text
LIMIT :limit
"""
_STORED = """
SELECT place, document FROM customer_registry_customers WHERE id = :id AND version = :before
"""
_REPLACE = """
UPDATE customer_registry_customers
SET code = :code, version = :version, document = :document, checksum = :checksum
WHERE id = :id AND version = :before
"""
_CLAIMS = """
SELECT 1 FROM customer_registry_claims AS claim
JOIN customer_registry_customers AS customer ON customer.place = claim.place
WHERE claim.field = :field AND claim.text = :text AND customer.id = :id
"""
_TAKE_BACK = "DELETE FROM customer_registry_customers WHERE place = :place"
_CLAIM = """
INSERT INTO customer_registry_claims (field, text, place) VALUES (:field, :text, :place)
ON CONFLICT DO NOTHING
"""
_UNCLAIM = """
DELETE FROM customer_registry_claims WHERE field = :field AND text = :text AND place = :place
"""
_FIND_BY = """
INSERT INTO customer_registry_keys (field, text, place) VALUES (:field, :text, :place)
"""
_FIND_BY_AT_LAST = """
INSERT INTO customer_registry_keys (field, text, place) VALUES (:field, :text, :place)
ON CONFLICT DO NOTHING
"""
_FIND_NO_MORE = """
DELETE FROM customer_registry_keys WHERE field = :field AND text = :text AND place = :place
"""
_RETIRE = """
UPDATE customer_registry_claims SET field = 'retired_code', text = :digest
WHERE field = 'code' AND text = :code
"""
_RETIRED = "SELECT 1 FROM customer_registry_claims WHERE field = 'retired_code' AND text = :digest"


@attrs.define(eq=False, repr=False)
class Customers:
    """The customers of one unit of work."""

    _statements: Statements
    _sealed: Sealed
    _nobodys: set[Key] = attrs.field(init=False, factory=set)
    """Keys that were looked for in all their forms, and nobody had, since somebody was written."""
    _digests: dict[UUID, tuple[bytes, int]] = attrs.field(init=False, factory=dict)

    @property
    def _dialect(self) -> Dialect:
        return self._statements.dialect

    def get(self, customer_id: UUID) -> Customer | None:
        """Return the customer with this id."""
        row = self._statements.one(_BY_ID, {"id": customer_id.bytes})
        return None if row is None else self._opened(row[0])

    def by_code(self, code: CustomerCode) -> Customer | None:
        """Return the customer with this code, present or former."""
        row = self._statements.one(_HOLDER, {"field": "code", "text": code.text})
        return None if row is None else self._opened(row[1])

    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]:
        """Return the customers found by an exact key, oldest first, all or the first `limit`."""
        held = self._held(key, LARGEST if limit is None else limit)
        return tuple(map(self._opened, held))

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        """Return the ids and names of those whom `holding` gives, without all the rest."""
        return tuple(map(called, self._held(key, limit)))

    def search(self, query: CustomerQuery) -> Found:
        """Return the customers that answer a query, newest first."""
        return found(self._statements, self._opened, query)

    def count(self, query: CustomerQuery) -> int:
        """Return how many customers answer a query."""
        return counted(self._statements, self._opened, query)

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        """Keep a new customer and claim its unique keys; raises KeyTaken and keeps nothing."""
        records = self._sealed.records
        record, owns = records.recorded(customer), records.claimed(customer, claims)
        self._refuse_taken_otherwise(records, owns, None)
        place = self._statements.add(self._dialect.add, _values(customer, record))
        if place is None:
            raise self._taken(owns.items(), None) or Refused("the customer is there already")
        try:
            self._claim_all(place, owns.values())
        except Refused as refusal:
            self._leave_out(place, owns.values())
            raise self._taken(owns.items(), None) or refusal from refusal
        self._statements.change_many(_FIND_BY, _at(place, record.keys))
        self._index(place, record.tokens)
        self._keep_digest(customer.id, record)

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        """Keep a new version of a customer; raises KeyTaken.

        False, and nothing done, unless the stored version is its direct predecessor.
        """
        before = customer.version - 1
        row = self._statements.one(_STORED, {"id": customer.id.bytes, "before": before})
        if row is None:
            return False
        (place, document), records = row, self._sealed.records
        self._refuse_another(customer.id, document)
        record, owns = records.recorded(customer, document), records.claimed(customer, claims)
        old = records.opened(document)
        self._refuse_taken_otherwise(records, owns, place)
        values = {**_values(customer, record), "before": before}
        traces = records.traces(old)
        if not self._written_over(place, values, traces, owns):
            return False
        stay = traces & record.keys if records.is_settled else frozenset[Key]()
        self._statements.change_many(_FIND_NO_MORE, _at(place, traces - stay))
        self._statements.change_many(_FIND_BY, _at(place, record.keys - stay))
        self._reindex(place, tokens(old), record.tokens)
        self._keep_digest(customer.id, record)
        return True

    def reseal(self, customer: Customer) -> bool:
        """Write a customer's version anew, its sensitive fields sealed with the settled key.

        What finds it goes over to the settled index key. True where the document changed.
        """
        version = customer.version
        row = self._statements.one(_STORED, {"id": customer.id.bytes, "before": version})
        if row is None:
            return False
        (place, document), records = row, self._sealed.records
        self._refuse_another(customer.id, document)
        record, old = records.recorded(customer, document, anew=True), records.opened(document)
        for key, written in records.blinded(customer).items():
            forms = [each for each in records.sought(key) if each != written]
            self._go_over(place, forms, written)
        self._reindex(place, tokens(old), record.tokens)
        if record.document == document:
            return False
        self._statements.change(_REPLACE, {**_values(customer, record), "before": version})
        self._keep_digest(customer.id, record)
        return True

    def unclaimed(self, customer: Customer, keys: Iterable[Key]) -> frozenset[Key]:
        """Return those of a customer's keys that he does not claim, as far as they can be told."""
        records = self._sealed.records
        return frozenset(
            key
            for key in keys
            if records.can_compare(key.field)
            and not any(self._claims(customer, form) for form in records.sought(key))
        )

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        """Yield every customer with its place, oldest first, from beyond a place."""
        after = min(after, LARGEST)
        while rows := self._statements.all(_OLDEST, {"after": after, "limit": BATCH}):
            for place, document in rows:
                yield place, self._opened(document)
            after = further(rows[-1][0], after)

    def codes(self, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the codes, present and former, that begin with a prefix, from beyond `after`."""
        least, after = _spellable(prefix, "\ue000"), _spellable(after, "\ud7ff\U0010ffff")
        while rows := self._statements.all(
            _CODES, {"least": least, "after": after, "limit": BATCH}
        ):
            for (code,) in rows:
                if not isinstance(code, str):
                    raise StorageCorrupt("a stored code cannot be read")
                if not code.startswith(prefix):
                    return
                yield code
            after = further(rows[-1][0], after)

    def retire(self, code: CustomerCode) -> None:
        """Let a former code find nobody, and be nobody's again; only a digest of it stays."""
        self._statements.change(_RETIRE, {"code": code.text, "digest": retired(code)})

    def is_retired(self, code: CustomerCode) -> bool:
        """Return whether a code was retired."""
        return self._statements.one(_RETIRED, {"digest": retired(code)}) is not None

    def written(self, customer_id: UUID) -> bytes | None:
        """Return the digest of the document that this unit wrote of a customer, once."""
        digest, taken_back = self._digests.pop(customer_id, (None, 0))
        if digest is None or taken_back == self._statements.taken_back:
            return digest
        row = self._statements.one(_BY_ID, {"id": customer_id.bytes})
        return None if row is None else digested(row[0])

    def _opened(self, document: bytes) -> Customer:
        """Return the customer of a document; the journal tells whether a custom value was sealed.

        Raises TamperedRecord.
        """
        records = self._sealed.reading
        customer = records.opened(document)
        if records.cannot_tell(customer):
            try:
                self._refuse_another(customer.id, document)
            except TamperedRecord:
                if self._is_stored(customer.id, document):  # or else somebody else wrote meanwhile
                    raise
        return customer

    def _is_stored(self, customer_id: UUID, document: bytes) -> bool:
        row = self._statements.one(_BY_ID, {"id": customer_id.bytes})
        return row is not None and row[0] == document

    def _refuse_another(self, customer_id: UUID, document: bytes) -> None:
        """Raise TamperedRecord for a document that no act wrote, unless this unit did."""
        if customer_id not in self._digests:
            refuse_another(document, last_document(self._statements, customer_id))

    def _claims(self, customer: Customer, form: Key) -> bool:
        values = {"field": form.field, "text": form.text, "id": customer.id.bytes}
        return self._statements.one(_CLAIMS, values) is not None

    def _keep_digest(self, customer_id: UUID, record: Record) -> None:
        self._digests[customer_id] = digested(record.document), self._statements.taken_back

    def _held(self, key: Key, limit: int) -> Iterable[bytes]:
        """Return the documents that a key finds in any form it may be written in, oldest first."""
        values = {"field": key.field, "limit": limit}
        forms = self._sealed.records.sought(key) if key.field in BLIND else (key,)
        found: dict[int, bytes] = {}
        for form in forms:
            found.update(self._statements.all(_HOLDING, {**values, "text": form.text}))
        if not found:
            self._nobodys.add(key)
        return [found[place] for place in sorted(found)[:limit]]

    def _go_over(self, place: int, forms: Iterable[Key], written: Key) -> None:
        """Let a key of a customer be written in one form, in the place of all others."""
        for key in _at(place, forms):
            if self._statements.change(_UNCLAIM, key):
                self._claim_all(place, [written])
            self._statements.change(_FIND_NO_MORE, key)
        self._statements.change_many(_FIND_BY_AT_LAST, _at(place, [written]))

    def _refuse_taken_otherwise(
        self, records: Records, owns: Mapping[Key, Key], place: int | None
    ) -> None:
        """Raise KeyTaken for a key that another customer claims in another form."""
        for key, written in owns.items():
            is_sure = key.field not in BLIND or key in self._nobodys
            forms = () if is_sure else records.sought(key)
            taken = self._taken([(key, form) for form in forms if form != written], place)
            if taken is not None:
                raise taken
        self._nobodys.clear()

    def _reindex(self, place: int, old: frozenset[str], new: frozenset[str]) -> None:
        """Let other tokens find a customer; an index without a copy has to be told the old ones."""
        if old != new:
            values = {"place": place, "tokens": self._dialect.joined(old)}
            self._statements.change(self._dialect.unindex, values)
            self._index(place, new)

    def _index(self, place: int, found: Iterable[str]) -> None:
        values = {"place": place, "tokens": self._dialect.joined(found)}
        self._statements.change(self._dialect.index, values)

    def _claim_all(self, place: int, claims: Collection[Key]) -> None:
        """Claim keys for a customer; raises Refused where another has one of them."""
        if self._statements.change_many(_CLAIM, _at(place, claims)) != len(claims):
            raise Refused("a key is claimed by another customer")

    def _written_over(
        self, place: int, values: Values, traces: Iterable[Key], owns: Mapping[Key, Key]
    ) -> bool:
        """Replace a customer's row and claims; False where it has another version by now."""
        try:
            with self._statements.savepoint():
                if self._statements.change(_REPLACE, values) != 1:
                    return False
                self._statements.change_many(_UNCLAIM, _at(place, [*traces, *owns.values()]))
                self._claim_all(place, owns.values())
        except Refused as refusal:
            raise self._taken(owns.items(), place) or refusal from refusal
        return True

    def _leave_out(self, place: int, claims: Iterable[Key]) -> None:
        """Take back a customer of whom a claim was refused: cheaper than a savepoint for all."""
        self._statements.change_many(_UNCLAIM, _at(place, claims))
        self._statements.change(_TAKE_BACK, {"place": place})

    def _taken(self, owns: Iterable[tuple[Key, Key]], place: int | None) -> KeyTaken | None:
        """Return which of the keys, in its written form, belongs to whom; None for none."""
        for key, written in owns:
            row = self._statements.one(_HOLDER, {"field": written.field, "text": written.text})
            if row is not None and row[0] != place:
                return KeyTaken(key, self._opened(row[1]))
        return None


def _values(customer: Customer, record: Record) -> Values:
    return {
        "id": customer.id.bytes,
        "code": customer.code.text,
        "version": customer.version,
        "document": record.document,
        "checksum": zlib.crc32(record.document),
    }


def _at(place: int, keys: Iterable[Key]) -> list[Values]:
    return [{"field": key.field, "text": key.text, "place": place} for key in keys]


def _spellable(text: str, instead: str) -> str:
    """Return a text that the same codes come behind; none of them holds a surrogate, or a NUL."""
    return _FROM_A_NUL.sub("", _FROM_A_SURROGATE.sub(instead, text))
