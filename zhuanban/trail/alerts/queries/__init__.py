"""Reading alerts: which there are for whom, the list, and one with everything about it."""

from zhuanban.trail.alerts.queries.detail import Detail, detail, short_time, title_of
from zhuanban.trail.alerts.queries.lists import listed, name, note, page, spec, townships, urgent
from zhuanban.trail.alerts.queries.rows import (
    alert,
    alerts,
    case_of,
    cursors,
    first_limits,
    history,
    limits,
    may_act,
    open_alerts,
    open_reds,
    running,
    waiting_yellows,
)

__all__ = [
    "Detail",
    "alert",
    "alerts",
    "case_of",
    "cursors",
    "detail",
    "first_limits",
    "history",
    "limits",
    "listed",
    "may_act",
    "name",
    "note",
    "open_alerts",
    "open_reds",
    "page",
    "running",
    "short_time",
    "spec",
    "title_of",
    "townships",
    "urgent",
    "waiting_yellows",
]
