"""The text of a cell or a form's field that should hold a telephone number, in plain signs."""

import re
import unicodedata

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.text import block, width_folded

__all__ = ["plain_cell"]

_LONGEST = 250
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("_~〜‐‑‒–—―−⁃\u30fb·•", "-"),
        **dict.fromkeys("[【〔{<〈《", "("),
        **dict.fromkeys("]】〕}>〉》", ")"),
        "×": "x",
    }
)
_QUOTES = " '’‘\"“”「」="  # also of ="13800138000", which keeps a spreadsheet from counting
_HAN_DASH = r"(?<=[0-9])[一ー](?=[0-9])"
_SCIENTIFIC = r"[0-9](?:\.[0-9]+)?[eE][+ ]?[0-9]{1,3}"
_NUMERIC_CELL = r"(\+?[0-9]+)\.0+"
_GROUPED_CELL = r"[0-9]{1,3}(?:,[0-9]{3}){2,4}(?:\.0+)?"
_SERIES = r"(?<=[0-9]{7}) ?[~〜至到] ?(?=[0-9])"  # 62345678～80 is three lines, not an extension
_HIDDEN = r"[•·●∗×]{2}|[0-9]-{4,}[0-9]"  # 6234••••5678 hides digits, it does not part them
_AREA = (  # +36 30, (06)1, 0475, 30, 347: too short for a number of its own
    r"\+[0-9]{1,3}(?:[ \-]\(?[0-9]{1,4}\)?)?|\(0[0-9]{0,4}\)[ \-]?[0-9]{0,2}"
    r"|0[0-9]{0,4}(?:[ \-][0-9]{1,2})?|\(?[0-9]{1,2}\)?|[2-9][0-9]{2}"
)
_AREA_STROKE = (  # 02/326.75.69 and 06-1/385 1534 are how Belgium and Hungary write one number
    rf"(?:^|(?<=[^\W\d_]|:)|(?<=(?:[^\W\d_]|:) ))({_AREA}) ?/ ?(?=\(?[0-9](?:[ .\-()/]?[0-9]){{4}})"
)
_DIRECTIONS = dict.fromkeys(map(ord, "\u200e\u202a\u202c\u202d\u2066\u2068\u2069"))
"""Left-to-right marks, which a telephone's address book and Windows copy along with a number."""

_AFTER_AREA = r"(?<![0-9])(\(?0[0-9]{2,4}\)?) ?[/、;|:,*] ?(?=[0-9](?:[ \-]?[0-9]){4})"


def plain_cell(typed: str) -> str:
    """Return `typed` with plain digits, dashes and brackets; a line break stays one.

    Raises InvalidValue `phone.scientific` for what a spreadsheet made of a number, `phone.invalid`
    for a masked number, `phone.too_long` or `text.forbidden`.

    >>> plain_cell('="０１０／６２３４５６７８"'), plain_cell("13,800,138,000.00")
    ('010-62345678', '13800138000')
    """
    if len(typed) > _LONGEST:
        raise InvalidValue("phone.too_long")
    text = _with_plain_signs(width_folded(block(typed.translate(_DIRECTIONS), longest=_LONGEST)))
    if re.fullmatch(_SCIENTIFIC, text):
        raise InvalidValue("phone.scientific")
    if re.fullmatch(_GROUPED_CELL, text):
        text = text.replace(",", "")
    cell = re.fullmatch(_NUMERIC_CELL, text)
    return cell[1] if cell else text


def _with_plain_signs(folded: str) -> str:
    rows = (" ".join(row.split()) for row in folded.split("\n"))
    text = "\n".join(rows).strip(_QUOTES)
    if re.search(_HIDDEN, text):
        raise InvalidValue("phone.invalid")
    if not text.isascii():
        text = re.sub(_HAN_DASH, "-", "".join(map(_plain_digit, text)))
    text = re.sub(_AFTER_AREA, r"\1-", re.sub(_SERIES, "、", text))
    for _ in range(2):  # 06/30/123-4567
        text = re.sub(_AREA_STROKE, r"\1-", text)
    return text.translate(_SIGNS)


def _plain_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char
