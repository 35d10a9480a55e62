"""Help for a misspelt name: the nearest right one."""

from collections.abc import Iterable

__all__ = ["hint", "nearest"]


def hint(name: str, names: Iterable[str]) -> str:
    """Return `; did you mean …?` for the nearest of `names`, nothing where none is near.

    >>> hint("nmae", ["name", "notes"])
    '; did you mean name?'
    """
    near = nearest(name, names)
    return f"; did you mean {near}?" if near else ""


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return which of `names` a misspelt one probably was."""
    from difflib import get_close_matches  # noqa: PLC0415  mistakes are rare

    return next(iter(get_close_matches(name, list(names), n=1, cutoff=_NEAR)), None)


_NEAR = 0.65  # below it, phone would be advised for owner
