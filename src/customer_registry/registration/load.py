"""Register many customers: a report per row, in batches in which one bad row costs no other."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice

import attrs

from customer_registry.domain.errors import CodesExhausted, CustomerNotFound, ValidationFailed
from customer_registry.domain.issues import Issue, Report, Severity
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.office import Office
from customer_registry.registration.register import enter
from customer_registry.registration.request import Request, canonical
from customer_registry.repository import IMPORT, Receipt, UnitOfWork
from customer_registry.validation.judgement import Judgement

__all__ = ["LoadReport", "Outcome", "RowReport", "load", "row_key"]


class Outcome(StrEnum):
    """What became of a row."""

    REGISTERED = "registered"
    REPLAYED = "replayed"
    REPEATED = "repeated"
    REFUSED = "refused"


@attrs.frozen
class RowReport:
    """One row: its number from 1, what became of it, its code if it has one, and what was found.

    `replayed` rows were registered by an earlier run, `repeated` rows equal an earlier row.
    """

    row: int
    outcome: Outcome
    code: CustomerCode | None = None
    report: Report = attrs.field(factory=Report)


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
    on_progress: Callable[[int], object] | None = None,
    lift_numbers: bool = False,
    batch: int = 200,
) -> LoadReport:
    """Return a report per row; `on_progress` is told how many rows are done after every batch.

    A row's idempotency key is a digest of its canonical form, so a second run registers nobody
    twice. With `lift_numbers` the counters go on behind the codes of the rows, each in the
    transaction that saves the row. What stops the store (`StorageFull`, …) is raised; what was
    committed stays.
    """
    if isinstance(rows, (str, bytes, Mapping)):
        raise TypeError("load takes rows, one mapping each; for one customer write [row]")
    if lift_numbers:
        office.permit("raise_numbers", None)
        office = attrs.evolve(office, coding=attrs.evolve(office.coding, lifts=True))
    done: list[RowReport] = []
    seen: dict[str, int] = {}
    numbered = enumerate(rows, start=1)
    while chunk := list(islice(numbered, batch)):
        done += _batch(office, chunk, seen)
        if on_progress is not None:
            on_progress(len(done))
    return LoadReport(done)


def row_key(raw: object) -> str:
    """Return the idempotency key of a row: a digest of its canonical form."""
    return hashlib.sha256(canonical(raw)).hexdigest()


def _batch(
    office: Office, chunk: list[tuple[int, object]], seen: dict[str, int]
) -> list[RowReport]:
    judged = [(row, raw, office.judge(raw)) for row, raw in chunk]
    reports: list[tuple[RowReport, Receipt | None]] = []
    with office.unit("load", writing=True) as work:
        for row, raw, judgement in judged:
            key = row_key(raw)
            first = seen.setdefault(key, row) if judgement.ok else row
            if first != row:
                reports.append((_repeated(row, first, judgement), None))
            else:
                request = Request(IMPORT, key, canonical(raw))
                reports.append(_row(office, work, row, judgement, request))
                if reports[-1][0].outcome is Outcome.REFUSED:
                    seen.pop(key, None)
    return [_told(office, report, receipt) for report, receipt in reports]


def _row(
    office: Office, work: UnitOfWork, row: int, judgement: Judgement, request: Request
) -> tuple[RowReport, Receipt | None]:
    try:
        with work.savepoint():
            receipt = enter(office, work, judgement, request)
    except (ValidationFailed, CodesExhausted) as refusal:
        return RowReport(row, Outcome.REFUSED, report=refusal.report), None
    except CustomerNotFound:  # registered by an earlier run, and hidden from this actor
        return RowReport(row, Outcome.REPLAYED), None
    outcome = Outcome.REPLAYED if receipt.replayed else Outcome.REGISTERED
    report = RowReport(row, outcome, receipt.customer.code, receipt.report)
    return report, None if receipt.replayed else receipt


def _repeated(row: int, first: int, judgement: Judgement) -> RowReport:
    issue = Issue("load.row_repeated", severity=Severity.WARNING, params={"first": first})
    return RowReport(row, Outcome.REPEATED, report=Report([issue], judgement.echo))


def _told(office: Office, report: RowReport, receipt: Receipt | None) -> RowReport:
    """Run the hooks of a registered row, after its batch is committed."""
    return (
        report
        if receipt is None
        else attrs.evolve(report, report=office.after_commit(receipt).report)
    )
