"""The text of a code template, split into constants and placeholders, each with its position."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import attrs

__all__ = ["Mistakes", "Placeholder", "split", "whole"]

Mistakes: TypeAlias = list[str]

_MOST_DIGITS = 18
"""Digits of a whole number that every store can count to."""


@attrs.frozen
class Placeholder:
    """What stands in braces: a name, and options by key; the bare first word has the empty key."""

    name: str
    options: Mapping[str, str]
    position: int

    def refuse_unknown(self, *known: str) -> None:
        """Raise ValueError for options that this placeholder does not have."""
        unknown = self.options.keys() - {"", *known}
        if unknown:
            raise ValueError(f"{self.name} knows no {', '.join(sorted(unknown))}")

    def words(self, key: str) -> tuple[str, ...]:
        """Return the words of an option, which stand joined by `+`."""
        return tuple(word.strip() for word in self.options.get(key, "").split("+") if word.strip())

    def whole(self, key: str, default: int, *, least: int = 0) -> int:
        """Return an option that is a whole number; raises ValueError below `least`."""
        number = whole(self.options.get(key, str(default)), key)
        if number < least:
            raise ValueError(f"{key} is at least {least}")
        return number

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        """Return an option that is one of some words, the first of them by default."""
        word = self.options.get(key, choices[0])
        if word not in choices:
            raise ValueError(f"{key} is one of {', '.join(choices)}, not {word!r}")
        return word


def split(template: str, mistakes: Mistakes) -> Iterator[str | Placeholder]:
    """Yield constants as texts and placeholders; what cannot be read goes to `mistakes`."""
    at, constant = 0, ""
    while at < len(template):
        char = template[at]
        if template[at : at + 2] in {"{{", "}}"}:
            constant += char
            at += 2
        elif char == "{" and (end := _end(template, at)) > 0:
            if constant:
                yield constant
            constant = ""
            yield from _placeholder(template[at + 1 : end], at + 1, mistakes)
            at = end + 1
        else:
            if char in "{}":
                mistakes.append(f"position {at + 1}: a lone brace; write {char * 2}")
            else:
                constant += char
            at += 1
    if constant:
        yield constant


def whole(written: str, meaning: str) -> int:
    """Return a whole number; raises ValueError, which says what was meant."""
    if not (written.isascii() and written.isdigit()):
        raise ValueError(f"{meaning} is a whole number, not {written[:20]!r}")
    if len(written) > _MOST_DIGITS:
        raise ValueError(f"{meaning} has {_MOST_DIGITS} digits at most")
    return int(written)


def _end(template: str, at: int) -> int:
    """Return where the brace closes that opens at a place; those in quotes are plain text."""
    closed = _CLOSED.match(template, at)
    return closed.end() - 1 if closed else template.find("}", at)


_CLOSED = re.compile(r'\{(?:[^{}"]++|"[^"]*+")*+\}')


def _placeholder(inside: str, position: int, mistakes: Mistakes) -> Iterator[Placeholder]:
    name, _, written = inside.partition(":")
    try:
        yield Placeholder(name.strip(), dict(_options(written)), position)
    except ValueError as error:
        mistakes.append(f"position {position}: {error}")


def _options(written: str) -> Iterator[tuple[str, str]]:
    """Yield key and value; one bare word may come first and has the empty key."""
    if written.count('"') % 2:
        raise ValueError("a quotation mark is never closed")
    seen: set[str] = set()
    for place, option in enumerate(re.findall(r'(?:[^,"]|"[^"]*")+', written)):
        key, equals, value = option.partition("=")
        if not equals and place:
            raise ValueError(f"{option!r} needs a key, as in by={option}")
        key, value = (key, value) if equals else ("", key)
        if (key := key.strip().strip('"')) in seen:
            raise ValueError(f"{key} is written twice")
        seen.add(key)
        yield key, value.strip().strip('"')
