"""An audit as one HTML page that loads nothing and runs nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from customer_registry.operations.report.charts import Bar, Column, bars, columns
from customer_registry.operations.watching.detectors import is_night
from customer_registry.operations.watching.texts import texts

if TYPE_CHECKING:
    from customer_registry.operations.report.audit_report import AuditReport

__all__ = ["page"]

_MOST_DAYS = 62
"""Days that are drawn one by one; a longer time is drawn by weeks."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_Words = Mapping[str, Mapping[str, str]]


def page(report: "AuditReport", language: str) -> str:
    """Return a report as HTML in a language."""
    words = texts(language)
    say, tag = words["report"], "zh-CN" if words is texts("zh") else "en"
    title = escape(say["title"])
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{tag}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>{title}</title><style>{_style()}</style></head><body><main>",
            f"<h1>{title}</h1>",
            *_paragraphs(report.heading(words), "told"),
            *_figures(report, words),
            *_section(say["attention"], [_list(report.attended(words), say["nothing"])]),
            *_section(say["alerts"], [_list(_alerts(report, tag), say["none"])]),
            *_section(say["days"], [_days(report, words), _note(say["days_note"])]),
            *_section(
                say["hours"], [_hours(report, words), _note(_night(report, say["hours_note"]))]
            ),
            *_section(say["actions"], [_actions(report, words)]),
            *_section(say["actors"], [_actors(report, words)]),
            *_section(say["safeguards"], [_table(report.safeguards(words))]),
            f"<footer>{escape(say['footer'])}</footer></main></body></html>",
        ]
    )


def _style() -> str:
    folder = resources.files("customer_registry.operations.report")
    return folder.joinpath("page.css").read_text("utf-8")


def _section(name: str, content: Sequence[str]) -> Iterator[str]:
    yield f"<section><h2>{escape(name)}</h2>"
    yield from content
    yield "</section>"


def _paragraphs(lines: Iterator[str], kind: str) -> Iterator[str]:
    return (f'<p class="{kind}">{escape(line)}</p>' for line in lines)


def _note(told: str) -> str:
    return f'<p class="note">{escape(told)}</p>'


def _list(lines: Iterator[str], nothing: str) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else f"<p>{escape(nothing)}</p>"


def _table(rows: Iterator[tuple[str, str]]) -> str:
    cells = (f"<tr><th>{escape(name)}</th><td>{escape(told)}</td></tr>" for name, told in rows)
    return f"<table>{''.join(cells)}</table>"


def _figures(report: "AuditReport", words: _Words) -> Iterator[str]:
    """Yield the numbers that are looked at first."""
    actions, called = report.counts.actions, words["actions"]
    yield '<div class="figures">'
    for name, many in (
        (words["report"]["acts"], report.counts.entries),
        (called["revealed"], actions.get("revealed", 0)),
        (called["denied"], actions.get("denied", 0)),
        (words["report"]["exported_customers"], report.counts.exported),
        (words["report"]["alerts"], len(report.alerts)),
    ):
        yield f"<div><strong>{many}</strong><span>{escape(name)}</span></div>"
    yield "</div>"


def _alerts(report: "AuditReport", language: str) -> Iterator[str]:
    return (f"{alert.at:%Y-%m-%d %H:%M} UTC  {alert.message(language)}" for alert in report.alerts)


def _days(report: "AuditReport", words: _Words) -> str:
    """Return the columns of the days, or of weeks by their first day."""
    spans: dict[date, tuple[int, int]] = {}
    is_long = len(report.counts.days) > _MOST_DAYS
    for day, (many, sensitive) in report.counts.days.items():
        first = day - timedelta(days=day.weekday()) if is_long else day
        before = spans.get(first, (0, 0))
        spans[first] = (before[0] + many, before[1] + sensitive)
    step = max(1, len(spans) // 10)
    data = [
        Column(f"{day:%m-%d}", many, sensitive, is_labelled=not at % step)
        for at, (day, (many, sensitive)) in enumerate(spans.items())
    ]
    return columns(words["report"]["days"], data)


def _night(report: "AuditReport", note: str) -> str:
    ends, begins = report.working_hours
    return note.format(begins=begins, ends=ends)


def _hours(report: "AuditReport", words: _Words) -> str:
    night = (report.working_hours[1], report.working_hours[0])
    data = [
        Column(f"{hour}", many, many if is_night(hour, night) else 0)
        for hour, many in enumerate(report.counts.hours)
    ]
    return columns(words["report"]["hours"], data)


def _actions(report: "AuditReport", words: _Words) -> str:
    called = words["actions"]
    data = [Bar(called.get(name, name), many) for name, many in report.counts.actions.items()]
    return bars(words["report"]["actions"], data) if data else _list(iter(()), _none(words))


def _actors(report: "AuditReport", words: _Words) -> str:
    data = [Bar(name, many) for name, many in report.leading_actors(words)]
    return bars(words["report"]["actors"], data) if data else _list(iter(()), _none(words))


def _none(words: _Words) -> str:
    return words["report"]["none"]
