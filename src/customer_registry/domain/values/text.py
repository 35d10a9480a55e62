"""Typed text made fit for keeping: what is refused, what is tidied, what is compared."""

import unicodedata
from collections.abc import Iterator

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.late_pattern import late_pattern

__all__ = [
    "block",
    "has_invisible",
    "is_han",
    "is_ordinary",
    "is_tidy",
    "line",
    "match_key",
    "unusual_characters",
    "width_folded",
]

_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_NEED_JOINERS = ("\u0600", "\u1fff")  # from Arabic to the Indic scripts
_COMMON = "!-~·‘’“”…—、-】〔-〗㐀-䶿一-鿿！-～"
_ORDINARY = late_pattern(f"[ {_COMMON}]*")  # nothing to refuse, drop or compose
_ORDINARY_LINES = late_pattern(f"[ \t\n\r{_COMMON}]*")
_FOLDED = late_pattern(r"[!-@\[-~㐀-䶿一-鿿]*")  # no capitals, no spaces, nothing that NFKC changes
_BREAKS = frozenset("\t\n\r")
_INVISIBLE = frozenset("\u00ad\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff")
_HOPELESS = 10  # no tidying makes a text this many times too long fit
_JOINERS = frozenset("\u200c\u200d")


def line(typed: str, *, longest: int = 200) -> str:
    r"""Return `typed` as one line: NFC, without invisible marks, breaks and runs of spaces as one.

    Raises InvalidValue `text.forbidden` (with `pos`, from 1) for surrogates, NUL, bidirectional
    and other controls, and `too_long` beyond `longest` code points.

    >>> line("  上海\t浦江\u200b ")
    '上海 浦江'
    """
    if len(typed) <= longest and is_tidy(typed):
        return typed
    return _tidy(typed, longest=longest, breaks=False)


def block(typed: str, *, longest: int = 4000) -> str:
    """Return `typed` as a text of several lines, tidied like `line` but with its breaks kept."""
    return _tidy(typed, longest=longest, breaks=True)


def is_ordinary(typed: str) -> bool:
    """Return whether every character is a common one, with nothing to refuse, drop or compose."""
    return _ORDINARY.fullmatch(typed) is not None


def is_tidy(typed: str) -> bool:
    """Return whether `line` gives `typed` back as it is, by a quick look that may say no too often.

    >>> is_tidy("上海 浦江"), is_tidy(" 上海"), is_tidy("Šk")
    (True, False, False)
    """
    spaced = " " in typed and ("  " in typed or typed.strip(" ") != typed)
    return not spaced and _ORDINARY.fullmatch(typed) is not None


def has_invisible(typed: str) -> bool:
    """Return whether `line` would drop zero-width marks from `typed`."""
    return not is_ordinary(typed) and any(_dropped(typed, at) for at in range(len(typed)))


def unusual_characters(text: str) -> Iterator[str]:
    """Yield the private-use and unassigned characters that other systems may not show."""
    if not is_ordinary(text):
        yield from (char for char in text if unicodedata.category(char) in {"Co", "Cn"})


def is_han(char: str) -> bool:
    """Return whether `char` is a Chinese character, rare ones, 〇 and the iteration mark included.

    >>> [is_han(char) for char in "张䶮〇A·"]
    [True, True, True, False, False]
    """
    return (
        "一" <= char <= "鿿"
        or "㐀" <= char <= "䶿"
        or "\U00020000" <= char <= "\U0003fffd"
        or "\uf900" <= char <= "\ufaff"
        or "々" <= char <= "〇"
    )


def width_folded(text: str) -> str:
    """Return `text` in NFKC, which turns full-width letters, digits and signs into plain ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def match_key(text: str) -> str:
    """Return what two spellings of the same text share: NFKC, caseless, without spaces.

    >>> match_key("ＡＣＭＥ （中国）") == match_key("Acme(中国)")
    True
    """
    if _FOLDED.fullmatch(text):
        return text
    folded = width_folded(width_folded(text).casefold())
    return width_folded("".join(folded.split()))


def _tidy(typed: str, *, longest: int, breaks: bool) -> str:
    if len(typed) > _HOPELESS * longest:
        raise InvalidValue("too_long", max=longest, len=len(typed))
    if not _ORDINARY_LINES.fullmatch(typed):
        _refuse_forbidden(typed)
        while (tidied := _composed("".join(_kept(typed)))) != typed:
            typed = tidied  # a mark that goes may let others compose, and the other way round
    if breaks:
        typed = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    else:
        typed = " ".join(typed.split())
    if len(typed) > longest:
        raise InvalidValue("too_long", max=longest, len=len(typed))
    return typed


def _refuse_forbidden(typed: str) -> None:
    for at, char in enumerate(typed):
        category = unicodedata.category(char)
        controls = category == "Cc" and char not in _BREAKS
        if controls or category == "Cs" or char in _BIDI_CONTROLS:
            raise InvalidValue("text.forbidden", pos=at + 1)


def _kept(typed: str) -> Iterator[str]:
    return (char for at, char in enumerate(typed) if not _dropped(typed, at))


def _dropped(typed: str, at: int) -> bool:
    """Whether the character is an invisible mark; joiners stay in the scripts that need them."""
    char = typed[at]
    if char not in _INVISIBLE:
        return False
    first, last = _NEED_JOINERS
    return not (char in _JOINERS and at > 0 and first <= typed[at - 1] <= last)


def _composed(text: str) -> str:
    """Return NFC, but leave alone a Han character that NFC would change into another."""
    if unicodedata.is_normalized("NFC", text):
        return text
    parts: list[str] = []
    run = ""
    for char in text:
        if is_han(char) and unicodedata.normalize("NFC", char) != char:
            parts += [unicodedata.normalize("NFC", run), char]
            run = ""
        else:
            run += char
    return "".join([*parts, unicodedata.normalize("NFC", run)])
