"""The chain of a journal: entries linked to its head and links judged, with the store's keys."""

from collections.abc import Callable

import attrs

from customer_registry.domain.errors import KeyUnavailable, TamperedRecord
from customer_registry.domain.journal import Hashing, JournalEntry, Link, keyed
from customer_registry.sealing.sealer import UNSEALED, Sealer
from customer_registry.storage.wire import write_entry

__all__ = ["Chain", "digested", "refuse_another"]


def digested(document: bytes) -> bytes:
    """Return the digest of a document as it is stored, which the journal covers."""
    from hashlib import sha256  # noqa: PLC0415  loading OpenSSL takes as long as many imports

    return sha256(document).digest()


def refuse_another(document: bytes, journalled: bytes | None) -> None:
    """Raise TamperedRecord for a stored document that is another than the journal tells.

    Entries from before they told one are held against nothing.
    """
    if journalled is not None and digested(document) != journalled:
        raise TamperedRecord("a customer is stored as no act wrote it: verify tells who")


@attrs.define(eq=False, repr=False)
class Chain:
    """Links entries with the newest key of a store, and judges links with the key they name."""

    _salt: Callable[[int], bytes]
    _sealer: Sealer = UNSEALED
    _hashing: dict[str, Hashing | None] = attrs.field(init=False, factory=dict[str, Hashing | None])

    @property
    def is_keyed(self) -> bool:
        """Whether new entries are chained with a key."""
        return self._sealer.journal_key() is not None

    def link(
        self, entry: JournalEntry, head: tuple[int, bytes], document: bytes | None = None
    ) -> Link:
        """Return the link that chains an entry, with the digest of a document, to a head."""
        (number, previous), key = head, self._sealer.journal_key()
        return Link.after(
            previous,
            number=number + 1,
            customer_id=entry.customer_id,
            body=write_entry(entry, document),
            salt=self._salt(16),
            key=None if key is None else (key.id, key.key),
        )

    def holds(self, link: Link, previous: bytes) -> bool | None:
        """Return whether a link follows `previous` as written; None without the key for it."""
        if link.chain not in self._hashing:
            self._hashing[link.chain] = self._found(link.key_id)
        hashing = self._hashing[link.chain]
        if hashing is None and link.key_id is not None:
            return None if link.is_committed else False
        return link.holds(previous, hashing)

    def _found(self, key_id: str | None) -> Hashing | None:
        if key_id is None:
            return None
        try:
            key = self._sealer.journal_key(key_id)
        except KeyUnavailable:
            return None
        return None if key is None else keyed(key.key)
