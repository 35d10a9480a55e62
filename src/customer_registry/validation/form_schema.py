"""A form as a JSON Schema (2020-12) of what a screen sends."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from customer_registry.validation.forms import Form, FormField

__all__ = ["schema_of"]

Schema: TypeAlias = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(form: "Form") -> Schema:
    """Return the schema of the raw customers that a form sends."""
    needed = [field for field in form.fields if field.required]
    lists = {_list_behind(field) for field in form.fields} - {""}
    by_part = {_list_behind(field) for field in needed}
    alone = [each.name for each in needed if not each.stands_for and each.name not in lists]
    either = [
        _one_of(_ways_to_give(each, form.fields))
        for each in needed
        if each.name not in alone and each.name not in by_part
    ]
    whole = _object(form.fields, required=alone)
    whole["properties"]["kind"]["enum"] = [form.kind.value]
    return {"$schema": _DIALECT, **whole, **({"allOf": either} if either else {})}


def _list_behind(field: "FormField") -> str:
    """Return the list that a flat field stands for, an empty text for any other field."""
    return (field.stands_for or "").partition(".")[0]


def _ways_to_give(needed: "FormField", fields: "Iterable[FormField]") -> list[str]:
    """Return the names of which one has to be there: a flat field or the list it stands for."""
    if needed.stands_for:
        return [needed.name, _list_behind(needed)]
    flat = [each.name for each in fields if _list_behind(each) == needed.name]
    return [needed.name, *flat]


def _one_of(names: Iterable[str]) -> Schema:
    return {"anyOf": [{"required": [name]} for name in names]}


def _object(fields: "Iterable[FormField]", *, required: list[str], with_id: bool = False) -> Schema:
    properties = {field.name: _field(field) for field in fields}
    if with_id:
        properties["id"] = {"type": ["string", "number", "null"], "maxLength": 36}
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": required} if required else shape


def _field(field: "FormField") -> Schema:
    """Return the schema of a field, and what people read about it."""
    about = {
        "title": field.label,
        "description": field.help,
        "examples": [field.example] if field.example is not None else None,
        "default": _plain(field.default),
    }
    told = {name: value for name, value in about.items() if value is not None}
    return {**told, **(_list(field) if field.many else _value(field))}


def _list(field: "FormField") -> Schema:
    item = _value(field)
    several: Schema = {"type": "array", "items": item, "maxItems": field.most}
    if field.required:
        several["minItems"] = 1
    joined = {"type": "string"}  # one text with commas, where the words are listed
    return {"anyOf": [item, several, *([joined] if field.choices else [])]}


def _value(field: "FormField") -> Schema:
    if field.type == "parts":
        return _whole(field)
    if field.choices and not field.open:
        words = [choice.value for choice in field.choices]
        return {"enum": words if field.required else [*words, "", None]}
    return _SHAPES.get(field.type, _text)(field)


def _whole(field: "FormField") -> Schema:
    """Return the schema of a field with parts, or a text alone where it means one of them."""
    required = [each.name for each in field.fields if each.required]
    whole = _object(field.fields, required=required, with_id=field.with_id)
    if field.open:
        whole["additionalProperties"] = _ANYTHING
    if field.alone:
        return {"anyOf": [whole, {"type": ["string", "number", "null"]}]}
    return {"anyOf": [whole, {"enum": ["", None]}]}


def _text(field: "FormField") -> Schema:
    shape: Schema = {"type": ["string", "number", *_absent(field)]}
    if field.required:
        shape["minLength"] = 1
    if field.max_length is not None:
        shape["maxLength"] = field.max_length
    if field.pattern is not None:
        blank = "" if field.required else "?"
        shape["pattern"] = f"^(?:{field.pattern}){blank}$"
    return shape


def _number(field: "FormField") -> Schema:
    shape: Schema = {"type": ["number", "string", *_absent(field)]}
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    shape |= {name: _plain(bound) for name, bound in bounds.items() if bound is not None}
    return {"anyOf": [shape, _typed_object("decimal")]}


def _date(field: "FormField") -> Schema:
    shape = {"type": ["string", "integer", *_absent(field)]}
    return {"anyOf": [shape, _typed_object("date")]}


def _yes_no(field: "FormField") -> Schema:
    return {"type": ["boolean", "string", "number", *_absent(field)]}


def _terms(field: "FormField") -> Schema:
    parts = dict.fromkeys(_PARTS_OF_TERMS, True)
    structure = {"type": "object", "properties": parts, "additionalProperties": False}
    return {"anyOf": [_text(field), structure]}


def _names(field: "FormField") -> Schema:
    """Return the schema of a mapping of free names to texts."""
    del field
    value = {"type": ["string", "number", "null"], "maxLength": 100}
    shape = {"type": "object", "propertyNames": {"maxLength": 60}, "additionalProperties": value}
    return {"anyOf": [shape, {"enum": ["", None]}]}


def _absent(field: "FormField") -> list[str]:
    return [] if field.required else ["null"]


def _typed_object(name: str) -> Schema:
    """Return the schema of a value with its type beside it, as `customer.raw()` shows it."""
    return {
        "type": "object",
        "properties": {name: {"type": "string"}},
        "required": [name],
        "additionalProperties": False,
    }


def _plain(value: object) -> object:
    """Return a default or a bound as JSON holds it."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {name: _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case _:
            return value


_PARTS_OF_TERMS = (
    "text",
    "anchor",
    "eom",
    "months",
    "days",
    "due_day",
    "prepaid_percent",
    "discounts",
    "installments",
)
_ANYTHING: Schema = {
    "anyOf": [
        {"type": ["string", "number", "boolean", "null"]},
        _typed_object("decimal"),
        _typed_object("date"),
    ]
}
_SHAPES = MappingProxyType(
    {"number": _number, "date": _date, "yes_no": _yes_no, "terms": _terms, "names": _names}
)
