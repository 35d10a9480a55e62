"""Refused rows in a file of their own, never over somebody's corrections."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from customer_registry.domain.errors import UnreadableFile
from customer_registry.exchange import open_sheet, write_refused
from customer_registry.exchange.placing import beside, written

__all__ = ["RefusedRow", "write_refused_rows"]

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
    fresh = beside(Path(stem + suffix))
    written(fresh, lambda: write_refused(fresh, headers, refused, _REASONS[language]))
    names = _names(stem, suffix)
    target = next(name for name in names if not name.exists() or _alike(name, fresh))
    if target.exists():
        fresh.unlink()
        return target, False
    fresh.replace(target)
    return target, True


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
