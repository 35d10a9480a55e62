"""A personal name in Latin letters by its parts; names in Chinese, Japanese, Korean have none."""

__all__ = ["split_western_name"]

_LAST_BEFORE_EAST_ASIA = "\u10ff"


def split_western_name(name: str) -> tuple[str, str, str] | None:
    """Return the given, middle and family names of a Latin name, `""` for a part it lacks.

    None for a name in East Asian characters, which is never split. A comma puts the family first;
    small words such as `van` and `de` belong to the family.

    >>> split_western_name("John Michael Doe"), split_western_name("John")
    (('John', 'Michael', 'Doe'), ('John', '', ''))
    >>> split_western_name("Ludwig van Beethoven"), split_western_name("Doe, John")
    (('Ludwig', '', 'van Beethoven'), ('John', '', 'Doe'))
    >>> split_western_name("王芳") is None
    True
    """
    if any(char > _LAST_BEFORE_EAST_ASIA and char.isalpha() for char in name):
        return None
    family, _, rest = (part.strip() for part in name.partition(","))
    words = name.replace(",", " ").split()
    if not words:
        return None
    if family and rest:
        given, *middle = rest.split()
        return given, " ".join(middle), family
    start = _family_begins(words)
    return words[0], " ".join(words[1:start]), " ".join(words[start:])


def _family_begins(words: list[str]) -> int:
    """Return where the family name begins: at the last word, or at the small words before it."""
    start = max(1, len(words) - 1)
    while start > 1 and words[start - 1].islower():
        start -= 1
    return start
