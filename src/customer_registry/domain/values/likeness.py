"""How alike two names of organisations are."""

from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.name_folding import key1
from customer_registry.domain.values.name_keys import NameParts, name_parts
from customer_registry.domain.values.sounds import sounds

__all__ = ["likeness"]

_SAME_CORE = 0.97
_SAME_STEM = 0.93
_OTHER_PLACE = 0.07
_OTHER_BRANCH = 0.85
_OTHER_NUMERAL = 0.6
_AT_MOST = 0.92
_NO_BRAND = 0.85
_SAME_SOUND = 0.96
_ONE_SLIP = 0.94
_LONG, _LONG_LATIN = 4, 6
_UNTOLD = 0.3

_NUMERALS = frozenset("0123456789一二三四五六七八九十")


def likeness(one: PartyName | str, other: PartyName | str) -> float:
    """Return how alike two names of organisations are, from 0 to 1, whichever comes first.

    1 is the same name in another spelling, 0.85 and more is near: another legal form, a place
    moved or left out, a wrong character of the right sound, a slip in a long trade name. Another
    trade name (字号) is far, however alike the words of the trade are.

    >>> likeness("上海浦江贸易有限公司", "浦江贸易(上海)公司")
    0.93
    >>> likeness("上海浦江贸易有限公司", "上海浦东贸易有限公司")
    0.28
    >>> likeness("Siemens AG", "Simens A.G.")
    0.86
    """
    first_name, second_name = str(one), str(other)
    if key1(first_name) == key1(second_name):
        return 1.0
    first, second = name_parts(first_name), name_parts(second_name)
    score = _alike(first, second)
    if first.branch != second.branch:
        score *= _OTHER_BRANCH
    if _numerals(first) != _numerals(second):
        score *= _OTHER_NUMERAL
    return round(max(score, 0.0), 2)


def _alike(first: NameParts, second: NameParts) -> float:
    if first.core == second.core:
        return _SAME_CORE
    elsewhere = first.places and second.places and not _overlap(first.places, second.places)
    lost = _OTHER_PLACE if elsewhere else 0.0
    if first.stem == second.stem:
        return _SAME_STEM - lost
    if not first.stem.isascii() and sounds(first.stem) == sounds(second.stem):
        return _AT_MOST * _SAME_SOUND - lost  # 协和 and 协禾, wherever the trade name ends
    if not (first.brand and second.brand):
        return _NO_BRAND * _closeness(first.stem, second.stem) * (1 - lost)
    trades = 0.8 + 0.2 * _trade_closeness(first.trade, second.trade)
    return _AT_MOST * _brand_closeness(first.brand, second.brand) * trades - lost


def _overlap(first: frozenset[str], second: frozenset[str]) -> bool:
    return not first.isdisjoint(second)


def _trade_closeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Compare the words of a trade; one that names none may be any."""
    if not (first and second):
        return 1.0 if first == second else _UNTOLD
    return 2 * len(first & second) / (len(first) + len(second))


def _brand_closeness(first: str, second: str) -> float:
    """Compare trade names: short ones differ by a character, long ones may have a slip.

    The first two characters are no slip: most trade names have two, and an unknown trade follows.
    """
    if first == second:
        return 1.0
    chinese = not (first + second).isascii()
    if chinese and sounds(first) == sounds(second):
        return _SAME_SOUND
    slips, longest = _slips(first, second), max(len(first), len(second))
    begin_alike = first[:2] == second[:2] or not chinese
    if slips == 1 and longest >= (_LONG if chinese else _LONG_LATIN) and begin_alike:
        return _ONE_SLIP
    return max(
        float((1 - slips / longest) ** 1.7), _containment(first, second, 2 if chinese else 4)
    )


def _containment(first: str, second: str, least: int) -> float:
    """Return how much of the longer text the shorter one is, weighed; 0 where it is no part."""
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < least or len(shorter) == len(longer) or shorter not in longer:
        return 0.0
    return 0.5 + 0.3 * len(shorter) / len(longer)


def _closeness(first: str, second: str) -> float:
    longest = max(len(first), len(second))
    return 1 - _slips(first, second) / longest if longest else 1.0


def _slips(first: str, second: str) -> int:
    """Count the characters left out, put in, wrong, or swapped with their neighbour."""
    earlier, above = [0], list(range(len(second) + 1))
    for at, char in enumerate(first, 1):
        row = [at]
        for to, other in enumerate(second, 1):
            slips = min(above[to] + 1, row[-1] + 1, above[to - 1] + (char != other))
            if at > 1 and to > 1 and char == second[to - 2] and first[at - 2] == other:
                slips = min(slips, earlier[to - 2] + 1)
            row.append(slips)
        earlier, above = above, row
    return above[-1]


def _numerals(parts: NameParts) -> list[str]:
    return sorted(char for char in parts.stem if char in _NUMERALS)
