"""The common shape of a customer file: where its header stands, and its rows as raw customers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import attrs

from customer_registry.domain.errors import UnreadableFile
from customer_registry.domain.issues import Issue, Path, Report, Severity
from customer_registry.exchange.cells import is_blank, plain
from customer_registry.exchange.columns import raw_of
from customer_registry.exchange.headers import (
    Column,
    Heading,
    grouped,
    header_key,
    heading,
    lent_by,
    meaning,
    vocabulary,
    word_key,
)
from customer_registry.validation.reading.basics import kind_meant

__all__ = ["FileRow", "Grid", "Row", "Sheet", "header_hits", "sheet_of"]

Row: TypeAlias = tuple[object, ...]

_LOOKED_THROUGH = 60
_WIDEST_HEADER = 2000
_NUMBER = re.compile(r"共?[-+¥￥$]?[0-9][0-9,，.]*%?(?:[元户家条个行人位名])?")
_LONG_NUMBER = re.compile("[0-9]{6}")
_OF_A_CUSTOMER = re.compile(
    r"(?:code|contacts|addresses|tax_identifiers|bank_accounts|identity_document|invoice_profile)"
    r"(?:\..*)?"
)
_HELP_SEPARATORS = re.compile(r"[\s,，、;；/()（）:：]+")
_HELP_WIDTH = re.compile(r"[0-9]+(?:[-~][0-9]+)?(?:位|个)?(?:以内|数字|字符|字|汉字)*")
_EXAMPLE = re.compile(r"(?:示例|样例|例如|例|e\.g\.|example)[:：].*", re.DOTALL | re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Grid:
    """The cells of a file as they stand in it, row by row, with what its reader has to tell."""

    rows: Sequence[Row] = attrs.field(repr=False)
    issues: tuple[Issue, ...] = ()


@attrs.frozen(kw_only=True)
class FileRow:
    """One customer's row: its number as a spreadsheet shows it, what it means, how it was typed.

    `issues` are what its cells got wrong. A row that is not `ok` is refused by every check and
    every registration of its `raw`.
    """

    number: int
    raw: dict[str, object] = attrs.field(repr=False)
    cells: Row = attrs.field(repr=False)
    issues: tuple[Issue, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all cells could be read."""
        return not any(issue.severity is Severity.ERROR for issue in self.issues)

    def told(self, report: Report) -> Report:
        """Return the report on this row's `raw` with what the cells got wrong told first.

        What the registry says of a cell that could not be read is left out.
        """
        spoilt = [issue.path for issue in self.issues if issue.severity is Severity.ERROR]
        others = (issue for issue in report.issues if not _is_echo(issue, spoilt))
        return attrs.evolve(report, issues=(*self.issues, *others), echo=report.echo or self.raw)


@attrs.frozen(kw_only=True)
class Sheet:
    """A customer file, read: `columns` gives the dotted field of each column by its index.

    `issues` tells what concerns the file as a whole: unknown and doubled headers, the encoding,
    rows that hold no customer. What concerns a row stands at the row.
    """

    headers: tuple[str, ...]
    columns: Mapping[int, str]
    issues: tuple[Issue, ...]
    rows: tuple[FileRow, ...] = attrs.field(repr=False)


def _is_echo(issue: Issue, spoilt: Sequence[Path]) -> bool:
    """Whether an issue only repeats that a cell could not be read."""
    refuses = issue.code in {"field.type", "import.date_in_text"}
    return any(
        issue.path == path or (refuses and issue.path == path[: len(issue.path)]) for path in spoilt
    )


