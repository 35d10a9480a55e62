"""The journal: who did what to whom, chained so that nobody can bend it unseen."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import cast
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.masked import is_sensitive

__all__ = ["CHAIN", "GENESIS", "Change", "JournalEntry", "Link", "body_digest", "changes", "digest"]

CHAIN = "sha256-1"
"""The name of the chain format that new entries carry."""

GENESIS = bytes(32)
"""What the first entry is chained to."""


@attrs.frozen
class Change:
    """One field that changed: its dotted path, and what it was and became.

    A sensitive field shows only that it changed: `hidden` is True, both values are None.
    """

    path: str
    before: object = attrs.field(default=None, repr=False)
    after: object = attrs.field(default=None, repr=False)
    hidden: bool = False


@attrs.frozen(kw_only=True)
class JournalEntry:
    """One act: about one customer, or about the whole registry (`customer_id` None).

    `number` counts all entries of the registry from 1, `at` is in UTC, `action` is a word such as
    `registered updated status_changed`, `version` the customer's version that the act wrote.
    """

    number: int = 0
    at: datetime
    actor: str
    action: str
    customer_id: UUID | None = None
    version: int | None = None
    changes: tuple[Change, ...] = ()
    reason: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Link:
    """An entry as it is stored and chained: bytes and digests, whatever they mean.

    `body` and `salt` are None once erased; the digests stay, so the chain still verifies.
    """

    number: int
    customer_id: UUID | None
    chain: str
    salt: bytes | None = attrs.field(repr=False)
    body: bytes | None = attrs.field(repr=False)
    body_digest: bytes
    digest: bytes

    @classmethod
    def after(
        cls, previous: bytes, *, number: int, customer_id: UUID | None, body: bytes, salt: bytes
    ) -> "Link":
        """Return the link that follows the one whose digest is `previous`."""
        committed = body_digest(salt, body)
        return cls(
            number=number,
            customer_id=customer_id,
            chain=CHAIN,
            salt=salt,
            body=body,
            body_digest=committed,
            digest=digest(previous, CHAIN, number, customer_id, committed),
        )

    def holds(self, previous: bytes) -> bool:
        """Return whether this link follows `previous`, and its body is as written or erased."""
        if (self.body is None) != (self.salt is None):
            return False  # an erasure takes both
        committed = self.body_digest
        if self.body is not None and self.salt is not None:
            committed = body_digest(self.salt, self.body)
        expected = digest(previous, self.chain, self.number, self.customer_id, committed)
        return committed == self.body_digest and expected == self.digest


def body_digest(salt: bytes, body: bytes) -> bytes:
    """Return the digest that commits to a body without telling anything about it."""
    return _sha256(len(salt).to_bytes(2, "big") + salt + body)


def digest(
    previous: bytes, chain: str, number: int, customer_id: UUID | None, committed: bytes
) -> bytes:
    """Return the digest of an entry: of everything before it, its place, its customer, its body."""
    about = customer_id.bytes if customer_id else b""
    parts = (chain.encode(), previous, number.to_bytes(8, "big"), about, committed)
    sized = b"".join([len(part).to_bytes(2, "big") + part for part in parts])
    return _sha256(sized)


def _sha256(content: bytes) -> bytes:
    return _hasher()(content)


@cache
def _hasher() -> Callable[[bytes], bytes]:
    from hashlib import sha256  # noqa: PLC0415  loading OpenSSL takes as long as many imports

    return lambda content: sha256(content).digest()


def changes(before: Customer | None, after: Customer) -> tuple[Change, ...]:
    """Return what differs, entry by entry and field by field, sensitive values left out."""
    if before is None:
        return tuple(_change(path, None, value) for path, value in _facts(after))
    old, new = dict(_facts(before)), dict(_facts(after))
    paths = dict.fromkeys([*new, *old])
    return tuple(
        _change(path, old.get(path), new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    )


def _change(path: str, before: object, after: object) -> Change:
    if isinstance(before, _Hidden) or isinstance(after, _Hidden):
        return Change(path, hidden=True)
    return Change(path, before, after)


@attrs.frozen
class _Hidden:
    """A sensitive value on its way through a comparison; it never leaves this module."""

    value: object = attrs.field(repr=False)


_KEPT_ELSEWHERE = frozenset({"id", "version"})
_ENTRIES = frozenset({"contacts", "addresses", "bank_accounts"})
_OWNERS: Mapping[str, type] = {
    "bank_accounts": BankAccount,
    "identity_document": IdentityDocument,
    "invoice_profile": InvoiceProfile,
}


def _facts(customer: Customer) -> Iterator[tuple[str, object]]:
    """Yield every filled field by its dotted path; entries go by their id."""
    for name, value in customer.raw().items():
        if value is None or name in _KEPT_ELSEWHERE:
            continue
        if name == "tax_identifiers":
            yield from _tax_facts(customer)
        elif name in _ENTRIES:
            yield from _order(name, cast("list[dict[str, object]]", value))
            for entry in cast("list[dict[str, object]]", value):
                yield from _inner(name, f"{name}.{entry['id']}", entry)
        elif isinstance(value, dict) and name != "payment_terms":
            yield from _inner(name, name, cast("dict[str, object]", value))
        elif value != []:
            yield name, value
    if customer.verified_at is not None:
        yield "verified_at", customer.verified_at.isoformat()


def _order(name: str, entries: list[dict[str, object]]) -> Iterator[tuple[str, object]]:
    """Yield in which order several entries stand."""
    if len(entries) > 1:
        yield name, [entry["id"] for entry in entries]


def _inner(field: str, path: str, parts: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    owner = _OWNERS.get(field)
    for part, value in parts.items():
        if part == "id" or value in (None, [], {}) or (value is False and field in _ENTRIES):
            continue
        hidden = owner is not None and is_sensitive(owner, part)
        yield f"{path}.{part}", _Hidden(value) if hidden else value


def _tax_facts(customer: Customer) -> Iterator[tuple[str, object]]:
    for at, tax_identifier in enumerate(customer.tax_identifiers):
        number = str(tax_identifier.number)
        shown = {"scheme": tax_identifier.scheme, "number": number}
        yield f"tax_identifiers.{at}", _Hidden(shown) if customer.hides(tax_identifier) else shown
