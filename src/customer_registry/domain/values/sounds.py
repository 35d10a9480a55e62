"""What a name sounds like, so that a wrong character of the right sound is found."""

import re
from functools import cache

__all__ = ["sounds"]

_LETTERS = re.compile("[a-z]+")
_SOFT = re.compile("[aeiouy]")
_TWICE = re.compile(r"(.)\1+")


def sounds(folded: str) -> str:
    """Return the syllables of a folded name without tones, and of Latin words the consonants.

    Each character has its commonest reading; one outside GB 2312 stays itself.

    >>> sounds("浦江贸易"), sounds("浦姜茂易")
    ('PuJiangMaoYi', 'PuJiangMaoYi')
    >>> sounds("siemens") == sounds("simmens")
    True
    """
    if folded.isascii():
        return _LETTERS.sub(_skeleton, folded)
    return _LETTERS.sub(_skeleton, folded).translate(_syllables())


def _skeleton(word: re.Match[str]) -> str:
    first, rest = word[0][0], word[0][1:]
    return _TWICE.sub(r"\1", first + _SOFT.sub("", rest))


@cache
def _syllables() -> dict[int, str]:
    from customer_registry.domain.values._sounds import TABLE  # noqa: PLC0415  a long table

    lines = (line.split(" ") for line in TABLE.splitlines())
    return {ord(char): syllable.capitalize() for syllable, chars in lines for char in chars}
