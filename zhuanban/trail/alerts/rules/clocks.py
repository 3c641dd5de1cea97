"""The three clocks of an alert: what they run from, when they are due, what they say.

| step | red: runs from      | yellow: runs from |
|---|---|---|
| 接单 | the refusal         | the refusal |
| 转交 | the acknowledgement | the refusal |
| 销号 | the refusal         | the refusal |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhuanban.base.errors import Refusal
from zhuanban.trail.alerts.rules.moves import Done, Kind, Move

LIMIT_MAX = timedelta(days=7)  # the longest clock the county may set
STEPS = (Move.ACKNOWLEDGE, Move.HAND_OVER, Move.CLOSE)  # each has a clock
LIMITS = {  # minutes; county-set defaults, to be confirmed by the county office (docs/rules.md)
    (Kind.RED, Move.ACKNOWLEDGE): 10,
    (Kind.RED, Move.HAND_OVER): 60,
    (Kind.RED, Move.CLOSE): 1_440,
    (Kind.YELLOW, Move.ACKNOWLEDGE): 30,
    (Kind.YELLOW, Move.HAND_OVER): 120,
    (Kind.YELLOW, Move.CLOSE): 2_880,
}
Limits = Mapping[tuple[Kind, Move], timedelta]


class BadLimit(Refusal):
    code = "BAD_LIMIT"
    status = 422


@dataclass(frozen=True, slots=True)
class Running:
    """What the clocks of an alert go by."""

    kind: Kind
    raised_at: datetime
    close_by: datetime


@dataclass(frozen=True, slots=True)
class StepClock:
    """The clock of one step. `stopped_at` is None while it runs; `starts_at` None while it has not begun."""

    step: Move
    limit: timedelta
    starts_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.starts_at is not None and self.stopped_at is None

    def is_late(self, at: datetime) -> bool:
        """Late if it was stopped, or still runs, at or after its due time."""
        return self.due_at is not None and (self.stopped_at or at) >= self.due_at

    def used(self, at: datetime) -> timedelta:
        return timedelta(0) if self.starts_at is None else (self.stopped_at or at) - self.starts_at

    def share(self, at: datetime) -> int:
        """How much of the limit is used up, 0 to 100."""
        return min(100, max(0, int(self.used(at) / self.limit * 100))) if self.limit else 100


def due_after(move: Move, alert: Running, *, at: datetime, limits: Limits) -> datetime | None:
    """When the step that follows `move`, made at `at`, is due; None after the last."""
    if move is Move.CLOSE:
        return None
    if move is Move.HAND_OVER:
        return alert.close_by
    if move is Move.RAISE:
        return alert.raised_at + limits[alert.kind, Move.ACKNOWLEDGE]
    begin = at if alert.kind is Kind.RED else alert.raised_at
    return begin + limits[alert.kind, Move.HAND_OVER]


def is_escalated(state: Move, due_at: datetime | None, *, at: datetime) -> bool:
    """Nobody came in time: it is the county duty officer's to press, until the person is handed over."""
    return state in (Move.RAISE, Move.ACKNOWLEDGE) and due_at is not None and due_at <= at


def clocks(alert: Running, history: Sequence[Done], *, limits: Limits) -> tuple[StepClock, StepClock, StepClock]:
    """The three clocks of an alert, from its moves, oldest first.

    A due time is the one that was set when the step began: who changes the limits changes no clock that runs.
    A yellow alert closed without a hand-over stops that clock too.
    """
    first = {done.move: done for done in reversed(history)}
    taken, handed, closed = (first.get(step) for step in STEPS)
    taking_due = first[Move.RAISE].due_at
    taken_at = taken.at if taken else None
    starts_at = alert.raised_at if alert.kind is Kind.YELLOW else taken_at
    handing_due = taken.due_at if taken else None
    if handing_due is None and starts_at is not None:
        handing_due = starts_at + limits[alert.kind, Move.HAND_OVER]
    return (
        _clock(Move.ACKNOWLEDGE, alert.raised_at, taking_due, taken, limits[alert.kind, Move.ACKNOWLEDGE]),
        _clock(Move.HAND_OVER, starts_at, handing_due, handed or closed, limits[alert.kind, Move.HAND_OVER]),
        _clock(Move.CLOSE, alert.raised_at, alert.close_by, closed, limits[alert.kind, Move.CLOSE]),
    )


def _clock(
    step: Move, starts_at: datetime | None, due_at: datetime | None, stop: Done | None, standard: timedelta
) -> StepClock:
    limit = due_at - starts_at if starts_at and due_at else standard
    return StepClock(step, limit, starts_at, due_at, stop.at if stop else None)


def check_limit(minutes: int) -> None:
    """Raises: BadLimit."""
    if not 1 <= minutes <= LIMIT_MAX / timedelta(minutes=1):
        raise BadLimit("时限是 1 分钟到 7 天")
