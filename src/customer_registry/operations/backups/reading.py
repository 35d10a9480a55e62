"""A backup read to its end: every chunk proven, every entry chained, nothing missing."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import attrs

from customer_registry.domain.errors import BackupDamaged, StorageCorrupt, TamperedRecord
from customer_registry.domain.journal import GENESIS, Link
from customer_registry.operations.backups.files import told
from customer_registry.operations.backups.manifest import Manifest, manifest_of
from customer_registry.operations.progress import Progress, told_of
from customer_registry.repository import Part
from customer_registry.sealing.stream import KEY, read_chunks, read_header
from customer_registry.storage.parts import link_of
from customer_registry.storage.portable import unpacked, whole
from customer_registry.storage.record import opened

__all__ = ["Backup", "begun", "decided", "reading", "verify_backup"]


def verify_backup(
    path: str | PathLike[str],
    *,
    key: bytes | None = None,
    plain: bool = False,
    on_progress: Progress | None = None,
) -> Manifest:
    """Return what a backup holds after all of it was read and proven; nothing is written.

    A key has 32 bytes; a backup that none has sealed is read where `plain` says so. Raises
    BackupDamaged, WrongBackupKey, StorageUnavailable, MissingExtra.
    """
    with reading(Path(path), decided(key, plain=plain)) as backup:
        for part in told_of(backup.parts(), backup.manifest.rows, on_progress):
            _read(part)
    return backup.manifest


@attrs.frozen
class Backup:
    """A backup that is open: its manifest, which only the last of its parts proves."""

    manifest: Manifest
    _chunks: Iterator[bytes]

    def parts(self, *known: tuple[int, bytes]) -> Iterator[Part]:
        """Yield everything it holds, once, each part proven; raises BackupDamaged.

        Raises TamperedRecord where a known entry of the journal, number and digest, is another one.
        """
        return _proven(whole(unpacked(self._chunks)), self.manifest, dict(known))


@contextmanager
def reading(path: Path, key: bytes | None) -> Generator[Backup, None, None]:
    """Return a context with a backup that this key opens; None opens only what none has sealed."""
    with told(path), path.open("rb") as file:
        header = read_header(file)
        manifest = manifest_of(header, path, path.stat().st_size)
        yield Backup(manifest, read_chunks(file, header, key=key))


def begun(path: Path, key: bytes | None) -> Manifest:
    """Return the manifest of a file that begins as a backup of this key does.

    Raises BackupDamaged, WrongBackupKey, StorageUnavailable.
    """
    with told(path), path.open("rb") as file:
        header = read_header(file)
        next(read_chunks(file, header, key=key))
        return manifest_of(header, path, path.stat().st_size)


def decided(key: bytes | None, *, plain: bool) -> bytes | None:
    """Return the key that was given, or None where it was said that there shall be none."""
    if (key is None) != plain:
        raise ValueError("a backup needs a key, or plain=True, which lets everybody read it")
    if key is not None and (type(key) is not bytes or len(key) != KEY):
        raise ValueError(f"the key of a backup has {KEY} bytes, made by chance; no pass phrase")
    return key


def _proven(
    parts: Iterator[Part], manifest: Manifest, known: Mapping[int, bytes]
) -> Iterator[Part]:
    """Yield parts that agree with their manifest; what is none is BackupDamaged."""
    chain = _Chain(known)
    try:
        for part in parts:
            if part.kind == "meta" and part.content[0] != manifest.identity.bytes:
                raise BackupDamaged
            if part.kind == "count" and manifest.counts[str(part.content[0])] != part.content[1]:
                raise BackupDamaged
            if part.kind == "link":
                chain.follow(link_of(part))
            yield part
    except StorageCorrupt as error:
        raise BackupDamaged from error
    if (chain.number, chain.digest) != (manifest.head.number, manifest.head.digest):
        raise BackupDamaged


class _Chain:
    """The journal of a backup, followed from its beginning.

    Without the journal's key an entry that was chained with one is held against its body and its
    place only; the backup's own key, and the head at the end, prove the rest.
    """

    def __init__(self, known: Mapping[int, bytes]) -> None:
        self.number, self.digest = 0, GENESIS
        self._known = known

    def follow(self, link: Link) -> None:
        holds = link.is_committed if link.key_id else link.holds(self.digest)
        if not holds or link.number != self.number + 1:
            raise BackupDamaged
        self.number, self.digest = link.number, link.digest
        if self._known.get(link.number, link.digest) != link.digest:
            raise TamperedRecord(f"entry {link.number} in the backup is not the one that is known")


def _read(part: Part) -> None:
    """Read a customer's document; raises BackupDamaged where that cannot be done."""
    if part.kind != "customer" or not isinstance(document := part.content[1], bytes):
        return
    try:
        opened(document)
    except StorageCorrupt as error:
        raise BackupDamaged from error
