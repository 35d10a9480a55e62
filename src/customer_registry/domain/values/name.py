"""The name of a person or an organisation, in its registered form and as duplicates compare it."""

from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text

__all__ = ["PartyName"]

_MIDDLE_DOTS = dict.fromkeys(map(ord, "•・･‧∙⋅●．.·"), "·")
_BRACKETS = str.maketrans("〔【［{〈《[〕】］}〉》]", "((((((()))))))")
_IGNORED = str.maketrans("", "", " .,'\"·")


@attrs.frozen
class PartyName:
    """A customer's name; organisations keep the registered form, brackets included.

    A person's name with Chinese characters loses the spaces inside it, and its separator becomes
    the middle dot U+00B7 (民委发〔2016〕33号).

    >>> str(PartyName.parse("阿卜来提•如则托合提", kind="person"))
    '阿卜来提·如则托合提'
    >>> PartyName.parse("腾讯（深圳） 公司").key == PartyName.parse("腾讯(深圳)公司").key
    True
    """

    text: str = attrs.field(repr=False)

    @classmethod
    def parse(cls, typed: str, kind: str = "organization") -> Self:
        """Return the name that `typed` spells; `kind` is `person` or `organization`.

        Raises InvalidValue `name.required` for nothing visible, `too_long` beyond 200 characters.
        """
        tidy = text.line(typed)
        if kind == "person":
            tidy = _personal(tidy)
        if not tidy:
            raise InvalidValue("name.required")
        return cls(tidy)

    @property
    def key(self) -> str:
        """What two spellings of one name share: brackets, width, case, dots and spaces aside."""
        folded = text.match_key(self.text.translate(_BRACKETS)).translate(_BRACKETS)
        return folded.translate(_MIDDLE_DOTS).translate(_IGNORED)

    def __str__(self) -> str:
        return self.text


def _personal(tidy: str) -> str:
    if not any(map(text.is_han, tidy)):
        return tidy
    folded = "".join(char if text.is_han(char) else text.width_folded(char) for char in tidy)
    return _without_inner_spaces(text.line(folded.translate(_MIDDLE_DOTS))).strip("·")


def _without_inner_spaces(name: str) -> str:
    """Drop the spaces that touch a Chinese character or a dot; `Li Lei 李雷` keeps its first."""
    kept = [
        char
        for at, char in enumerate(name)
        if not (char == " " and (_closes(name[at - 1 : at]) or _closes(name[at + 1 : at + 2])))
    ]
    return "".join(kept)


def _closes(neighbour: str) -> bool:
    return neighbour == "·" or (bool(neighbour) and text.is_han(neighbour))
