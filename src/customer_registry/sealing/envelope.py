"""An envelope: one value under AES-256-GCM, bound to the cell that it belongs to.

    version byte | length of the key's id | key's id | nonce, 12 bytes | ciphertext and tag

as base64url. What is bound is told length by length, so that no two cells are written alike.
"""

import os
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from typing import TYPE_CHECKING, Self
from uuid import UUID

import attrs

from customer_registry.domain.errors import MissingExtra, TamperedRecord
from customer_registry.sealing.sealer import Cell

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["Envelopes", "cipher", "closed", "opened_content", "read", "subkey"]

_FORMAT = 1
_NONCE = 12
_BLOCK = 16
_TAG = 16
_DOMAIN = b"customer_registry sealed field"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@attrs.frozen(repr=False, eq=False)
class Envelopes:
    """Makes and opens the envelopes of one field of one store under one key."""

    _cipher: "AESGCM"
    _head: bytes
    _bound: bytes

    @classmethod
    def under(cls, secret: bytes, key: str, identity: UUID, field: str) -> Self:
        """Return the envelopes under a key; raises MissingExtra."""
        named, bound = key.encode(), (_DOMAIN, identity.bytes, field.encode(), key.encode())
        made = subkey(secret, b"sealing", identity.bytes, field.encode())
        head = bytes((_FORMAT, len(named))) + named
        return cls(cipher(made), head, _told((bytes((_FORMAT,)), *bound)))

    def seal(self, text: str, cell: Cell) -> str:
        """Return a value as an envelope."""
        bound = self._bound_to(cell)
        content = closed(self._cipher, os.urandom(_NONCE), _padded(text.encode()), bound)
        return _written(self._head + content)

    def open(self, content: bytes, cell: Cell) -> str:
        """Return what the bytes of an envelope hold; raises TamperedRecord."""
        closed = content[len(self._head) :]
        try:
            return _unpadded(opened_content(self._cipher, closed, self._bound_to(cell))).decode()
        except ValueError as error:
            raise TamperedRecord(f"{cell.field}: not as it was sealed") from error

    def _bound_to(self, cell: Cell) -> bytes:
        """Return what an envelope is bound to: store, field and key, then customer and entry."""
        entry = cell.entry.encode()
        size, version = len(entry).to_bytes(4, "big"), cell.version.to_bytes(8, "big")
        return self._bound + cell.customer_id.bytes + version + size + entry


def closed(cipher: "AESGCM", nonce: bytes, content: bytes, bound: bytes) -> bytes:
    """Return the nonce, and behind it the content enciphered, with its tag."""
    return nonce + cipher.encrypt(nonce, content, bound)


def opened_content(cipher: "AESGCM", closed: bytes, bound: bytes) -> bytes:
    """Return what `closed` enciphered; raises ValueError where anything is not as it was."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  an extra

    try:
        return cipher.decrypt(closed[:_NONCE], closed[_NONCE:], bound)
    except InvalidTag as error:
        raise ValueError("the tag does not fit") from error


def read(envelope: str) -> tuple[str, bytes]:
    """Return the id of an envelope's key, and its bytes; raises TamperedRecord for none."""
    content = _bytes_of(envelope)
    try:
        return content[2 : 2 + content[1]].decode("ascii"), content
    except ValueError as error:
        raise TamperedRecord("a sealed field names no key") from error


def cipher(key: bytes) -> "AESGCM":
    """Return AES-GCM under a key; raises MissingExtra where cryptography is not installed."""
    try:
        from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415  an extra
            AESGCM,
        )
    except ImportError as error:
        raise MissingExtra("crypto") from error
    return AESGCM(key)


def subkey(key: bytes, *purpose: bytes) -> bytes:
    """Return the key of 32 bytes for one purpose: HKDF (RFC 5869) with SHA-256.

    Raises MissingExtra where cryptography is not installed.
    """
    try:
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  an extra
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415  as above
    except ImportError as error:
        raise MissingExtra("crypto") from error
    return HKDF(SHA256(), length=32, salt=None, info=_told(purpose)).derive(key)


def _told(parts: tuple[bytes, ...]) -> bytes:
    """Return parts one after the other, each behind its length."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


def _padded(content: bytes) -> bytes:
    """Fill up to whole blocks (ISO/IEC 7816-4), so that the length tells little."""
    return content + b"\x80" + bytes(-(len(content) + 1) % _BLOCK)


def _unpadded(padded: bytes) -> bytes:
    content, mark, zeros = padded.rpartition(b"\x80")
    if not mark or zeros.strip(b"\0") or len(zeros) >= _BLOCK or len(padded) % _BLOCK:
        raise ValueError("not padded")
    return content


def _written(content: bytes) -> str:
    return b2a_base64(content, newline=False).translate(_URL_SAFE).rstrip(b"=").decode("ascii")


def _bytes_of(envelope: str) -> bytes:
    """Return the bytes of an envelope; only the one way of writing them is taken."""
    try:
        content = urlsafe_b64decode(envelope + "=" * (-len(envelope) % 4))
    except ValueError as error:
        raise TamperedRecord("a sealed field is no envelope") from error
    if _written(content) != envelope or content[:1] != bytes((_FORMAT,)):
        raise TamperedRecord("a sealed field is no envelope that this version knows")
    if len(content) < 2 or len(content) < 2 + content[1] + _NONCE + _BLOCK + _TAG:  # noqa: PLR2004
        raise TamperedRecord("a sealed field was cut")
    return content
