"""The big clock of a step, as the page of an alert shows it."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhuanban.base.ui.rules import Unit, clock_of, parts_of
from zhuanban.base.ui.templatetags.ui import span_words
from zhuanban.trail.alerts.queries import short_time, title_of
from zhuanban.trail.alerts.rules import Kind, Move, StepClock

register = template.Library()


@register.inclusion_tag("ui/_clock_card.html")
def step_clock(clock: StepClock, kind: str, at: datetime) -> dict[str, Any]:
    """Limit, time, bar, and what happens next and who is told. A stopped clock says 用时 and 按时 or 超时."""
    words = {"title": title_of(Kind(kind), clock.step), "limit": span_words(parts_of(clock.limit))}
    card: dict[str, Any] = {"name": _("%(title)s，限 %(limit)s") % words, "share": clock.share(at), "icon": "clock"}
    if clock.starts_at is None or clock.due_at is None:
        return card | {"says": "", "parts": "—", "note": _("接单后开始计时")}
    times = {"start": short_time(clock.starts_at, at), "end": short_time(clock.due_at, at)}
    if clock.stopped_at is not None:
        return card | _stopped(clock, times | {"end": short_time(clock.stopped_at, at)}, at)
    return card | _running(clock, clock.due_at, times, at)


def _running(clock: StepClock, due_at: datetime, times: dict[str, str], at: datetime) -> dict[str, Any]:
    made = clock_of(due_at, at=at)
    is_late = made.tone == "late"
    if clock.step is Move.CLOSE:
        note = _("%(start)s 起，最迟 %(end)s") % times
    elif is_late:
        note = _("%(start)s 起，最迟 %(end)s，已升给县值班员") % times
    else:
        note = _("%(start)s 起，最迟 %(end)s，到时自动升给县值班员") % times
    words = {"says": _("已超") if is_late else _("剩"), "parts": _ticking(due_at, at), "note": note}
    return words | {"tone": "" if made.tone == "calm" else made.tone}


def _stopped(clock: StepClock, times: dict[str, str], at: datetime) -> dict[str, Any]:
    is_late = clock.is_late(at)
    note = _("%(start)s 起，%(end)s 停，超时") if is_late else _("%(start)s 起，%(end)s 停，按时")
    words = {"says": _("用时"), "parts": _exact(clock.used(at)), "note": note % times}
    return words | {"tone": "late" if is_late else "", "icon": "warning" if is_late else "check"}


def _ticking(due_at: datetime, at: datetime) -> SafeString:
    """The words as they stand at `at`; alerts.js lets them run on."""
    return format_html('<time data-ticks datetime="{}">{}</time>', due_at.isoformat(), _exact(abs(due_at - at)))


def _exact(span: timedelta) -> str:
    """22 分 14 秒, 23 小时 18 分, 3 天 4 小时: two units, as on a stopwatch."""
    seconds = int(span.total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    every: tuple[tuple[int, Unit], ...] = (
        (days, "day"),
        (hours, "hour"),
        (minutes, "minute"),
        (seconds % 60, "second"),
    )
    first = next((place for place, (n, _unit) in enumerate(every) if n), len(every) - 1)
    return span_words(every[first : first + 2])
