"""Where the command line writes: tables and sentences on one side, complaints on the other."""

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import Literal, TextIO

import attrs
from rich import box
from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from customer_registry.cli.speech import Speech

__all__ = ["Column", "Prose", "Screen", "printable"]

_PIPED = 10_000
_NARROWEST = 8
_GAP = 2
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_ATOM = re.compile(
    r"[“‘（《【(\[]*(?:[!-'*-Z\\^-~]+|.)[”’）》】，。、；：？！)\],;:?!]*\s*", re.DOTALL
)


@attrs.frozen
class Column:
    """A column of a table: its header, and whether its cells stay whole.

    Where a terminal is too narrow for all, the column with the highest `expendable` goes first.
    """

    header: str
    whole: bool = False
    expendable: int = 0
    justify: Literal["left", "right"] = "left"


@attrs.frozen
class Screen:
    """The two sides of a terminal, or of a pipe, and the language spoken there."""

    say: Speech
    out: Console = attrs.field(factory=lambda: _console(sys.stdout))
    err: Console = attrs.field(factory=lambda: _console(sys.stderr))

    def tell(self, text: str = "", *, style: str = "") -> None:
        """Write a paragraph, wrapped between words."""
        self._print(Prose(text, style))

    def line(self, text: str) -> None:
        """Write a line that is never broken, such as a command to copy."""
        self.out.print(Text(printable(text)), soft_wrap=True)

    def complain(self, *lines: str) -> None:
        """Write lines on standard error."""
        for line in lines:
            self.err.print(Text(printable(line)), soft_wrap=True)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        """Write a table whose cells wrap between words; nothing that stays whole is cut."""
        columns, rows = _fitting(columns, list(rows), self.out.width)
        table = Table(
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            show_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bold",
        )
        for column in columns:
            narrowest = None if column.whole else _NARROWEST
            table.add_column(
                Text(column.header) if column.whole else Prose(column.header),
                no_wrap=column.whole,
                justify=column.justify,
                min_width=narrowest,
                overflow="fold",
            )
        for row in rows:
            table.add_row(*_cells(columns, row))
        self._print(table)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Write labels and what they stand for in two columns."""
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(min_width=_NARROWEST)
        for label, value in rows:
            grid.add_row(Text(printable(label)), Prose(value))
        self._print(grid)

    def _print(self, content: RenderableType) -> None:
        if self.out.is_terminal:
            self.out.print(content)
            return
        with self.out.capture() as captured:
            self.out.print(content)
        for line in captured.get().splitlines():
            self.out.print(Text(line.rstrip()), soft_wrap=True)


@attrs.frozen
class Prose:
    """Text that wraps between Chinese characters and between words, and cuts neither a code."""

    text: str
    style: str = ""

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return the widths this text can take."""
        del console
        lines = printable(self.text).splitlines() or [""]
        atoms = (cell_len(atom.rstrip()) for line in lines for atom in _ATOM.findall(line))
        narrowest = min(max(atoms, default=0), options.max_width)
        return Measurement(narrowest, max(*map(cell_len, lines), narrowest))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """Yield the lines as they fit."""
        style = console.get_style(self.style) if self.style else None
        for line in printable(self.text).splitlines() or [""]:
            for fitting in _wrapped(line, max(1, options.max_width)):
                yield Segment(fitting, style)
                yield Segment.line()


def printable(text: str) -> str:
    """Return the text without anything that could steer a terminal."""
    return "".join(
        "\ufffd" if char != "\n" and unicodedata.category(char) in _STEERING else char
        for char in text.replace("\t", " ")
    )


def _fitting(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int
) -> tuple[list[Column], list[list[str]]]:
    """Return the columns that have room, and their cells."""
    shown = list(range(len(columns)))
    widths = [
        max([cell_len(column.header), *(cell_len(printable(row[at])) for row in rows)])
        if column.whole
        else _NARROWEST
        for at, column in enumerate(columns)
    ]
    while sum(widths[at] + _GAP for at in shown) - _GAP > width:
        least = max(shown, key=lambda at: columns[at].expendable)
        if not columns[least].expendable:
            break
        shown.remove(least)
    return [columns[at] for at in shown], [[row[at] for at in shown] for row in rows]


def _cells(columns: Sequence[Column], row: Sequence[str]) -> Iterator[RenderableType]:
    for column, cell in zip(columns, row, strict=True):
        yield Text(printable(cell)) if column.whole else Prose(cell)


def _wrapped(line: str, width: int) -> Iterator[str]:
    """Yield the pieces of a line that fit; only what is wider than a line is cut."""
    here = ""
    for atom in _ATOM.findall(line):
        if here and cell_len((here + atom).rstrip()) > width:
            yield here.rstrip()
            here = ""
        here += atom
        if cell_len(here.rstrip()) > width:
            *whole, here = chop_cells(here.rstrip(), width)
            yield from whole
    yield here.rstrip()


def _console(file: TextIO) -> Console:
    """Return a console that writes text as it is; a pipe is as wide as its longest line."""
    if isinstance(file, TextIOWrapper):
        file.reconfigure(errors="backslashreplace")
    plain = Console(file=file, markup=False, highlight=False, emoji=False)
    if not plain.is_terminal and "COLUMNS" not in os.environ:
        plain.width = _PIPED
    return plain
