"""Reading verifications: at a door for the person who stands there, as figures for the office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate

from zhuanban.base.accounts import queries as accounts
from zhuanban.base.accounts.rules import By
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.trail.checks.models import Check
from zhuanban.trail.checks.rules import Outcome


@dataclass(frozen=True, slots=True)
class DayOfChecks:
    """A day's verifications: one by one, in batches, and how many were not admitted."""

    day: date
    single: int
    batch: int
    stopped: int


def last_of(visit: str, nth: int) -> Check | None:
    return Check.objects.filter(visit=visit, nth=nth, is_last=True).first()


def verified_of(visits: Iterable[str]) -> dict[tuple[str, int], Outcome]:
    """(visit, nth) → the outcome that counts."""
    rows = Check.objects.filter(visit__in=list(visits), is_last=True).values_list("visit", "nth", "outcome")
    return {(visit, nth): Outcome(outcome) for visit, nth, outcome in rows}


def count_at_door(door: int, *, since: datetime) -> int:
    return Check.objects.filter(door=door, at__gte=since, is_last=True).count()


def of_venue(by: By, venue: int, *, since: datetime) -> list[DayOfChecks]:
    """A venue's days since `since`, oldest first; days without a verification are absent."""
    rows = (
        accounts.visible(Check.objects.filter(door__venue=venue, at__gte=since, is_last=True), by)
        .annotate(day=TruncDate("at", tzinfo=COUNTY_TIME))
        .values("day")
        .annotate(
            single=Count("pk", filter=Q(in_batch=False)),
            batch=Count("pk", filter=Q(in_batch=True)),
            stopped=Count("pk", filter=~Q(outcome=Outcome.ADMIT)),
        )
        .order_by("day")
    )
    return [DayOfChecks(row["day"], row["single"], row["batch"], row["stopped"]) for row in rows]


def by_venue(by: By, venues: Iterable[int], *, since: datetime) -> dict[int, tuple[int, datetime]]:
    """venue → (verifications since `since`, the last one's time)."""
    rows = (
        accounts.visible(Check.objects.filter(door__venue__in=list(venues), at__gte=since, is_last=True), by)
        .values("door__venue")
        .annotate(count=Count("pk"), last=Max("at"))
    )
    return {row["door__venue"]: (row["count"], row["last"]) for row in rows}
