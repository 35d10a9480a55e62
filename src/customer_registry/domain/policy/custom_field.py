"""A field that a company adds to the form."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias, cast

import attrs

from customer_registry.domain.customer import CustomValue, PartyKind
from customer_registry.domain.errors import InvalidValue, PolicyError
from customer_registry.domain.messages import LANGUAGES
from customer_registry.domain.policy.patterns import fits
from customer_registry.domain.policy.reading import Keys, Reading, Table, spelt
from customer_registry.domain.values import text

__all__ = ["CustomField", "FieldType", "read_custom_fields"]

_LONGEST_NAME = 60
_LONGEST_TEXT = 4000

Bound: TypeAlias = int | Decimal | date


class FieldType(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    BOOL = "bool"


def _as_type(given: "FieldType | str") -> FieldType:
    """Return the type that a word means; one that is none is judged with the rest."""
    return FieldType(given) if given in {*FieldType} else cast("FieldType", given)


@attrs.frozen(kw_only=True)
class CustomField:
    """A custom field as a company declares it; raises PolicyError for what cannot be meant.

    `labels` and `help` go by language; `required` is for all kinds, for some, or for none. A text
    may have a `pattern`, an `example` of it and a `max_length`; numbers and dates from `minimum`
    to `maximum`, both included; a choice has its `choices` in their order. Whoever searches may
    ask for the value of a `searchable` one. A `sensitive` one is a text that is sealed where the
    store is, and never journalled or searched for.

    >>> CustomField(name="门店数", type=FieldType.NUMBER, minimum=0).is_required(PartyKind.PERSON)
    False
    """

    name: str
    type: FieldType = attrs.field(default=FieldType.TEXT, converter=_as_type)
    labels: Mapping[str, str] = attrs.field(factory=dict[str, str])
    required: bool | tuple[PartyKind, ...] = False
    pattern: str | None = None
    example: str | None = None
    max_length: int | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    choices: tuple[str, ...] = ()
    default: CustomValue = None
    searchable: bool = False
    sensitive: bool = False
    help: Mapping[str, str] = attrs.field(factory=dict[str, str])

    def __attrs_post_init__(self) -> None:
        """Refuse what no company can mean."""
        reading = Reading()
        _judge(attrs.asdict(self, recurse=False), reading)
        if reading.mistakes:
            raise PolicyError(reading.texts_of_mistakes)

    def is_required(self, kind: PartyKind) -> bool:
        """Return whether customers of a kind must have it."""
        return self.required if isinstance(self.required, bool) else kind in self.required


def read_custom_fields(given: object, reading: Reading) -> dict[str, CustomField]:
    """Return the fields that the table `[custom]` of a policy file declares."""
    return {
        name: field
        for name, table in reading.table(("custom",), given).items()
        if (field := _read_field(name, reading.table(("custom", name), table), reading))
    }


def _read_field(name: str, table: Table, reading: Reading) -> CustomField | None:
    keys, before = ("custom", name), len(reading.mistakes)
    reading.known(keys, table, _KEYS)
    given: dict[str, Any] = {
        _NAMES.get(key, key): value for key, value in table.items() if key in _KEYS
    }
    for key in _SPOKEN:
        if isinstance(given.get(key), str):
            given[key] = dict.fromkeys(LANGUAGES, given[key])
    for key in ("minimum", "maximum", "default"):
        if isinstance(given.get(key), float):
            given[key] = Decimal(repr(given[key]))
    _judge({"name": name, **given}, reading)
    if len(reading.mistakes) > before:
        return None
    if not isinstance(required := given.get("required", False), bool):
        given["required"] = tuple(map(PartyKind, required))
    given["choices"] = tuple(given.get("choices", ()))
    return CustomField(name=name, **given)


_SPOKEN = ("labels", "help")
_NAMES = {"label": "labels"}
_FILE_NAMES = {"labels": "label"}
_OF_TYPE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text": ("pattern", "example", "max_length"),
        "number": ("minimum", "maximum"),
        "date": ("minimum", "maximum"),
        "choice": ("choices",),
        "bool": (),
    }
)
_OF_ALL = ("type", "label", "required", "default", "searchable", "sensitive", "help")
_KEYS = (*_OF_ALL, "pattern", "example", "max_length", "minimum", "maximum", "choices")


def _judge(given: Mapping[str, Any], reading: Reading) -> None:
    """Note what a declaration gets wrong."""
    keys, before = ("custom", given["name"]), len(reading.mistakes)
    if not _is_name(given["name"]):
        reading.say(keys, f"custom: {given['name']!r} cannot be the name of a field")
    called = reading.word((*keys, "type"), given.get("type", FieldType.TEXT), FieldType)
    said = {key: value for key, value in given.items() if value is not None and value != ()}
    for key, value in said.items():
        _judge_part((*keys, _FILE_NAMES.get(key, key)), value, called, reading)
    if called == FieldType.CHOICE and not said.get("choices"):
        reading.say(keys, f"{spelt(keys)} is a choice and needs choices")
    if len(reading.mistakes) == before:
        _judge_together(keys, said, reading)


def _judge_part(keys: Keys, value: object, called: str, reading: Reading) -> None:
    key = str(keys[-1])
    if any(key in names for names in _OF_TYPE.values()) and key not in _OF_TYPE[called]:
        reading.say(keys, f"{spelt(keys)} says nothing about a {called}")
    elif key in _JUDGES:
        _JUDGES[key](keys, value, reading)
    elif key in {"minimum", "maximum"} and not _is_bound(value, called):
        reading.say(keys, f"{spelt(keys)} is a {called}")


def _judge_required(keys: Keys, value: object, reading: Reading) -> None:
    if isinstance(value, str) or not isinstance(value, (bool, Sequence)):
        reading.say(keys, f"{spelt(keys)} is true, false or a list of kinds")
    elif not isinstance(value, bool):
        for at, kind in enumerate(reading.texts(keys, value)):
            reading.word((*keys, at), kind, PartyKind)


def _judge_flag(keys: Keys, value: object, reading: Reading) -> None:
    if not isinstance(value, bool):
        reading.say(keys, f"{spelt(keys)} is true or false")


def _judge_default(keys: Keys, value: object, reading: Reading) -> None:
    if isinstance(value, (Mapping, list)):
        reading.say(keys, f"{spelt(keys)} is one value")


def _judge_spoken(keys: Keys, value: object, reading: Reading) -> None:
    if not isinstance(value, Mapping):
        reading.say(keys, f"{spelt(keys)} is a text, or one per language")
        return
    table = cast("Table", value)
    reading.known(keys, table, LANGUAGES)
    for language, words in table.items():
        reading.text((*keys, language), words)


_JUDGES: Mapping[str, Callable[[Keys, object, Reading], object]] = MappingProxyType(
    {
        "choices": lambda keys, value, reading: reading.words(keys, value),
        "default": _judge_default,
        "example": lambda keys, value, reading: reading.text(keys, value),
        "help": _judge_spoken,
        "label": _judge_spoken,
        "max_length": lambda keys, value, reading: reading.count(keys, value, _LONGEST_TEXT),
        "pattern": lambda keys, value, reading: reading.pattern(keys, value),
        "required": _judge_required,
        "searchable": _judge_flag,
        "sensitive": _judge_flag,
    }
)


def _judge_together(keys: Keys, said: Mapping[str, Any], reading: Reading) -> None:
    if "minimum" in said and "maximum" in said and said["minimum"] > said["maximum"]:
        reading.say((*keys, "minimum"), f"{spelt(keys)}.minimum is above its maximum")
    if said.get("sensitive") and said.get("searchable"):
        reading.say((*keys, "searchable"), f"{spelt(keys)} is sensitive: nobody searches by it")
    if said.get("sensitive") and said.get("type", FieldType.TEXT) != FieldType.TEXT:
        reading.say((*keys, "sensitive"), f"{spelt(keys)} is sensitive: it is a text")
    if "pattern" in said and "example" in said and not fits(said["pattern"], said["example"]):
        reading.say((*keys, "example"), f"{spelt(keys)}.example does not fit the pattern")


def _is_bound(value: object, called: str) -> bool:
    if called == FieldType.DATE:
        return type(value) is date
    return type(value) is int or (isinstance(value, Decimal) and value.is_finite())


def _is_name(name: object) -> bool:
    try:
        return isinstance(name, str) and text.line(name, longest=_LONGEST_NAME) == name != ""
    except InvalidValue:
        return False
