"""What stands where a reader may not see the value."""

from functools import cache
from typing import Any, cast

import attrs

__all__ = ["Masked", "SensitiveText", "is_sensitive", "sensitive"]


@attrs.frozen
class Masked:
    """The part of a hidden value that may be shown: a type of its own that no store writes.

    >>> str(Masked("****0123"))
    '****0123'
    """

    text: str

    def __str__(self) -> str:
        return self.text


class SensitiveText(str):
    """A text that a company's policy calls sensitive: it never shows in `repr`.

    >>> SensitiveText("A12345678"), str(SensitiveText("A12345678"))
    (SensitiveText(), 'A12345678')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "SensitiveText()"


def sensitive(**options: Any) -> Any:  # noqa: ANN401  attrs.field itself is typed so
    """Declare an attrs field whose value is sealed, masked, never shown, logged or journalled."""
    return attrs.field(repr=False, metadata={"sensitive": True}, **options)


@cache
def is_sensitive(owner: type, name: str) -> bool:
    """Return whether the field `name` of an attrs class was declared `sensitive()`."""
    field = attrs.fields_dict(cast("type[attrs.AttrsInstance]", owner)).get(name)
    return field is not None and bool(field.metadata.get("sensitive"))
