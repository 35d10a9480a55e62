"""Readers of what has parts: entries with ids, values made of fields, mappings of free names."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.validation.reading.typed import (
    Reader,
    Value,
    each,
    is_blank,
    is_number,
    refuse_unknown,
    shown,
)
from customer_registry.validation.scene import Scene

__all__ = ["read_entries", "read_names", "read_parts", "with_parts"]

_NAMES: Mapping[type, tuple[str, ...]] = {
    whole: tuple(field.name for field in attrs.fields(whole))
    for whole in (BankAccount, Contact, InvoiceProfile, PostalAddress)
}
_LONGEST_ID = 36
_LONGEST_NAME = 60


Entry = TypeVar("Entry", BankAccount, Contact, PostalAddress)
Whole = TypeVar("Whole", BankAccount, Contact, InvoiceProfile, PostalAddress)


def read_entries(
    called: str,
    read: Callable[[object, Scene, Entry | None], Entry | None],
    typed: object,
    scene: Scene,
    before: Sequence[Entry],
) -> tuple[Entry, ...]:
    """Read a list of entries; one that returns with its id is the same entry as before."""
    known = {entry.id: entry for entry in before}
    found: list[Entry] = []
    taken: set[str] = set()
    for here, one in each(typed, scene):
        entry_id = _entry_id(one, here)
        if entry_id is not None:
            if entry_id in taken:
                here.below("id").say("entry.twice")
            if scene.editing and entry_id not in known:
                here.below("id").say("entry.unknown")
            taken.add(entry_id)
        entry = read(one, here, known.get(entry_id))
        if entry is not None and not here.failed and not entry.is_empty:
            named = entry if entry.id == entry_id else with_parts(entry, {"id": entry_id})
            found.append(named)
            if named != known.get(entry_id):
                here.meet(called, named)
    return tuple(found)


def read_parts(
    blank: Whole, readers: Mapping[str, Reader], typed: object, scene: Scene, before: Whole | None
) -> Whole | None:
    """Read a mapping part by part; an absent part stays as before. None where all is blank."""
    if not isinstance(typed, Mapping):
        scene.say("field.type", params={"expected": "mapping"})
        return None
    refuse_unknown([name for name in typed if name != "id"], readers, scene)
    known = before or blank
    changed = {
        part: read(typed[part], scene.below(part), getattr(known, part))
        for part, read in readers.items()
        if part in typed
    }
    whole = with_parts(known, changed)
    return None if whole == blank else whole


def with_parts(known: Whole, changed: Mapping[str, Any]) -> Whole:
    """Return what `attrs.evolve` would, in a third of its time."""
    parts = {name: getattr(known, name) for name in _NAMES[type(known)]}
    return type(known)(**{**parts, **changed})


def read_names(
    typed: object,
    scene: Scene,
    before: Mapping[str, Value],
    read: Callable[[object, Scene], Value | None],
) -> dict[str, Value]:
    """Read a mapping of free names: a name not typed stays, one typed empty goes."""
    if is_blank(typed):
        return {}
    if not isinstance(typed, Mapping):
        scene.say("field.type", params={"expected": "mapping"})
        return {}
    merged: dict[str, Value | None] = dict(before)
    taken: set[str] = set()
    for name, value in typed.items():
        spoken = _free_name(name, scene)
        if spoken in taken:
            scene.below(spoken).say("field.twice")
        elif spoken is not None:
            taken.add(spoken)
            merged[spoken] = read(value, scene.below(spoken))
    return {name: value for name, value in merged.items() if value is not None}


def _entry_id(typed: object, scene: Scene) -> str | None:
    if not isinstance(typed, Mapping) or is_blank(typed.get("id")):
        return None
    word = typed["id"]
    if (isinstance(word, str) or is_number(word)) and _is_id(str(word)):
        return str(word)
    scene.below("id").say("entry.id")
    return None


def _is_id(word: str) -> bool:
    plain = word.replace("-", "").replace("_", "")
    return len(word) <= _LONGEST_ID and plain.isascii() and plain.isalnum()


def _free_name(name: Any, scene: Scene) -> str | None:  # noqa: ANN401  a key of any kind
    try:
        spoken = text.line(name, longest=_LONGEST_NAME) if isinstance(name, str) else ""
    except InvalidValue:
        spoken = ""
    if not spoken:
        scene.say("custom.name", params={"name": shown(name)})
    return spoken or None
