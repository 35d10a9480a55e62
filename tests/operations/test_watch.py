"""What the ready detectors find, each with the innocent case beside it; and the watch over them."""

from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from uuid import UUID

import pytest

from customer_registry import (
    Change,
    CompanyPolicy,
    CustomerRegistry,
    InvalidCursor,
    JournalEntry,
    NotPermitted,
)
from customer_registry.operations import Alert, watch
from customer_registry.operations.watching import (
    bank_account_changed_and_back,
    export_at_night,
    many_reveals,
    repeated_denials,
)
from customer_registry.operations.watching.texts import texts
from customer_registry.testing import make_raw

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SOMEBODY, ANOTHER = UUID(int=1), UUID(int=2)


def acts(action, many, *, actor="li.lei", step=timedelta(minutes=1), first=1):
    return [
        JournalEntry(number=first + at, at=AT + at * step, actor=actor, action=action)
        for at in range(many)
    ]


def edit(number, path, *, after=timedelta(0), about=SOMEBODY, action="updated", version=2):
    return JournalEntry(
        number=number,
        at=AT + after,
        actor="li.lei",
        action=action,
        customer_id=about,
        version=version,
        changes=(Change(path, hidden=True),),
    )


@pytest.mark.parametrize(
    ("detector", "action"), [(many_reveals, "revealed"), (repeated_denials, "denied")]
)
def test_the_same_act_often_in_a_short_time_is_told_once(detector, action):
    (told,) = detector(acts(action, 5), at_least=5)
    assert (told.actor, told.entries, told.at) == (
        "li.lei",
        (1, 2, 3, 4, 5),
        AT + timedelta(minutes=4),
    )
    assert told.detector == detector.__name__
    assert list(detector(acts(action, 4), at_least=5)) == []
    assert len(list(detector(acts(action, 10), at_least=5))) == 2


@pytest.mark.parametrize(
    ("detector", "action", "enough"),
    [(many_reveals, "revealed", 20), (repeated_denials, "denied", 5)],
)
def test_often_is_as_often_as_is_said_within_an_hour(detector, action, enough):
    hour = timedelta(hours=1) / (enough - 1)
    assert list(detector(acts(action, enough, step=hour)))
    assert not list(detector(acts(action, enough, step=hour * 1.01)))
    assert not list(detector(acts(action, enough - 1)))


@pytest.mark.parametrize("detector", [many_reveals, repeated_denials])
def test_the_same_act_often_over_a_long_time_is_nothing(detector):
    action = "revealed" if detector is many_reveals else "denied"
    spread = acts(action, 9, step=timedelta(minutes=16))
    assert list(detector(spread, at_least=5, within=timedelta(hours=1))) == []
    assert list(detector(spread, at_least=4, within=timedelta(hours=1)))


def test_what_several_people_did_is_counted_apart():
    mixed = sorted(
        [*acts("revealed", 3), *acts("revealed", 3, actor="han.meimei", first=4)],
        key=lambda entry: entry.at,
    )
    assert list(many_reveals(mixed, at_least=4)) == []


def test_other_acts_are_not_counted():
    assert list(many_reveals(acts("updated", 50), at_least=5)) == []


NUMBER = "bank_accounts.1-1.number"


@pytest.mark.parametrize("path", [NUMBER, "invoice_profile.account"])
def test_a_bank_account_edited_twice_in_a_week_is_told(path):
    entries = [edit(1, path), edit(2, "grade"), edit(3, path, after=timedelta(days=6))]
    (told,) = bank_account_changed_and_back(entries)
    assert (told.entries, told.customer_id) == ((1, 3), SOMEBODY)


@pytest.mark.parametrize(
    "second",
    [
        edit(2, NUMBER, after=timedelta(days=8)),
        edit(2, NUMBER, about=ANOTHER),
        edit(2, "bank_accounts.2-1.number"),
        edit(2, "bank_accounts.1-1.holder"),
        edit(2, NUMBER, action="revealed", version=None),
        edit(2, NUMBER, about=None),
    ],
    ids=["late", "another", "other account", "holder", "revealed", "nobody"],
)
def test_other_acts_on_a_bank_account_are_nothing(second):
    assert list(bank_account_changed_and_back([edit(1, NUMBER), second])) == []


def test_a_week_ends_with_its_last_moment():
    at_last = edit(2, NUMBER, after=timedelta(days=7))
    too_late = edit(2, NUMBER, after=timedelta(days=7, microseconds=1))
    assert list(bank_account_changed_and_back([edit(1, NUMBER), at_last]))
    assert not list(bank_account_changed_and_back([edit(1, NUMBER), too_late]))


def test_the_account_of_a_new_customer_is_no_edit():
    entries = [edit(1, NUMBER, action="registered", version=1), edit(2, NUMBER)]
    assert list(bank_account_changed_and_back(entries)) == []


def test_a_third_edit_is_told_with_the_second():
    entries = [edit(number, NUMBER, after=timedelta(days=number)) for number in (1, 2, 3)]
    assert [told.entries for told in bank_account_changed_and_back(entries)] == [(1, 2), (2, 3)]


def exported(hour, action="exported"):
    at = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
    return JournalEntry(number=1, at=at, actor="li.lei", action=action)


@pytest.mark.parametrize("hour", range(24))
def test_an_export_is_told_at_night_only(hour):
    told = list(export_at_night([exported(hour)]))
    assert bool(told) is (hour >= 22 or hour < 6)


def test_the_night_is_that_of_the_zone_and_may_lie_within_a_day():
    beijing = timezone(timedelta(hours=8))
    assert list(export_at_night([exported(15)], zone=beijing))
    assert not list(export_at_night([exported(23)], zone=beijing))
    assert list(export_at_night([exported(13)], night=(12, 14)))
    assert not list(export_at_night([exported(14)], night=(12, 14)))
    assert list(export_at_night([exported(12)], night=(0, 0))), "that lasts all day"


