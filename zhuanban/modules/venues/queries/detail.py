"""One venue's page: its doors, its fourteen days, who serves there, and what was done."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from zhuanban.base.accounts.models import Device
from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.audit.models import Entry
from zhuanban.base.spans import day_of, span_of
from zhuanban.base.ui.rules import Moment
from zhuanban.modules.venues import rules
from zhuanban.registry.codes.models import DoorCode
from zhuanban.registry.places import queries as places
from zhuanban.registry.places import rules as places_rules
from zhuanban.registry.places.models import Door, Post, Venue
from zhuanban.registry.places.rules import DoorKind, Setting, Unverified, VenueState
from zhuanban.trail.alerts import queries as alerts
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.checks.models import Check
from zhuanban.trail.checks.rules import Outcome
from zhuanban.trail.visits import queries as visits

HISTORY = 8  # rows shown; the whole is the auditor's
VISIT_DAY = 8  # characters of a visit's id that say its day: 20261123


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A door today. `arrivals` is None when no journal of today is held."""

    door: Door
    code: DoorCode | None
    arrivals: int | None
    checked: int
    last_check_at: datetime | None

    @property
    def kind(self) -> str:
        return _(DoorKind(self.door.kind).label)


@dataclass(frozen=True, slots=True)
class PostRow:
    post: Post

    @property
    def role(self) -> str:
        return _(Role(self.post.role).label)


@dataclass(frozen=True, slots=True)
class VenuePage:
    at: datetime
    venue: Venue
    area: str
    doors: tuple[DoorRow, ...]
    days: tuple[rules.Day, ...]
    posts: tuple[PostRow, ...]
    devices: tuple[Device, ...]
    raised: tuple[Alert, ...]
    history: tuple[Moment, ...]
    may_manage: bool
    may_staff: bool

    @property
    def today(self) -> rules.Day:
        return self.days[-1]

    @property
    def newest_first(self) -> tuple[rules.Day, ...]:
        return self.days[::-1]

    @property
    def outcomes(self) -> list[str]:
        return [_(outcome.label) for outcome in Outcome]

    @property
    def setting(self) -> str:
        return _(Setting(self.venue.setting).label)

    @property
    def unverified(self) -> str:
        return _(Unverified(self.venue.type.unverified).label)

    @property
    def no_uscc(self) -> str:
        return _(self.venue.no_uscc_reason)

    @property
    def bars(self) -> list[tuple[rules.Bar, str]]:
        """Each day's bar and the word for its day of the week."""
        words = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
        return [(bar, words[bar.day.day.weekday()]) for bar in rules.bars(self.days)]

    @property
    def closed(self) -> int:
        """How many of the alerts raised here were closed."""
        return sum(1 for alert in self.raised if alert.due_at is None)

    @property
    def is_late(self) -> bool:
        return any(alert.due_at and alert.due_at <= self.at for alert in self.raised)

    @property
    def has_visits(self) -> bool:
        return any(day.arrivals for day in self.days)

    @property
    def lacks_code(self) -> int:
        """Open doors of a venue in use that carry no code."""
        if self.venue.state != VenueState.ACTIVE:
            return 0
        return sum(1 for row in self.doors if row.door.is_open and row.code is None)


def venue_page(by: By, pk: int, *, at: datetime) -> VenuePage:
    """Raises: NotFound, also for a venue that is not `by`'s to see."""
    venue = places.venue(by, pk)
    doors = list(venue.doors.order_by("pk"))
    codes = list(DoorCode.objects.filter(door__in=doors))
    days = rules.last_days(day_of(at))
    arrived = arrivals([door.pk for door in doors], days)
    checked, checked_at_door = _checks(venue, days)
    return VenuePage(
        at=at,
        venue=venue,
        area=places.area_name(venue.division),
        doors=tuple(_door_rows(doors, codes, arrived[days[-1]], checked_at_door)),
        days=tuple(_day(day, arrived[day], checked.get(day, Counter())) for day in days),
        posts=tuple(PostRow(post) for post in places.posts(by, venue, day=days[-1])),
        devices=tuple(_devices(doors)),
        raised=tuple(_raised(by, venue, days[0])),
        history=tuple(_history(venue, codes)),
        may_manage=places_rules.reaches(by, venue.division, venue.sector),
        may_staff=places.venues(by, roles=places_rules.MAY_STAFF).filter(pk=pk).exists(),
    )


