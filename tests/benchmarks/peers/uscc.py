"""The unified social credit code as a developer would check it, off the standard's page."""

__all__ = ["is_uscc"]

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = [pow(3, place, 31) for place in range(17)]


def is_uscc(text: str) -> bool:
    """Return whether the length, the characters and the check character are right."""
    if len(text) != 18 or not set(text) <= _VALUES.keys():
        return False
    total = sum(_VALUES[char] * weight for char, weight in zip(text, _WEIGHTS, strict=False))
    return _ALPHABET[-total % 31] == text[17]
