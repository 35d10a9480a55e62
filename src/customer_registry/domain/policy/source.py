"""Where a policy was read from, for telling its mistakes with their lines."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy.parts import PARTS
from customer_registry.domain.policy.reading import Keys, Mistake, Reading

__all__ = ["Source"]


@attrs.frozen(repr=False)
class Source:
    """The text of a policy and the path of its file; both empty for one made in Python."""

    text: str = ""
    path: str | None = None

    def read(self, reading: Reading) -> dict[str, Any]:
        """Return the parts that the text decides; raises PolicyError for what is no TOML."""
        import tomllib  # noqa: PLC0415  only who has a policy file pays for the parser

        try:
            table = tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:  # of a number too long, of lists too deep
            end = f"at line {self.text.count(chr(10)) + 1}, the end"
            told = str(error).replace("at end of document", end)
            advice = self._about_quotes(told)
            raise PolicyError(f"not TOML: {told}{advice}", source=self.path) from error
        reading.known((), table, sorted({called for called, _ in PARTS.values()}))
        return {
            part: read(table[called], reading)
            for part, (called, read) in PARTS.items()
            if called in table
        }

    def holds(self, keys: Keys) -> bool:
        """Return whether a key stands in the text."""
        return keys in self._lines()

    def refusal(self, mistakes: Iterable[Mistake]) -> PolicyError:
        """Return the exception that tells every mistake once, in the order of the lines."""
        lines = self._lines()
        placed = [(_line(mistake.keys, lines), mistake.text) for mistake in mistakes]
        told = dict.fromkeys(
            f"line {line}: {text}" if line else text
            for line, text in sorted(placed, key=lambda each: each[0])
        )
        return PolicyError(told, source=self.path)

    def _about_quotes(self, told: str) -> str:
        """Return what TOML asks of names that are not ASCII, where one may be the mistake."""
        found = re.search(r"at line ([0-9]+), column", told)
        line = self.text.split("\n")[int(found[1]) - 1] if found else ""
        bare = re.match("""[^"'=#]*""", line)
        return "" if bare is None or bare[0].isascii() else '; write it in quotes, "门店数"'

    def _lines(self) -> Mapping[Keys, int]:
        if not self.text:
            return {}
        from customer_registry.domain.policy.toml_lines import (  # noqa: PLC0415  mistakes are rare
            lines_of,
        )

        return lines_of(self.text)


def _line(keys: Keys, lines: Mapping[Keys, int]) -> int:
    """Return the line of the longest part of `keys` that stands in the text, else 0."""
    parts = (keys[:depth] for depth in range(len(keys), 0, -1))
    return next((lines[part] for part in parts if part in lines), 0)