def arrivals(doors: Iterable[int], days: Iterable[date]) -> dict[date, Mapping[int, int] | None]:
    """day → door → people written down; None for a day whose journal is not held."""
    doors, held = list(doors), set(visits.days(settings.VISITS))
    return {day: _arrivals(doors, day) if day in held else None for day in days}


def _arrivals(doors: list[int], day: date) -> Mapping[int, int]:
    with visits.read(settings.VISITS, day) as journal:
        return journal.count_by_door(doors)


def _checks(venue: Venue, days: list[date]) -> tuple[dict[date, Counter[Any]], dict[int, tuple[int, datetime | None]]]:
    """By the day of the visit: people by outcome and by batch; and today's count and last time by door."""
    since = f"{days[0]:%Y%m%d}"
    rows = (
        Check.objects.filter(door__venue=venue, is_last=True, visit__gte=since)
        .annotate(day=Substr("visit", 1, VISIT_DAY))
        .values("day", "door", "outcome", "in_batch")
        .annotate(n=Count("pk"), last=Max("at"))
    )
    by_day: dict[date, Counter[Any]] = {}
    by_door: dict[int, tuple[int, datetime | None]] = {}
    for row in rows:
        day = datetime.strptime(row["day"], "%Y%m%d").date()  # noqa: DTZ007  (a calendar day of the county)
        by_day.setdefault(day, Counter())[row["outcome"], row["in_batch"]] += row["n"]
        count, last = by_door.get(row["door"], (0, None))
        count += row["n"] if day == days[-1] else 0
        by_door[row["door"]] = count, max(filter(None, (last, row["last"])))
    return by_day, by_door


def _day(day: date, arrived: Mapping[int, int] | None, checked: Counter[Any]) -> rules.Day:
    outcomes = {outcome.value: checked[outcome, False] + checked[outcome, True] for outcome in Outcome}
    batch = sum(count for (_outcome, in_batch), count in checked.items() if in_batch)
    return rules.Day(day, None if arrived is None else sum(arrived.values()), outcomes, batch)


def _door_rows(
    doors: list[Door],
    codes: list[DoorCode],
    arrived: Mapping[int, int] | None,
    checked: Mapping[int, tuple[int, datetime | None]],
) -> Iterable[DoorRow]:
    standing = {code.door_id: code for code in codes if code.revoked_at is None}
    for door in doors:
        count, last = checked.get(door.pk, (0, None))
        yield DoorRow(door, standing.get(door.pk), None if arrived is None else arrived.get(door.pk, 0), count, last)


def _devices(doors: list[Door]) -> QuerySet[Device]:
    """Devices that were enrolled at its doors and not revoked."""
    mine = Device.objects.filter(door__in=[door.pk for door in doors], revoked_at=None)
    return mine.exclude(enrolled_at=None).order_by("door", "pk")


def _raised(by: By, venue: Venue, since: date) -> QuerySet[Alert]:
    """The alerts of the days shown that `by` may see, the latest first; rows, never names."""
    mine = alerts.alerts(by).filter(door__venue=venue, raised_at__gte=span_of(since).starts_at)
    return mine.select_related("door").order_by("-raised_at")


def _history(venue: Venue, codes: list[DoorCode]) -> Iterable[Moment]:
    """What was done to the venue, its doors and their codes, newest first."""
    targets = [f"venue:{venue.pk}", *(f"code:{code.pk}" for code in codes)]
    names = dict(venue.doors.values_list("pk", "name"))
    for entry in Entry.objects.filter(target__in=targets).order_by("-seq")[:HISTORY]:
        what = _(rules.deed_of(entry.verb))
        name = names.get(entry.detail.get("door"), "")
        yield Moment(entry.at, entry.actor_label, f"{what} {name}".strip(), note=entry.reason)
