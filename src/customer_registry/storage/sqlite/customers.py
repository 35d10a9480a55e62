"""The customers of one unit of work on a SQLite file: documents, and what finds them."""

import re
import zlib
from collections.abc import Iterable, Iterator
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import CustomerQuery, Found, Key, KeyTaken
from customer_registry.storage.grams import Wanted, is_facet, page, wanted
from customer_registry.storage.record import Record, called, opened, owned, recorded
from customer_registry.storage.sqlite.errors import Refused
from customer_registry.storage.sqlite.statements import BATCH, LARGEST, Statements, Values, further

__all__ = ["Customers"]

_MOST_TERMS = 24
"""As many tokens as FTS5 is asked for; the others of a long text are looked for in the document."""

_MOST_PROBES = 8
_FEW = 8
"""As few customers as are sooner read than looked up by all that is asked."""

_FROM_A_SURROGATE = re.compile("[\ud800-\udfff].*", re.DOTALL)

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
_PLACES = """
SELECT rowid FROM customer_registry_search
WHERE customer_registry_search MATCH :match AND rowid < :before
ORDER BY rowid DESC
LIMIT :limit
"""
_COUNT = """
SELECT count(*) FROM customer_registry_search WHERE customer_registry_search MATCH :match
"""
_COUNT_ALL = "SELECT count(*) FROM customer_registry_customers"
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
_CODES = """
SELECT text FROM customer_registry_claims
WHERE field = 'code' AND text >= :least
ORDER BY text
LIMIT :limit
"""
_ADD = """
INSERT INTO customer_registry_customers (id, code, version, document, checksum)
VALUES (:id, :code, :version, :document, :checksum)
"""
_STORED = """
SELECT place, document FROM customer_registry_customers WHERE id = :id AND version = :before
"""
_REPLACE = """
UPDATE customer_registry_customers
SET code = :code, version = :version, document = :document, checksum = :checksum
WHERE id = :id AND version = :before
"""
_TAKE_BACK = "DELETE FROM customer_registry_customers WHERE place = :place"
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
        return tuple(map(opened, self._held(key, LARGEST if limit is None else limit)))

    def called(self, key: Key, limit: int) -> tuple[tuple[UUID, str], ...]:
        """Return the ids and names of those whom `holding` gives, without all the rest."""
        return tuple(map(called, self._held(key, limit)))

    def search(self, query: CustomerQuery) -> Found:
        """Return the customers that answer a query, newest first."""
        asked = wanted(query)
        return Found() if asked is None else page(self._answering(asked, query), query.limit)

    def count(self, query: CustomerQuery) -> int:
        """Return how many customers answer a query."""
        asked = wanted(query)
        if asked is None:
            return 0
        terms, rest = _split(asked)
        if rest is not None:
            everyone = attrs.evolve(query, limit=BATCH, before=None)
            return sum(1 for _ in self._answering(asked, everyone))
        sql, values = (_COUNT, {"match": _all_of(terms)}) if terms else (_COUNT_ALL, {})
        row = self._statements.one(sql, values)
        return row[0] if row else 0

    def add(self, customer: Customer, claims: Iterable[Key] = ()) -> None:
        """Keep a new customer and claim its unique keys; raises KeyTaken and keeps nothing."""
        record, claims = recorded(customer), owned(customer, claims)
        values = _values(customer, record)
        place = None
        try:
            place = self._statements.change(_ADD, values).lastrowid or 0
            self._statements.change_many(_CLAIM, _at(place, claims))
        except Refused as refusal:
            self._leave_out(place, claims)
            raise self._taken(claims, None) or refusal from refusal
        self._statements.change_many(_FIND_BY, _at(place, record.keys))
        self._statements.change(_INDEX, {"place": place, "tokens": _joined(record.tokens)})

    def replace(self, customer: Customer, claims: Iterable[Key] = ()) -> bool:
        """Keep a new version of a customer; raises KeyTaken.

        False, and nothing done, unless the stored version is its direct predecessor.
        """
        record, claims = recorded(customer), owned(customer, claims)
        values = {**_values(customer, record), "before": customer.version - 1}
        row = self._statements.one(_STORED, {"id": values["id"], "before": values["before"]})
        if row is None:
            return False
        place, old = row[0], recorded(opened(row[1]))
        try:
            with self._statements.savepoint():
                if self._statements.change(_REPLACE, values).rowcount != 1:
                    return False
                self._statements.change_many(_UNCLAIM, _at(place, [*old.keys, *claims]))
                self._statements.change_many(_CLAIM, _at(place, claims))
        except Refused as refusal:
            raise self._taken(claims, place) or refusal from refusal
        self._statements.change_many(_FIND_NO_MORE, _at(place, old.keys - record.keys))
        self._statements.change_many(_FIND_BY, _at(place, record.keys - old.keys))
        self._reindex(place, old.tokens, record.tokens)
        return True

    def iterate(self, after: int = 0) -> Iterator[tuple[int, Customer]]:
        """Yield every customer with its place, oldest first, from beyond a place."""
        after = min(after, LARGEST)
        while rows := self._statements.all(_OLDEST, {"after": after, "limit": BATCH}):
            for place, document in rows:
                yield place, opened(document)
            after = further(rows[-1][0], after)

    def codes(self, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the codes, present and former, that begin with a prefix, from beyond `after`."""
        least = _spellable(max(prefix, f"{after}\0"))
        while rows := self._statements.all(_CODES, {"least": least, "limit": BATCH}):
            for (code,) in rows:
                if not isinstance(code, str):
                    raise StorageCorrupt("a stored code cannot be read")
                if not code.startswith(prefix):
                    return
                yield code
            least = further(f"{rows[-1][0]}\0", least)

    def _held(self, key: Key, limit: int) -> Iterator[bytes]:
        values = {"field": key.field, "text": key.text, "limit": limit}
        return (document for (document,) in self._statements.all(_HOLDING, values))

    def _reindex(self, place: int, old: frozenset[str], new: frozenset[str]) -> None:
        """Let other tokens find a customer; without a copy FTS5 has to be told the old ones."""
        if old != new:
            self._statements.change(_UNINDEX, {"place": place, "tokens": _joined(old)})
            self._statements.change(_INDEX, {"place": place, "tokens": _joined(new)})

    def _leave_out(self, place: int | None, claims: Iterable[Key]) -> None:
        """Take back a customer of whom a claim was refused: cheaper than a savepoint for all."""
        if place is not None:
            self._statements.change_many(_UNCLAIM, _at(place, claims))
            self._statements.change(_TAKE_BACK, {"place": place})

    def _taken(self, claims: Iterable[Key], place: int | None) -> KeyTaken | None:
        """Return which of the keys belongs to whom, if it was a key that was refused."""
        for key in claims:
            row = self._statements.one(_HOLDER, {"field": key.field, "text": key.text})
            if row is not None and row[0] != place:
                return KeyTaken(key, opened(row[1]))
        return None

    def _answering(self, asked: Wanted, query: CustomerQuery) -> Iterator[tuple[int, Customer]]:
        """Yield who answers, newest first, a page and one more at a time."""
        before = LARGEST if query.before is None else min(query.before, LARGEST)
        terms, rest = self._cheapest(*_split(asked), asked, before)
        sql = _SEARCH if terms else _NEWEST
        limit = min(query.limit + 1, BATCH if rest else LARGEST)
        values = {"match": _all_of(terms), "limit": limit, "before": before}
        while rows := self._statements.all(sql, values):
            for place, document in rows:
                customer = opened(document)
                if rest is None or rest.finds(customer):
                    yield place, customer
            if len(rows) < limit:
                return
            before = -further(-rows[-1][0], -before)
            values["before"] = before

    def _cheapest(
        self, terms: list[str], rest: Wanted | None, asked: Wanted, before: int
    ) -> tuple[list[str], Wanted | None]:
        """Return one term alone where only a few have it: reading them is cheaper than the others.

        FTS5 takes a while to find its place in the long list of a common term.
        """
        for term in terms[:_MOST_PROBES] if len(terms) > 1 else ():
            values = {"match": term, "before": before, "limit": _FEW + 1}
            if len(self._statements.all(_PLACES, values)) <= _FEW:
                return [term], asked
        return terms, rest


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


def _spellable(least: str) -> str:
    """Return the text from which on the same codes stand; none of them holds a surrogate."""
    return _FROM_A_SURROGATE.sub("\ue000", least)


def _joined(found: frozenset[str]) -> str:
    return " ".join(found)


def _split(asked: Wanted) -> tuple[list[str], Wanted | None]:
    """Return the terms for FTS5, the longest first, and what is left to look for afterwards."""
    exact = sorted(asked.exact, key=_longest_first)
    terms = [_quoted(each) for each in exact[:_MOST_TERMS]]
    terms += [f"({' OR '.join(map(_quoted, sorted(group)))})" for group in asked.groups]
    left = attrs.evolve(asked, exact=frozenset(exact[_MOST_TERMS:]), groups=())
    return terms, None if left == Wanted() else left


def _all_of(terms: list[str]) -> str:
    return " AND ".join(terms)


def _longest_first(token: str) -> tuple[bool, int, str]:
    """Order words before facets, which more customers share."""
    return is_facet(token), -len(token), token


def _quoted(token: str) -> str:
    """Return a token as FTS5 takes it literally: MATCH reads a language of its own."""
    doubled = token.replace('"', '""')
    return f'"{doubled}"'
