"""Who answers a query: what the index of words is asked, and what is looked for in documents."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.repository import CustomerQuery, Found
from customer_registry.storage.grams import Wanted, is_facet, page, wanted
from customer_registry.storage.tables.statements import BATCH, LARGEST, Statements, Values, further

__all__ = ["counted", "found"]

_MOST_TERMS = 24
"""As many tokens as an index is asked for; what is left is looked for in the document."""

_FEW = 8
"""As few customers as are sooner read than looked up by all that is asked."""

_COUNT_ALL = "SELECT count(*) FROM customer_registry_customers"
_NEWEST = """
SELECT place, document FROM customer_registry_customers
WHERE place < :before
ORDER BY place DESC
LIMIT :limit
"""


Opened: TypeAlias = Callable[[bytes], Customer]


def found(statements: Statements, opened: Opened, query: CustomerQuery) -> Found:
    """Return the customers that answer a query, newest first, as `opened` reads documents."""
    asked = wanted(query)
    if asked is None:
        return Found()
    return page(_Search(statements, opened, asked).answering(query), query.limit)


def counted(statements: Statements, opened: Opened, query: CustomerQuery) -> int:
    """Return how many customers answer a query."""
    asked = wanted(query)
    return 0 if asked is None else _Search(statements, opened, asked).count(query)


@attrs.frozen(eq=False)
class _Search:
    """What is asked of the store in one search."""

    _statements: Statements
    _opened: Opened
    _asked: Wanted

    def count(self, query: CustomerQuery) -> int:
        """Return how many answer, by the index alone where it can tell."""
        terms, rest = self._split()
        if rest is not None:
            everyone = attrs.evolve(query, limit=BATCH, before=None)
            return sum(1 for _ in self.answering(everyone))
        sql = self._statements.dialect.count if terms else _COUNT_ALL
        row = self._statements.one(sql, self._all_of(terms))
        return row[0] if row else 0

    def answering(self, query: CustomerQuery) -> Iterator[tuple[int, Customer]]:
        """Yield who answers, newest first, a page and one more at a time."""
        before = LARGEST if query.before is None else min(query.before, LARGEST)
        terms, rest = self._cheapest(*self._split(), before)
        sql = self._statements.dialect.search if terms else _NEWEST
        limit = min(query.limit + 1, BATCH if rest else LARGEST)
        values = {**self._all_of(terms), "limit": limit, "before": before}
        while rows := self._statements.all(sql, values):
            for place, document in rows:
                customer = self._opened(document)
                if rest is None or rest.finds(customer):
                    yield place, customer
            if len(rows) < limit:
                return
            before = -further(-rows[-1][0], -before)
            values["before"] = before

    def _cheapest(
        self, terms: list[str], rest: Wanted | None, before: int
    ) -> tuple[list[str], Wanted | None]:
        """Return one term alone where only a few have it: reading them is cheaper than the others.

        FTS5 takes a while to find its place in the long list of a common term.
        """
        for term in terms[: self._statements.dialect.probes] if len(terms) > 1 else ():
            values = {"match": term, "before": before, "limit": _FEW + 1}
            if len(self._statements.all(self._statements.dialect.places, values)) <= _FEW:
                return [term], self._asked
        return terms, rest

    def _split(self) -> tuple[list[str], Wanted | None]:
        """Return the terms for the index, the longest first, and what is left to look for."""
        quoted, either = self._statements.dialect.quoted, self._statements.dialect.either
        exact = sorted(self._asked.exact, key=_longest_first)
        terms = [quoted(each) for each in exact[:_MOST_TERMS]]
        terms += [f"({either.join(map(quoted, sorted(group)))})" for group in self._asked.groups]
        left = attrs.evolve(self._asked, exact=frozenset(exact[_MOST_TERMS:]), groups=())
        return terms, None if left == Wanted() else left

    def _all_of(self, terms: list[str]) -> Values:
        return {"match": self._statements.dialect.both.join(terms)} if terms else {}


def _longest_first(token: str) -> tuple[bool, int, str]:
    """Order words before facets, which more customers share."""
    return is_facet(token), -len(token), token
