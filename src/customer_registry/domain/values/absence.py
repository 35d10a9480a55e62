"""The words and signs by which people say that there is none."""

import re

from customer_registry.domain.values.text import match_key

__all__ = ["says_none"]

_WORDS = frozenset(
    "n/a n.a. na nil none null (null) 无 無 没有 沒有 暂无 暫無 无税号 無稅號".split()
)
_SIGNS = re.compile(r"[-–—―－_/／\\＼ ]+")
_LONGEST = 12


def says_none(typed: str) -> bool:
    """Return whether a text only says that there is nothing: a stroke, or a word for none.

    >>> says_none(" / "), says_none("N/A"), says_none("暂无"), says_none("无锡")
    (True, True, True, False)
    """
    said = typed.strip()
    if not 0 < len(said) <= _LONGEST:
        return False
    return match_key(said) in _WORDS or _SIGNS.fullmatch(said) is not None
