"""What an audit counts, and how it is told."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.journal import Head
from customer_registry.operations.report.counting import Counts, counted
from customer_registry.operations.watching.alert import Alert
from customer_registry.operations.watching.texts import texts
from customer_registry.operations.watching.watch import ready_detectors

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["AuditReport", "report"]

_PERIOD = timedelta(days=30)
_VERIFIED_WITHIN, _BACKED_UP_WITHIN = 30, 7
"""Days."""

_MOST_ACTORS = 10


@attrs.frozen(kw_only=True)
class AuditReport:
    """What was done in a registry from the day `since` to the day `until`, both included.

    It counts acts by their kind, actor, day and hour of the company's time zone, and customers that
    were exported (`counts.exported`); it holds nothing of any of them but the ids in `alerts`.
    `attention` names what asks for attention: `unrestricted unkeyed unchecked no_backup alerts
    denials`.
    """

    repository: UUID
    at: datetime
    since: date
    until: date
    zone: str
    head: Head
    counts: Counts
    alerts: tuple[Alert, ...]
    has_access_rules: bool
    is_keyed: bool
    checked: datetime | None
    backed_up: datetime | None
    working_hours: tuple[int, int] = (6, 22)

    @property
    def attention(self) -> tuple[str, ...]:
        """What asks for attention, by its code."""
        asked = {
            "unrestricted": not self.has_access_rules,
            "unkeyed": not self.is_keyed,
            "unchecked": self._is_past(self.checked, _VERIFIED_WITHIN),
            "no_backup": self._is_past(self.backed_up, _BACKED_UP_WITHIN),
            "alerts": bool(self.alerts),
            "denials": bool(self.counts.actions.get("denied")),
        }
        return tuple(code for code, is_asked in asked.items() if is_asked)

    def text(self, language: str = "zh") -> str:
        """Return the report as plain text."""
        return "\n".join(_lines(self, texts(language)))

    def json(self) -> str:
        """Return the report as JSON, UTF-8, indented by two."""
        return json.dumps(_mapping(self), ensure_ascii=False, indent=2)

    def html(self, language: str = "zh") -> str:
        """Return the report as one HTML page: no script, nothing loaded, its charts inline SVG."""
        from customer_registry.operations.report.page import page  # noqa: PLC0415  only who asks

        return page(self, language)

    def attended(self, words: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        """Yield the sentences of what asks for attention."""
        days = {"unchecked": _VERIFIED_WITHIN, "no_backup": _BACKED_UP_WITHIN}
        many = {"alerts": len(self.alerts), "denials": self.counts.actions.get("denied", 0)}
        for code in self.attention:
            yield words["attention"][code].format(days=days.get(code), count=many.get(code))

    def heading(self, words: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        """Yield the sentences that say what this is the report of."""
        say, head = words["report"], self.head
        yield say["period"].format(since=self.since, until=self.until, zone=self.zone)
        yield say["made"].format(at=f"{self.at:%Y-%m-%d %H:%M}")
        yield say["store"].format(repository=self.repository)
        yield say["head"].format(number=head.number, digest=head.digest.hex())

    def safeguards(self, words: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield what protects the registry, each with how it stands."""
        say = words["report"]
        yield say["access"], say["access_yes" if self.has_access_rules else "access_no"]
        yield say["keyed"], say["keyed_yes" if self.is_keyed else "keyed_no"]
        yield say["checked"], _time(self.checked) or say["never"]
        yield say["backed_up"], _time(self.backed_up) or say["never"]

    def leading_actors(self, words: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, int]]:
        """Yield who acted most, and all others together."""
        actors = tuple(self.counts.actors.items())
        yield from actors[:_MOST_ACTORS]
        if others := actors[_MOST_ACTORS:]:
            called = words["report"]["actors_more"].format(count=len(others))
            yield called, sum(many for _, many in others)

    def _is_past(self, last: datetime | None, days: int) -> bool:
        return last is None or self.at - last > timedelta(days=days)


