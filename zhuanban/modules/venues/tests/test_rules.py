"""What is read off a venue's days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.modules.venues import rules
from zhuanban.modules.venues.rules import Day

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("verified", "arrivals", "percent"),
    [(171, 180, 95), (0, 6, 0), (6, 6, 100), (199, 200, 99), (7, 6, 100), (0, 0, None), (3, None, None)],
)
def test_a_share_is_rounded_down_and_missing_where_there_is_nothing_to_share(
    verified: int, arrivals: int | None, percent: int | None
) -> None:
    assert rules.share(verified, arrivals) == percent


def test_a_day_adds_up_its_outcomes_and_is_marked_when_few_were_verified() -> None:
    good = Day(TODAY, 10, {"ADMIT": 7, "HOLD": 1})
    poor = Day(TODAY, 10, {"ADMIT": 7})

    assert (good.verified, good.share, good.is_low) == (8, 80, False)
    assert (poor.share, poor.is_low) == (70, True)
    assert not Day(TODAY, None).is_low


def test_the_picture_ends_today_and_goes_back_fourteen_days() -> None:
    days = rules.last_days(TODAY)

    assert (len(days), days[-1], days[0]) == (14, TODAY, TODAY - timedelta(days=13))


@given(st.lists(st.one_of(st.none(), st.integers(0, 5000)), max_size=14))
def test_every_bar_stands_inside_the_picture_and_none_overlap(counts: list[int | None]) -> None:
    days = [Day(TODAY + timedelta(days=place), count) for place, count in enumerate(counts)]

    bars = rules.bars(days)

    for bar in bars:
        assert bar.x >= 0 and bar.x + bar.width <= rules.WIDTH + 0.1
        assert bar.y >= rules.HEAD - 0.1 and abs(bar.y + bar.height - rules.HEAD - rules.HEIGHT) < 0.2
        assert bar.figure_y < bar.y and bar.chip_x < bar.middle
    for left, right in pairwise(bars):
        assert left.x + left.width < right.x
    assert [bar.is_today for bar in bars[-1:]] == [True] * len(bars[-1:])


def test_the_highest_bar_takes_the_whole_height() -> None:
    low, high, none = rules.bars([Day(TODAY, 50), Day(TODAY, 200), Day(TODAY, None)])

    assert (low.height, high.height, none.height) == (rules.HEIGHT / 4, rules.HEIGHT, 0)


def test_a_verb_is_said_in_words_and_a_strange_one_as_it_is() -> None:
    assert rules.deed_of("places.suspend_venue") == "暂停场所"
    assert rules.deed_of("elsewhere.deed") == "elsewhere.deed"
