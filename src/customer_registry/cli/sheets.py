"""A customer file, row by row: registered, or only tried."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from customer_registry.domain.issues import Issue, Report
from customer_registry.exchange import FileRow, Sheet
from customer_registry.registration.load import Outcome, RowReport, is_loaded
from customer_registry.registry import CustomerRegistry

__all__ = ["Treated", "registered", "tried"]

_LONGEST_NAME = 60
Progress = Callable[[int], object]


@attrs.frozen
class Treated:
    """A row of a file, what became of it, its code, and everything found."""

    source: FileRow
    outcome: Outcome
    code: str = ""
    report: Report = attrs.field(factory=Report)

    @property
    def name(self) -> str:
        """The customer's name as typed, as much of it as a table can bear."""
        name = str(self.source.raw.get("name") or "")
        return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"

    @property
    def first(self) -> int:
        """The row that a repeated row repeats."""
        issue = next(each for each in self.report.issues if each.code == "load.row_repeated")
        return int(str(issue.params["first"]))

    def reasons(self, language: str) -> tuple[str, ...]:
        """Return why the row was refused, a sentence each."""
        return attrs.evolve(self.report, issues=self.report.errors).lines(language)


def registered(
    registry: CustomerRegistry,
    sheet: Sheet,
    kind: str | None,
    on_progress: Progress,
    *,
    workers: int | None = 0,
) -> list[Treated]:
    """Register the rows of a file; `kind` is for rows that say none."""
    rows = [_with_kind(row, kind) for row in sheet.rows]
    raws = (row.raw for row in rows)
    loaded = registry.load(raws, workers=workers, on_progress=on_progress)
    numbers = {at: row.number for at, row in enumerate(rows, start=1)}
    return [_treated(row, report, numbers) for row, report in zip(rows, loaded, strict=True)]


def tried(
    registry: CustomerRegistry,
    sheet: Sheet,
    kind: str | None,
    on_progress: Progress,
    *,
    against: CustomerRegistry | None = None,
    row_named: Callable[..., str],
) -> list[Treated]:
    """Return what `registered` would, `against` a registry in which nothing is written.

    `registry` is an empty one in memory, where the rows meet one another; where a sentence would
    name the code of one of them, it gives the row, as `row_named` says it.
    """
    rows = registered(registry, sheet, kind, on_progress)
    placed = {row.code: row_named(row=row.source.number) for row in rows if row.code}
    rows = [_told_by_row(row, placed) for row in rows]
    return rows if against is None else list(_compared(rows, against))


def _with_kind(row: FileRow, kind: str | None) -> FileRow:
    if kind is None or row.raw.get("kind"):
        return row
    return attrs.evolve(row, raw={**row.raw, "kind": kind})


def _treated(row: FileRow, loaded: RowReport, numbers: Mapping[int, int]) -> Treated:
    issues = (_renumbered(issue, numbers) for issue in loaded.report.issues)
    report = row.told(attrs.evolve(loaded.report, issues=issues))
    return Treated(row, loaded.outcome, str(loaded.code or ""), report)


def _renumbered(issue: Issue, numbers: Mapping[int, int]) -> Issue:
    """Let a repeated row name the row of the spreadsheet, not of what was loaded."""
    if issue.code != "load.row_repeated":
        return issue
    return attrs.evolve(issue, params={"first": numbers[int(str(issue.params["first"]))]})


def _told_by_row(row: Treated, placed: Mapping[str, str]) -> Treated:
    """Name the row of a customer that was only tried, where a sentence would name its code."""
    issues = [
        attrs.evolve(issue, params={**issue.params, "code": placed[code]})
        if (code := str(issue.params.get("code", ""))) in placed
        else issue
        for issue in row.report.issues
    ]
    return attrs.evolve(row, report=attrs.evolve(row.report, issues=issues))


def _compared(rows: Iterable[Treated], against: CustomerRegistry) -> Iterator[Treated]:
    for row in rows:
        if row.outcome is Outcome.REPEATED:
            yield row
        elif _is_known(row, against):
            yield attrs.evolve(row, outcome=Outcome.REPLAYED)
        else:
            yield _with_findings(row, row.source.told(against.check(row.source.raw)))


def _is_known(row: Treated, registry: CustomerRegistry) -> bool:
    """Whether an earlier import registered this very row."""
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  as operations do
    return is_loaded(office, row.source.raw)


def _with_findings(row: Treated, found: Report) -> Treated:
    """Add what only the other registry knows."""
    said = {(issue.code, issue.path) for issue in row.report.issues}
    new = [issue for issue in found.issues if (issue.code, issue.path) not in said]
    report = attrs.evolve(row.report, issues=(*row.report.issues, *new))
    outcome = row.outcome if report.ok else Outcome.REFUSED
    return attrs.evolve(row, outcome=outcome, report=report)
