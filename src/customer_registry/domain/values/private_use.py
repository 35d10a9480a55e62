"""Rare Chinese characters that old systems kept as private-use ones, and which they are today."""

from functools import cache

__all__ = ["restored"]

_FIRST, _LAST = 0xE815, 0xE864  # where GBK's row FE went before Unicode had its characters
_ROW, _COLUMN, _GAP = 0xFE, 0x50, 0x7F
_LATER = {
    0xE816: "𠂇", 0xE817: "𠂉", 0xE818: "𠃌", 0xE81E: "龴", 0xE826: "龵", 0xE82B: "龶",
    0xE82C: "龷", 0xE831: "𡗗", 0xE832: "龸", 0xE83B: "𢦏", 0xE843: "龹", 0xE854: "龺",
    0xE855: "𤇾", 0xE864: "龻",
}  # fmt: skip
"""GB 18030-2005 and GB 18030-2022 gave these a code of Unicode."""


def restored(text: str) -> str:
    r"""Return `text` with the private-use characters of GBK as the characters they stood for.

    >>> restored("赵\ue863")
    '赵䶮'
    >>> restored("张\ue000") == "张\ue000"
    True
    """
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    codes = range(_FIRST, _LAST + 1)
    return {code: _LATER.get(code) or _by_gb18030(code - _FIRST) for code in codes}


def _by_gb18030(place: int) -> str:
    column = _COLUMN + place
    return bytes([_ROW, column + (column >= _GAP)]).decode("gb18030")
