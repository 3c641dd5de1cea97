"""The big clock of a step, as the page of an alert shows it."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from zhuanban.base.ui.rules import clock_of, parts_of
from zhuanban.base.ui.templatetags.ui import span_words, when
from zhuanban.trail.alerts.queries import title_of
from zhuanban.trail.alerts.rules import Kind, Move, StepClock

register = template.Library()


@register.inclusion_tag("ui/_clock_card.html")
def step_clock(clock: StepClock, kind: str, at: datetime) -> dict[str, Any]:
    """Limit, time, bar, and what happens next and who is told. A stopped clock says 用时 and 按时 or 超时."""
    words = {"title": title_of(Kind(kind), clock.step), "limit": span_words(parts_of(clock.limit))}
    card: dict[str, Any] = {"name": _("%(title)s，限 %(limit)s") % words, "share": clock.share(at), "icon": "clock"}
    if clock.starts_at is None or clock.due_at is None:
        return card | {"says": "", "parts": "—", "note": _("接单后开始计时")}
    times = {"start": when(clock.starts_at, at), "end": when(clock.due_at, at)}
    if clock.stopped_at is not None:
        return card | _stopped(clock, times | {"end": when(clock.stopped_at, at)}, at)
    return card | _running(clock, clock.due_at, times, at)


def _running(clock: StepClock, due_at: datetime, times: dict[str, str], at: datetime) -> dict[str, Any]:
    made = clock_of(due_at, at=at)
    says = _("已超") if made.tone == "late" else _("剩")
    if clock.step is Move.CLOSE:
        note = _("%(start)s 起，最迟 %(end)s") % times
    else:
        note = _("%(start)s 起，最迟 %(end)s，到时自动升给县值班员") % times
    return {"says": says, "parts": span_words(made.parts), "note": note, "tone": _tone(made.tone)}


def _stopped(clock: StepClock, times: dict[str, str], at: datetime) -> dict[str, Any]:
    is_late = clock.is_late(at)
    note = _("%(start)s 起，%(end)s 停，超时") if is_late else _("%(start)s 起，%(end)s 停，按时")
    return {
        "says": _("用时"),
        "parts": span_words(parts_of(clock.used(at))),
        "note": note % times,
        "tone": "late" if is_late else "",
        "icon": "warning" if is_late else "check",
    }


def _tone(tone: str) -> str:
    return "" if tone == "calm" else tone
