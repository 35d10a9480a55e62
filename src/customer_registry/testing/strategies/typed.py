"""What people type for one kind of value: sound, untidy, at the edge, and never right."""

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from customer_registry.domain.errors import MissingExtra

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtra("testing") from error

__all__ = ["Typed", "digits", "full_width", "padded", "spaced", "st"]

Value_co = TypeVar("Value_co", covariant=True)


@attrs.frozen(kw_only=True, repr=False)
class Typed(Generic[Value_co]):
    """The spellings of one kind of value; called, it gives those that are sound and tidy.

    >>> from customer_registry.testing.strategies import usccs
    >>> usccs.parse("9144030071526726XG").scheme
    'cn.uscc'
    """

    parse: Callable[[str], Value_co]
    """The parser that all of it is meant for."""

    sound: st.SearchStrategy[str]
    edges: st.SearchStrategy[str]
    wrong: st.SearchStrategy[str]
    dressed: Callable[[str], st.SearchStrategy[str]]

    def __call__(self) -> st.SearchStrategy[str]:
        """Return texts that `parse` takes, tidily written."""
        return self.sound

    def untidy(self) -> st.SearchStrategy[str]:
        """Return the same as people type it: full width, spaces, odd dashes, labels."""
        return self.sound.flatmap(self.dressed)

    def boundary(self) -> st.SearchStrategy[str]:
        """Return texts that `parse` takes and that lie at the edge of what it takes."""
        return self.edges

    def invalid(self) -> st.SearchStrategy[str]:
        """Return texts that `parse` refuses."""
        return self.wrong

    def anything(self) -> st.SearchStrategy[str]:
        """Return what a form meets in a year: sound, untidy, at the edge and wrong."""
        return st.one_of(self.sound, self.untidy(), self.edges, self.wrong)

    def values(self) -> st.SearchStrategy[Value_co]:
        """Return the values themselves, those at the edge among them."""
        return st.one_of(self.sound, self.edges).map(self.parse)


def digits(fewest: int, most: int | None = None) -> st.SearchStrategy[str]:
    """Return texts of so many digits."""
    return st.text("0123456789", min_size=fewest, max_size=most or fewest)


def full_width(text: str) -> str:
    """Return `text` in the characters that a Chinese keyboard gives.

    >>> full_width("A-1 ")
    'Ａ－１\u3000'
    """
    return "".join(
        "\u3000" if char == " " else chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char
        for char in text
    )


def padded(text: str) -> st.SearchStrategy[str]:
    """Return `text` with the blanks and invisible marks that come with pasting."""
    around = st.sampled_from(("", " ", "\t", "\n", "\u00a0", "\u3000", "\u200b", "\ufeff"))
    return st.builds("{}{}{}".format, around, st.just(text), around)


def spaced(text: str) -> st.SearchStrategy[str]:
    """Return a number in any case and width, with a blank or a dash put in somewhere."""
    spellings = st.sampled_from((text, text.lower(), full_width(text)))
    places = st.integers(1, max(1, len(text) - 1))
    signs = st.sampled_from(("", " ", "\u00a0", "\u3000", "-", "–", "—", "－"))
    return st.builds(_with_sign, spellings, places, signs).flatmap(padded)


def _with_sign(text: str, place: int, sign: str) -> str:
    return text[:place] + sign + text[place:]
