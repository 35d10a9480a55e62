"""One cell of a spreadsheet, read for what was typed into it and written so that it stays text."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import attrs

from customer_registry.domain.errors import InvalidValue

__all__ = [
    "CellError",
    "SpoiltCell",
    "guarded",
    "is_blank",
    "is_moment",
    "plain",
    "starts_a_formula",
    "text_of_formula",
    "typed",
]

_UNSEEN = "\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff"
_DIRECTIONS = "\u200e\u200f\u202a\u202c\u202d\u2066\u2068\u2069"
"""Marks of direction, which Windows and address books copy along with a number."""

_AROUND = (
    " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"
    + _UNSEEN
    + _DIRECTIONS
    + "".join(map(chr, range(0x2000, 0x200B)))
)
_ERRORS = frozenset(
    {
        "#CALC!",
        "#DIV/0!",
        "#GETTING_DATA",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#SPILL!",
        "#VALUE!",
    }
)
_QUOTES = '"`“”‘’«»＂＇'
_FORMULA = frozenset("=+-@")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')  # ="010010" keeps its zeros in a text file


class CellError(str):
    """The error value that a spreadsheet shows instead of a result, such as `#N/A`."""

    __slots__ = ()


@attrs.frozen
class SpoiltCell:
    """What stands in a raw customer for a cell that could not be read.

    It is no text, no number and no list, so that every reader refuses it.

    >>> str(SpoiltCell("#N/A"))
    '#N/A'
    """

    shown: str = attrs.field(repr=False)

    def __str__(self) -> str:
        return self.shown


def typed(cell: object) -> object:
    r"""Return what was typed into `cell`, None for nothing visible.

    Text stays text, without the spaces and invisible marks around it and without the apostrophe,
    or the `=""` around it, that makes a spreadsheet take it as text; a whole number that comes as
    a float becomes an int.
    Raises InvalidValue `import.cell_error` for an error value.

    >>> typed(" '010-62345678\u3000"), typed('="010010"'), typed(13800138000.0), typed("1.38E+10")
    ('010-62345678', '010010', 13800138000, '1.38E+10')
    """
    if isinstance(cell, str):
        return _typed_text(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        raise InvalidValue("import.cell_error", value="#NUM!")
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


def is_blank(cell: object) -> bool:
    """Return whether nothing is to be seen in `cell`."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_AROUND))


def is_moment(value: object) -> bool:
    """Return whether a spreadsheet holds `value` as a date, a time or a span of time."""
    return isinstance(value, (date, time, timedelta))


def plain(value: object) -> str:
    """Return a cell's value as text, the way a person would have typed it.

    >>> plain(12), plain(0.5), plain(True)
    ('12', '0.5', 'TRUE')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def guarded(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula or an error value.

    `typed` gives back exactly `text`, if that has no spaces around it.

    >>> guarded("+86 138 0013 8000"), guarded("上海浦江")
    ("'+86 138 0013 8000", '上海浦江')
    """
    risky = text.startswith("'") or starts_a_formula(text) or _is_error(text)
    return f"'{text}" if risky else text


def starts_a_formula(text: str) -> bool:
    """Return whether a spreadsheet might run `text`, also behind spaces, quotes and full width."""
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    first = text.lstrip(_AROUND + _QUOTES)[:1]
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _FORMULA


def text_of_formula(text: str) -> str | None:
    """Return the text of a formula that is one text and nothing else, None for any other.

    >>> text_of_formula('="010010"'), text_of_formula("=1+1")
    ('010010', None)
    """
    literal = _TEXT_FORMULA.fullmatch(text.strip(_AROUND))
    return literal and literal[1].replace('""', '"')


def _typed_text(cell: str) -> str | None:
    text = cell.strip(_AROUND)
    if isinstance(cell, CellError) or _is_error(text):
        raise InvalidValue("import.cell_error", value=text.upper()[:20])
    if text.startswith("'") and not _belongs_to_a_word(text):
        text = text[1:].strip(_AROUND)
    elif (literal := text_of_formula(text)) is not None:
        text = literal.strip(_AROUND)
    return text or None


def _is_error(text: str) -> bool:
    return text.startswith("#") and (
        text.upper() in _ERRORS or (text.startswith("###") and not text.strip("#"))
    )


def _belongs_to_a_word(text: str) -> bool:
    """Whether the apostrophe is part of the text, as in 't Hoen."""
    return "a" <= text[1:2] <= "z"
