"""The periodic audit: what it counts, what it says, and what it never says."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import attrs
import pytest

from customer_registry import Actor, CompanyPolicy, CustomerRegistry, JournalEntry, NotPermitted
from customer_registry.domain.access import unrestricted
from customer_registry.operations import erase, head, report, reveal, verify
from customer_registry.operations.report.charts import Bar, Column, bars, columns
from customer_registry.testing import make_raw

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
BEIJING = CompanyPolicy.loads('time_zone = "Asia/Shanghai"')


class Clock:
    def __init__(self, now=AT):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry(clock):
    return CustomerRegistry(clock=clock, policy=BEIJING)


def record(registry, action, many=1, actor="li.lei"):
    with registry._office.repository.write() as work:
        for _ in range(many):
            work.journal.append(
                JournalEntry(at=registry._office.clock(), actor=actor, action=action)
            )


def test_acts_are_counted_by_kind_actor_day_and_hour(registry, clock):
    registry.register(make_raw(seed=1))
    clock.now = AT + timedelta(hours=15)  # half past one in the night of the 25th, in Beijing
    record(registry, "revealed", 2)
    counts = report(registry).counts
    assert counts.entries == 3
    assert dict(counts.actions) == {"revealed": 2, "registered": 1}
    assert dict(counts.actors) == {"li.lei": 2, "system": 1}
    assert counts.days[date(2026, 11, 24)] == (1, 0)
    assert counts.days[date(2026, 11, 25)] == (2, 2)
    assert [hour for hour, many in enumerate(counts.hours) if many] == [1, 10]


def test_only_the_days_asked_for_are_counted_both_ends_included(registry, clock):
    for day in range(20, 26):
        clock.now = datetime(2026, 11, day, 3, tzinfo=UTC)
        record(registry, "updated")
    told = report(registry, since=date(2026, 11, 21), until=date(2026, 11, 23))
    assert told.counts.entries == 3
    assert list(told.counts.days) == [date(2026, 11, day) for day in (21, 22, 23)]


def test_the_last_thirty_days_are_told_unless_others_are_asked_for(registry):
    told = report(registry)
    assert (told.since, told.until) == (date(2026, 10, 26), date(2026, 11, 24))
    assert len(told.counts.days) == 30


def test_a_time_that_ends_before_it_begins_is_refused(registry):
    with pytest.raises(ValueError, match="ends before"):
        report(registry, since=date(2026, 11, 2), until=date(2026, 11, 1))


def test_alerts_of_the_time_are_told_and_those_before_it_not(registry, clock):
    clock.now = AT - timedelta(days=40)
    record(registry, "revealed", 20)
    clock.now = AT
    record(registry, "denied", 5)
    assert [alert.detector for alert in report(registry).alerts] == ["repeated_denials"]


def test_the_head_stands_in_the_report(registry):
    registry.register(make_raw(seed=1))
    told = report(registry)
    assert (told.head.number, told.head.digest) == (1, head(registry).digest)
    assert told.head.digest.hex() in told.text("en")


def test_what_asks_for_attention_is_named(registry, clock):
    assert report(registry).attention == ("unrestricted", "unkeyed", "unchecked", "no_backup")
    record(registry, "denied", 1)
    record(registry, "backed_up")
    assert verify(registry).ok
    assert report(registry).attention == ("unrestricted", "unkeyed", "denials")
    clock.now = AT + timedelta(days=8)
    assert "no_backup" in report(registry).attention
    clock.now = AT + timedelta(days=31)
    assert "unchecked" in report(registry).attention


def test_a_backup_of_long_ago_is_remembered(registry, clock):
    clock.now = AT - timedelta(days=300)
    record(registry, "backed_up")
    clock.now = AT
    assert report(registry).backed_up == AT - timedelta(days=300)


class Page(HTMLParser):
    """What stands in a page: its tags with their attributes, and its texts."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in {"meta", "line", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole_and_loads_and_runs_nothing(registry, language):
    registry.register(make_raw(seed=1))
    record(registry, "denied", 6)
    page = Page(report(registry).html(language))
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "a", "use", "image"}
    attributes = {name for _, given in page.tags for name in given}
    assert not {each for each in attributes if each.startswith("on")}
    assert not attributes & {"src", "href", "style", "xlink:href"}
    policies = [
        given["content"] for tag, given in page.tags if tag == "meta" and "content" in given
    ]
    assert "default-src 'none'; style-src 'unsafe-inline'" in policies
    assert "url(" not in "".join(page.texts)
    assert "{" not in "".join(text for text in page.texts if "--" not in text)
    assert [tag for tag, _ in page.tags].count("svg") == 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_of_nothing_is_told_as_well(language):
    told = report(CustomerRegistry())
    assert told.counts.entries == 0
    assert Page(told.html(language)).open == []
    assert told.text(language)


