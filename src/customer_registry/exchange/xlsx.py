"""Customer files as Excel workbooks; needs the extra `xlsx`."""

import importlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from errno import EINVAL
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

from customer_registry.domain.errors import InvalidValue, MissingExtra, UnreadableFile
from customer_registry.domain.issues import Issue, Severity
from customer_registry.exchange.cells import CellError, plain
from customer_registry.exchange.sheet import Grid, Row, header_hits

__all__ = ["read_xlsx", "refuse_missing_writer", "write_xlsx"]

_MIB = 1024**2
_LARGEST = 64 * _MIB
_LARGEST_UNPACKED = 256 * _MIB
_LARGEST_INDEX = 1 * _MIB
_STEEPEST = 300
_MOST_CELLS = 10_000_000
_LONGEST_CELL = 32_767
_OLE = b"\xd0\xcf\x11\xe0"
_WRITER = "xlsxwriter"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:[a-z]{1,9}:)?(c|row)\s([^<>]{0,400})(?<!/)>")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_FAULTY = re.compile(rb"\bt=[\"']e[\"']")
_FAULT = re.compile(rb"<(?:[a-z]{1,9}:)?v>(#[A-Z0-9/_!?]{1,20})</")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ET.ParseError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def read_xlsx(path: Path) -> Grid:
    """Return the cells of the first visible sheet that has a header row.

    Raises UnreadableFile `import.damaged`, `import.password` or `import.too_large`, and
    MissingExtra without python-calamine.
    """
    calamine = _installed("python_calamine")
    parts = _parts(path)
    try:
        with calamine.load_workbook(str(path)) as workbook:
            return _grid(workbook, parts)
    except UnreadableFile:
        raise
    except BaseException as error:  # calamine's panics are no Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise UnreadableFile("import.damaged", suffix=path.suffix) from error
        raise


