"""What the keeper answers, and when it is well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from zhuanban.trail.visits.rules import Via

HOUSEKEEPING = timedelta(minutes=1)  # between looks at what the gate handed over and at what is due
OVERDUE = timedelta(minutes=15)  # source: PROMISES 7, a purge that did not run shows within this
BODY_LIMIT = 1024  # bytes of a question


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """One of a person's own visits of a past day."""

    at: datetime
    door: int
    via: Via
    day_disappears: date


@dataclass(frozen=True, slots=True)
class Health:
    """What the keeper holds. `last_purge` is when it last looked for due days and destroyed them."""

    days: int
    oldest: date | None
    last_purge: datetime | None
    problem: str  # the code of the refusal that housekeeping met, or ""

    def is_well(self, at: datetime) -> bool:
        return not self.problem and self.last_purge is not None and at - self.last_purge <= OVERDUE


def write_visits(visits: Sequence[OwnVisit]) -> list[list[Any]]:
    """As JSON lists: [at, door, via, day it disappears]."""
    return [[visit.at.isoformat(), visit.door, visit.via, visit.day_disappears.isoformat()] for visit in visits]


def read_visits(rows: Sequence[Sequence[Any]]) -> list[OwnVisit]:
    return [
        OwnVisit(datetime.fromisoformat(at), door, Via(via), date.fromisoformat(day)) for at, door, via, day in rows
    ]


def write_health(health: Health, at: datetime) -> Mapping[str, Any]:
    return {
        "well": health.is_well(at),
        "days": health.days,
        "oldest": health.oldest and health.oldest.isoformat(),
        "last_purge": health.last_purge and health.last_purge.isoformat(),
        "problem": health.problem,
    }