def test_a_name_of_an_actor_stays_a_text(registry):
    registry.acting_as(Actor("<script>alert(1)</script>")).register(make_raw(seed=1))
    page = report(registry).html("zh")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_speaks_both_languages(registry):
    told = report(registry)
    assert '<html lang="zh-CN">' in told.html("zh")
    assert '<html lang="en">' in told.html("en")
    assert "客户档案审计报告" in told.html("zh-TW")
    assert "Audit of the customer registry" in told.html("de")


def test_a_long_time_is_drawn_by_weeks(registry):
    long = report(registry, since=date(2026, 1, 1), until=date(2026, 11, 24)).html("en")
    short = report(registry, since=date(2026, 11, 1), until=date(2026, 11, 24)).html("en")
    assert 40 <= long.count("<g><title>") - 24 <= 50
    assert short.count("<g><title>") - 24 == 24


def test_the_json_holds_the_same_numbers(registry):
    record(registry, "revealed", 20)
    told = report(registry)
    read = json.loads(told.json())
    assert read["entries"] == 20
    assert read["actions"] == {"revealed": 20}
    assert read["alerts"][0]["entries"] == list(range(1, 21))
    assert read["days"][-1] == {"day": "2026-11-24", "entries": 20, "sensitive": 20}
    assert read["attention"] == list(told.attention)


def spelt(canary):
    """Return a text in the ways in which it could lie in a page."""
    raw = canary.encode()
    return [canary, raw.hex(), base64.b64encode(raw).decode(), " ".join(canary)]


def test_no_report_holds_a_word_of_any_customer(registry):
    canaries = []
    for at in range(40):
        canary = f"Zx{at:03}q仉{chr(0x4E00 + at)}督"
        canaries.append(canary)
        customer = registry.register(
            kind="person",
            name=canary,
            notes=f"备注{canary}",
            contacts=[{"name": canary, "title": canary}],
            addresses=[{"country": "CN", "street_address": canary}],
            bank_accounts=[{"bank": canary, "number": "6222021234567890", "holder": canary}],
        ).customer
        registry.update(customer, notes=f"新{canary}", short_name=canary[:8])
    told = report(registry)
    said = told.json() + repr(told)
    for language in ("zh", "en"):
        said += told.text(language) + told.html(language)
    hits = [each for canary in canaries for each in spelt(canary) if each in said]
    assert hits == []
    assert registry.history(customer)[0].changes  # the control: the journal itself knows them
    assert canaries[-1] in str([change.after for change in registry.history(customer)[0].changes])


def test_of_an_erased_customer_the_erasure_alone_is_counted(registry):
    customer = registry.register(kind="person", name="王芳", phone="13800138000").customer
    reveal(registry, customer, "contacts.1-1.phones.0", "核对")
    erase(registry, registry.get(customer.code), "本人申请")
    assert dict(report(registry).counts.actions) == {"erased": 1}


class NoReport:
    def permits(self, actor, action, customer):
        return action != "report"


def test_who_may_not_report_is_refused():
    with pytest.raises(NotPermitted):
        report(CustomerRegistry(access=NoReport()))


def test_declared_access_is_said():
    class Everything:
        def permits(self, actor, action, customer):
            return True

    told = report(CustomerRegistry(access=Everything()))
    assert told.has_access_rules
    assert "unrestricted" not in told.attention
    assert not report(CustomerRegistry(access=unrestricted)).has_access_rules


@pytest.mark.parametrize("values", [[], [0], [1], [3, 0, 7], [10**9]])
def test_charts_are_sound_svg_for_any_numbers(values):
    for drawn in (
        columns("<名>", [Column(f"{each}", each, each // 2) for each in values]),
        bars('"名"', [Bar(f"<{each}>", each) for each in values]),
    ):
        assert ET.fromstring(drawn).tag == "svg"  # noqa: S314  our own


def test_a_long_name_is_cut_in_a_chart_and_told_whole_when_pointed_at():
    drawn = bars("Who", [Bar("韩" * 40, 1)])
    assert "…" in drawn
    assert "韩" * 40 in drawn


def test_counts_are_kept_as_they_were(registry):
    record(registry, "updated")
    told = report(registry)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        told.at = AT
