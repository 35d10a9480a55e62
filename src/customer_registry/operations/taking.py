"""All that another store gave: taken over in one transaction, and read back before it counts."""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager

from customer_registry.domain.errors import KeyUnavailable, StorageCorrupt
from customer_registry.operations.resealing import proven
from customer_registry.repository import Part, UnitOfWork
from customer_registry.storage.portable import packed
from customer_registry.storage.standing import founded

__all__ = ["digest_of", "ended", "refuse_unkeyed", "take"]

Reading = Callable[[Iterator[Part]], Iterator[Part]]
"""Lets parts pass, and tells how many have."""


def take(work: UnitOfWork, parts: Iterable[Part], again: Reading = iter) -> bytes:
    """Keep everything in an empty store and read it back; return the digest of all of it.

    `again` is passed by all that is read back. Raises StorageUnavailable for a store that is not
    empty, StorageCorrupt for one that does not give what it took, and KeyUnavailable for one that
    could not go on with its journal or its seals.
    """
    digest = hashlib.sha256()
    work.put(_digested(parts, digest.update))
    if digest_of(again(work.parts())) != digest.digest():
        raise StorageCorrupt("the store does not give what it took; nothing is kept")
    refuse_unkeyed(work)
    _refuse_other_keys(work)
    return digest.digest()


def digest_of(parts: Iterable[Part]) -> bytes:
    """Return the SHA-256 of parts: two stores that keep the same have the same."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(packed(part))
    return digest.digest()


@contextmanager
def ended(parts: Iterator[Part]) -> Generator[Iterator[Part], None, None]:
    """Return a context after which nobody goes on reading parts: an exception would hold them."""
    try:
        yield parts
    finally:
        if (close := getattr(parts, "close", None)) is not None:
            close()


def refuse_unkeyed(work: UnitOfWork) -> None:
    """Raise KeyUnavailable where a journal with a key would go on without one."""
    number, _ = work.journal.head()
    last = next(work.journal.links(number - 1), None) if number else None
    if last is not None and last.key_id is not None and not work.journal.is_keyed:
        raise KeyUnavailable("the journal is chained with a key; give the keyring that has it")


def _refuse_other_keys(work: UnitOfWork) -> None:
    """Raise KeyUnavailable where a sealed store would go on with keys that are not its own.

    A store that held nothing when it was given away is sealed from the beginning, as a new one is.
    """
    if not work.sealer.seals or proven(work) is not None:
        return
    if not work.journal.head()[0]:
        work.keep_sealing(founded(work.sealer))


def _digested(parts: Iterable[Part], update: Callable[[bytes], object]) -> Iterator[Part]:
    for part in parts:
        update(packed(part))
        yield part
