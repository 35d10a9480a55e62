"""Judgements packed in one process, and unpacked in another at a third of the usual cost."""

import io
import pickle
from collections.abc import Callable
from functools import cache
from types import MemberDescriptorType
from typing import Any, TypeAlias, cast

import attrs

__all__ = ["packed", "unpacked"]

_Slots: TypeAlias = tuple[MemberDescriptorType, ...]
_Setter: TypeAlias = Callable[[Any, Any], None]


def packed(value: object) -> bytes:
    """Return a value as bytes; raises what its parts raise that cannot be packed."""
    written = io.BytesIO()
    _Packer(written, pickle.HIGHEST_PROTOCOL).dump(value)
    return written.getvalue()


def unpacked(written: bytes) -> Any:  # noqa: ANN401  whatever was packed
    """Return what one of our own processes has packed; raises what its parts raise."""
    return pickle.loads(written)  # noqa: S301  never from outside


class _Packer(pickle.Pickler):
    """Writes a value of ours as its class, its fields, and the texts it has worked out by now."""

    def reducer_override(self, obj: object) -> Any:  # noqa: ANN401  a tuple, or NotImplemented
        kind: Any = type(obj)
        fields, others = _slots(kind)
        if not fields:
            return NotImplemented
        texts = {at: text for at, slot in enumerate(others) if (text := _text_in(slot, obj))}
        return _restored, (kind, texts, *[slot.__get__(obj) for slot in fields])


def _restored(kind: Any, texts: dict[int, str], *values: object) -> object:  # noqa: ANN401  a class
    new = object.__new__(kind)
    fields, others = _setters(kind)
    for put, value in zip(fields, values, strict=True):
        put(new, value)
    for at, text in texts.items():
        others[at](new, text)
    return new


@cache
def _setters(kind: Any) -> tuple[tuple[_Setter, ...], ...]:  # noqa: ANN401  a class
    """Return what writes the slots of a class; to look it up for each value takes as long again."""
    fields, others = _slots(kind)
    return tuple(slot.__set__ for slot in fields), tuple(slot.__set__ for slot in others)


@cache
def _slots(kind: type[Any]) -> tuple[_Slots, _Slots]:
    """Return where an attrs class of ours keeps its fields, and what it works out of them once.

    Both are empty for any other class.
    """
    if not kind.__module__.startswith("customer_registry.") or not attrs.has(kind):
        return (), ()
    if kind.__reduce__ is not object.__reduce__:  # it knows better
        return (), ()
    names = [field.name for field in attrs.fields(kind)]
    fields = [getattr(kind, name, None) for name in names]
    others = [getattr(kind, name) for name in _declared(kind) if name not in names]
    found = tuple(slot for slot in fields if isinstance(slot, MemberDescriptorType))
    if len(found) < len(fields):
        return (), ()
    return found, tuple(slot for slot in others if isinstance(slot, MemberDescriptorType))


def _declared(kind: type[Any]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", kind.__dict__.get("__slots__", ()))


def _text_in(slot: MemberDescriptorType, value: object) -> str:
    """Return the text that was worked out already, such as the key of a name."""
    try:
        found: object = slot.__get__(value)
    except AttributeError:
        return ""
    return found if isinstance(found, str) else ""
