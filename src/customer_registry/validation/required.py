"""Which required fields a raw customer lacks."""

from collections.abc import Iterator, Mapping
from typing import Any

from customer_registry.domain.customer import SMALL_FORM
from customer_registry.validation.reading.typed import is_blank

__all__ = ["ALWAYS_REQUIRED", "field_behind", "lacking"]

ALWAYS_REQUIRED = ("kind", "name")


def lacking(
    required: tuple[str, ...],
    raw: Mapping[str, object],
    facts: Mapping[str, Any],
    touched: frozenset[str] | None,
) -> Iterator[str]:
    """Yield the required names that are empty, in an edit only those that it touches.

    A field that is not among the sound `facts` lacks a part only if that part was not typed: what
    is wrong with the typed one is told already.
    """
    for name in dict.fromkeys((*ALWAYS_REQUIRED, *required)):
        field = field_behind(name)
        concerned = touched is None or field in touched or "kind" in touched
        sound = field in facts
        if concerned and (_is_empty(name, facts) if sound else not _is_typed(name, raw)):
            yield name


def field_behind(name: str) -> str:
    """Return the customer's field that a required or flat name stands for."""
    return SMALL_FORM.get(name, name).partition(".")[0]


def _is_empty(name: str, facts: Mapping[str, Any]) -> bool:
    field, _, part = SMALL_FORM.get(name, name).partition(".")
    if not part:
        return facts[field] in (None, "", (), {})
    if name == "address":
        return not any(address.parts for address in facts[field])
    return not any(getattr(entry, part) for entry in facts[field])


def _is_typed(name: str, raw: Mapping[str, object]) -> bool:
    field, _, part = SMALL_FORM.get(name, name).partition(".")
    if not part:
        return True
    entries = raw.get(field)
    listed = entries if isinstance(entries, (list, tuple)) else [entries]
    typed = [entry.get(part) for entry in listed if isinstance(entry, Mapping)]
    flat = [raw.get(each) for each, meant in SMALL_FORM.items() if meant == f"{field}.{part}"]
    return not all(map(is_blank, [*typed, *flat]))
