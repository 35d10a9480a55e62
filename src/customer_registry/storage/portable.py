"""Parts of a store as bytes, and back again; what makes parts those of a whole store."""

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.repository import KINDS, Part

__all__ = ["packed", "sound", "unpacked", "whole"]

_TEXT, _BYTES, _NUMBER = (str,), (bytes,), (int,)
_MAYBE_TEXT, _MAYBE_BYTES, _MAYBE_NUMBER = (str, NoneType), (bytes, NoneType), (int, NoneType)
_SHAPES: Mapping[str, tuple[tuple[type, ...], ...]] = {
    "meta": (_BYTES, _MAYBE_TEXT, _NUMBER),
    "count": (_TEXT, _NUMBER),
    "link": (_NUMBER, _MAYBE_BYTES, _TEXT, _MAYBE_BYTES, _MAYBE_BYTES, _BYTES, _BYTES),
    "customer": (_NUMBER, _BYTES),
    "key": (_TEXT, _TEXT, _NUMBER),
    "claim": (_TEXT, _TEXT, _NUMBER),
    "range": (_TEXT, _NUMBER),
    "reservation": (_TEXT, _TEXT, _TEXT, _TEXT, _MAYBE_TEXT, _MAYBE_NUMBER, _MAYBE_TEXT),
    "receipt": (_TEXT, _TEXT, _BYTES, _BYTES, _BYTES, _NUMBER, _BYTES, _TEXT),
    "pending": (_BYTES, _BYTES, _NUMBER, _TEXT, _TEXT, _TEXT, _BYTES),
}

_SIZE = 4
"""Bytes that tell a length."""


def sound(part: Part) -> Part:
    """Return a part as it is; raises StorageCorrupt unless its values are those of its kind."""
    shape = _SHAPES.get(part.kind, ())
    types = tuple(map(type, part.content))
    fits = len(shape) == len(types) and all(map(tuple.__contains__, shape, types))
    if not (shape and fits):
        raise StorageCorrupt(f"a stored {part.kind} cannot be read")
    return part


def whole(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts as they come, the counts included.

    Raises StorageCorrupt unless all of a store are there, in their order: at the end, where some
    are missing.
    """
    coming = (sound(part) for part in parts)
    counts = dict[str, int]()
    for due in ("meta", *["count"] * len(KINDS)):
        part = next(coming, None)
        if part is None or part.kind != due:
            raise StorageCorrupt("this is the beginning of no store")
        if part.kind == "count":
            kind, many = part.content
            counts[str(kind)] = int(str(many))
        yield part
    if tuple(counts) != KINDS:
        raise StorageCorrupt("this is the beginning of no store")
    yield from _rows(coming, counts)


def packed(part: Part) -> bytes:
    """Return a part as bytes, its own length first."""
    words = [part.kind.encode(), *map(_written, part.content)]
    return _sized(b"".join(map(_sized, words)))


def unpacked(chunks: Iterable[bytes]) -> Iterator[Part]:
    """Yield the parts that `packed` wrote, from chunks that may end anywhere.

    Raises StorageCorrupt for anything else.
    """
    held = b""
    for chunk in chunks:
        held += chunk
        words, held = _words(held)
        yield from map(_part, words)
    if held:
        raise StorageCorrupt("a part is cut off")


def _rows(coming: Iterator[Part], counts: Mapping[str, int]) -> Iterator[Part]:
    for kind, many in counts.items():
        for _ in range(many):
            part = next(coming, None)
            if part is None or part.kind != kind:
                raise StorageCorrupt(f"a {kind} is missing")
            yield part
    if next(coming, None) is not None:
        raise StorageCorrupt("there is more than was counted")


def _part(packed: bytes) -> Part:
    words, rest = _words(packed)
    if not words or rest:
        raise StorageCorrupt("a part is damaged")
    try:
        return Part(words[0].decode("ascii"), tuple(map(_read, words[1:])))
    except ValueError as error:
        raise StorageCorrupt("a part is damaged") from error


def _words(held: bytes) -> tuple[list[bytes], bytes]:
    """Return the words that are held whole, and what is left."""
    words, start = list[bytes](), 0
    while len(held) - start >= _SIZE:
        begin = start + _SIZE
        end = begin + int.from_bytes(held[start:begin], "big")
        if end > len(held):
            break
        words.append(held[begin:end])
        start = end
    return words, held[start:]


def _sized(word: bytes) -> bytes:
    return len(word).to_bytes(_SIZE, "big") + word


def _written(value: str | int | bytes | None) -> bytes:
    match value:
        case None:
            return b"-"
        case str():
            return b"t" + value.encode()
        case bytes():
            return b"b" + value
        case int():
            return b"n" + str(value).encode()


def _read(word: bytes) -> str | int | bytes | None:
    kind, value = word[:1], word[1:]
    match kind:
        case b"-" if not value:
            return None
        case b"t":
            return value.decode()
        case b"b":
            return value
        case b"n":
            return int(value)
        case _:
            raise ValueError("no value")
