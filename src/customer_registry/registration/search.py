"""Search for customers, page by page; the cursor of a page carries the whole query."""

import base64
import json

import attrs

from customer_registry.domain.errors import InvalidCursor
from customer_registry.registration.office import Office
from customer_registry.repository import CustomerQuery, Page

__all__ = ["LONGEST_PAGE", "resumed", "search"]

LONGEST_PAGE = 1000
"""As many customers as one page holds at most."""

_LARGEST = 2**63


def search(office: Office, query: CustomerQuery) -> Page:
    """Return one page of the customers that answer a query."""
    with office.unit("search") as work:
        found = work.customers.search(query)
    seen = tuple(filter(office.sees, found.customers))
    return Page(seen, None if found.last is None else _cursor(query, found.last))


def resumed(cursor: object) -> CustomerQuery:
    """Return the query a cursor carries; raises InvalidCursor for anything else."""
    try:
        packed = base64.b64decode(str(cursor).encode("ascii"), altchars=b"-_", validate=True)
        query = CustomerQuery(**json.loads(packed))
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidCursor from error
    if not _is_sound(query):
        raise InvalidCursor
    return query


def _cursor(query: CustomerQuery, before: int) -> str:
    asked = attrs.asdict(attrs.evolve(query, before=before), recurse=False)
    asked["tags"] = sorted(query.tags)
    filled = {name: value for name, value in asked.items() if value not in (None, "", [])}
    return base64.urlsafe_b64encode(json.dumps(filled, separators=(",", ":")).encode()).decode()


def _is_sound(query: CustomerQuery) -> bool:
    words = (query.text, query.kind, query.status, query.grade, query.category, query.owner)
    return (
        type(query.text) is str
        and all(type(word) in {str, type(None)} for word in words)
        and all(type(tag) is str for tag in query.tags)
        and type(query.limit) is int
        and 0 < query.limit <= LONGEST_PAGE
        and type(query.before) is int
        and 0 < query.before < _LARGEST
    )
