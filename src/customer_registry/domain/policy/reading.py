"""Reads values of the right type and keeps every mistake with its place."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy.patterns import refuse_unsafe
from customer_registry.domain.spelling import hint
from customer_registry.domain.values.text import match_key

__all__ = ["Keys", "Mistake", "Reading", "Table", "spelt"]

Keys: TypeAlias = tuple[str | int, ...]
"""The way to a value in a file, such as `("required", "person", 0)`."""

Made = TypeVar("Made")
Table: TypeAlias = Mapping[str, Any]


class Mistake(NamedTuple):
    """What is wrong, and where."""

    keys: Keys
    text: str


class Reading:
    """Reads values and collects the mistakes."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    @property
    def texts_of_mistakes(self) -> tuple[str, ...]:
        """Every mistake once, without its place."""
        return tuple(dict.fromkeys(mistake.text for mistake in self.mistakes))

    def say(self, keys: Keys, text: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(keys, text))

    def known(self, keys: Keys, given: Iterable[str], known: Iterable[str]) -> None:
        """Note the names that are none of the known ones."""
        names = list(map(str, known))
        for name in given:
            if name not in names:
                where = spelt(keys) or "the file"
                self.say((*keys, name), f"{where} knows no {str(name)!r}{hint(str(name), names)}")

    def listed(self, keys: Keys, given: Sequence[str], known: Iterable[str]) -> None:
        """Note the entries of a list that are none of the known ones."""
        names = list(map(str, known))
        for at, name in enumerate(given):
            if name not in names:
                self.say((*keys, at), f"{spelt(keys)} knows no {name!r}{hint(name, names)}")

    def table(self, keys: Keys, given: object) -> Table:
        """Return a table, an empty one for anything else."""
        if isinstance(given, Mapping):
            return cast("Table", given)
        self.say(keys, f"{spelt(keys)} is a table")
        return {}

    def text(self, keys: Keys, given: object) -> str:
        """Return a text."""
        if not isinstance(given, str):
            self.say(keys, f"{spelt(keys)} is a text")
        return str(given)

    def texts(self, keys: Keys, given: object) -> tuple[str, ...]:
        """Return a list of texts."""
        if isinstance(given, str) or not isinstance(given, Sequence):
            self.say(keys, f"{spelt(keys)} is a list of texts")
            return ()
        listed = cast("Sequence[object]", given)
        wrong = [at for at, each in enumerate(listed) if not isinstance(each, str)]
        for at in wrong:
            self.say((*keys, at), f"{spelt(keys)} is a list of texts")
        return tuple(map(str, listed))

    def words(self, keys: Keys, given: object) -> tuple[str, ...]:
        """Return words to choose from, none of them blank and none twice."""
        words, seen = self.texts(keys, given), {""}
        for at, word in enumerate(words):
            if (key := match_key(word)) in seen:
                self.say((*keys, at), f"{spelt(keys)} has {word!r} twice, or blank")
            seen.add(key)
        return words

    def word(self, keys: Keys, given: object, words: Iterable[str]) -> str:
        """Return one of some words."""
        listed = list(map(str, words))
        if given not in listed:
            near = hint(given, listed) if isinstance(given, str) else ""
            self.say(keys, f"{spelt(keys)} is one of {', '.join(listed)}, not {given!r}{near}")
            return listed[0]
        return str(given)

    def count(self, keys: Keys, given: object, most: int) -> int:
        """Return a number from 1 to `most`."""
        if type(given) is not int or not 1 <= given <= most:
            self.say(keys, f"{spelt(keys)} is a whole number from 1 to {most}")
            return 1
        return given

    def pattern(self, keys: Keys, given: object) -> str:
        """Return a pattern of the kind that always runs fast."""
        text = self.text(keys, given)
        self.attempt(keys, lambda: refuse_unsafe(text))
        return text

    def attempt(self, keys: Keys, make: Callable[[], Made]) -> Made | None:
        """Return what `make` gives; None and its mistakes, where it cannot be."""
        try:
            return make()
        except PolicyError as error:
            for mistake in error.mistakes:
                self.say(keys, f"{spelt(keys)}: {mistake}")
            return None


def spelt(keys: Keys) -> str:
    """Return keys as a file spells them: `severity."name.digits"`."""
    names = [key for key in keys if isinstance(key, str)]
    return ".".join(name if re.fullmatch(r"[\w-]+", name) else f'"{name}"' for name in names)