def test_only_what_counts_as_an_export_is_told():
    assert list(export_at_night([exported(23, "subject_exported")]))
    assert not list(export_at_night([exported(23, "backed_up")]))
    assert list(export_at_night([exported(23, "printed")], actions=frozenset({"printed"})))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "detector",
    ["many_reveals", "bank_account_changed_and_back", "export_at_night", "repeated_denials", "own"],
)
def test_an_alert_says_who_and_where_in_both_languages(detector, language):
    told = Alert(detector=detector, actor="韩梅梅", at=AT, entries=(4, 9)).message(language)
    assert "韩梅梅" in told
    assert "4-9" in told
    assert "{" not in told


def test_an_alert_is_told_in_chinese_unless_asked_otherwise():
    alert = Alert(detector="many_reveals", actor="li.lei", at=AT, entries=(1, 2))
    assert alert.message() == alert.message("zh") != alert.message("en")


def test_an_alert_that_names_no_entry_is_a_sentence_all_the_same():
    alert = Alert(detector="many_reveals", actor="li.lei", at=AT, entries=())
    assert alert.message("en") == (
        "li.lei revealed sensitive fields 0 times in a short time (entries 0)"
    )


def test_both_languages_have_the_same_words():
    for group, words in texts("zh").items():
        assert words.keys() == texts("en")[group].keys(), group


# The watch


def record(registry, action, many=1, actor="li.lei", at=AT):
    with registry._office.repository.write() as work:
        for each in range(many):
            entry = JournalEntry(at=at + timedelta(seconds=each), actor=actor, action=action)
            work.journal.append(entry)


def test_a_watch_tells_what_the_ready_detectors_find_and_goes_on_from_its_cursor():
    registry = CustomerRegistry()
    record(registry, "revealed", 20)
    first = watch(registry)
    assert [alert.detector for alert in first] == ["many_reveals"]
    again = watch(registry, first.next)
    assert (len(again), again.more) == (0, False)


def test_what_began_before_the_cursor_is_seen_when_it_ends_behind_it():
    registry = CustomerRegistry()
    record(registry, "revealed", 19)
    before = watch(registry)
    assert before.alerts == ()
    record(registry, "revealed")
    (told,) = watch(registry, before.next).alerts
    assert told.entries == tuple(range(1, 21))


def test_what_lies_too_far_back_is_not_read_again():
    registry = CustomerRegistry()
    record(registry, "revealed", 1500)
    before = watch(registry)
    record(registry, "updated", at=AT + timedelta(days=30))
    seen = []
    watch(registry, before.next, detectors=[lambda entries: seen.extend(entries) or ()])
    assert len(seen) <= 1001


def test_a_watch_takes_no_more_than_its_limit():
    registry = CustomerRegistry()
    record(registry, "denied", 7)
    first = watch(registry, limit=4)
    assert (first.more, len(first)) == (True, 0)
    rest = watch(registry, first.next, limit=4)
    assert (rest.more, [alert.entries for alert in rest]) == (False, [(1, 2, 3, 4, 5)])


def test_detectors_of_the_host_get_entries_without_values_and_reasons():
    registry = CustomerRegistry()
    customer = registry.register(make_raw(seed=1, notes="秘密")).customer
    registry.change_status(customer, "blocked", reason="欠款三个月")
    seen = []
    watch(registry, detectors=[lambda entries: seen.extend(entries) or ()])
    assert [entry.action for entry in seen] == ["registered", "status_changed"]
    assert {entry.reason for entry in seen} == {None}
    changes = [change for entry in seen for change in entry.changes]
    assert "notes" in {change.path for change in changes}
    assert {(change.before, change.after) for change in changes} == {(None, None)}


def test_parameters_are_set_beforehand():
    registry = CustomerRegistry()
    record(registry, "revealed", 3)
    assert len(watch(registry, detectors=[partial(many_reveals, at_least=3)])) == 1


def test_exports_are_judged_in_the_companys_time_zone():
    beijing = CompanyPolicy.loads('time_zone = "Asia/Shanghai"')
    registry = CustomerRegistry(policy=beijing)
    record(registry, "exported", at=AT + timedelta(hours=7))
    assert [alert.detector for alert in watch(registry)] == ["export_at_night"]
    innocent = CustomerRegistry()
    record(innocent, "exported", at=AT + timedelta(hours=7))
    assert watch(innocent).alerts == ()


def test_each_alert_goes_to_every_hook_and_comes_again_where_one_fails():
    registry = CustomerRegistry()
    record(registry, "revealed", 20)
    sent = []

    def fail(alert):
        raise ConnectionError(alert.detector)

    with pytest.raises(ConnectionError, match="many_reveals"):
        watch(registry, on_alert=[sent.append, fail])
    assert watch(registry, on_alert=[sent.append]).alerts == (sent[1],)
    assert len(sent) == 2


def test_erased_entries_are_passed_over():
    registry = CustomerRegistry()
    customer = registry.register(make_raw(seed=1)).customer
    with registry._office.repository.write() as work:
        work.journal.erase(customer.id)
    seen = []
    watch(registry, detectors=[lambda entries: seen.extend(entries) or ()])
    assert seen == []


def test_any_other_text_is_no_cursor_of_a_watch():
    with pytest.raises(InvalidCursor):
        watch(CustomerRegistry(), "x")


class NoWatch:
    def permits(self, actor, action, customer):
        return action not in {"watch", "report"}


def test_who_may_not_watch_is_refused():
    with pytest.raises(NotPermitted):
        watch(CustomerRegistry(access=NoWatch()))
