"""On which line of a TOML text each key stands, for a text that tomllib has read."""

import re
import tomllib
from collections.abc import Mapping

import attrs

from customer_registry.domain.policy.reading import Keys

__all__ = ["lines_of"]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|'
    r"'''(?:[^']|'{1,2}(?!'))*'{3,5}|"
    r""""(?:[^"\\]|\\.)*"|'[^']*\'"""
)
_PLAIN = re.compile(r"[^,\]}#\r\n]*")


def lines_of(text: str) -> Mapping[Keys, int]:
    r"""Return the line of every key, entries of lists by their number; a table's is its first.

    >>> lines_of('a = 1\n[b]\nc = [\n  1,\n]')[("b", "c", 0)]
    4
    """
    walk = _Walk(text)
    walk.document()
    return walk.lines


@attrs.define
class _Walk:
    """Goes through a text that is known to be TOML, and notes where the keys are."""

    text: str
    at: int = 0
    lines: dict[Keys, int] = attrs.field(factory=dict)
    _line: int = 1
    _seen: int = 0
    _lists: dict[Keys, int] = attrs.field(factory=dict)

    def document(self) -> None:
        table: Keys = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self._sign == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    @property
    def _sign(self) -> str:
        return self.text[self.at : self.at + 1]

    def _skip(self, what: re.Pattern[str]) -> str:
        found = what.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found.group() if found else ""

    def _take(self, signs: str) -> bool:
        taken = self.text.startswith(signs, self.at)
        self.at += len(signs) * taken
        return taken

    def _note(self, keys: Keys) -> Keys:
        """Note that `keys` stand here, those above them too where they are new."""
        self._line += self.text.count("\n", self._seen, self.at)
        self._seen = self.at
        for depth in range(1, len(keys) + 1):
            self.lines.setdefault(keys[:depth], self._line)
        return keys

    def _header(self) -> Keys:
        listed = self._take("[[")
        self._take("[")
        self._skip(_SPACE)
        table = self._within_lists(self._key())
        if listed:
            self._lists[table] = self._lists.get(table, -1) + 1
            table = (*table, self._lists[table])
        self._note(table)
        self.at += 2 if listed else 1
        return table

    def _within_lists(self, names: Keys) -> Keys:
        """Return the way to a table, through the last entry of every list of tables."""
        way: Keys = ()
        for depth, name in enumerate(names):
            way = (*way, name)
            if way in self._lists and depth < len(names) - 1:
                way = (*way, self._lists[way])
        return way

    def _key(self) -> Keys:
        names = [self._name()]
        while self._take("."):
            self._skip(_SPACE)
            names.append(self._name())
        return tuple(names)

    def _name(self) -> str:
        written = self._skip(_KEY)
        self._skip(_SPACE)
        return written if written[0] not in "\"'" else next(iter(tomllib.loads(f"{written} = 0")))

    def _pair(self, table: Keys) -> None:
        keys = self._note((*table, *self._key()))
        self.at += 1  # the sign =
        self._skip(_SPACE)
        self._value(keys)

    def _value(self, keys: Keys) -> None:
        if self._take("["):
            self._list(keys)
        elif self._take("{"):
            self._inline(keys)
        elif not self._skip(_STRING):
            self._skip(_PLAIN)

    def _list(self, keys: Keys) -> None:
        entry = 0
        self._skip(_BLANK)
        while not self._take("]"):
            self._value(self._note((*keys, entry)))
            entry += 1
            self._skip(_BLANK)
            self._take(",")
            self._skip(_BLANK)

    def _inline(self, keys: Keys) -> None:
        self._skip(_SPACE)
        while not self._take("}"):
            self._pair(keys)
            self._skip(_SPACE)
            self._take(",")
            self._skip(_SPACE)
