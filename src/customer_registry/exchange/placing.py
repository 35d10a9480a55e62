"""A file put in its place once it is whole, for its owner alone."""

import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from customer_registry.domain.errors import UnreadableFile

__all__ = ["beside", "placed", "written"]

Made = TypeVar("Made")


def placed(target: Path, write: Callable[[Path], Made]) -> Made:
    """Write a file beside `target`, put it in its place once it is whole; return what `write` does.

    It is as open as what it replaces, a new one for its owner alone. Where the folder refuses it,
    that is an UnreadableFile.
    """
    fresh = beside(target)
    made = written(fresh, lambda: write(fresh))
    try:
        with suppress(FileNotFoundError):
            fresh.chmod(stat.S_IMODE(target.stat().st_mode))
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise _refused(error) from error
    return made


def beside(target: Path) -> Path:
    """Return a name beside a file that nobody else writes to."""
    return target.with_name(f"~{secrets.token_hex(4)}-{target.name}")


def written(fresh: Path, write: Callable[[], Made]) -> Made:
    """Run `write` on a file for its owner alone; leave no half-written one behind.

    Where the folder refuses it, that is an UnreadableFile.
    """
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(0o600, exist_ok=False)
    except (OSError, ValueError) as error:  # a NUL in a name is no OSError
        raise _refused(error) from error
    try:
        return write()
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _refused(error: OSError | ValueError) -> UnreadableFile:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return UnreadableFile("export.unwritable", reason=reason)
