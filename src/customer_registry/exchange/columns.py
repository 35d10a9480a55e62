"""The nested raw customer and the flat row of a file, each made from the other."""

import json
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, cast

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue, Path, Severity
from customer_registry.domain.messages import catalogue
from customer_registry.exchange.cells import (
    SpoiltCell,
    guarded,
    is_moment,
    plain,
    text_of_formula,
    typed,
)
from customer_registry.exchange.headers import ECHOES, Column, vocabulary, word_key

__all__ = ["export_headers", "flatten", "raw_of", "unflatten"]

_WHOLE = frozenset({"payment_terms"})
_NUMBERS_STAY = re.compile(
    r"contacts\.[0-9]+\.phones\.[0-9]+(?:\.number)?|tax_identifiers\.[0-9]+(?:\.number)?"
    r"|addresses\.[0-9]+\.postal_code|bank_accounts\.[0-9]+\.(?:number|cnaps|bic)"
    r"|identity_document\.number|invoice_profile\.(?:tax_number|account|phone)"
    r"|credit_limit|custom\..+"
)
_DATES_STAY = re.compile(r"notes|custom\..+")
_JOINED = re.compile(r"tags|addresses\.[0-9]+\.purposes")
_YES_OR_NO = re.compile(r"contacts\.[0-9]+\.is_primary")
_NO_TWINS = re.compile(r"(?:tax_identifiers|contacts\.[0-9]+\.(?:phones|emails))\.[0-9]+")
_CNAPS = re.compile(r"[0-9]{12}")
_BIC = re.compile(r"[A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?")
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")
_SEPARATORS = "、,，;；"
_JOINT = re.compile(rf"(?:\\.|[^{_SEPARATORS}\\]|\\$)+")
_ESCAPED = re.compile(rf"\\([{_SEPARATORS}\\])")
_KEY_ESCAPE = re.compile("%([0-9a-f]{0,6});")
_INDEX = re.compile("[0-9]{1,4}")


def raw_of(
    cells: Sequence[object], columns: Mapping[int, Column]
) -> tuple[dict[str, object], tuple[Issue, ...]]:
    """Return the raw customer that a row of cells describes, with what the cells got wrong.

    Blank cells are absent; of two columns for one field the first filled one counts. A cell that
    could not be read stands in the raw customer as something that every reader refuses.
    """
    row = _FlatRow()
    beside: dict[str, object] = {}
    found: list[tuple[str, Issue]] = []
    for at in sorted(columns):
        column, cell = columns[at], cells[at] if at < len(cells) else None
        try:
            field, value = _entry(column, cell)
        except InvalidValue as refusal:
            row.spoil(column.field, cell if isinstance(cell, date) else SpoiltCell(plain(cell)))
            found.append((column.field, refusal.issue()))
            continue
        if value is None or (column.key and row.has_twin(field, value)):
            continue
        found += ((field, issue) for issue in _formula_seen(cell))
        if row.takes(field, value, joined=column.reads == "joined"):
            beside |= _said_beside(column, field)
        elif row.cells.get(field) != value:
            found.append((field, Issue("field.twice", severity=Severity.WARNING)))
    for field, value in beside.items():
        row.takes(field, value)
    issues = (issue.under(_settled_path(field, row.cells)) for field, issue in found)
    return _grown(row.cells), tuple(issues)


def flatten(raw: Mapping[str, object], *, language: str = "zh") -> dict[str, str]:
    """Return the cells of a raw customer by dotted path; read-only echoes and blanks are left out.

    A path whose value is no text ends in its form: `custom.limit:decimal`, for a Decimal and for
    `{"decimal": "1.5"}` alike. No cell starts a formula.

    >>> flatten({"name": "王芳", "contacts": [{"phones": ["138", "139"]}]})
    {'name': '王芳', 'contacts.0.phones.0': '138', 'contacts.0.phones.1': '139'}
    """
    kept = {key: value for key, value in raw.items() if key not in ECHOES}
    return dict(_leaves(kept, (), language))


