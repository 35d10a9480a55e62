"""Customer files as delimited text, in the encodings that spreadsheets really write."""

import codecs
import csv
import io
import re
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from customer_registry.domain.errors import UnreadableFile
from customer_registry.domain.issues import Issue, Severity
from customer_registry.exchange.cells import plain
from customer_registry.exchange.sheet import Grid, Row, header_hits

__all__ = ["decoded", "read_csv", "separator_of", "write_csv"]

_LARGEST = 100 * 1024 * 1024
_SEPARATORS = ",\t;|"
_DECLARED = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_EURO = "customer_registry.euro"
_field_limit = threading.Lock()


def read_csv(path: Path) -> Grid:
    """Return the cells of a text file, all of them text.

    Raises UnreadableFile `import.encoding`, `import.too_large`, or `import.quote_open` with the
    row whose quotation mark never ends.
    """
    if path.stat().st_size > _LARGEST:
        raise UnreadableFile("import.too_large", max=_LARGEST // 1024**2)
    data = path.read_bytes()
    text, issues = decoded(data)
    if _told("gb18030") in issues and not _has_header(text):
        text, issues = _as_big5(data) or (text, issues)
    declared = _DECLARED.match(text)
    separator = declared[1] if declared else separator_of(text)
    rows = _rows(text, separator)
    if declared:
        rows[0] = ()
    return Grid(rows=rows, issues=issues)


def decoded(data: bytes) -> tuple[str, tuple[Issue, ...]]:
    """Return the text of a file's bytes, with an info that names the encoding.

    A byte order mark decides; else strict UTF-8, then GB18030, which holds GBK and GB2312. The
    byte 0x80, by which Windows means the euro sign, is read as one and warned of. Big5 is left to
    `read_csv`, which looks for headers.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), *_UTF_16):
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding)
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), (_told(encoding),)
        except UnicodeDecodeError:
            continue
    codecs.register_error(_EURO, _as_euro)
    try:
        text = data.decode("gb18030", _EURO)
    except UnicodeDecodeError as error:
        raise UnreadableFile("import.encoding") from error
    return text, (_told("gb18030"), Issue("import.euro_byte", (), Severity.WARNING))


def separator_of(text: str) -> str:
    """Return the separator under which the first rows hold most headers, then most cells."""
    lines = _beginning(text)
    return max(_SEPARATORS, key=lambda separator: _fit(lines, separator))


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as UTF-8 with a byte order mark, which a spreadsheet recognises."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        csv.writer(file).writerows([_text(value) for value in row] for row in rows)


_UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _beginning(text: str) -> list[str]:
    return text[:100_000].splitlines(keepends=True)[:60]


def _has_header(text: str) -> bool:
    lines = _beginning(text)
    return any(_fit(lines, separator)[0] for separator in _SEPARATORS)


def _as_big5(data: bytes) -> tuple[str, tuple[Issue, ...]] | None:
    """Return the text in the encoding of Taiwan and Hong Kong, if headers appear under it.

    Most of its bytes are GB 18030 too, where they give other characters.
    """
    try:
        text = data.decode("big5hkscs")
    except UnicodeDecodeError:
        return None
    return (text, (_told("Big5"),)) if _has_header(text) else None


def _text(value: object) -> str:
    return "" if value is None else plain(value)


def _strict(data: bytes, encoding: str) -> tuple[str, tuple[Issue, ...]]:
    try:
        return data.decode(encoding), (_told(encoding),)
    except UnicodeDecodeError as error:
        raise UnreadableFile("import.encoding") from error


def _told(encoding: str) -> Issue:
    return Issue("import.encoding_used", (), Severity.INFO, {"encoding": encoding.upper()})


def _as_euro(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:  # noqa: PLR2004  the byte itself
        return "€", error.start + 1
    raise error


def _fit(lines: list[str], separator: str) -> tuple[int, int]:
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return (0, 0)
    return max(map(header_hits, rows), default=0), max(map(len, rows), default=0)


def _rows(text: str, separator: str) -> list[Row]:
    """Return the rows; the module's field limit is raised for the moment and put back."""
    with _field_limit:
        before = csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
        try:
            return _parsed(text, separator)
        except csv.Error as error:
            raise UnreadableFile("import.unreadable", reason=str(error)) from error
        finally:
            csv.field_size_limit(before)


def _parsed(text: str, separator: str) -> list[Row]:
    end = "\n\x00end"
    reader = csv.reader(io.StringIO(text + end, newline=""), delimiter=separator)
    rows: list[Row] = [tuple(row) for row in reader]
    if rows and rows[-1] and str(rows[-1][-1]).endswith(end):
        raise UnreadableFile("import.quote_open", row=len(rows))
    return rows[:-1]
