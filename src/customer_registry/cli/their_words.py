"""What somebody else's backend said of a fault, without what is nobody's business."""

import re
import unicodedata
from urllib.parse import unquote

from customer_registry.storage.opening import is_ours, shown

__all__ = ["their_words"]

_LONGEST = 300
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,30}://\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])(?:[0-9][ -]?){10,}[0-9Xx]")
_GIVEN = re.compile(
    r"((?:password|passwd|pwd|secret|token|密码)['\"]?(?:\s?[=:]\s?|\s(?:is|was)\s|\s?[为是]\s?))\S+",
    re.IGNORECASE,
)
_PARTS = re.compile("[:/?#@&=]+")
_SHORTEST = 3


def their_words(error: Exception, address: str | None) -> str:
    r"""Return what an error says of a store that another package keeps; nothing for our own.

    Left out are users, passwords and options of its address, and numbers as long as a phone's.

    >>> said = ValueError("sa may not read json://sa:s3cret@disk/crm\nrecord 13800138000 is cut")
    >>> their_words(said, "json://sa:s3cret@disk/crm")
    'sa may not read json://disk/crm record … is cut'
    >>> their_words(said, "crm.db")
    ''
    """
    if address is None or is_ours(address):
        return ""
    words = " ".join(unicodedata.normalize("NFKC", str(error)).split())
    words = _ADDRESS.sub(lambda found: shown(found[0]), words)
    for secret in sorted(_secrets(address), key=len, reverse=True):
        words = words.replace(secret, "…")
    words = _NUMBER.sub("…", _GIVEN.sub(r"\1…", words))
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _secrets(address: str) -> set[str]:
    """Return the parts of an address that are not shown, as they are written and as they are."""
    hidden = set(_PARTS.split(address)) - set(_PARTS.split(shown(address)))
    return {part for each in hidden for part in (each, unquote(each)) if len(part) >= _SHORTEST}