def unflatten(flat: Mapping[str, str]) -> dict[str, object]:
    """Return the raw customer whose `flatten` gave `flat`, as far as it can be read."""
    named = (path.partition(":") for path in flat)
    columns = [Column(field=field, form=form) for field, _, form in named]
    return raw_of(list(flat.values()), dict(enumerate(columns)))[0]


def export_headers(paths: Collection[str], language: str) -> dict[str, str]:
    """Return paths in the order of the form, each with its header."""
    simple = vocabulary().simple["zh" if language.casefold().startswith("zh") else "en"]
    below = {path.rpartition(".")[0] for path in paths}
    order = {field.partition(".")[0]: place for place, field in reversed([*enumerate(simple)])}
    ordered = sorted(paths, key=lambda path: _place(path, order))
    simple = {path: header for path, header in simple.items() if path not in below}
    return {path: simple.get(path) or f"{_label(path, language)} ({path})" for path in ordered}


class _FlatRow:
    """The filled fields of one row by dotted path; nothing stands above or below another."""

    def __init__(self) -> None:
        self.cells: dict[str, object] = {}
        self._above: set[str] = set()
        self._joined: set[str] = set()

    def takes(self, field: str, value: object, *, joined: bool = False) -> bool:
        """Put the value at a free place and return whether there was one.

        A text that may be `joined` to another, before or after it, always finds its place.
        """
        above = set(_above(field))
        if joined:
            self._joined.add(field)
        if field in self._joined and isinstance(known := self.cells.get(field), str):
            self.cells[field] = f"{known} {plain(value)}"
            return True
        if field in self.cells or field in self._above or not above.isdisjoint(self.cells):
            return False
        self.cells[field] = value
        self._above |= above
        return True

    def spoil(self, field: str, value: object) -> None:
        """Put the value at its place, whatever stood there, above it or below it."""
        gone = {field, *_above(field)}
        self.cells = {
            path: kept
            for path, kept in self.cells.items()
            if path not in gone and not path.startswith(f"{field}.")
        }
        self._above.discard(field)
        self.takes(field, value)

    def has_twin(self, field: str, value: object) -> bool:
        """Return whether the list that `field` belongs to holds the same entry already."""
        if not _NO_TWINS.fullmatch(field):
            return False
        entries = field.rpartition(".")[0]
        return any(
            path.rpartition(".")[0] == entries and plain(other) == plain(value)
            for path, other in self.cells.items()
        )


def _above(field: str) -> Iterator[str]:
    """Yield the paths that lead to a field."""
    parts = field.split(".")
    return (".".join(parts[:depth]) for depth in range(1, len(parts)))


def _entry(column: Column, cell: object) -> tuple[str, object]:
    """Return the field that a cell fills, and its value, None for a blank cell."""
    value = typed(cell)
    if value is None:
        return column.field, None
    if column.reads == "bank_code" and isinstance(value, str):
        return _routed(column.field, value), value
    return column.field, _read(column, value)


def _routed(field: str, code: str) -> str:
    """Return the field of a bank's code: people head columns of the one kind with the other."""
    account, _, headed = field.rpartition(".")
    kind = "bic" if _BIC.fullmatch(code) else "cnaps" if _CNAPS.fullmatch(code) else headed
    return f"{account}.{kind}"


def _said_beside(column: Column, field: str) -> dict[str, object]:
    above = field.rpartition(".")[0]
    return {f"{above}.{name}": given for name, given in column.beside.items()}


def _read(column: Column, value: object) -> object:
    if column.form:
        return _from_form(column.form, value)
    if is_moment(value) and not _DATES_STAY.fullmatch(column.field):
        raise InvalidValue("import.date_in_text")
    if column.reads and column.reads != "joined":
        return _reworded(column, value)
    if column.unit != "":
        value = _measured(value, column.unit)
    if _JOINED.fullmatch(column.field):
        return _split(plain(value))
    if _YES_OR_NO.fullmatch(column.field):
        return {"yes": True, "no": False}.get(_answer(value), value)
    return value if _stays(column.field, value) else plain(value)