def report(
    registry: "CustomerRegistry", *, since: date | None = None, until: date | None = None
) -> AuditReport:
    """Return the audit of a time: days of the company's time zone, the last thirty unless given.

    The whole journal is read once, and little of it held. What the ready detectors find in that
    time is in `alerts`. Raises NotPermitted, ValueError for a time that ends before it begins.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> receipt = registry.register(kind="person", name="王芳")
    >>> told = report(registry)
    >>> dict(told.counts.actions), "王芳" in told.html("zh")
    ({'registered': 1}, False)
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    now = office.clock()
    until = until or office.today(now)
    since = since or until - _PERIOD + timedelta(days=1)
    if since > until:
        raise ValueError("the time ends before it begins")
    with office.unit("report") as work:
        counts, suspects = counted(work, since, until, office.zone)
        number, digest = work.journal.head()
        is_keyed = work.journal.is_keyed
    first = counts.first_number
    found = [alert for each in ready_detectors(office) for alert in each(suspects)]
    return AuditReport(
        repository=office.repository.identity,
        at=now.astimezone(office.zone),
        since=since,
        until=until,
        zone=str(office.zone),
        head=Head(number=number, digest=digest, at=now),
        counts=counts,
        alerts=tuple(each for each in found if first and max(each.entries) >= first),
        has_access_rules=not office.view.is_whole,
        is_keyed=is_keyed,
        checked=office.repository.condition().checked,
        backed_up=counts.backed_up,
        working_hours=office.engine.policy.working_hours,
    )


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def _lines(report: AuditReport, words: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    say, called = words["report"], words["actions"]
    yield say["title"]
    yield from report.heading(words)
    yield say["entries"].format(entries=report.counts.entries)
    yield say["exported"].format(count=report.counts.exported)
    yield from ("", say["attention"])
    yield from _listed(report.attended(words), say["nothing"])
    yield from ("", say["alerts"])
    yield from _listed((alert.message(_tag(words)) for alert in report.alerts), say["none"])
    yield from ("", say["safeguards"])
    yield from _listed(_pairs(report.safeguards(words), say), say["none"])
    yield from ("", say["actions"])
    named = ((called.get(name, name), many) for name, many in report.counts.actions.items())
    yield from _listed(_pairs(named, say), say["none"])
    yield from ("", say["actors"])
    yield from _listed(_pairs(report.leading_actors(words), say), say["none"])
    yield from ("", say["footer"])


def _pairs(told: Iterable[tuple[str, object]], say: Mapping[str, str]) -> Iterator[str]:
    return (say["pair"].format(name=name, told=state) for name, state in told)


def _listed(lines: Iterator[str], nothing: str) -> Iterator[str]:
    told = tuple(lines) or (nothing,)
    yield from (f"  {line}" for line in told)


def _tag(words: Mapping[str, Mapping[str, str]]) -> str:
    return "zh" if words is texts("zh") else "en"


def _mapping(report: AuditReport) -> dict[str, object]:
    counts = report.counts
    return {
        "format": "customer-registry/audit/1",
        "repository": str(report.repository),
        "made_at": report.at.isoformat(),
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "time_zone": report.zone,
        "head": {"number": report.head.number, "digest": report.head.digest.hex()},
        "attention": list(report.attention),
        "alerts": [
            {
                "detector": alert.detector,
                "actor": alert.actor,
                "at": alert.at.isoformat(),
                "entries": list(alert.entries),
                "customer_id": alert.customer_id and str(alert.customer_id),
            }
            for alert in report.alerts
        ],
        "access_rules": report.has_access_rules,
        "journal_key": report.is_keyed,
        "verified_at": report.checked and report.checked.isoformat(),
        "backed_up_at": report.backed_up and report.backed_up.isoformat(),
        "entries": counts.entries,
        "actions": dict(counts.actions),
        "actors": dict(counts.actors),
        "days": [
            {"day": day.isoformat(), "entries": many, "sensitive": sensitive}
            for day, (many, sensitive) in counts.days.items()
        ],
        "hours": list(counts.hours),
        "working_hours": list(report.working_hours),
        "exported_customers": counts.exported,
    }
