"""One unit of work on a SQLite file: its customers, number ranges, journal and receipts."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.journal import GENESIS, JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import (
    CustomerQuery,
    Found,
    Key,
    KeyTaken,
    StoredReceipt,
    keys_of,
)
from customer_registry.storage.grams import Wanted, tokens, wanted
from customer_registry.storage.record import opened, recorded
from customer_registry.storage.sqlite.errors import Refused
from customer_registry.storage.sqlite.statements import Row, Statements, Values
from customer_registry.storage.wire import read_entry, read_issues, write_entry, write_issues

__all__ = ["Work"]

_LARGEST = 2**63 - 1
_BATCH = 200
_MOST_TERMS = 24
"""As many tokens as FTS5 is asked for; the others of a long text are looked for in the document."""


@attrs.define(eq=False, repr=False)
class Work:
    """One transaction, or one reading snapshot."""

    _statements: Statements
    _salt: Callable[[int], bytes]

    @property
    def customers(self) -> "Customers":
        """The customers."""
        return Customers(self._statements)

    @property
    def numbers(self) -> "Numbers":
        """The number ranges."""
        return Numbers(self._statements)

    @property
    def journal(self) -> "Journal":
        """The journal."""
        return Journal(self._statements, self._salt)

    @property
    def receipts(self) -> "Receipts":
        """The receipts."""
        return Receipts(self._statements)

    @contextmanager
    def savepoint(self) -> Generator[None, None, None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        with self._statements.savepoint():
            yield


_BY_ID = "SELECT document FROM customer_registry_customers WHERE id = :id"
_HOLDER = """
SELECT customer.place, customer.document
FROM customer_registry_claims AS claim
CROSS JOIN customer_registry_customers AS customer ON customer.place = claim.place
WHERE claim.field = :field AND claim.text = :text
"""
_HOLDING = """
SELECT customer.document
FROM customer_registry_keys AS key
CROSS JOIN customer_registry_customers AS customer ON customer.place = key.place
WHERE key.field = :field AND key.text = :text
ORDER BY key.place
LIMIT :limit
"""
_SEARCH = """
SELECT customer.place, customer.document
FROM customer_registry_search AS search
CROSS JOIN customer_registry_customers AS customer ON customer.place = search.rowid
WHERE customer_registry_search MATCH :match AND search.rowid < :before
ORDER BY search.rowid DESC
LIMIT :limit
"""
_NEWEST = """
SELECT place, document FROM customer_registry_customers
WHERE place < :before
ORDER BY place DESC
LIMIT :limit
"""
_OLDEST = """
SELECT place, document FROM customer_registry_customers
WHERE place > :after
ORDER BY place
LIMIT :limit
"""
_ADD = """
INSERT INTO customer_registry_customers (id, code, version, document)
VALUES (:id, :code, :version, :document)
"""
_STORED = """
SELECT place, document FROM customer_registry_customers WHERE id = :id AND version = :before
"""
_REPLACE = """
UPDATE customer_registry_customers
SET code = :code, version = :version, document = :document
WHERE id = :id AND version = :before
"""
_CLAIM = """
INSERT INTO customer_registry_claims (field, text, place) VALUES (:field, :text, :place)
"""
_UNCLAIM = """
DELETE FROM customer_registry_claims WHERE field = :field AND text = :text AND place = :place
"""
_FIND_BY = """
INSERT INTO customer_registry_keys (field, text, place) VALUES (:field, :text, :place)
"""
_FIND_NO_MORE = """
DELETE FROM customer_registry_keys WHERE field = :field AND text = :text AND place = :place
"""
_INDEX = "INSERT INTO customer_registry_search (rowid, tokens) VALUES (:place, :tokens)"
_UNINDEX = """
INSERT INTO customer_registry_search (customer_registry_search, rowid, tokens)
VALUES ('delete', :place, :tokens)
"""


@attrs.define(eq=False, repr=False)
class Customers:
    """The customers of one unit of work."""

    _statements: Statements

    def get(self, customer_id: UUID) -> Customer | None:
        """Return the customer with this id."""
        row = self._statements.one(_BY_ID, {"id": customer_id.bytes})
        return None if row is None else opened(row[0])

    def by_code(self, code: CustomerCode) -> Customer | None:
        """Return the customer with this code, present or former."""
        row = self._statements.one(_HOLDER, {"field": "code", "text": code.text})
        return None if row is None else opened(row[1])

    def holding(self, key: Key, limit: int | None = None) -> tuple[Customer, ...]:
        """Return the customers found by an exact key, oldest first, all or the first `limit`."""
        values = {
            "field": key.field,
            "text": key.text,
            "limit": _LARGEST if limit is None else limit,
        }
        return tuple(opened(document) for (document,) in self._statements.all(_HOLDING, values))

    def search(self, query: CustomerQuery) -> Found:
        """Return the customers that answer a query, newest first."""
        asked = wanted(query)
        if asked is None:
            return Found()
        found: list[tuple[int, Customer]] = []
        for place, customer in self._candidates(asked, query):
            if len(found) == query.limit:
                return Found(tuple(each for _, each in found), found[-1][0])
            found.append((place, customer))
        return Found(tuple(customer for _, customer in found))

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        """Keep a new customer and claim its unique keys; raises KeyTaken and keeps nothing."""
        record = recorded(customer)
        owned = _owned(customer, claims)
        values = _values(customer, record.document)
        try:
            with self._statements.savepoint():
                place = self._statements.change(_ADD, values).lastrowid or 0
                self._statements.change_many(_CLAIM, _at(place, owned))
        except Refused as refusal:
            raise self._taken(owned, None) or refusal from refusal
        self._statements.change_many(_FIND_BY, _at(place, record.keys))
        self._statements.change(_INDEX, {"place": place, "tokens": _joined(record.tokens)})

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        """Keep a new version of a customer; raises KeyTaken.

        False, and nothing done, unless the stored version is its direct predecessor.
        """
        record = recorded(customer)
        values = {**_values(customer, record.document), "before": customer.version - 1}
        row = self._statements.one(_STORED, {"id": values["id"], "before": values["before"]})
        if row is None:
            return False
        place, old = row[0], opened(row[1])
        old_keys, owned = keys_of(old), _owned(customer, claims)
        try:
            with self._statements.savepoint():
                if self._statements.change(_REPLACE, values).rowcount != 1:
                    return False
                self._statements.change_many(_UNCLAIM, _at(place, [*old_keys, *owned]))
                self._statements.change_many(_CLAIM, _at(place, owned))
        except Refused as refusal:
            raise self._taken(owned, place) or refusal from refusal
        self._statements.change_many(_FIND_NO_MORE, _at(place, old_keys - record.keys))
        self._statements.change_many(_FIND_BY, _at(place, record.keys - old_keys))
        self._reindex(place, tokens(old), record.tokens)
        return True

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        """Yield every customer with its place, oldest first, from beyond a place."""
        after = min(after, _LARGEST)
        while rows := self._statements.all(_OLDEST, {"after": after, "limit": _BATCH}):
            for place, document in rows:
                yield place, opened(document)
            after = rows[-1][0]

    def _reindex(self, place: int, old: frozenset[str], new: frozenset[str]) -> None:
        """Let other tokens find a customer; without a copy FTS5 has to be told the old ones."""
        if old != new:
            self._statements.change(_UNINDEX, {"place": place, "tokens": _joined(old)})
            self._statements.change(_INDEX, {"place": place, "tokens": _joined(new)})

    def _taken(self, owned: Iterable[Key], place: int | None) -> KeyTaken | None:
        """Return which of the keys belongs to whom, if it was a key that was refused."""
        for key in owned:
            row = self._statements.one(_HOLDER, {"field": key.field, "text": key.text})
            if row is not None and row[0] != place:
                return KeyTaken(key, opened(row[1]))
        return None

    def _candidates(self, asked: Wanted, query: CustomerQuery) -> Iterator[tuple[int, Customer]]:
        """Yield who answers, newest first, a page and one more at a time."""
        terms, rest = _split(asked)
        sql = _SEARCH if terms else _NEWEST
        limit = min(query.limit + 1, _BATCH if rest else _LARGEST)
        before = _LARGEST if query.before is None else min(query.before, _LARGEST)
        values = {"match": " AND ".join(terms), "limit": limit, "before": before}
        while rows := self._statements.all(sql, values):
            for place, document in rows:
                customer = opened(document)
                if rest is None or _stands_in(rest, customer):
                    yield place, customer
            if len(rows) < limit:
                return
            values["before"] = rows[-1][0]


def _owned(customer: Customer, claims: Iterable[Key]) -> tuple[Key, ...]:
    """Return what only this customer may have, its codes first, each once."""
    codes = (Key("code", code.text) for code in (customer.code, *customer.former_codes))
    return tuple(dict.fromkeys([*codes, *claims]))


def _values(customer: Customer, document: bytes) -> Values:
    return {
        "id": customer.id.bytes,
        "code": customer.code.text,
        "version": customer.version,
        "document": document,
    }


def _at(place: int, keys: Iterable[Key]) -> list[Values]:
    return [{"field": key.field, "text": key.text, "place": place} for key in keys]


def _joined(found: frozenset[str]) -> str:
    return " ".join(found)


def _split(asked: Wanted) -> tuple[list[str], Wanted | None]:
    """Return the terms for FTS5, the longest first, and what is left to look for afterwards."""
    exact = sorted(asked.exact, key=_longest_first)
    room = max(0, _MOST_TERMS - len(asked.prefixes))
    prefixes = sorted(asked.prefixes, key=_longest_first)
    terms = [f"{_quoted(each)}*" for each in prefixes[:_MOST_TERMS]]
    terms += [_quoted(each) for each in exact[:room]]
    left = Wanted(frozenset(exact[room:]), frozenset(prefixes[_MOST_TERMS:]), asked.phrases)
    return terms, None if left == Wanted() else left


def _longest_first(token: str) -> tuple[int, str]:
    return -len(token), token


def _quoted(token: str) -> str:
    """Return a token as FTS5 takes it literally: MATCH reads a language of its own."""
    doubled = token.replace('"', '""')
    return f'"{doubled}"'


def _stands_in(left: Wanted, customer: Customer) -> bool:
    if not left.nothing():
        held = tokens(customer)
        if not left.exact <= held:
            return False
        if not all(any(each.startswith(prefix) for each in held) for prefix in left.prefixes):
            return False
    return left.stands_in(customer)


_NEXT = """
INSERT INTO customer_registry_numbers (range, drawn) VALUES (:range, 1)
ON CONFLICT (range) DO UPDATE SET drawn = drawn + 1
RETURNING drawn
"""
_DRAWN = "SELECT drawn FROM customer_registry_numbers WHERE range = :range"
_RAISE = """
INSERT INTO customer_registry_numbers (range, drawn)
SELECT :range, :number WHERE :number > 0
ON CONFLICT (range) DO UPDATE SET drawn = excluded.drawn WHERE excluded.drawn > drawn
"""
_RANGES = "SELECT range, drawn FROM customer_registry_numbers"


@attrs.define(eq=False, repr=False)
class Numbers:
    """The number ranges of one unit of work."""

    _statements: Statements

    def next(self, name: str) -> int:
        """Return the next number of a range, from 1."""
        ((drawn,),) = self._statements.change(_NEXT, {"range": name}).fetchall()
        return int(drawn)

    def peek(self, name: str) -> int:
        """Return what `next` would return, without taking it."""
        row = self._statements.one(_DRAWN, {"range": name})
        return 1 if row is None else int(row[0]) + 1

    def raise_to(self, name: str, number: int) -> None:
        """Make sure that the range never again gives `number` or a smaller one."""
        self._statements.change(_RAISE, {"range": name, "number": number})

    def ranges(self) -> dict[str, int]:
        """Return every range with the last number drawn."""
        return dict(self._statements.all(_RANGES))


_APPEND = """
INSERT INTO customer_registry_journal (seq, customer, chain, salt, body, body_digest, digest)
VALUES (:seq, :customer, :chain, :salt, :body, :body_digest, :digest)
"""
_HEAD = "SELECT seq, digest FROM customer_registry_journal ORDER BY seq DESC LIMIT 1"
_OF = """
SELECT
    seq, CAST(customer AS BLOB), CAST(chain AS TEXT),
    CAST(salt AS BLOB), CAST(body AS BLOB), CAST(body_digest AS BLOB), CAST(digest AS BLOB)
