"""The plain words that everything else is written in: choices, refusals, spans and modules."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.apps import AppConfig, apps
from hypothesis import given
from hypothesis import strategies as st

from zhuanban import base
from zhuanban.base import modules
from zhuanban.base.choices import Choice
from zhuanban.base.errors import Busy, Forbidden, NotFound, Refusal, SignInFirst
from zhuanban.base.modules import Card, Module
from zhuanban.base.spans import Span, day_of, span_of

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
SPANS = st.tuples(MOMENTS, MOMENTS).map(lambda pair: Span(min(pair), max(pair)))


class State(Choice):
    NEW = "NEW", "待受理"
    SILENT = "SILENT"


def test_a_choice_stores_its_value_and_shows_its_label() -> None:
    assert State("NEW") is State.NEW == "NEW"
    assert State.NEW.label == "待受理"
    assert State.choices() == [("NEW", "待受理"), ("SILENT", "")]


def test_every_refusal_has_a_code_a_status_and_words() -> None:
    refusals = [Refusal("不行"), NotFound("没有"), Forbidden("不可以"), SignInFirst("请先登录"), Busy("稍后再试")]

    assert [refusal.status for refusal in refusals] == [409, 404, 403, 401, 503]
    assert len({refusal.code for refusal in refusals}) == len(refusals)
    assert str(refusals[0]) == "不行" and Busy("稍后再试", retry_after=9).retry_after == 9


def test_spans_that_touch_share_no_moment() -> None:
    morning, evening = Span(NOON - timedelta(hours=1), NOON), Span(NOON, NOON + timedelta(hours=1))

    assert not morning.overlaps(evening) and not evening.overlaps(morning)
    assert NOON not in morning and NOON in evening
    assert morning.length == timedelta(hours=1)


@given(SPANS, SPANS, MOMENTS)
def test_two_spans_with_a_moment_in_common_overlap(one: Span, other: Span, moment: datetime) -> None:
    assert one.overlaps(other) or not (moment in one and moment in other)
    assert one.overlaps(other) == other.overlaps(one)


@given(MOMENTS)
def test_every_moment_lies_in_its_own_county_day_and_in_no_other(moment: datetime) -> None:
    day = day_of(moment)

    assert moment in span_of(day)
    assert moment not in span_of(day - timedelta(days=1)) and moment not in span_of(day + timedelta(days=1))


def test_the_county_s_day_begins_at_sixteen_hours_utc() -> None:
    last, first = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)

    assert day_of(last) == date(2026, 11, 22) and day_of(first) == date(2026, 11, 23)
    assert span_of(date(2026, 11, 23)) == Span(first, first + timedelta(days=1))
    assert day_of(first.astimezone(timezone(timedelta(hours=-8)))) == date(2026, 11, 23)


def test_modules_come_in_menu_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def config(title: str, *, group: int, order: int) -> AppConfig:
        entry = Module(title, "door", "x:y", frozenset(), order, group)
        kind: type[AppConfig] = type("Config", (AppConfig,), {"entry": entry})
        return kind("zhuanban.base", base)

    bare = AppConfig("zhuanban.base", base)
    found = [config("三", group=2, order=1), bare, config("二", group=1, order=9), config("一", group=1, order=1)]
    monkeypatch.setattr(apps, "get_app_configs", lambda: found)

    assert [module.title for module in modules.installed()] == ["一", "二", "三"]


def test_the_installed_modules_are_named_once_and_somebody_may_enter_each() -> None:
    found = list(modules.installed())

    assert len({module.title for module in found}) == len(found) > 0
    assert all(module.roles and module.icon for module in found)


def test_a_card_counts_what_is_behind_its_link_and_says_nothing_more_unless_told() -> None:
    card = Card("红码待处置", "条", "stop", "alerts:list", "colour=RED", lambda by: 2)

    assert card.count(None) == 2 and card.note(None) == "" and card.is_todo
