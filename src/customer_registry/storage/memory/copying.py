"""Copies of what a store in memory keeps, for those who read while others write."""

from copy import copy
from typing import Any, TypeVar

import attrs

__all__ = ["copy_of"]


_Port = TypeVar("_Port", bound=attrs.AttrsInstance)


def copy_of(port: _Port) -> _Port:
    """Return a port with lists of its own; what they hold never changes."""
    fields = (field for field in attrs.fields(type(port)) if field.name != "_undo")
    held = {each.alias: _own(getattr(port, each.name)) for each in fields}
    kind: Any = type(port)
    copied: _Port = kind(undo=[], **held)
    return copied


def _own(held: Any) -> Any:  # noqa: ANN401  whatever a port keeps
    if isinstance(held, dict):
        return {key: list(each) if isinstance(each, list) else each for key, each in held.items()}
    return copy(held) if isinstance(held, list | set) else held
