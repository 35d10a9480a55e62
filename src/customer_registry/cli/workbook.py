"""Files that the command line writes: refused rows, and exports, never over somebody's work."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from customer_registry.domain.errors import UnreadableFile
from customer_registry.exchange import open_sheet, write_refused

__all__ = ["RefusedRow", "placed", "write_refused_rows"]

RefusedRow = tuple[Sequence[object], Sequence[str]]

_ENDINGS = {"zh": "未导入", "en": "refused"}
_REASONS = {"zh": "原因", "en": "reasons"}
_OURS = re.compile(rf"-(?:{'|'.join(_ENDINGS.values())})(?:-[0-9]+)?$")


def write_refused_rows(
    source: Path, headers: Sequence[str], refused: Sequence[RefusedRow], language: str
) -> tuple[Path, bool]:
    """Write refused rows into the current folder; return the file, and whether it is new.

    A file of that name which holds these very rows is kept; one that differs, because somebody
    has been correcting it, keeps its name, and the rows get the next free one.
    """
    suffix = source.suffix.casefold() if source.suffix.casefold() == ".xlsx" else ".csv"
    stem = f"{_OURS.sub('', source.stem)}-{_ENDINGS[language]}"
    fresh = _beside(Path(stem + suffix))
    _written(fresh, lambda: write_refused(fresh, headers, refused, _REASONS[language]))
    names = _names(stem, suffix)
    target = next(name for name in names if not name.exists() or _alike(name, fresh))
    if target.exists():
        fresh.unlink()
        return target, False
    fresh.replace(target)
    return target, True


def placed(target: Path, write: Callable[[Path], int]) -> int:
    """Write a file beside `target`, and put it in its place once it is whole.

    It is as open as what it replaces, a new one for its owner alone.
    """
    fresh = _beside(target)
    written = _written(fresh, lambda: write(fresh))
    with suppress(FileNotFoundError):
        fresh.chmod(stat.S_IMODE(target.stat().st_mode))
    fresh.replace(target)
    return written


def _beside(target: Path) -> Path:
    return target.with_name(f"~{os.getpid()}-{target.name}")


def _written(fresh: Path, write: Callable[[], int]) -> int:
    """Run `write` on a file for its owner alone; leave no half-written one behind.

    Where the folder refuses it, that is an UnreadableFile.
    """
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(0o600, exist_ok=False)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableFile("export.unwritable", reason=reason) from error
    try:
        return write()
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _names(stem: str, suffix: str) -> Iterator[Path]:
    yield Path(stem + suffix)
    number = 2
    while True:
        yield Path(f"{stem}-{number}{suffix}")
        number += 1


def _alike(one: Path, other: Path) -> bool:
    """Whether two files hold the same rows; a file that cannot be read is nobody's twin."""
    try:
        return open_sheet(one) == open_sheet(other)
    except UnreadableFile:
        return False