def _stays(field: str, value: object) -> bool:
    return not is_moment(value) and bool(_NUMBERS_STAY.fullmatch(field))


def _reworded(column: Column, value: object) -> object:
    """Return trade words in ours: a state, a number of days; as typed where they are not known."""
    word = word_key(plain(value))
    state = vocabulary().statuses.get(word)
    if column.reads == "days":
        unit = column.unit or "天"
        return f"{word}{unit}" if _AMOUNT.fullmatch(word) else plain(value)
    if column.reads == "flag":
        return column.flag.get(_answer(value)) or state or plain(value)
    if column.reads == "status":
        return state or plain(value)
    return value if _stays(column.field, value) else plain(value)


def _answer(value: object) -> str:
    return vocabulary().answers.get(word_key(plain(value)), "")


def _measured(value: object, unit: str | int) -> object:
    """Return an amount in the unit of its header; a text that is no bare amount stays as typed."""
    amount = plain(value).replace(",", "").replace("，", "")
    if not _AMOUNT.fullmatch(amount):
        return value
    if isinstance(unit, int):
        scaled = Decimal(amount) * unit
        return int(scaled) if scaled == scaled.to_integral_value() else format(scaled, "f")
    return f"{amount}{unit}"


def _formula_seen(cell: object) -> Iterator[Issue]:
    if isinstance(cell, str) and text_of_formula(cell) is not None:
        return
    if isinstance(cell, str) and cell.strip().startswith(("=", "＝", "@", "＠")):
        yield Issue("import.formula", severity=Severity.WARNING)


def _settled_path(field: str, fields: Collection[str]) -> Path:
    """Return where a field of the row stands in the raw customer, whose lists have no gaps."""
    path: list[str | int] = []
    for above, part in zip(("", *_above(field)), field.split("."), strict=True):
        start = above and f"{above}."
        below = (other.removeprefix(start) for other in fields if other.startswith(start))
        taken = {part.partition(".")[0] for part in below}
        if _INDEX.fullmatch(part):
            path.append(sum(other.isdecimal() and int(other) < int(part) for other in taken))
        else:
            path.append(_unescaped(part))
    return tuple(path)


def _grown(flat: Mapping[str, object]) -> dict[str, object]:
    tree: _Tree = {}
    for field, value in flat.items():
        *above, last = map(_unescaped, field.split("."))
        here = tree
        for part in above:
            branch = here.setdefault(part, {})
            if isinstance(branch, dict):  # a _FlatRow has no leaf on the way
                here = branch
        here[last] = _Leaf(value)
    return {name: _settled(below) for name, below in tree.items()}


class _Leaf:
    """A value as it was read, told apart from the branches that are still growing."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


_Tree: TypeAlias = "dict[str, _Tree | _Leaf]"


def _settled(below: "_Tree | _Leaf") -> object:
    """Turn branches whose keys are places into lists without gaps."""
    if isinstance(below, _Leaf):
        return below.value
    if all(isinstance(key, _Place) for key in below):
        return [_settled(below[place]) for place in sorted(below, key=int)]
    return {str(key): _settled(each) for key, each in below.items()}


class _Place(str):
    """A part of a path that is a place in a list."""

    __slots__ = ()


def _leaves(value: object, parts: tuple[str, ...], language: str) -> Iterator[tuple[str, str]]:
    path = ".".join(parts)
    if value is None or value in ("", [], {}, ()):
        return
    if path in _WHOLE or _in_custom(parts) or not _has_parts(value):
        yield _written(path, value, language)
    elif _JOINED.fullmatch(path):
        yield path, guarded("、".join(_joinable(str(entry)) for entry in _listed(value)))
    else:
        for part, below in _below(value, parts):
            yield from _leaves(below, (*parts, part), language)


def _has_parts(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple))


def _listed(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, (list, tuple)) else (value,)


def _below(value: object, parts: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """Yield what is in a mapping or a list, by path part; the entries' own ids are left out."""
    if isinstance(value, Mapping):
        in_an_entry = parts[-1:] and _INDEX.fullmatch(parts[-1])
        for key, below in cast("Mapping[object, object]", value).items():
            if not (in_an_entry and key == "id"):
                yield _escaped(str(key)), below
    else:
        yield from ((str(place), below) for place, below in enumerate(_listed(value)))


