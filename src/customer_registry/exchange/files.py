"""Customer files opened and written by their suffix, whatever their format."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from pathlib import Path

from customer_registry.domain.errors import UnreadableFile
from customer_registry.exchange.cells import CellError, guarded, starts_a_formula, text_of_formula
from customer_registry.exchange.columns import export_headers, flatten
from customer_registry.exchange.csv import read_csv, write_csv
from customer_registry.exchange.headers import header_key, vocabulary
from customer_registry.exchange.sheet import Grid, Sheet, sheet_of
from customer_registry.exchange.xlsx import read_xlsx, refuse_missing_writer, write_xlsx

__all__ = ["export", "flat_rows", "open_sheet", "refuse_unwritable", "write_flat", "write_refused"]

_READERS: Mapping[str, Callable[[Path], Grid]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsm": read_xlsx,
    ".xlsx": read_xlsx,
}
_WORKBOOKS = frozenset({".xlsx"})
_TEXTS = frozenset({".csv"})


def open_sheet(path: str | PathLike[str]) -> Sheet:
    """Read a customer file: .csv, .txt, .tsv, or .xlsx and .xlsm with the extra `xlsx`.

    Raises UnreadableFile, whose issue says what is the matter with the file, and MissingExtra.
    """
    where = Path(path)
    reader = _READERS.get(where.suffix.casefold())
    if "\0" in str(where):
        raise UnreadableFile("import.missing", name=where.name)
    try:
        if where.is_dir():
            raise UnreadableFile("import.directory", name=where.name)
        if reader is None:
            raise UnreadableFile("import.type", suffix=where.suffix)
        if not where.stat().st_size:
            raise UnreadableFile("import.empty")
        grid = reader(where)
    except FileNotFoundError as error:
        raise UnreadableFile("import.missing", name=where.name) from error
    except OSError as error:
        raise UnreadableFile("import.unreadable", reason=_reason(error)) from error
    return sheet_of(grid)


def write_refused(
    path: str | PathLike[str],
    sheet_headers: Sequence[str],
    refused: Iterable[tuple[Sequence[object], Sequence[str]]],
    reasons_header: str,
) -> int:
    """Write refused rows with their columns as they were and the reasons in one more.

    Returns how many rows it wrote. The file can be corrected and imported as it is; a column of
    reasons from an earlier round is replaced.
    """
    kept = [at for at, header in enumerate(sheet_headers) if not _tells_reasons(header)]
    rows = [
        [
            *(_as_typed(cells[at]) if at < len(cells) else "" for at in kept),
            guarded("\n".join(reasons)),
        ]
        for cells, reasons in refused
    ]
    header = [*(_as_typed(sheet_headers[at]) for at in kept), reasons_header]
    _write(Path(path), [header, *rows])
    return len(rows)


def export(
    path: str | PathLike[str],
    raws: Iterable[Mapping[str, object]],
    *,
    language: str = "zh",
    created: datetime | None = None,
) -> int:
    """Write customers as `customer.raw()` gives them and return how many.

    A .csv is UTF-8 with a byte order mark. No cell starts a formula, and importing the file gives
    the same raw customers but for ids, versions and times, which a registration does not take.
    """
    flat = flat_rows(raws, language=language)
    write_flat(Path(path), flat, language=language, created=created)
    return len(flat)


def flat_rows(raws: Iterable[Mapping[str, object]], *, language: str) -> list[dict[str, str]]:
    """Return the filled cells of each raw customer, by dotted path."""
    return [flatten(raw, language=language) for raw in raws]


def write_flat(
    path: Path, flat: Sequence[Mapping[str, str]], *, language: str, created: datetime | None = None
) -> None:
    """Write the cells of customers below the headers of all paths that one of them fills."""
    headers = export_headers({"name"}.union(*flat), language)
    cells = ([row.get(path, "") for path in headers] for row in flat)
    _write(path, [[guarded(header) for header in headers.values()], *cells], created)


def refuse_unwritable(path: Path) -> None:
    """Raise UnreadableFile for an ending that nothing is written for, MissingExtra without xlsx."""
    suffix = path.suffix.casefold()
    if suffix not in _WORKBOOKS | _TEXTS:
        raise UnreadableFile("import.type", suffix=path.suffix)
    if suffix in _WORKBOOKS:
        refuse_missing_writer()


def _write(path: Path, rows: Iterable[Sequence[object]], created: datetime | None = None) -> None:
    refuse_unwritable(path)
    try:
        if path.suffix.casefold() in _WORKBOOKS:
            write_xlsx(path, rows, created=created)
        else:
            write_csv(path, rows)
    except OSError as error:
        raise UnreadableFile("export.unwritable", reason=_reason(error)) from error


def _tells_reasons(header: str) -> bool:
    return header_key(header) in vocabulary().reasons


def _as_typed(cell: object) -> object:
    """Return a cell so that a second import reads what the first one read."""
    if isinstance(cell, CellError):
        return str(cell)
    if not isinstance(cell, str):
        return cell
    if (literal := text_of_formula(cell)) is not None:
        return f"'{literal}"
    protected = cell.lstrip().startswith("'")
    return f"'{cell}" if starts_a_formula(cell) and not protected else cell


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
