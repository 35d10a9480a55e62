"""Charts as inline SVG: columns over time, and bars by name."""

from collections.abc import Sequence
from html import escape

import attrs

__all__ = ["Bar", "Column", "bars", "columns"]

_WIDTH, _HEIGHT = 720, 180
_TOP, _BELOW, _LEFT = 16, 22, 44
_ROW, _LABEL = 26, 200


@attrs.frozen
class Column:
    """A column: what it is called, how high it is, how much of it is dark, and if that is said."""

    label: str
    value: int
    dark: int = 0
    is_labelled: bool = True


@attrs.frozen
class Bar:
    """A bar: what it is called, how long it is."""

    label: str
    value: int


def columns(named: str, data: Sequence[Column]) -> str:
    """Return a chart of columns, with its scale at the left; each tells its number when pointed at.

    >>> columns("Acts", [Column("Mon", 3, dark=1)]).count("<rect")
    2
    """
    top = _rounded(max((each.value for each in data), default=0))
    room, high = (_WIDTH - _LEFT) / max(1, len(data)), _HEIGHT - _TOP - _BELOW
    drawn = [_scale(top, high)]
    for at, each in enumerate(data):
        drawn.append(_column(each, _LEFT + at * room, room, high / top))
    return _svg(named, _HEIGHT, drawn)


def bars(named: str, data: Sequence[Bar]) -> str:
    """Return a chart of bars, one below the other, each with its name and number.

    >>> bars("Who", [Bar("<li.lei>", 2)]).count("&lt;li.lei&gt;")
    2
    """
    top = max((each.value for each in data), default=1)
    long = (_WIDTH - _LABEL - 60) / max(1, top)
    drawn = [_bar(each, at * _ROW, long) for at, each in enumerate(data)]
    return _svg(named, max(1, len(data)) * _ROW, drawn)


def _svg(named: str, height: int, drawn: Sequence[str]) -> str:
    called = escape(named, quote=True)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{called}">'
        f"<title>{called}</title>{''.join(drawn)}</svg>"
    )


def _scale(top: int, high: float) -> str:
    """Return the lines at nothing, the half and the whole, each with its number."""
    steps = (0, top // 2, top) if top > 1 else (0, top)
    lines = []
    for step in steps:
        y = _TOP + high * (1 - step / top)
        lines.append(
            f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH}" y2="{y:.1f}"/>'
            f'<text class="end" x="{_LEFT - 6}" y="{y + 4:.1f}">{step}</text>'
        )
    return "".join(lines)


def _column(each: Column, left: float, room: float, tall: float) -> str:
    told = f"{each.label}: {each.value}" + (f" ({each.dark})" if each.dark else "")
    wide, base = room * 0.7, _HEIGHT - _BELOW
    x = left + room * 0.15
    parts = [f"<g><title>{escape(told)}</title>"]
    for kind, many in (("", each.value), ("dark", each.dark)):
        if many:
            parts.append(
                f'<rect class="{kind}" x="{x:.1f}" y="{base - many * tall:.1f}"'
                f' width="{wide:.1f}" height="{many * tall:.1f}"/>'
            )
    if each.is_labelled:
        middle = left + room / 2
        parts.append(
            f'<text class="middle" x="{middle:.1f}" y="{_HEIGHT - 6}">{escape(each.label)}</text>'
        )
    return "".join([*parts, "</g>"])


def _bar(each: Bar, y: int, long: float) -> str:
    name, wide = escape(each.label), max(1.0, each.value * long)
    return (
        f"<g><title>{name}: {each.value}</title>"
        f'<text class="end" x="{_LABEL - 8}" y="{y + 17}">{escape(_shortened(each.label))}</text>'
        f'<rect x="{_LABEL}" y="{y + 4}" width="{wide:.1f}" height="{_ROW - 8}"/>'
        f'<text x="{_LABEL + wide + 6:.1f}" y="{y + 17}">{each.value}</text></g>'
    )


def _shortened(label: str) -> str:
    """Return as much of a name as there is room for: a Chinese character takes that of two."""
    room, kept = 28, ""
    for char in label:
        room -= 1 if char.isascii() else 2
        if room < 1:
            return f"{kept}…"
        kept += char
    return kept


def _rounded(most: int) -> int:
    """Return the top of a scale: 1, 2, 5, 10, 20 and so on."""
    top = 1
    while top < most:
        digits = str(top)
        top = top * 5 // 2 if digits.startswith("2") else top * 2
    return top
