"""Masks that a form sends back: taken for the stored value of their own entry, of no other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, ParamSpec, TypeVar, cast

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.masks import MaskKind, holds_mask, phone_mask, stands_for
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.validation.reading.typed import Reader
from customer_registry.validation.scene import Scene

__all__ = ["restored", "telling_masks", "unmasked"]

More = ParamSpec("More")
Value = TypeVar("Value")
Listed = PhoneNumber | EmailAddress | TaxIdentifier


def unmasked(read: Reader, *kinds: MaskKind) -> Reader:
    """Return a reader that takes a mask of the stored text for that text, unchanged."""

    def read_unmasked(typed: object, scene: Scene, before: object) -> object:
        if isinstance(typed, str) and before and stands_for(typed, before, *kinds):
            return before
        return read(typed, scene, before)

    return read_unmasked


def restored(typed: object, stored: Sequence[Listed]) -> object:
    """Return a typed list whose masks are replaced by the stored entries they stand for.

    A mask that several entries share stands for the one in its place, as long as no entry was
    added or left out; else nobody can tell, and it stays a mask.
    """
    if not stored:
        return typed
    if not isinstance(typed, (list, tuple)):
        return _restored(typed, stored, ())
    entries = cast("Sequence[object]", typed)
    in_place = len(entries) == len(stored)
    return [
        _restored(entry, stored, stored[at : at + 1] if in_place else ())
        for at, entry in enumerate(entries)
    ]


def telling_masks(
    parse: Callable[Concatenate[str, More], Value],
) -> Callable[Concatenate[str, More], Value]:
    """Return a parser that refuses as `masked` what it refuses because of a mask's signs."""

    def read(typed: str, /, *more: More.args, **named: More.kwargs) -> Value:
        try:
            return parse(typed, *more, **named)
        except InvalidValue:
            if holds_mask(typed):
                raise InvalidValue("masked") from None
            raise

    return read


def _restored(typed: object, stored: Sequence[Listed], here: Sequence[Listed]) -> object:
    number = typed.get("number") if isinstance(typed, Mapping) else typed
    if not isinstance(number, str) or not holds_mask(number):
        return typed
    meant = [value for value in stored if stands_for(number, value, _kind(value))]
    if len(meant) > 1:
        meant = [value for value in here if value in meant]
    if len(meant) != 1:
        return typed
    shown = _shown(meant[0])
    if isinstance(typed, Mapping) and isinstance(shown, dict):
        return {**shown, **typed, "number": shown["number"]}
    return shown


def _kind(value: Listed) -> MaskKind:
    match value:
        case PhoneNumber():
            return phone_mask(value)
        case EmailAddress():
            return "email"
        case TaxIdentifier():
            return "identity_number"


def _shown(value: Listed) -> str | dict[str, str | None]:
    """Return an entry as the form shows it to who may see it whole."""
    match value:
        case PhoneNumber():
            return {"number": value.international, "use": value.use}
        case EmailAddress():
            return str(value)
        case TaxIdentifier():
            return {"scheme": value.scheme, "number": str(value.number)}
