"""What a running clock says: how long is left, how far over, and how urgent that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from zhuanban.base.spans import day_of

NEAR = timedelta(hours=2)  # source: ui/d1-today.png, clocks under two hours stand in ochre
SPELT = timedelta(hours=2)  # up to here hours and minutes both matter: 剩 1 小时 36 分
FULL = 100  # the ring is drawn in hundredths

Tone = Literal["calm", "near", "late"]
Unit = Literal["second", "minute", "hour", "day"]
Day = Literal["today", "yesterday", "tomorrow", "this_year", "other"]


@dataclass(frozen=True, slots=True)
class Clock:
    """`parts` are (number, unit), biggest first; `left` is how much of the ring is drawn, 0 to 100.

    `says` is what the words count: the time left, the time over, or the moment itself when it is days away.
    """

    deadline: datetime
    tone: Tone
    says: Literal["left", "over", "moment"]
    parts: tuple[tuple[int, Unit], ...]
    left: int


def clock_of(deadline: datetime, *, at: datetime, started_at: datetime | None = None) -> Clock:
    """The clock of a deadline as it stands at `at`. Late is from the deadline on."""
    remaining = deadline - at
    if remaining <= timedelta(0):
        return Clock(deadline, "late", "over", parts_of(-remaining), 0)
    left = _share(remaining, deadline - started_at) if started_at else _share(remaining, timedelta(days=1))
    if remaining <= NEAR:
        return Clock(deadline, "near", "left", parts_of(remaining), left)
    is_today = day_of(deadline) == day_of(at)
    return Clock(deadline, "calm", "left" if is_today else "moment", parts_of(remaining), left)


def parts_of(span: timedelta) -> tuple[tuple[int, Unit], ...]:
    """A length as people say it: 40 秒, 22 分, 1 小时 36 分, 16 小时, 3 天."""
    seconds = int(span.total_seconds())
    if seconds < 60:  # noqa: PLR2004
        return ((seconds, "second"),)
    minutes = seconds // 60
    if minutes < 60:  # noqa: PLR2004
        return ((minutes, "minute"),)
    hours, rest = divmod(minutes, 60)
    if span < SPELT and rest:
        return ((hours, "hour"), (rest, "minute"))
    if hours < 48:  # noqa: PLR2004
        return ((hours, "hour"),)
    return ((hours // 24, "day"),)


def day_of_words(moment: datetime, *, at: datetime) -> Day:
    """Which word a date takes: 今天, 昨天, 明天, or its month and day, with the year when it is another one."""
    day, today = day_of(moment), day_of(at)
    near: dict[int, Day] = {0: "today", -1: "yesterday", 1: "tomorrow"}
    return near.get((day - today).days, "this_year" if day.year == today.year else "other")


def _share(part: timedelta, whole: timedelta) -> int:
    return FULL if whole <= part else max(1, int(part / whole * FULL))
