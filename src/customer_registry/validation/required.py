"""Which required fields a raw customer lacks."""

from collections.abc import Iterator, Mapping
from typing import Any

from customer_registry.domain.customer import SMALL_FORM
from customer_registry.domain.issues import Path
from customer_registry.validation.reading.typed import is_blank

__all__ = ["ALWAYS_REQUIRED", "field_behind", "lacking", "place_of"]

ALWAYS_REQUIRED = ("kind", "name")
_HOLDERS = (str, tuple, Mapping)


def lacking(
    required: tuple[str, ...],
    raw: Mapping[str, object],
    facts: Mapping[str, Any],
    touched: frozenset[str] | None,
    unseen: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Yield the required names that are empty, in an edit only those that it touches.

    Of `unseen` fields nothing is said, lest that tells whether there is something.

    A field that is not among the sound `facts` lacks a part only if that part was not typed: what
    is wrong with the typed one is told already.
    """
    for name in dict.fromkeys((*ALWAYS_REQUIRED, *required)):
        field = field_behind(name)
        if name in unseen or (field in unseen and field != "custom"):
            continue
        concerned = touched is None or "kind" in touched or _is_touched(name, field, raw, touched)
        sound = field in facts
        if concerned and (_is_empty(name, facts) if sound else not _is_typed(name, raw)):
            yield name


def _is_touched(name: str, field: str, raw: Mapping[str, object], touched: frozenset[str]) -> bool:
    """Whether an edit touches a field; of the custom fields each is one by itself."""
    typed = raw.get(field)
    if field == "custom" and "." in name and isinstance(typed, Mapping):
        return name.partition(".")[2] in typed
    return field in touched


def field_behind(name: str) -> str:
    """Return the customer's field that a required or flat name stands for."""
    return SMALL_FORM.get(name, name).partition(".")[0]


def place_of(name: str) -> Path:
    """Return where a required name is missing: an entry's part at its list."""
    field, _, part = name.partition(".")
    return ("custom", part) if field == "custom" and part else (field,)


def _is_empty(name: str, facts: Mapping[str, Any]) -> bool:
    field, _, part = SMALL_FORM.get(name, name).partition(".")
    if not part:
        return facts[field] is None or (isinstance(facts[field], _HOLDERS) and not facts[field])
    if field == "custom":
        return facts[field].get(part) in (None, "")
    if name == "address":
        return not any(address.parts for address in facts[field])
    return not any(getattr(entry, part) for entry in facts[field])


def _is_typed(name: str, raw: Mapping[str, object]) -> bool:
    field, _, part = SMALL_FORM.get(name, name).partition(".")
    if not part:
        return True
    entries = raw.get(field)
    if field == "custom":
        return not (isinstance(entries, Mapping) and is_blank(entries.get(part)))
    listed = entries if isinstance(entries, (list, tuple)) else [entries]
    typed = [entry.get(part) for entry in listed if isinstance(entry, Mapping)]
    flat = [raw.get(each) for each, meant in SMALL_FORM.items() if meant == f"{field}.{part}"]
    return not all(map(is_blank, [*typed, *flat]))
