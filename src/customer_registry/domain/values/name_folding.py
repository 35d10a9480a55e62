"""Names with their signs folded: what spellings of one name share, cheap enough for every name."""

from customer_registry.domain.values import text
from customer_registry.domain.values.late_pattern import late_pattern

__all__ = ["MIDDLE_DOTS", "key1", "unbracketed"]

_OPENING, _CLOSING = "〔【［{〈《[", "〕】］}〉》]"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))

MIDDLE_DOTS = "·•・･‧∙⋅●．.˙ㆍ᛫⸱"
"""The middle dot U+00B7 and what is typed in its place."""

_IGNORED = str.maketrans("", "", f" .,'\"{MIDDLE_DOTS}")
_FOLDED = late_pattern("[0-9a-z()㐀-䶿一-鿿]*")  # what most Chinese names are made of


def key1(name: str) -> str:
    """Return what two spellings of one name share: brackets, width, case, dots and spaces aside.

    >>> key1("腾讯（深圳） 公司") == key1("腾讯(深圳)公司")
    True
    """
    name = _rounded(name)
    if _FOLDED.fullmatch(name):
        return name
    return text.match_key(unbracketed(name.translate(_IGNORED))).translate(_IGNORED)


def unbracketed(name: str) -> str:
    """Return a name in NFKC with every kind of bracket as `(` and `)`."""
    name = _rounded(name)
    if _FOLDED.fullmatch(name):
        return name
    return text.width_folded(name.translate(_BRACKETS)).translate(_BRACKETS)


def _rounded(name: str) -> str:
    """Return a name with its full-width brackets as plain ones, as NFKC has them too."""
    return name.replace("（", "(").replace("）", ")")