def _in_custom(parts: tuple[str, ...]) -> bool:
    return parts[:1] == ("custom",) and len(parts) > 1


def _written(path: str, value: object, language: str) -> tuple[str, str]:
    """Return a leaf's path, with its form where it is no text, and its text."""
    if isinstance(value, str):
        return path, guarded(str(value))
    if isinstance(value, bool):
        zh, en = ("是", "yes") if value else ("否", "no")
        written = zh if language.casefold().startswith("zh") else en
        return (path if _YES_OR_NO.fullmatch(path) else f"{path}:flag"), written
    if isinstance(value, Decimal):
        return f"{path}:decimal", guarded(str(value))
    if type(value) is date:
        return f"{path}:date", value.isoformat()
    form, text = _formed(value)
    if form:
        return f"{path}:{form}", guarded(text)
    return f"{path}:json", guarded(json.dumps(value, ensure_ascii=False, default=str))


def _formed(value: object) -> tuple[str, str]:
    """Return the form and the text of `{"decimal": "1.5"}`; nothing for any other mapping."""
    parts = list(cast("Mapping[str, object]", value).items()) if isinstance(value, Mapping) else []
    if len(parts) == 1 and (form := parts[0][0]) in {"decimal", "date"}:
        value = _from_form(form, parts[0][1])
        if isinstance(value, (Decimal, date)) and str(value) == parts[0][1]:
            return form, str(value)
    return "", ""


def _from_form(form: str, value: object) -> object:
    """Return the value that `_written` wrote; what cannot be read stays text for the readers."""
    if form == "flag":
        return {"yes": True, "no": False}.get(_answer(value), value)
    if form == "date" and is_moment(value):
        return value
    text = plain(value)
    try:
        return _FORMS[form](text) if form in _FORMS else text
    except (ValueError, InvalidOperation, RecursionError):
        return text


_FORMS: Mapping[str, Callable[[str], object]] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "json": json.loads,
}


def _joinable(text: str) -> str:
    return re.sub(rf"([{_SEPARATORS}\\])", r"\\\1", text)


def _split(text: str) -> list[str]:
    parts = (_ESCAPED.sub(r"\1", part.strip()) for part in _JOINT.findall(text))
    return [part for part in parts if part]


def _escaped(key: str) -> str:
    """Return a mapping's key as one part of a path: no dot, no bracket, never a bare number."""
    if not key or _INDEX.fullmatch(key):
        return f"%{ord(key[0]):x};{key[1:]}" if key else "%;"
    return "".join(c if c.isalnum() or c in "_-" else f"%{ord(c):x};" for c in key)


def _unescaped(part: str) -> str:
    if _INDEX.fullmatch(part):
        return _Place(part)
    return _KEY_ESCAPE.sub(lambda found: _character(found[1]), part)


def _character(point: str) -> str:
    number = int(point, 16) if point else 0
    return chr(number) if point and number <= sys.maxunicode else ""


def _path(field: str) -> Path:
    return tuple(int(part) if _INDEX.fullmatch(part) else part for part in field.split("."))


def _place(path: str, order: Mapping[str, int]) -> tuple[object, ...]:
    root, *rest = path.split(".")
    numbered = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in rest)
    return (order.get(root.partition(":")[0], len(order)), root, numbered)


def _label(path: str, language: str) -> str:
    spoken = catalogue(language)
    parts = _path(path.partition(":")[0])
    if parts[0] == "custom":
        return " ".join([spoken.label(("custom",)), *map(str, parts[1:])])
    return spoken.label(parts, numbered=any(isinstance(part, int) and part for part in parts))