def sheet_of(grid: Grid) -> Sheet:
    """Return what the grid of a file means.

    Raises UnreadableFile `import.empty`, `import.no_header`, or `import.header_missing` when no
    column names the customer.
    """
    if all(is_blank(cell) for row in grid.rows for cell in row):
        raise UnreadableFile("import.empty")
    at = _header_row(grid.rows)
    headers, below = _header_texts(grid.rows, at)
    read = heading(headers)
    rows, skipped = _customers(grid.rows, below, read)
    issues = (
        *grid.issues,
        *read.issues,
        *_unnamed(grid.rows[below:], headers),
        *_skipped(skipped),
        *_none_left(rows),
    )
    fields = {column: read.columns[column].field for column in sorted(read.columns)}
    return Sheet(
        headers=read.headers, columns=MappingProxyType(fields), issues=issues, rows=tuple(rows)
    )


def header_hits(row: Iterable[object]) -> int:
    """Return how many different fields the cells of a row announce as headers."""
    found = (meaning(cell) for cell in row if isinstance(cell, str))
    return len({column.field + column.key for column in found if column and column.is_read})


def _header_row(rows: Sequence[Row]) -> int:
    """Return where the row stands that announces most fields; a customer's name among them."""
    hits = [header_hits(row[:_WIDEST_HEADER]) for row in rows[:_LOOKED_THROUGH]]
    most = max(hits)
    at = hits.index(most)
    if not most or (most == 1 and _is_customer(rows[at])):
        raise UnreadableFile("import.no_header")
    headers, _ = _header_texts(rows, at)
    if not any(column.field == "name" for column in heading(headers).columns.values()):
        lone = most == 1
        raise (
            UnreadableFile("import.no_header")
            if lone
            else UnreadableFile("import.header_missing", headers=vocabulary().simple["zh"]["name"])
        )
    return at


def _is_customer(row: Row) -> bool:
    """Whether the one header in a row is rather the customer's kind, beside numbers of theirs."""
    texts = [text for text in _texts(row) if text]
    kinds = all(kind_meant(text) for text in texts if meaning(text))
    return kinds and any(_LONG_NUMBER.search(text) for text in texts)


def _header_texts(rows: Sequence[Row], at: int) -> tuple[tuple[str, ...], int]:
    """Return the headers that one or two rows make together, and where the rows below begin."""
    main = _texts(rows[at])
    above = _texts(rows[at - 1]) if at and _is_header(rows[at - 1]) else []
    has_second = at + 1 < len(rows) and _is_header(rows[at + 1])
    below = _texts(rows[at + 1]) if has_second else []
    width = max(len(main), len(above), len(below))
    above, main, below = (row + [""] * (width - len(row)) for row in (above, main, below))
    if any(under and not over for over, under in zip(main, below, strict=True)):
        headers = [u or o for o, u in zip(main, _below(main, below), strict=True)]
    else:
        headers = [_known(over, under) for over, under in zip(main, below, strict=True)]
    headers = [h or over for over, h in zip(above, _below(above, headers), strict=True)]
    return tuple(headers), at + 1 + has_second


def _texts(row: Row) -> list[str]:
    return ["" if is_blank(cell) else plain(cell).strip() for cell in row]


def _is_header(row: Row) -> bool:
    """Whether most cells of the row beside the header are headers or head a group of them."""
    texts = [text for text in _texts(row) if text]
    known = [text for text in texts if meaning(text) or lent_by(text)]
    return len(known) > 1 and len(known) * 3 >= len(texts) * 2


