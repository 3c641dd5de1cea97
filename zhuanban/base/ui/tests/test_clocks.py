"""What a clock says at which moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zhuanban.base.ui.rules import clock_of, day_of_words, parts_of

AT = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)  # 10:24 in the county


@pytest.mark.parametrize(
    ("left", "tone", "says", "parts"),
    [
        (timedelta(seconds=40), "near", "left", ((40, "second"),)),
        (timedelta(minutes=22, seconds=14), "near", "left", ((22, "minute"),)),
        (timedelta(hours=1, minutes=36), "near", "left", ((1, "hour"), (36, "minute"))),
        (timedelta(hours=2), "near", "left", ((2, "hour"),)),
        (timedelta(hours=7, minutes=35), "calm", "left", ((7, "hour"),)),
        (timedelta(hours=20), "calm", "moment", ((20, "hour"),)),
        (timedelta(0), "late", "over", ((0, "second"),)),
        (-timedelta(minutes=12), "late", "over", ((12, "minute"),)),
        (-timedelta(hours=16, minutes=24), "late", "over", ((16, "hour"),)),
        (-timedelta(days=3, hours=2), "late", "over", ((3, "day"),)),
    ],
)
def test_a_clock_is_calm_then_near_then_late(left: timedelta, tone: str, says: str, parts: Any) -> None:
    clock = clock_of(AT + left, at=AT)

    assert (clock.tone, clock.says, clock.parts) == (tone, says, parts)


@pytest.mark.parametrize(("passed", "left"), [(0, 100), (15, 75), (59, 1), (60, 0), (90, 0)])
def test_the_ring_is_what_is_left_of_the_limit(passed: int, left: int) -> None:
    started = AT - timedelta(minutes=passed)

    clock = clock_of(started + timedelta(hours=1), at=AT, started_at=started)

    assert clock.left == left


def test_a_day_and_a_half_is_said_in_hours_and_two_days_in_days() -> None:
    said = [parts_of(timedelta(hours=hours)) for hours in (36, 48)]

    assert said == [((36, "hour"),), ((2, "day"),)]


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "today"),  # midnight in the county
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "yesterday"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "tomorrow"),
        (datetime(2026, 11, 19, 1, 12, tzinfo=UTC), "this_year"),
        (datetime(2025, 11, 23, 1, 12, tzinfo=UTC), "other"),
    ],
)
def test_a_day_is_named_as_the_county_counts_it(moment: datetime, word: str) -> None:
    assert day_of_words(moment, at=AT) == word
