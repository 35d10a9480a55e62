"""The mnemonic (助记码) of a name: its pinyin initials, by which clerks find it quickly."""

import unicodedata
from collections.abc import Iterator
from typing import Any, cast

import attrs

from customer_registry.domain.errors import MissingExtra
from customer_registry.domain.values import text
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.simplified import simplified

__all__ = ["Mnemonic", "mnemonic"]

_LONGEST, _LONGEST_NAME = 32, 200
_MOST_ALTERNATIVES = 2  # with the first they fill the field of 100 characters

_SURNAME_TABLE = """
    尉迟:YC 万俟:MQ 长孙:ZS 单于:CY 澹台:TT 令狐:LH 曾:Z 单:S 解:X 仇:Q 查:Z 区:O 朴:P 盖:G 覃:QT
    缪:M 任:R 冼:X 洗:X 乐:YL 翟:Z 折:S 种:C 逄:P 乜:N 员:Y 郗:XC 召:S 句:G 秘:B 谌:CS 隗:WK 繁:P
    祭:ZJ 佴:N 宓:M 能:N
"""
"""Readings of surnames where they are not the character's own; a second letter is in use too."""

_SURNAMES = {
    name: initials
    for name, _, initials in (entry.partition(":") for entry in _SURNAME_TABLE.split())
}

_COMPOUND = 2
_TWO_READINGS = {
    character: initials
    for initials, characters in {
        "cz": "重长朝传藏", "hx": "行巷", "ly": "乐", "dt": "调弹", "jx": "降解校", "ds": "单",
        "sx": "省厦", "cs": "乘盛参", "cj": "车", "hk": "会", "ls": "率",
    }.items()
    for character in characters
}  # fmt: skip
"""Characters that names use in two readings which begin differently."""


@attrs.frozen
class Mnemonic:
    """The initials of a name, and what they are where a character is read in another way.

    As a text all stand side by side, so that a stored mnemonic is found by each of them.
    """

    text: str
    alternatives: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.text, *self.alternatives])


def mnemonic(name: PartyName | str, kind: str = "organization") -> Mnemonic:
    """Return the mnemonic of a name: pinyin initials, Latin letters and digits kept, in capitals.

    `kind` is `person` or `organization`; a person's surname is read as a surname (曾 Z, 单 S). The
    first 32 letters count, other signs do not. It is made once and kept with the customer, who may
    have another: nothing makes it anew. Raises MissingExtra without pypinyin (extra `zh`).

    >>> str(mnemonic("3M中国"))
    '3MZG'
    >>> mnemonic("覃辉", "person")
    Mnemonic(text='QH', alternatives=('TH',))
    """
    plain = simplified(text.width_folded(str(name)[:_LONGEST_NAME]).casefold())
    surname = list(_surname(plain)) if kind == "person" else []
    choices = [*surname, *_initials(plain[len(surname) :])]
    choices = [choice.upper() for choice in choices if choice][:_LONGEST]
    first = "".join(choice[0] for choice in choices)
    others = (
        first[:at] + other + first[at + 1 :]
        for at, choice in enumerate(choices)
        for other in choice[1:]
    )
    return Mnemonic(first, tuple(dict.fromkeys(others))[:_MOST_ALTERNATIVES])


def _surname(plain: str) -> Iterator[str]:
    """Yield the readings of the characters of a surname in the table."""
    if plain[:_COMPOUND] in _SURNAMES:
        yield from _SURNAMES[plain[:_COMPOUND]]
    elif plain[:1] in _SURNAMES:
        yield _SURNAMES[plain[0]]


def _initials(plain: str) -> Iterator[str]:
    """Yield the first letters, two where the reading is open, `""` where there is none."""
    run = ""
    for char in [*plain, ""]:
        if char and text.is_han(char):
            run += char
            continue
        yield from _read_aloud(run)
        run = ""
        letter = unicodedata.normalize("NFD", char)[:1]
        yield letter if letter.isascii() and letter.isalnum() else ""


def _read_aloud(run: str) -> Iterator[str]:
    """Yield the initials of a run of Chinese characters; known words are read as words."""
    if not run:
        return
    try:
        from pypinyin import Style, pinyin  # noqa: PLC0415  an extra
    except ImportError as error:
        raise MissingExtra("zh") from error
    readings = pinyin(run, style=Style.NORMAL, heteronym=True, errors=cast("Any", _unread))
    for char, found in zip(run, readings, strict=False):
        first = found[0][:1]
        open_reading = first and len(found) > 1
        yield first + _TWO_READINGS.get(char, "").replace(first, "") if open_reading else first


def _unread(characters: str) -> list[list[str]]:
    """One empty reading for each; pypinyin takes a list here, whatever its hint says."""
    return [[""] for _ in characters]
