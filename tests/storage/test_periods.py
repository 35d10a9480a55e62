"""A period is found by a few tokens, and by no other times than those within it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry.storage.periods import Period, covering, moments

FIRST, LAST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001  Hypothesis adds the zone
MOMENTS = st.one_of(
    st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    st.datetimes(datetime(2025, 12, 30), datetime(2026, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001  as above
    st.datetimes(datetime(1999, 12, 31), datetime(2000, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001  as above
    st.datetimes(datetime(2099, 12, 31), datetime(2100, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001  as above
)
MINUTES = MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0))
ENDS = st.none() | MOMENTS | MINUTES


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@settings(max_examples=600, deadline=None)
@given(since=ENDS, until=ENDS, moment=MOMENTS | MINUTES)
def test_every_time_within_a_period_has_one_of_its_tokens(since, until, moment):
    period = Period("created_at", since, until)
    found = not covering(period).isdisjoint(moments("created_at", moment))
    if period.holds(moment):
        assert found
    elif period.is_covered:
        assert not found


@settings(max_examples=200, deadline=None)
@given(since=ENDS, until=ENDS)
def test_a_period_is_at_most_some_hundreds_of_tokens(since, until):
    assert len(covering(Period("updated_at", since, until))) < 400


def test_whole_years_months_days_hours_are_one_token_each():
    def written(since, until):
        return sorted(token.split("§")[2] for token in covering(Period("created_at", since, until)))

    assert written(at(2025, 1, 1), at(2026, 1, 1)) == ["2025"]
    assert written(at(2026, 2, 1), at(2026, 3, 1)) == ["202602"]
    assert written(at(2026, 2, 28), at(2026, 3, 1)) == ["20260228"]
    assert written(at(2025, 12, 31, 23), at(2026, 1, 2)) == ["20251231" + "23", "20260101"]
    assert written(at(2026, 1, 1, 0, 59), at(2026, 1, 1, 2)) == ["2026010100" + "59", "2026010101"]


def test_a_day_of_shanghai_is_its_hours_in_utc():
    shanghai = timezone(timedelta(hours=8))
    day = datetime(2026, 3, 1, tzinfo=shanghai)
    tokens = covering(Period("created_at", day, day + timedelta(days=1)))
    assert len(tokens) == 24
    assert "§created§2026022816" in tokens
    assert "§created§2026030115" in tokens


def test_a_period_that_ends_before_it_begins_holds_nobody():
    assert covering(Period("created_at", at(2026, 2, 1), at(2026, 1, 1))) == frozenset()


@pytest.mark.parametrize("moment", [at(1970, 1, 1), at(1999, 12, 31), at(2100, 1, 1)])
def test_what_lies_far_off_has_one_token(moment):
    assert len(list(moments("created_at", moment))) == 1
