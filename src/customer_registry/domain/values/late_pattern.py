"""A regular expression that is compiled when it is first used: sets of Han take a millisecond."""

import re
from typing import cast

__all__ = ["late_pattern"]


def late_pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like `re.compile(expression, flags)`, without its cost until then.

    >>> late_pattern("[一-鿿]+").fullmatch("上海")[0]
    '上海'
    """
    return cast("re.Pattern[str]", _Late(expression, flags))


class _Late:
    """Stands for a pattern, and keeps each of its methods once it was asked for."""

    def __init__(self, expression: str, flags: int) -> None:
        self._expression = expression
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        asked: object = getattr(re.compile(self._expression, self._flags), name)
        setattr(self, name, asked)
        return asked