def _below(above: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the headers, each in the words it has below its group; a group spans blanks."""
    group = ""
    spoken: list[str] = []
    for over, text in zip(above, texts, strict=True):
        group = over or group
        spoken.append(grouped(text, group) if text else "")
    return spoken


def _known(first: str, second: str) -> str:
    return second if second and not meaning(first) and meaning(second) else first or second


def _customers(rows: Sequence[Row], below: int, read: Heading) -> tuple[list[FileRow], list[int]]:
    found: list[FileRow] = []
    skipped: list[int] = []
    for at in range(below, len(rows)):
        row = rows[at]
        if all(map(is_blank, row)):
            continue
        if _holds_no_customer(row, read, near_header=at < below + 2):
            skipped.append(at + 1)
        else:
            raw, issues = raw_of(row, read.columns)
            found.append(FileRow(number=at + 1, raw=raw, cells=row, issues=issues))
    return found, skipped


def _holds_no_customer(row: Row, read: Heading, *, near_header: bool) -> bool:
    return (
        _repeats_header(row, read.headers)
        or _adds_up(row, read.columns)
        or (near_header and _explains(row, read.columns))
    )


def _repeats_header(row: Row, headers: Sequence[str]) -> bool:
    written = [(at, text) for at, text in enumerate(_texts(row)) if text]
    return len(written) > 1 and all(
        at < len(headers) and header_key(text) == header_key(headers[at]) for at, text in written
    )


def _adds_up(row: Row, columns: Mapping[int, Column]) -> bool:
    """Whether the row is a total: its word, amounts, and nothing that only a customer has.

    合计 is nobody's name; Total and Sum are, and then a number beside them may be the customer's.
    """
    texts = {at: text for at, text in enumerate(_texts(row)) if text}
    words = {at: text for at, text in texts.items() if word_key(text) in vocabulary().totals}
    others = [at for at in texts if at not in words]
    fields = {at: columns[at].field if at in columns else "" for at in texts}
    numbers = [texts[at] for at in others if _OF_A_CUSTOMER.fullmatch(fields[at])]
    named = [at for at in texts if fields[at] == "name"]
    return (
        bool(words)
        and all(_NUMBER.fullmatch(texts[at].replace(" ", "")) for at in others)
        and not any(map(_is_long, numbers))
        and not (
            all(map(str.isascii, words.values()))
            and any(numbers if at in words else at < min(words) for at in named)
        )
    )


def _is_long(number: str) -> bool:
    """Whether a number is longer than a count of customers, as that of a phone is."""
    return sum(map(str.isdigit, number)) > 6  # noqa: PLR2004  a million customers in one file


def _explains(row: Row, columns: Mapping[int, Column]) -> bool:
    """Whether the row under the header says how to fill in the columns, the name among them."""
    texts = dict(enumerate(_texts(row)))
    names = [texts.get(at, "") for at, column in columns.items() if column.field == "name"]
    if any(_EXAMPLE.fullmatch(name) for name in names):
        return True
    written = [text for text in texts.values() if text]
    helping = sum(map(_is_help, written))
    names = [name for name in names if any(map(str.isalpha, name))]
    return any(map(_is_help, names)) and helping * 2 >= len(written)


def _is_help(text: str) -> bool:
    words = [word for word in _HELP_SEPARATORS.split(text[:200]) if word]
    known = vocabulary().help
    return bool(words) and all(
        word_key(word) in known or _HELP_WIDTH.fullmatch(word) for word in words
    )


def _unnamed(rows: Sequence[Row], headers: Sequence[str]) -> Iterator[Issue]:
    """Tell of columns that hold something and have no header."""
    filled = {
        at
        for row in rows
        for at in range(len(row))
        if (at >= len(headers) or not headers[at]) and not is_blank(row[at])
    }
    for at in sorted(filled)[:20]:
        yield Issue("import.header_unknown", (), Severity.WARNING, {"header": _letters(at)})


def _letters(at: int) -> str:
    """Return a column's letters as a spreadsheet shows them."""
    letters = ""
    while at >= 0:
        letters = chr(ord("A") + at % 26) + letters
        at = at // 26 - 1
    return letters


def _skipped(numbers: Sequence[int]) -> Iterator[Issue]:
    if numbers:
        shown = ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")  # noqa: PLR2004  enough to find them
        params = {"rows": shown, "n": len(numbers)}
        yield Issue("import.rows_skipped", (), Severity.INFO, params)


def _none_left(rows: Sequence[FileRow]) -> Iterator[Issue]:
    if not rows:
        yield Issue("import.empty", (), Severity.WARNING)