FROM customer_registry_journal
WHERE customer IS :customer
ORDER BY seq
"""
_SINCE = """
SELECT
    seq, CAST(customer AS BLOB), CAST(chain AS TEXT),
    CAST(salt AS BLOB), CAST(body AS BLOB), CAST(body_digest AS BLOB), CAST(digest AS BLOB)
FROM customer_registry_journal
WHERE seq > :after
ORDER BY seq
LIMIT :limit
"""


@attrs.define(eq=False, repr=False)
class Journal:
    """The journal of one unit of work."""

    _statements: Statements
    _salt: Callable[[int], bytes]

    def append(self, entry: JournalEntry) -> JournalEntry:
        """Chain an entry to the head; returns it with its number."""
        number, previous = self.head()
        link = Link.after(
            previous,
            number=number + 1,
            customer_id=entry.customer_id,
            body=write_entry(entry),
            salt=self._salt(16),
        )
        self._statements.change(_APPEND, _link_values(link))
        return attrs.evolve(entry, number=link.number)

    def of(self, customer_id: UUID) -> tuple[JournalEntry, ...]:
        """Return a customer's entries, oldest first."""
        rows = self._statements.all(_OF, {"customer": customer_id.bytes})
        return tuple(read_entry(_link(row)) for row in rows)

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        """Return entries beyond a number, oldest first."""
        values = {"after": min(number, _LARGEST), "limit": min(limit, _LARGEST)}
        rows = self._statements.all(_SINCE, values)
        return tuple(read_entry(_link(row)) for row in rows)

    def head(self) -> tuple[int, bytes]:
        """Return the number and digest of the last entry; (0, GENESIS) before the first."""
        row = self._statements.one(_HEAD)
        return (0, GENESIS) if row is None else (row[0], row[1])

    def links(self, after: int = 0) -> Iterator[Link]:
        """Yield the entries as stored and chained, oldest first, from beyond a number."""
        after = min(after, _LARGEST)
        while rows := self._statements.all(_SINCE, {"after": after, "limit": _BATCH}):
            yield from map(_link, rows)
            after = rows[-1][0]