def write_xlsx(
    path: Path, rows: Iterable[Sequence[object]], *, created: datetime | None = None
) -> None:
    """Write rows to one sheet, text as text, the first row as a header that stays in sight.

    Raises InvalidValue `too_long` for a text that no cell can hold.
    """
    writer = _installed(_WRITER)
    with path.open("wb") as file:
        workbook = writer.Workbook(file)
        if created is not None:
            workbook.set_properties({"created": created})
        text = workbook.add_format({"num_format": "@"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("客户档案")
        sheet.freeze_panes(1, 0)
        try:
            for at, row in enumerate(rows):
                for place, value in enumerate(row):
                    _write(sheet, (at, place), value, text=text, day=day)
        finally:
            workbook.close()


def refuse_missing_writer() -> None:
    """Raise MissingExtra where no workbook can be written."""
    _installed(_WRITER)


def _installed(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra("xlsx") from error


def _parts(path: Path) -> dict[str, bytes]:
    """Return the XML parts of a workbook, once it is known that nothing in it is oversized."""
    if path.stat().st_size > _LARGEST:
        raise UnreadableFile("import.too_large", max=_LARGEST // _MIB)
    _refuse_encrypted(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(archive)
            names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
            parts = {name: archive.read(name) for name in names}
    except (OSError, *_BROKEN) as error:
        if isinstance(error, OSError) and error.errno != EINVAL:
            raise
        # EINVAL: where bytes are lost, a part is looked for before the beginning of the file.
        raise UnreadableFile("import.damaged", suffix=path.suffix) from error
    for part in parts.values():
        _refuse_wide_open_spaces(part)
    return parts


def _refuse_encrypted(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE and _ENCRYPTED in file.read():
            raise UnreadableFile("import.password")


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    too_much = sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED
    too_steep = any(
        entry.file_size > _MIB and entry.file_size > _STEEPEST * entry.compress_size
        for entry in entries
    )
    if too_much or too_steep:
        raise UnreadableFile("import.too_large", max=_LARGEST // _MIB)


def _refuse_wide_open_spaces(part: bytes) -> None:
    """Refuse a sheet of a few cells so far apart that the area between them fills the memory."""
    rows, columns = 1, 1
    for tag in _CELL.finditer(part):
        place = _PLACE.search(tag[2])
        if place:
            rows = max(rows, int(place[2]))
            columns = max(columns, _column(place[1]) + 1)
    if rows * columns > _MOST_CELLS:
        raise UnreadableFile("import.too_large", max=_LARGEST // _MIB)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _grid(workbook: Any, parts: Mapping[str, bytes]) -> Grid:  # noqa: ANN401  calamine is optional
    sheets = {name: workbook.get_sheet_by_name(name) for name in _visible(workbook)}
    filled = {
        name: [tuple(row) for row in sheet.to_python(skip_empty_area=False)]
        for name, sheet in sheets.items()
        if sheet.height
    }
    if not filled:
        raise UnreadableFile("import.empty")
    chosen = next((name for name, rows in filled.items() if _has_header(rows)), next(iter(filled)))
    rows = _with_faults(filled[chosen], _faults(_part_of(chosen, parts)))
    others = [name for name in filled if name != chosen]
    return Grid(rows=rows, issues=_told(chosen, others))


def _visible(workbook: Any) -> list[str]:  # noqa: ANN401  calamine is optional
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if str(sheet.visible).endswith("Visible") and str(sheet.typ).endswith("WorkSheet")
    ]


def _has_header(rows: Sequence[Row]) -> bool:
    return any(header_hits(row) > 1 for row in rows[:60])


def _told(chosen: str, others: Sequence[str]) -> tuple[Issue, ...]:
    if not others:
        return ()
    params = {"sheet": chosen, "others": "、".join(others)}
    return (Issue("import.sheet_used", (), Severity.WARNING, params),)


def _part_of(sheet: str, parts: Mapping[str, bytes]) -> bytes:
    """Return the part that holds a sheet; nothing where the workbook is laid out unusually."""
    book, relations = (
        parts.get("xl/workbook.xml", b""),
        parts.get("xl/_rels/workbook.xml.rels", b""),
    )
    if not 0 < len(book) + len(relations) < _LARGEST_INDEX:
        return b""
    try:
        ids = [
            value
            for element in ET.fromstring(book).iter()  # noqa: S314  small, and expat bounds entities
            if element.get("name") == sheet
            for name, value in element.items()
            if name.endswith("}id")
        ]
        targets = {
            element.get("Id"): element.get("Target", "")
            for element in ET.fromstring(relations)  # noqa: S314  as above
        }
    except ET.ParseError:
        return b""
    target = targets.get(ids[0], "") if ids else ""
    return parts.get(target.removeprefix("/"), parts.get(f"xl/{target}", b""))


def _faults(part: bytes) -> dict[tuple[int, int], str]:
    """Return the error values of a sheet by row and column; calamine shows them as blanks."""
    found: dict[tuple[int, int], str] = {}
    for tag in _CELL.finditer(part):
        place = _PLACE.search(tag[2])
        if place and _FAULTY.search(tag[2]):
            value = _FAULT.search(part, tag.end(), tag.end() + 3000)
            shown = value[1].decode("ascii") if value else "#N/A"
            found[int(place[2]) - 1, _column(place[1])] = shown
    return found


def _with_faults(rows: Sequence[Row], faults: Mapping[tuple[int, int], str]) -> list[Row]:
    mended = [list(row) for row in rows]
    for (at, place), value in faults.items():
        if at < len(mended):
            mended[at] += [""] * (place + 1 - len(mended[at]))
            mended[at][place] = CellError(value)
    return [tuple(row) for row in mended]


def _write(sheet: Any, at: tuple[int, int], value: object, *, text: Any, day: Any) -> None:  # noqa: ANN401  XlsxWriter is optional
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(*at, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(*at, value)
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, day)
    else:
        sheet.write_string(*at, _fitting(plain(value)), text)


def _fitting(text: str) -> str:
    if len(text) > _LONGEST_CELL:
        raise InvalidValue("too_long", max=_LONGEST_CELL, len=len(text))
    return text.encode("utf-8", "replace").decode("utf-8")
