"""The journal: who did what to whom, chained so that nobody can bend it unseen."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache, lru_cache
from struct import Struct
from typing import TypeAlias, cast
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.custody import NO_CUSTODY
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.masked import SensitiveText, is_sensitive

__all__ = [
    "CHAIN",
    "GENESIS",
    "Change",
    "Hashing",
    "Head",
    "JournalEntry",
    "Link",
    "body_digest",
    "changes",
    "digest",
    "keyed",
]

CHAIN = "sha256-1"
"""The name of the chain format that entries carry where there is no key."""

_KEYED = "hmac-sha256-1:"
"""The chain format of entries with a key, whose id follows."""

_size = Struct(">H").pack

Hashing: TypeAlias = Callable[[bytes], bytes]

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


@attrs.frozen
class Link:
    """An entry as it is stored and chained: bytes and digests, whatever they mean.

    `about` are the 16 bytes of the customer's id, none where it is about no customer. `body` and
    `salt` are None once erased; the digests stay, so the chain still verifies.
    """

    number: int
    about: bytes
    chain: str
    salt: bytes | None = attrs.field(repr=False)
    body: bytes | None = attrs.field(repr=False)
    body_digest: bytes
    digest: bytes

    @classmethod
    def after(
        cls,
        previous: bytes,
        *,
        number: int,
        customer_id: UUID | None,
        body: bytes,
        salt: bytes,
        key: tuple[str, bytes] | None = None,
    ) -> "Link":
        """Return the link that follows the one whose digest is `previous`.

        With a key, its id first, nobody makes the digest anew who has not got it.
        """
        about = b"" if customer_id is None else customer_id.bytes
        committed = body_digest(salt, body)
        chain, hashing = (CHAIN, None) if key is None else (f"{_KEYED}{key[0]}", keyed(key[1]))
        return cls(
            number=number,
            about=about,
            chain=chain,
            salt=salt,
            body=body,
            body_digest=committed,
            digest=digest(previous, chain, number, about, committed, hashing),
        )

    @property
    def customer_id(self) -> UUID | None:
        """The customer that it is about; None for one about the whole registry."""
        return UUID(bytes=self.about) if self.about else None

    @property
    def key_id(self) -> str | None:
        """The id of the key that it is chained with; None for a chain without one."""
        return self.chain[len(_KEYED) :] if self.chain.startswith(_KEYED) else None

    @property
    def is_committed(self) -> bool:
        """Whether the body is as its digest says, or erased; that needs no key."""
        if self.body is None or self.salt is None:
            return self.body is self.salt  # an erasure takes both
        return body_digest(self.salt, self.body) == self.body_digest

    def holds(self, previous: bytes, hashing: Hashing | None = None) -> bool:
        """Return whether this link follows `previous`, and its body is as written or erased.

        One that was chained with a key holds with what hashes with that key alone.
        """
        if not self.is_committed or (self.chain == CHAIN) is not (hashing is None):
            return False
        about, committed = self.about, self.body_digest
        return digest(previous, self.chain, self.number, about, committed, hashing) == self.digest


@attrs.frozen(kw_only=True)
class Head:
    """The last entry of a journal at a time, to be kept where nobody reaches who has the journal.

    `digest` covers the entry and all before it, so that `operations.verify(registry, head=…)` finds
    a journal that was cut, rolled back or written anew.
    """

    number: int
    digest: bytes
    at: datetime


def body_digest(salt: bytes, body: bytes) -> bytes:
    """Return the digest that commits to a body without telling anything about it."""
    return _sha256()(_size(len(salt)) + salt + body)


def digest(  # noqa: PLR0917  what the digest covers, in its order
    previous: bytes,
    chain: str,
    number: int,
    about: bytes,
    committed: bytes,
    hashing: Hashing | None = None,
) -> bytes:
    """Return the digest of an entry: of everything before it, its place, its customer, its body.

    Each stands behind its length. It is SHA-256, or `keyed` of the same.
    """
    named = chain.encode()
    sizes = len(named), len(previous), len(about), len(committed)
    covered = _covering(*sizes)(
        sizes[0], named, sizes[1], previous, 8, number, sizes[2], about, sizes[3], committed
    )
    return (hashing or _sha256())(covered)


def keyed(key: bytes) -> Hashing:
    """Return what makes the HMAC (RFC 2104) with a key, which is worked in once for all."""
    from hmac import new  # noqa: PLC0415  loads OpenSSL, as below

    begun = new(key, digestmod="sha256")

    def hashing(content: bytes) -> bytes:
        ended = begun.copy()
        ended.update(content)
        return ended.digest()

    return hashing


@lru_cache(maxsize=64)
def _covering(named: int, previous: int, about: int, committed: int) -> Callable[..., bytes]:
    """Return what packs the parts of an entry that have these sizes, each behind its own."""
    return Struct(f">H{named}sH{previous}sHQH{about}sH{committed}s").pack


@cache
def _sha256() -> Hashing:
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
    yield from _standing_facts(customer)


def _order(name: str, entries: list[dict[str, object]]) -> Iterator[tuple[str, object]]:
    """Yield in which order several entries stand."""
    if len(entries) > 1:
        yield name, [entry["id"] for entry in entries]


def _inner(field: str, path: str, parts: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    owner = _OWNERS.get(field)
    for part, value in parts.items():
        if part == "id" or value in (None, [], {}) or (value is False and field in _ENTRIES):
            continue
        hidden = isinstance(value, SensitiveText) or (
            owner is not None and is_sensitive(owner, part)
        )
        yield f"{path}.{part}", _Hidden(value) if hidden else value


def _standing_facts(customer: Customer) -> Iterator[tuple[str, object]]:
    """Yield what the registry itself writes of a customer, beyond the form."""
    if customer.verified_at is not None:
        yield "verified_at", customer.verified_at.isoformat()
    if customer.approval != "none":
        yield "approval", customer.approval
    if (custody := customer.custody) is NO_CUSTODY:
        return
    if custody.hold is not None:
        yield "custody.hold", custody.hold.until.isoformat() if custody.hold.until else True
    if custody.restricted is not None:
        yield "custody.restricted", True


def _tax_facts(customer: Customer) -> Iterator[tuple[str, object]]:
    for at, tax_identifier in enumerate(customer.tax_identifiers):
        number = str(tax_identifier.number)
        shown = {"scheme": tax_identifier.scheme, "number": number}
        yield f"tax_identifiers.{at}", _Hidden(shown) if customer.hides(tax_identifier) else shown
