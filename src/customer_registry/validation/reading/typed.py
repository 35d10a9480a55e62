"""What every reader begins with: typed things as text, as lists, as nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import isnan
from operator import index
from typing import Any, SupportsIndex, TypeAlias, TypeGuard, TypeVar, cast

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Severity
from customer_registry.domain.spelling import nearest
from customer_registry.domain.values import text
from customer_registry.domain.values.absence import says_none
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.private_use import restored
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.validation.scene import Scene

__all__ = [
    "Reader",
    "attempt",
    "each",
    "is_blank",
    "is_none_said",
    "is_number",
    "line",
    "number_text",
    "parsed",
    "refuse_unknown",
    "shown",
    "tell_characters",
    "text_of",
    "whole_number",
]

Reader: TypeAlias = Callable[[Any, Scene, Any], Any]
"""`(typed, scene, before) -> value`."""

Value = TypeVar("Value")

_VALUES = (CountryCode, CustomerCode, EmailAddress, Money, PartyName, PaymentTerms, PhoneNumber)
_ALONE = (str, dict, *_VALUES, Mapping)  # the usual ones first: asking for the last is slow
_HOLDERS = (dict, list, tuple, Mapping)
_MISSING = frozenset({"NaTType", "NAType"})
_MOST_ENTRIES = 200
_EXACT = 10**15  # from here on a spreadsheet's number has lost digits
_LARGEST = 10**40
_LONGEST_NAME = 60
_MOST_DIGITS = 4
_WORD = 100


def text_of(typed: object, scene: Scene) -> str | None:
    """Return what was typed as text; None for nothing or a refusal said.

    Numbers count as their digits, value types as their canonical text.
    """
    if isinstance(typed, str) or typed is None:
        return typed
    if isinstance(typed, _VALUES):
        return str(typed)
    if is_number(typed):
        return _digits(typed)
    if is_blank(typed):
        return None
    if (whole := whole_number(typed)) is not None:
        return str(whole)
    if isinstance(typed, date):
        scene.say("import.date_in_text")
    else:
        scene.say("field.type", params={"expected": "text"})
    return None


def is_number(typed: object) -> TypeGuard[int | float | Decimal]:
    """Return whether something is a number of at most forty digits, and no flag."""
    if isinstance(typed, bool) or not isinstance(typed, (int, float, Decimal)):
        return False
    # Decimals that are no number raise when they are compared.
    return (typed.is_finite() if isinstance(typed, Decimal) else True) and (
        -_LARGEST < typed < _LARGEST
    )


def whole_number(typed: object) -> int | None:
    """Return the number in a whole number of another library's type, such as numpy's int64."""
    if isinstance(typed, int) or not hasattr(type(typed), "__index__"):
        return None
    try:
        number = index(cast("SupportsIndex", typed))
    except Exception:  # noqa: BLE001  a foreign object's methods may do anything
        return None
    return number if -_LARGEST < number < _LARGEST else None


def line(typed: object, scene: Scene, *, longest: int = _WORD) -> str | None:
    """Read one line of text; None for nothing."""
    if typed is None:
        return None
    if type(typed) is str and len(typed) <= longest and text.is_tidy(typed):
        return typed or None
    written = text_of(typed, scene)
    tidy = parsed(lambda words: text.line(words, longest=longest), written, scene)
    if tidy:
        tell_characters(str(written), tidy, scene, "text.invisible", "text.unusual_char")
    return tidy or None


def tell_characters(typed: str, tidy: str, scene: Scene, invisible: str, unusual: str) -> None:
    """Tell of marks that were dropped, and of characters that others may not see."""
    if text.is_ordinary(typed):
        return
    if text.has_invisible(typed):
        scene.say(invisible, Severity.INFO)
    strange = next(text.unusual_characters(tidy), None)
    if strange is not None:
        known = restored(tidy)
        scene.say(
            unusual,
            Severity.WARNING,
            suggestion=known if known != tidy else None,
            params={"pos": tidy.index(strange) + 1},
        )


def number_text(typed: object, scene: Scene) -> str | None:
    """Return an identifying number as text, unless a spreadsheet has spoilt it."""
    if is_number(typed) and not -_EXACT < typed < _EXACT:
        scene.say("import.precision_loss")
        return None
    written = text_of(typed, scene)
    if written is None or not written.strip():
        return None
    if _is_scientific(written):
        scene.say("import.scientific")
        return None
    return written


def parsed(
    parse: Callable[[str], Value], typed: object, scene: Scene, *, or_none: bool = False
) -> Value | None:
    """Return what `parse` makes of the typed text, None for nothing or for a refusal said.

    With `or_none` a text that is refused and says that there is none, such as `/`, is nothing, with
    a warning: where nothing means no more than that.
    """
    written = text_of(typed, scene)
    if written is None or not written.strip():
        return None
    try:
        return parse(written)
    except InvalidValue as refusal:
        if not (or_none and is_none_said(written, scene)):
            scene.refuse(refusal)
        return None


def is_none_said(written: str, scene: Scene) -> bool:
    """Return whether a text says that there is none, and warn of it where it does."""
    if not says_none(written):
        return False
    scene.say("nothing_said", Severity.WARNING, params={"typed": written.strip()})
    return True


def attempt(make: Callable[[], Value], scene: Scene) -> Value | None:
    """Return what `make` gives; a refusal is said and gives None."""
    try:
        return make()
    except InvalidValue as refusal:
        scene.refuse(refusal)
        return None


def each(typed: object, scene: Scene) -> Iterator[tuple[Scene, object]]:
    """Yield the entries of a list with their scenes; a text or mapping alone is its only entry."""
    if isinstance(typed, (list, tuple)):
        entries = cast("Sequence[object]", typed)
        if len(entries) > _MOST_ENTRIES:
            scene.say("entry.too_many", params={"max": _MOST_ENTRIES})
            return
        for at, entry in enumerate(entries):
            if not is_blank(entry):
                yield scene.below(at), entry
    elif is_blank(typed):
        return
    elif isinstance(typed, _ALONE) or is_number(typed):
        yield scene.below(), typed
    else:
        scene.say("field.type", params={"expected": "list"})


def is_blank(typed: object) -> bool:
    """Return whether nothing was typed: None, blanks, an empty list or mapping, a table's NaN.

    The `NaT` and `NA` of pandas, which stand in its tables for the same, are nothing as well.
    """
    if isinstance(typed, str):
        return not typed.strip()
    if isinstance(typed, float):
        return isnan(typed)
    if isinstance(typed, _HOLDERS):
        return not typed
    return typed is None or type(typed).__name__ in _MISSING


def refuse_unknown(typed: Iterable[Any], known: Collection[str], scene: Scene) -> None:
    """Say which of the names in a mapping are none of the known ones, and what they may mean."""
    for name in typed:
        if name not in known:
            spoken = shown(name)
            near = nearest(spoken, known)
            params = {"name": spoken, "hint": f" ({near}?)" if near else ""}
            scene.below(spoken).say("field.unknown", suggestion=near, params=params)


def shown(name: object) -> str:
    """Return a key that people may have typed, short and fit for a sentence.

    A key that looks like a number keeps its digits to itself.
    """
    if not isinstance(name, str):
        return f"<{type(name).__name__}>"
    short = "".join(char if char.isprintable() else "�" for char in name[:_LONGEST_NAME])
    if sum(map(str.isdigit, short)) <= _MOST_DIGITS:
        return short
    return "".join("•" if char.isdigit() else char for char in short)


def _digits(number: float | Decimal) -> str:
    """Return a number without an exponent, and a whole one without its point."""
    if isinstance(number, int):
        return str(int(number))
    exact = number if isinstance(number, Decimal) else Decimal(float.__repr__(number))
    return f"{exact:f}".removesuffix(".0")


def _is_scientific(written: str) -> bool:
    """Whether a text is what a spreadsheet shows for a long number: 9.11E+17."""
    if "+" not in written:
        return False
    mantissa, _, exponent = written.strip().upper().partition("E+")
    return exponent.isdigit() and "." in mantissa and mantissa.replace(".", "", 1).isdigit()
