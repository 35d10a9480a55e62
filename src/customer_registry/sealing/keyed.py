"""What one store seals with: keys of a keyring, made over for this store and each field."""

import hmac
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from customer_registry.domain.errors import KeyUnavailable
from customer_registry.domain.journal import Hashing, keyed
from customer_registry.sealing.envelope import Envelopes, read, subkey
from customer_registry.sealing.keyring import Key, Keyring
from customer_registry.sealing.sealer import Cell, JournalKey

__all__ = ["KeyedSealer"]

_INDEX_BYTES = 16


class KeyedSealer:
    """The keys of one repository; `settled` says which of them it seals and indexes with by now.

    Without a word of the store these are the newest.
    """

    seals = True

    def __init__(
        self, keyring: Keyring, identity: UUID, settled: tuple[str, str] | None = None
    ) -> None:
        self._keyring = keyring
        self._identity = identity
        self._sealing, self._index = settled or (keyring.sealing[0].id, keyring.index[0].id)
        others = (key.id for key in keyring.index if key.id != self._index)
        self._index_order = (self._index, *others)
        self._envelopes: dict[tuple[str, str], Envelopes] = {}
        self._index_hashing: dict[tuple[str, str], Hashing] = {}
        self._journal_keys: dict[str, JournalKey] = {}
        # A registration asks again and again for the few values of one customer.
        self._few_indices = lru_cache(maxsize=16)(self._indices)

    @property
    def newest(self) -> tuple[str, str]:
        """The ids of the newest sealing key and the newest index key."""
        return self._keyring.sealing[0].id, self._keyring.index[0].id

    def settled(self, sealing: str, index: str) -> "KeyedSealer":
        """Return the same keys for a store that has settled on these two."""
        return KeyedSealer(self._keyring, self._identity, (sealing, index))

    def seal(self, text: str, cell: Cell) -> str:
        """Return a value as an envelope; raises KeyUnavailable."""
        return self._envelopes_of(self._sealing, cell.field).seal(text, cell)

    def open(self, envelope: str, cell: Cell) -> str:
        """Return what an envelope holds; raises KeyUnavailable, or TamperedRecord."""
        key, content = read(envelope)
        return self._envelopes_of(key, cell.field).open(content, cell)

    def is_current(self, envelope: str) -> bool:
        """Return whether an envelope was sealed with the key that new ones are sealed with."""
        return read(envelope)[0] == self._sealing

    def indices(self, field: str, text: str) -> tuple[str, ...]:
        """Return what stands for a value in an index, under the settled key first, then others.

        Each names its key: `1f0c2b3a.` and 32 hexadecimal digits. Raises KeyUnavailable.
        """
        return self._few_indices(field, text)

    def journal_key(self, key_id: str | None = None) -> JournalKey | None:
        """Return the key of an id, or the newest; raises KeyUnavailable for an unknown one."""
        wanted = key_id or self._keyring.journal[0].id
        if (known := self._journal_keys.get(wanted)) is None:
            key = _found(self._keyring.journal, wanted)
            made = subkey(key.secret, b"journal", self._identity.bytes)
            known = self._journal_keys[wanted] = JournalKey(wanted, made)
        return known

    def must_have(self, ids: Iterable[str]) -> None:
        """Raise KeyUnavailable unless all these sealing and index keys are here."""
        for wanted in ids:
            _found((*self._keyring.sealing, *self._keyring.index), wanted)

    def proof(self, said: str) -> str:
        """Return what nobody without the settled sealing key can say of a text: 32 hex digits."""
        key = _found(self._keyring.sealing, self._sealing)
        made = subkey(key.secret, b"proof", self._identity.bytes)
        return hmac.digest(made, said.encode(), "sha256")[:_INDEX_BYTES].hex()

    def _indices(self, field: str, text: str) -> tuple[str, ...]:
        return tuple([self._index_of(key, field, text) for key in self._index_order])

    def _index_of(self, key: str, field: str, text: str) -> str:
        hashing = self._index_hashing.get((key, field))
        if hashing is None:
            secret = _found(self._keyring.index, key).secret
            made = subkey(secret, b"index", self._identity.bytes, field.encode())
            hashing = self._index_hashing[key, field] = keyed(made)
        return f"{key}.{hashing(text.encode())[:_INDEX_BYTES].hex()}"

    def _envelopes_of(self, key: str, field: str) -> Envelopes:
        known = self._envelopes.get((key, field))
        if known is None:
            secret = _found(self._keyring.sealing, key).secret
            known = Envelopes.under(secret, key, self._identity, field)
            self._envelopes[key, field] = known
        return known


def _found(keys: tuple[Key, ...], wanted: str) -> Key:
    for key in keys:
        if key.id == wanted:
            return key
    raise KeyUnavailable(f"the key {wanted} is not in the keyring")
