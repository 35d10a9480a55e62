"""A stream of bytes in sealed chunks: none of them can be read, changed, moved or left out unseen.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015) over AES-256-GCM: each chunk
is sealed under a nonce of a random prefix, its number, and whether it is the last, and under the
whole header of its stream. Each stream has a key of its own, which the given key wraps.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Protocol

import attrs

from customer_registry.domain.errors import BackupDamaged, MissingExtra, WrongBackupKey

__all__ = ["CHUNK", "KEY", "Header", "key_id", "read_chunks", "read_header", "write_stream"]

KEY = 32
"""Bytes of a key."""

CHUNK = 1 << 20
"""Bytes of a chunk, but for the last one, which may be shorter."""

_MAGIC = b"customer_registry\x00stream\x001"
_LONGEST_HEADER = 1 << 16
_LARGEST_CHUNK = 1 << 24
_SIZE = 4
_PREFIX, _NONCE, _TAG = 7, 12, 16
_SEALED, _PLAIN = "aes-256-gcm-stream-1", "sha256-chain-1"
_WRAPS, _NAMES = b"customer_registry wrap 1", b"customer_registry key id 1"


@attrs.frozen
class Header:
    """What stands before the chunks: `facts` of whoever wrote them, readable without a key.

    It is to be believed once a chunk was opened: the chunks are sealed together with `written`.
    """

    facts: Mapping[str, Any]
    written: bytes = attrs.field(repr=False)
    stream: Mapping[str, Any] = attrs.field(repr=False)

    @property
    def is_sealed(self) -> bool:
        """Whether the chunks can be read with a key only."""
        return self.stream.get("format") == _SEALED

    @property
    def key_id(self) -> str | None:
        """The id of the key that opens it."""
        return self.stream.get("key")


def key_id(key: bytes) -> str:
    """Return the id that a key goes by, which tells nothing about it; raises ValueError."""
    return _derived(key, _NAMES)[:8].hex()


def write_stream(
    to: BinaryIO,
    facts: Mapping[str, Any],
    content: Iterable[bytes],
    *,
    key: bytes | None,
    chunk: int = CHUNK,
    chance: Callable[[int], bytes] = os.urandom,
) -> None:
    """Write content under a header; without a key only the digests of a chain protect it.

    Raises MissingExtra, and ValueError for a key that has not 32 bytes.
    """
    own, prefix = chance(KEY), chance(_PREFIX)
    stream: dict[str, Any] = {"format": _PLAIN, "chunk": chunk}
    if key is not None:
        wrapped = _wrap(key, own, chance(_NONCE))
        named = {"key": key_id(key), "wrapped": wrapped.hex(), "prefix": prefix.hex()}
        stream = {**stream, "format": _SEALED, **named}
    header = _header(facts, stream)
    to.write(header)
    cipher = _Chained(header) if key is None else _Sealed(own, prefix, header)
    pieces = _pieces(content, chunk)
    to.writelines(cipher.closed(number, piece, last=last) for number, last, piece in pieces)


def read_header(source: BinaryIO) -> Header:
    """Return the header at the beginning of a stream; raises BackupDamaged."""
    begins = source.read(len(_MAGIC) + _SIZE)
    length = int.from_bytes(begins[len(_MAGIC) :], "big")
    if not begins.startswith(_MAGIC) or length > _LONGEST_HEADER:
        raise BackupDamaged
    written = source.read(length)
    try:
        told = json.loads(written)
        facts, stream = told["facts"], told["stream"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BackupDamaged from error
    if not (len(written) == length and isinstance(facts, dict) and isinstance(stream, dict)):
        raise BackupDamaged
    return Header(facts, begins + written, stream)


def read_chunks(source: BinaryIO, header: Header, *, key: bytes | None) -> Iterator[bytes]:
    """Yield the content that follows a header, chunk by chunk, each once it is proven.

    That nothing is missing is known at the end only. Raises BackupDamaged, WrongBackupKey,
    MissingExtra.
    """
    cipher, chunk = _opening(header, key), header.stream.get("chunk")
    if type(chunk) is not int or not 0 < chunk <= _LARGEST_CHUNK:
        raise BackupDamaged
    size, number = chunk + cipher.overhead, 0
    piece = source.read(size)
    while True:
        following = source.read(size)
        yield cipher.opened(number, piece, last=not following)
        if not following:
            return
        piece, number = following, number + 1


class _Cipher(Protocol):
    overhead: int

    def closed(self, number: int, piece: bytes, *, last: bool) -> bytes: ...

    def opened(self, number: int, piece: bytes, *, last: bool) -> bytes: ...


class _Sealed:
    """AES-256-GCM over each chunk."""

    overhead = _TAG

    def __init__(self, own: bytes, prefix: bytes, header: bytes) -> None:
        self._cipher, self._prefix, self._header = _aes(own), prefix, header

    def closed(self, number: int, piece: bytes, *, last: bool) -> bytes:
        sealed: bytes = self._cipher.encrypt(self._nonce(number, last=last), piece, self._header)
        return sealed

    def opened(self, number: int, piece: bytes, *, last: bool) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  an extra

        try:
            opened: bytes = self._cipher.decrypt(
                self._nonce(number, last=last), piece, self._header
            )
        except (InvalidTag, ValueError, OverflowError) as error:
            raise BackupDamaged from error
        return opened

    def _nonce(self, number: int, *, last: bool) -> bytes:
        return self._prefix + number.to_bytes(_SIZE, "big") + bytes([last])


class _Chained:
    """A SHA-256 behind each chunk, of all up to it: against accidents, not against people."""

    overhead = 32

    def __init__(self, header: bytes) -> None:
        self._digest = hashlib.sha256(header).digest()

    def closed(self, number: int, piece: bytes, *, last: bool) -> bytes:
        self._digest = self._following(number, piece, last=last)
        return piece + self._digest

    def opened(self, number: int, piece: bytes, *, last: bool) -> bytes:
        content, digest = piece[: -self.overhead], piece[-self.overhead :]
        self._digest = self._following(number, content, last=last)
        if digest != self._digest:
            raise BackupDamaged
        return content

    def _following(self, number: int, piece: bytes, *, last: bool) -> bytes:
        place = number.to_bytes(8, "big") + bytes([last])
        return hashlib.sha256(self._digest + place + piece).digest()


def _pieces(content: Iterable[bytes], size: int) -> Iterator[tuple[int, bool, bytes]]:
    """Yield content in pieces of one size, each with its number and whether it is the last."""
    held, number = bytearray(), 0
    for part in content:
        held += part
        while len(held) > size:
            yield number, False, bytes(held[:size])
            del held[:size]
            number += 1
    yield number, True, bytes(held)


def _header(facts: Mapping[str, Any], stream: Mapping[str, Any]) -> bytes:
    told = json.dumps({"facts": dict(facts), "stream": dict(stream)}, sort_keys=True).encode()
    return _MAGIC + len(told).to_bytes(_SIZE, "big") + told


def _opening(header: Header, key: bytes | None) -> _Cipher:
    """Return what opens the chunks under a header; a key that is not its own is told."""
    if not header.is_sealed:
        if header.stream.get("format") != _PLAIN:
            raise BackupDamaged
        if key is not None:
            raise WrongBackupKey(None)
        return _Chained(header.written)
    if key is None or key_id(key) != header.key_id:
        raise WrongBackupKey(str(header.key_id))
    try:
        wrapped = bytes.fromhex(header.stream["wrapped"])
        prefix = bytes.fromhex(header.stream["prefix"])
    except (KeyError, TypeError, ValueError) as error:
        raise BackupDamaged from error
    if len(prefix) != _PREFIX:
        raise BackupDamaged
    return _Sealed(_unwrap(key, wrapped), prefix, header.written)


def _wrap(key: bytes, own: bytes, nonce: bytes) -> bytes:
    sealed: bytes = _aes(_derived(key, _WRAPS)).encrypt(nonce, own, _WRAPS)
    return nonce + sealed


def _unwrap(key: bytes, wrapped: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  an extra

    nonce, sealed = wrapped[:_NONCE], wrapped[_NONCE:]
    try:
        own: bytes = _aes(_derived(key, _WRAPS)).decrypt(nonce, sealed, _WRAPS)
    except (InvalidTag, ValueError) as error:
        raise BackupDamaged from error
    return own


def _derived(key: bytes, purpose: bytes) -> bytes:
    """Return a key for one purpose (HKDF-SHA256, RFC 5869)."""
    if len(key) != KEY:
        raise ValueError(f"a key has {KEY} bytes")
    try:
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  an extra
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415  as above
    except ImportError as error:
        raise MissingExtra("crypto") from error
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose).derive(key)


def _aes(key: bytes) -> Any:  # noqa: ANN401  a class of an extra
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  as above

    return AESGCM(key)
