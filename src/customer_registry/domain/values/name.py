"""The name of a person or an organisation, in its registered form and as duplicates compare it."""

from functools import cached_property
from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text
from customer_registry.domain.values.name_folding import MIDDLE_DOTS, key1

__all__ = ["PartyName"]

_MIDDLE_DOTS = dict.fromkeys(map(ord, MIDDLE_DOTS), "·")


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

    @cached_property
    def key(self) -> str:
        """What two spellings of one name share: brackets, width, case, dots and spaces aside."""
        return key1(self.text)

    @cached_property
    def key2(self) -> str:
        """The key in simplified characters and without the legal form: 贸易有限公司, 貿易公司."""
        from customer_registry.domain.values import name_keys  # noqa: PLC0415  persons need none

        return name_keys.key2(self.text)

    @property
    def key3(self) -> str:
        """The key without places and brackets too: what a search and `likeness` start from."""
        from customer_registry.domain.values import name_keys  # noqa: PLC0415  persons need none

        return name_keys.key3(self.text)

    @cached_property
    def sound_key(self) -> str:
        """What nearly alike names share, be it by sound; it finds candidates for `likeness`."""
        from customer_registry.domain.values import name_keys  # noqa: PLC0415  persons need none

        return name_keys.sound_key(self.text)

    @property
    def head_office(self) -> str | None:
        """The head office's name in a branch's: 甲公司 in 甲公司北京分公司."""
        head, branch = self._split()
        return head if head and branch else None

    @property
    def is_branch(self) -> bool:
        """Whether this is the name of a branch office: 分公司, 分厂, 分店, a company's 门店."""
        return self._split()[1] != ""

    def _split(self) -> tuple[str, str]:
        from customer_registry.domain.values.branches import (  # noqa: PLC0415  persons need none
            split_branch,
        )

        return split_branch(self.text)

    def __str__(self) -> str:
        return self.text


def _personal(tidy: str) -> str:
    if not any(map(text.is_han, tidy)):
        return tidy
    dotted = tidy.translate(_MIDDLE_DOTS)  # before NFKC, which makes a space and an accent of ˙
    folded = "".join(char if text.is_han(char) else text.width_folded(char) for char in dotted)
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