def _link_values(link: Link) -> Values:
    return {
        "seq": link.number,
        "customer": link.customer_id.bytes if link.customer_id else None,
        "chain": link.chain,
        "salt": link.salt,
        "body": link.body,
        "body_digest": link.body_digest,
        "digest": link.digest,
    }


def _link(row: Row) -> Link:
    number, customer, chain, salt, body, body_digest, digest = row
    try:
        customer_id = UUID(bytes=customer) if customer else None
    except ValueError as error:
        raise StorageCorrupt(f"journal entry {number} cannot be read") from error
    return Link(
        number=number,
        customer_id=customer_id,
        chain=chain,
        salt=salt,
        body=body,
        body_digest=body_digest,
        digest=digest,
    )


_KEEP_RECEIPT = """
INSERT INTO customer_registry_receipts
    (actor, key, salt, digest, customer, version, issues, at)
VALUES (:actor, :key, :salt, :digest, :customer, :version, :issues, :at)
"""
_RECEIPT = """
SELECT salt, digest, customer, version, issues, at
FROM customer_registry_receipts
WHERE actor = :actor AND key = :key
"""
_PRUNE = "DELETE FROM customer_registry_receipts WHERE at < :before AND actor <> :keep_actor"


@attrs.define(eq=False, repr=False)
class Receipts:
    """The receipts of one unit of work."""

    _statements: Statements

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        """Return the receipt of an actor's idempotency key."""
        row = self._statements.one(_RECEIPT, {"actor": actor, "key": key})
        if row is None:
            return None
        salt, digest, customer, version, issues, at = row
        return StoredReceipt(
            actor=actor,
            key=key,
            salt=salt,
            digest=digest,
            customer_id=UUID(bytes=customer),
            version=version,
            issues=read_issues(issues),
            at=datetime.fromisoformat(at),
        )

    def add(self, receipt: StoredReceipt) -> None:
        """Keep a receipt."""
        values = {
            "actor": receipt.actor,
            "key": receipt.key,
            "salt": receipt.salt,
            "digest": receipt.digest,
            "customer": receipt.customer_id.bytes,
            "version": receipt.version,
            "issues": write_issues(receipt.issues),
            "at": _sortable(receipt.at),
        }
        self._statements.change(_KEEP_RECEIPT, values)

    def prune(self, before: datetime, *, keep_actor: str = "import") -> int:
        """Forget receipts older than a time, those of one actor apart; returns how many."""
        values = {"before": _sortable(before), "keep_actor": keep_actor}
        return self._statements.change(_PRUNE, values).rowcount


def _sortable(at: datetime) -> str:
    """Return a time as text that sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
