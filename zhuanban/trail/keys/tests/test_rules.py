from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.spans import COUNTY_TIME
from zhuanban.trail.keys import rules

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=COUNTY_TIME)


def test_a_day_is_kept_for_fourteen_days_and_gone_on_the_fifteenth() -> None:
    last = DAY + timedelta(days=13)

    assert rules.keeps(DAY, last) and not rules.keeps(DAY, last + timedelta(days=1))
    assert rules.disappears_on(DAY) == date(2026, 12, 7)


@given(st.integers(-1000, 1000))
def test_no_setting_goes_beyond_the_ceiling_or_below_the_late_visits(days: int) -> None:
    assert rules.FLOOR <= rules.days_kept(days) <= rules.CEILING


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.integers(-5, 50))
def test_a_live_or_future_day_is_never_due(today: date, ahead: int, days: int) -> None:
    assert rules.keeps(today + timedelta(days=ahead), today, days)


@pytest.mark.parametrize(
    ("moment", "holds_yesterday"),
    [("2026-11-23 00:00", True), ("2026-11-23 00:59", True), ("2026-11-23 01:00", False), ("2026-11-23 23:59", False)],
)
def test_the_gate_holds_yesterdays_key_until_one_in_the_county(moment: str, holds_yesterday: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=COUNTY_TIME).astimezone(UTC)

    assert rules.gate_holds(DAY, at=at) and rules.gate_holds(DAY - timedelta(days=1), at=at) is holds_yesterday
    assert not rules.gate_holds(DAY - timedelta(days=2), at=at)


def test_the_gate_makes_todays_key_and_tomorrows_only_five_minutes_before() -> None:
    tomorrow = DAY + timedelta(days=1)
    late = datetime(2026, 11, 23, 23, 55, tzinfo=COUNTY_TIME)

    assert rules.gate_makes(DAY, at=NOON) and not rules.gate_makes(DAY - timedelta(days=1), at=NOON)
    assert rules.gate_makes(tomorrow, at=late) and not rules.gate_makes(tomorrow, at=late - timedelta(seconds=1))


def test_a_clock_that_runs_two_days_ahead_is_not_believed() -> None:
    rules.believe(NOON, newest=None)
    rules.believe(NOON, newest=DAY - timedelta(days=2))

    with pytest.raises(rules.ClockJumped, match="核对时间"):
        rules.believe(NOON, newest=DAY - timedelta(days=3))
