"""Parts of a store as JSON has them, for a store that keeps them in files of its own."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.repository import KINDS, Part
from customer_registry.storage.portable import sound

__all__ = ["complete", "part_of", "row_of"]

_ORDER = {kind: place for place, kind in enumerate(("meta", *KINDS))}


def row_of(part: Part) -> list[object]:
    """Return a part as a row of JSON: its kind and its values, bytes as their text or in hex.

    >>> row_of(Part("customer", (1, b"{}")))
    ['customer', 1, {'text': '{}'}]
    """
    return [part.kind, *map(_shown, part.content)]


def part_of(row: Sequence[Any]) -> Part:
    """Return the part of a row; raises StorageCorrupt for what is none.

    >>> part_of(["range", "customer", 7]).kind
    'range'
    """
    try:
        kind, *values = row
        return sound(Part(kind, tuple(map(_meant, values))))
    except (TypeError, ValueError, KeyError) as error:
        raise StorageCorrupt("a stored row cannot be read") from error


def complete(parts: Iterable[Part]) -> list[Part]:
    """Return parts in any order as `put` takes them: in their order, the counts among them.

    Counts that are there already are made anew. Raises StorageCorrupt where `meta` is missing.

    >>> rows = [Part("range", ("a", 7)), Part("meta", (b"", None, 0))]
    >>> [part.kind for part in complete(rows)][:3]
    ['meta', 'count', 'count']
    """
    rows = [part for part in parts if part.kind != "count"]
    rows.sort(key=lambda part: (_ORDER[part.kind], part.content))
    if not rows or rows[0].kind != "meta":
        raise StorageCorrupt("nothing says which store this is")
    many = Counter(part.kind for part in rows)
    return [rows[0], *(Part("count", (kind, many[kind])) for kind in KINDS), *rows[1:]]


def _shown(value: str | int | bytes | None) -> object:
    if not isinstance(value, bytes):
        return value
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"hex": value.hex()}


def _meant(value: Any) -> Any:  # noqa: ANN401  whatever the JSON says; `sound` looks at it
    if not isinstance(value, dict):
        return value
    return value["text"].encode() if "text" in value else bytes.fromhex(value["hex"])
