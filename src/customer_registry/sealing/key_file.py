"""One key in a file of its own, for its owner alone: what opens the backups."""

import os
import re
import stat
from pathlib import Path

from customer_registry.domain.errors import KeyUnavailable

__all__ = ["load_key", "new_key_file"]

_BYTES = 32
_WRITTEN = re.compile(rb"[0-9a-fA-F]{64}\r?\n?")


def new_key_file(path: str | os.PathLike[str]) -> bytes:
    """Make a key by chance, write it to a new file as 64 hexadecimal digits, and return it.

    Keep it apart from what it opens, and a second copy in another place: whoever loses it never
    opens his backups again. Raises FileExistsError where a file stands.
    """
    key = os.urandom(_BYTES)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as stream:
        stream.write(f"{key.hex()}\n")
        stream.flush()
        os.fsync(file)
    return key


def load_key(path: str | os.PathLike[str]) -> bytes:
    """Return the 32 bytes of a file: as `new_key_file` writes them, or as they are.

    32 bytes that are a text are no key made by chance. Raises KeyUnavailable for them and any other
    content, and for a file that others may read.
    """
    try:
        if os.name != "nt" and stat.S_IMODE(Path(path).stat().st_mode) & 0o077:
            raise KeyUnavailable(f"{path}: others may read this key; chmod 600 it first")
        written = Path(path).read_bytes()
    except OSError as error:
        raise KeyUnavailable(f"{path}: no key can be read there") from error
    if _WRITTEN.fullmatch(written):
        return bytes.fromhex(written.decode("ascii"))
    if len(written) != _BYTES or _is_text(written):
        raise KeyUnavailable(f"{path}: this is no key of {_BYTES} bytes")
    return written


def _is_text(written: bytes) -> bool:
    """Return whether bytes are what somebody could have typed.

    Of keys made by chance fewer than one in a thousand millions is.
    """
    try:
        typed = written.decode("utf-8")
    except ValueError:
        return False
    return all(each.isprintable() or each.isspace() for each in typed)
