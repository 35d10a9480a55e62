"""Reads a pattern into its parts."""

import re

import attrs

from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy.patterns.char_set import (
    ANY,
    DIGITS,
    NOTHING,
    SPACES,
    WORDS,
    CharSet,
)
from customer_registry.domain.policy.patterns.parts import (
    Alternatives,
    Char,
    Part,
    Repeat,
    Sequence,
)

__all__ = ["PatternReader"]

_DEEPEST = 10
_MOST_TIMES = 1000
_CLASSES = {"d": DIGITS, "w": WORDS, "s": SPACES}
_SIGNS = frozenset("^$\\.*+?()[]{}|/")
_TIMES = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")


@attrs.define
class PatternReader:
    """Reads a pattern from left to right."""

    pattern: str
    at: int = 0

    def is_at_end(self) -> bool:
        """Return whether the whole pattern was read."""
        return self.at == len(self.pattern)

    def refused(self, why: str, at: int | None = None) -> PolicyError:
        """Return the exception that says what is wrong here, or at another position."""
        return PolicyError(f"position {(self.at if at is None else at) + 1}: {why}")

    def alternatives(self, depth: int = 0) -> Alternatives:
        """Read parts between `|`, to the end or to a `)`."""
        if depth > _DEEPEST:
            raise self.refused("the groups are too deep")
        at, branches = self.at, [self._sequence(depth)]
        while self._takes("|"):
            branches.append(self._sequence(depth))
        return Alternatives(at, tuple(branches))

    def _sequence(self, depth: int) -> Sequence:
        at, parts = self.at, list[Part]()
        while not self.is_at_end() and self._sign not in "|)":
            parts.append(self._repeated(self._atom(depth)))
        return Sequence(at, tuple(parts))

    @property
    def _sign(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _takes(self, sign: str) -> bool:
        taken = self.pattern.startswith(sign, self.at)
        self.at += len(sign) * taken
        return taken

    def _atom(self, depth: int) -> Part:
        at, sign = self.at, self._sign
        self.at += 1
        match sign:
            case "(":
                return self._group(depth, at)
            case "[":
                return Char(at, self._class(at))
            case ".":
                return Char(at, ANY)
            case "\\":
                return Char(at, self._escaped(_SIGNS))
            case "^" | "$":
                raise self.refused(f"leave the {sign} out, a pattern always means the whole", at)
            case "?" | "*" | "+":
                raise self.refused(f"there is nothing to repeat before {sign}", at)
            case "{" | "}" | "]":
                raise self.refused(f"write \\{sign} for the character {sign}", at)
            case _:
                return Char(at, self._literal(sign, at))

    def _literal(self, sign: str, at: int) -> CharSet:
        if not sign.isprintable():
            raise self.refused("only characters that can be seen", at)
        return CharSet.of(sign + sign)

    def _group(self, depth: int, at: int) -> Part:
        if self._sign == "?" and not self._takes("?:"):
            raise self.refused("of the groups only (…) and (?:…) are known", at)
        inside = self.alternatives(depth + 1)
        if not self._takes(")"):
            raise self.refused("this ( is never closed", at)
        return inside

    def _escaped(self, signs: frozenset[str]) -> CharSet:
        at, sign = self.at - 1, self._sign
        self.at += 1
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign not in signs or not sign:
            raise self.refused(f"\\{sign} is not known", at)
        return CharSet.of(sign + sign)

    def _class(self, at: int) -> CharSet:
        negated = self._takes("^")
        chars = NOTHING
        while self._sign != "]" or chars == NOTHING:
            if self._sign in {"", "]"}:
                raise self.refused("this [ is never closed, or empty", at)
            chars |= self._span()
        self.at += 1
        return ~chars if negated else chars

    def _span(self) -> CharSet:
        """Read a member of a class: a character, a range, or a class of its own."""
        at, first = self.at, self._member()
        following = self.pattern[self.at + 1 : self.at + 2]
        if self._sign != "-" or following in {"", "]"}:
            return first
        if following == "-":
            raise self.refused("write \\- for the character - in a class", at)
        self.at += 1
        last = self._member()
        low, high = first.only, last.only
        if low is None or high is None or high < low:
            raise self.refused("a range goes from one character to a later one", at)
        return CharSet(((low, high),))

    def _member(self) -> CharSet:
        at, sign = self.at, self._sign
        self.at += 1
        if sign == "\\":
            return self._escaped(_SIGNS | {"-"})
        if sign == "[" or (sign in "&|~-" and self._sign == sign):
            raise self.refused(f"write \\{sign} for the character {sign} in a class", at)
        return self._literal(sign, at)

    def _repeated(self, part: Part) -> Part:
        at = self.at
        least, most = self._times()
        if self.at == at:
            return part
        if self._sign and self._sign in "?*+{":
            raise self.refused("one repetition cannot follow another")
        if part.nullable:
            raise self.refused("repeats what may be empty", at)
        return Repeat(at, part, least, most)

    def _times(self) -> tuple[int, int | None]:
        at = self.at
        for sign, times in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self._takes(sign):
                return times
        if self._sign != "{":
            return 1, 1
        written = _TIMES.match(self.pattern, at)
        if not written:
            raise self.refused("repetitions are written {3}, {3,} or {3,5}", at)
        self.at = written.end()
        return self._bounds(written, at)

    def _bounds(self, written: re.Match[str], at: int) -> tuple[int, int | None]:
        low, comma, high = written.groups()
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > _MOST_TIMES or most == 0 or (most or least) < least:
            raise self.refused(
                f"repetitions go from a number to a larger one, to {_MOST_TIMES}", at
            )
        return least, most
