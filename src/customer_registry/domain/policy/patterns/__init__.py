"""The patterns a company may write for its texts: regular expressions that always run fast."""

import re

from customer_registry.domain.errors import PolicyError

__all__ = ["fits", "refuse_unsafe"]

_LONGEST_TEXT = 10_000
_LONGEST_PATTERN = 300
_MOST_STEPS_PER_CHARACTER = 100
_MOST_STEPS = 100_000


def fits(pattern: str, text: str) -> bool:
    r"""Return whether a pattern that `refuse_unsafe` let pass describes the whole of a text.

    `\d \w \s` mean ASCII characters, as in JSON Schema.

    >>> fits("[A-Z]{2,8}", "HWGS"), fits("[A-Z]{2,8}", "HWGS1")
    (True, False)
    """
    return len(text) <= _LONGEST_TEXT and re.fullmatch(pattern, text, re.ASCII) is not None


def refuse_unsafe(pattern: str) -> None:
    r"""Raise PolicyError, with the position, for a pattern outside of what is known to run fast.

    Literals, `.`, `\d \w \s`, classes, groups, `|` and `? * + {m,n}` are known. Where a text
    can be divided among the parts of a pattern in many ways, a search may try them all; so at
    every character it has to be clear which part it belongs to, but for a few choices that stay
    countable.

    >>> refuse_unsafe("(a+)+")
    Traceback (most recent call last):
        ...
    customer_registry.domain.errors.PolicyError: position 5: repeats what may match in several ways
    """
    from customer_registry.domain.policy.patterns.char_set import NOTHING  # noqa: PLC0415  few
    from customer_registry.domain.policy.patterns.reader import (  # noqa: PLC0415  write patterns
        PatternReader,
    )

    if len(pattern) > _LONGEST_PATTERN:
        raise PolicyError(f"a pattern has at most {_LONGEST_PATTERN} characters")
    reader = PatternReader(pattern)
    whole = reader.alternatives()
    if not reader.is_at_end():
        raise reader.refused("this ) closes nothing")
    cost = whole.cost(NOTHING)
    if cost.steps.each > _MOST_STEPS_PER_CHARACTER or cost.steps.once > _MOST_STEPS:
        raise PolicyError("position 1: a text may match in too many ways")
