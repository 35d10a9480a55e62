"""What an import or a check came to: counts, first codes, warnings, refused rows."""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from customer_registry.cli.screen import Column, Screen
from customer_registry.cli.sheets import Treated
from customer_registry.domain.issues import Issue, Report
from customer_registry.exchange import Sheet
from customer_registry.registration.load import Outcome

__all__ = ["Result", "show_result"]

_FIRST_CODES = 3
_FIRST_ROWS = 6


@attrs.frozen
class Result:
    """All rows of a file, treated; `only_tried` when nothing was registered."""

    sheet: Sheet
    rows: Sequence[Treated]
    only_tried: bool = False

    def having(self, outcome: Outcome) -> list[Treated]:
        """Return the rows of one outcome."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def registered(self) -> list[Treated]:
        """The rows that became customers, or could."""
        return self.having(Outcome.REGISTERED)

    @property
    def refused(self) -> list[Treated]:
        """The rows that hold errors."""
        return self.having(Outcome.REFUSED)


def show_result(screen: Screen, result: Result) -> None:
    """Show the counts, then what to look at, then what to correct."""
    screen.facts(_counts(screen, result))
    for line in _notes(screen, result):
        screen.tell(line)
    _show_repeated(screen, result.having(Outcome.REPEATED))
    _show_warnings(screen, result)
    _show_refused(screen, result)


def _counts(screen: Screen, result: Result) -> Iterator[tuple[str, str]]:
    say, tried = screen.say, result.only_tried
    done = result.registered
    warned = [row for row in done if row.report.warnings]
    codes = "" if tried else _first_codes(screen, done)
    yield say("count.registrable" if tried else "count.registered"), f"{len(done):>5}{codes}"
    yield say("count.warned"), f"{len(warned):>5}"
    refused = "count.unregistrable" if tried else "count.refused"
    yield say(refused), f"{len(result.refused):>5}"
    yield say("count.repeated"), f"{len(result.having(Outcome.REPEATED)):>5}"
    yield say("count.replayed"), f"{len(result.having(Outcome.REPLAYED)):>5}"
    yield say("count.rows"), f"{len(result.rows):>5}"


def _first_codes(screen: Screen, done: Sequence[Treated]) -> str:
    codes = [row.code for row in done]
    return f"   {_some(screen, codes, _FIRST_CODES)}" if codes else ""


def _notes(screen: Screen, result: Result) -> Iterator[str]:
    lines = [issue.line(screen.say.language) for issue in result.sheet.issues]
    if lines:
        yield ""
    yield from (f"· {line}" for line in lines)


def _show_repeated(screen: Screen, rows: Sequence[Treated]) -> None:
    if not rows:
        return
    say = screen.say
    pairs = [say("repeated.row", row=row.source.number, first=row.first) for row in rows]
    screen.tell(f"· {say('title.repeated')}{_some(screen, pairs, 2 * _FIRST_ROWS)}")


def _show_warnings(screen: Screen, result: Result) -> None:
    """Show each sort of warning once, with its rows."""
    say = screen.say
    rows_of: dict[str, list[int]] = {}
    for row in result.registered:
        for line in dict.fromkeys(_alone(row, issue, screen) for issue in row.report.warnings):
            rows_of.setdefault(line, []).append(row.source.number)
    if not rows_of:
        return
    screen.tell()
    screen.tell(say("title.warnable" if result.only_tried else "title.warned"), style="bold")
    columns = [
        Column(say("column.warning")),
        Column(say("column.count"), whole=True, justify="right"),
        Column(say("column.where")),
    ]
    ordered = sorted(rows_of.items(), key=lambda item: -len(item[1]))
    screen.table(columns, (_warning(screen, line, at) for line, at in ordered))


def _warning(screen: Screen, line: str, numbers: Sequence[int]) -> tuple[str, str, str]:
    return line, str(len(numbers)), _some(screen, [*map(str, numbers)], _FIRST_ROWS)


def _alone(row: Treated, issue: Issue, screen: Screen) -> str:
    """Return a warning as it reads in every row, without the place it has in this one."""
    return Report([issue], sentences=row.report.sentences).lines(screen.say.language)[0]


def _some(screen: Screen, words: Sequence[str], most: int) -> str:
    more = f" {screen.say('and.more')}" if len(words) > most else ""
    return screen.say.listed(words[:most]) + more


def _show_refused(screen: Screen, result: Result) -> None:
    if not result.refused:
        return
    say = screen.say
    screen.tell()
    screen.tell(say("title.unregistrable" if result.only_tried else "title.refused"), style="bold")
    columns = [
        Column(say("column.row"), whole=True, justify="right"),
        Column(say("column.name")),
        Column(say("column.reasons")),
    ]
    screen.table(columns, _refused_rows(screen, result.refused))


def _refused_rows(screen: Screen, refused: Iterable[Treated]) -> Iterator[tuple[str, str, str]]:
    for row in refused:
        reasons = "\n".join(row.reasons(screen.say.language))
        yield str(row.source.number), row.name or screen.say("no.name"), reasons
