"""Register many customers: a report per row, in batches in which one bad row costs no other."""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from enum import StrEnum
from itertools import islice
from typing import TypeAlias

import attrs

from customer_registry.domain.errors import CodesExhausted, CustomerNotFound, ValidationFailed
from customer_registry.domain.issues import Issue, Report, Severity
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.judging_apart import Judged, judged, workers_here
from customer_registry.registration.office import Office
from customer_registry.registration.register import enter
from customer_registry.registration.request import Request, canonical
from customer_registry.repository import IMPORT, Receipt, UnitOfWork
from customer_registry.validation.judgement import Judgement

__all__ = ["LoadReport", "Outcome", "RowReport", "is_loaded", "load", "row_key"]


class Outcome(StrEnum):
    """What became of a row."""

    REGISTERED = "registered"
    REPLAYED = "replayed"
    REPEATED = "repeated"
    REFUSED = "refused"


_NOTHING_FOUND = Report()


@attrs.frozen
class RowReport:
    """One row: its number from 1, what became of it, its code if it has one, and what was found.

    `replayed` rows were registered by an earlier run, `repeated` rows equal an earlier row. Where
    nothing was found, the report holds no echo either: a million sound rows are to fit in memory.
    """

    row: int
    outcome: Outcome
    code: CustomerCode | None = None
    report: Report = _NOTHING_FOUND


def _as_tuple(rows: Iterable[RowReport]) -> tuple[RowReport, ...]:
    return tuple(rows)


