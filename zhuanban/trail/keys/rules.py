"""How long a day's key lives, and in whose hands."""

from datetime import date, datetime, time, timedelta

from zhuanban.base import spans
from zhuanban.base.errors import Refusal

DAYS_DEFAULT = 14  # source: DESIGN §4, how long visits are kept
FLOOR = 7  # days; visits come up to 72 h late (visits/rules.py) into files that the gate then holds open
CEILING = 28  # days; source: DESIGN §4; no setting goes beyond it
GATE_KEEPS_UNTIL = time(1, 0)  # source: DESIGN §4; yesterday's key, county time
AHEAD = timedelta(minutes=5)  # source: DESIGN §4; a visit may be of tomorrow in the last minutes of today
JUMP = timedelta(days=2)  # a clock further ahead than this of all that is known is not believed


class ClockJumped(Refusal):
    """The clock is further ahead than the newest day known: nothing is destroyed on its word alone."""

    code = "CLOCK_JUMPED"
    status = 409


def days_kept(days: int) -> int:
    """The setting, held between the floor and the ceiling."""
    return max(FLOOR, min(days, CEILING))


def keeps(day: date, today: date, days: int = DAYS_DEFAULT) -> bool:
    """Whether the visits of `day` are still kept on `today`. A future day always is."""
    return today < disappears_on(day, days)


def disappears_on(day: date, days: int = DAYS_DEFAULT) -> date:
    """The first day on which the visits of `day` are no longer there."""
    return day + timedelta(days=days_kept(days))


def gate_makes(day: date, *, at: datetime) -> bool:
    """Whether the gate may make a key for `day`: today's, and tomorrow's in the last minutes of today."""
    return spans.day_of(at) <= day <= spans.day_of(at + AHEAD)


def gate_holds(day: date, *, at: datetime) -> bool:
    """Whether a key of `day` still belongs to the gate: today's and later, and yesterday's until 01:00."""
    today = spans.day_of(at)
    if day >= today:
        return True
    is_early = at.astimezone(spans.COUNTY_TIME).time() < GATE_KEEPS_UNTIL
    return is_early and day == today - timedelta(days=1)


def believe(at: datetime, *, newest: date | None) -> None:
    """Whether a clock that says `at` may be trusted to destroy. Raises: ClockJumped.

    `newest` is the last day on which the clock was believed, or else the newest day that has visits; None when
    nothing at all is known, and so nothing is there to destroy.
    """
    if newest is not None and spans.day_of(at) - newest > JUMP:
        raise ClockJumped("系统时间比上次运行超前两天以上：请先核对时间，确认无误后运行 manage.py purge --force")