@attrs.frozen
class LoadReport:
    """All rows in their order; `len`, iteration and the counts are over rows."""

    rows: tuple[RowReport, ...] = attrs.field(converter=_as_tuple)

    def __iter__(self) -> Iterator[RowReport]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def having(self, outcome: Outcome) -> tuple[RowReport, ...]:
        """Return the rows of one outcome."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def registered(self) -> tuple[RowReport, ...]:
        """The rows that became customers in this run."""
        return self.having(Outcome.REGISTERED)

    @property
    def refused(self) -> tuple[RowReport, ...]:
        """The rows that hold errors."""
        return self.having(Outcome.REFUSED)

    @property
    def warned(self) -> tuple[RowReport, ...]:
        """The registered rows with something to look at."""
        return tuple(row for row in self.registered if row.report.warnings)


def load(
    office: Office,
    rows: Iterable[object],
    *,
    workers: int | None = 0,
    on_row: Callable[[RowReport], object] | None = None,
    on_progress: Callable[[int], object] | None = None,
    lift_numbers: bool = False,
    batch: int = 200,
) -> LoadReport:
    """Return a report per row; `on_progress` is told how many rows are done after every batch.

    A row's idempotency key is a digest of its canonical form, so a second run registers nobody
    twice. With `lift_numbers` the counters go on behind the codes of the rows, each in the
    transaction that saves the row. What stops the store (`StorageFull`, …) is raised; what was
    committed stays.

    `workers` processes judge while this one saves; None means as many as are of use here. Rows are
    taken as they are needed, at most that many batches ahead. With `on_row` each report is handed
    over once its batch is saved, and none is kept.
    """
    if isinstance(rows, (str, bytes, Mapping)):
        raise TypeError("load takes rows, one mapping each; for one customer write [row]")
    workers = workers_here() if workers is None else workers
    office.asked("load")
    if workers < 0:
        raise ValueError("workers is a number of processes, 0 or more")
    if lift_numbers:
        office.asked("raise_numbers")
        office = attrs.evolve(office, coding=attrs.evolve(office.coding, lifts=True))
    if not office.view.is_whole:
        workers = 0  # what an actor may type is not known elsewhere
    kept: list[RowReport] = []
    told = kept.append if on_row is None else on_row
    seen: dict[bytes, int] = {}
    done = 0
    with closing(judged(office, _batches(rows, batch), workers)) as batches:
        for chunk in batches:
            for report in _batch(office, done, chunk, seen):
                told(report)
            done += len(chunk)
            if on_progress is not None:
                on_progress(done)
    return LoadReport(kept)


def _batches(rows: Iterable[object], size: int) -> Iterator[list[object]]:
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


def row_key(raw: object) -> str:
    """Return the idempotency key of a row: a digest of its canonical form."""
    return hashlib.sha256(canonical(raw)).hexdigest()


def is_loaded(office: Office, raw: object) -> bool:
    """Return whether an earlier run registered a row: who may load is told that of any row."""
    with office.unit("load") as work:
        return work.receipts.get(IMPORT, row_key(raw)) is not None


class _RefusedLate(Exception):
    """A row was refused after it had written something, such as the number it drew."""


def _batch(
    office: Office, done: int, chunk: list[Judged], seen: dict[bytes, int]
) -> list[RowReport]:
    """Save a batch in one transaction; `seen` has the first row of every digest.

    Rows have no savepoints, with which SQLite would write the index of words row by row. Seldom
    has a row anything to take back; then its batch is taken back and saved with savepoints.
    """
    try:
        saved, firsts = _saved(office, done, chunk, seen, careful=False)
    except _RefusedLate:
        saved, firsts = _saved(office, done, chunk, seen, careful=True)
    seen.update(firsts)
    return [_told(office, report, receipt) for report, receipt in saved]


_Saved: TypeAlias = tuple[RowReport, Receipt | None]


def _saved(
    office: Office, done: int, chunk: list[Judged], seen: Mapping[bytes, int], *, careful: bool
) -> tuple[list[_Saved], dict[bytes, int]]:
    """Return what became of each row, and the first rows of the digests that are new here."""
    reports: list[_Saved] = []
    firsts: dict[bytes, int] = {}
    with office.unit("load", writing=True) as work:
        writing = work.savepoint if careful else _once
        for row, each in enumerate(chunk, start=done + 1):
            first = seen.get(each.digest) or firsts.get(each.digest)
            if first is not None and each.judgement.ok:
                reports.append((_repeated(row, first, each.judgement), None))
                continue
            reports.append(_row(office, work, row, each, writing))
            if reports[-1][0].outcome is not Outcome.REFUSED:
                firsts[each.digest] = row
    return reports, firsts


@contextmanager
def _once() -> Generator[None, None, None]:
    """Return a context that cannot take back what was done inside it."""
    try:
        yield
    except (ValidationFailed, CodesExhausted) as refusal:
        raise _RefusedLate from refusal


def _row(
    office: Office,
    work: UnitOfWork,
    row: int,
    each: Judged,
    writing: Callable[[], AbstractContextManager[None]],
) -> _Saved:
    request = Request(IMPORT, each.digest.hex(), each.content)
    try:
        receipt = enter(office, work, each.judgement, request, writing=writing)
    except (ValidationFailed, CodesExhausted) as refusal:
        return RowReport(row, Outcome.REFUSED, report=refusal.report), None
    except CustomerNotFound:  # registered by an earlier run, and hidden from this actor
        return RowReport(row, Outcome.REPLAYED), None
    if receipt.replayed and not office.view.permits("load", receipt.customer):
        return RowReport(row, Outcome.REPLAYED), None
    outcome = Outcome.REPLAYED if receipt.replayed else Outcome.REGISTERED
    found = receipt.report if receipt.report.issues else _NOTHING_FOUND
    report = RowReport(row, outcome, receipt.customer.code, found)
    return report, None if receipt.replayed else receipt


def _repeated(row: int, first: int, judgement: Judgement) -> RowReport:
    issue = Issue("load.row_repeated", severity=Severity.WARNING, params={"first": first})
    return RowReport(row, Outcome.REPEATED, report=Report([issue], judgement.echo))


def _told(office: Office, report: RowReport, receipt: Receipt | None) -> RowReport:
    """Run the hooks of a registered row, after its batch is committed."""
    if receipt is None or not office.hooks:
        return report
    found = office.after_commit(receipt).report
    return attrs.evolve(report, report=found) if found.issues else report
