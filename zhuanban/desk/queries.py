"""The office's first page, the county map, the search: all within reach of who asks, and nobody's movements."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.http import urlencode

from zhuanban.base.accounts.rules import By
from zhuanban.base.ui import queries as lists
from zhuanban.base.ui.rules import ask
from zhuanban.desk import rules
from zhuanban.modules.venues import queries as venues
from zhuanban.registry.codes import queries as codes
from zhuanban.registry.codes.models import DoorCode, ScanOrder
from zhuanban.registry.codes.rules import parse_short
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Venue
from zhuanban.registry.places.rules import VenueState
from zhuanban.trail.alerts import queries as alerts
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.status import queries as status

SHOWN = 10  # rows of what waits on the first page; source: ui/d1-today.png
FOUND = 20  # venues
TOWNSHIP = 9  # digits of a division code that name the township
PERSONAL = re.compile(r"\d{11}|\d{15}|\d{17}[\dXx]")  # a phone or a document: nobody is looked for here


@dataclass(frozen=True, slots=True)
class Town:
    """A township (or zone) with what `by` may see of it; each figure leads to its rows."""

    code: str
    name: str
    venues: int
    alerts: int

    @property
    def venues_url(self) -> str:
        return _rows("venues:index", view="active", township=self.code[:TOWNSHIP])

    @property
    def alerts_url(self) -> str:
        return _rows("alerts:list", township=self.code)


@dataclass(frozen=True, slots=True)
class Source:
    """An authority that says who is green, and whether its word is still fresh."""

    issuer: str
    heard_at: datetime
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The first page. `waiting` are the most urgent of `open` alerts; `order` is the one that scanning runs under."""

    waiting: list[Alert]
    open: int
    venues: int
    towns: list[Town]
    sources: list[Source]
    order: ScanOrder | None

    @property
    def more(self) -> int:
        return self.open - len(self.waiting)


@dataclass(frozen=True, slots=True)
class County:
    sketch: rules.Sketch
    towns: list[Town]
    spots: list[tuple[rules.Spot, Town]]
    venues: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Found:
    """Hits of a search; the counts are of all, the lists of the first. `only` is where a single exact hit leads."""

    q: str
    venues: list[Venue]
    venue_count: int
    alerts: list[Alert]
    alert_count: int
    doors: list[DoorCode]
    is_personal: bool
    only: str

    @property
    def count(self) -> int:
        return self.venue_count + self.alert_count + len(self.doors)


def day(by: By, *, at: datetime) -> Day:
    """What waits for `by` today."""
    found = towns(by)
    return Day(
        alerts.urgent(by, at=at, limit=SHOWN),
        alerts.open_alerts(by).count(),
        sum(town.venues for town in found),
        sorted(found, key=lambda town: (-town.alerts, town.code)),
        [Source(feed.issuer, feed.heard_at, feed.is_fresh(at)) for feed in status.feeds()],
        codes.order_at(at),
    )


def county(by: By) -> County:
    """The map: every township with its venues in use and its open alerts."""
    found = towns(by)
    by_code = {town.code: town for town in found}
    drawn = rules.sketch(places.outline(), weights={town.code: town.venues for town in found})
    spots = [(spot, by_code[spot.code]) for spot in drawn.spots if spot.code in by_code]
    return County(drawn, found, spots, sum(town.venues for town in found), sum(town.alerts for town in found))


def towns(by: By) -> list[Town]:
    """The county's townships and zones that `by` may see something of, in the order of their codes."""
    in_use = _by_township(places.venues(by).filter(state=VenueState.ACTIVE))
    raised = _by_township(alerts.open_alerts(by))
    counted = [
        Town(one.code, one.display, in_use.get(one.code[:TOWNSHIP], 0), raised.get(one.code[:TOWNSHIP], 0))
        for one in places.townships()
    ]
    return [town for town in counted if town.venues or town.alerts or _covers(by, town.code)]


def search(by: By, q: str, *, at: datetime) -> Found:
    """Venues by name or address, doors by short code, alerts by number: within scope. People are not looked for."""
    q = q.strip()[:60]
    if not q or PERSONAL.fullmatch(q):
        return Found(q, [], 0, [], 0, [], bool(q), "")
    found = _venues(by, q)
    raised = alerts.page(by, {"view": ["all"], "q": [q]}, at=at)
    doors = _doors(by, q)
    hits = list(found.select_related("type").order_by("name", "pk")[:FOUND])
    return Found(q, hits, found.count(), raised.rows, raised.total, doors, False, _only(q, raised.rows, doors))


def _venues(by: By, q: str) -> QuerySet[Venue]:
    """The rows that the list of venues shows for the same words."""
    return lists.narrowed(places.venues(by), venues.SPEC, ask(venues.SPEC, {"q": [q]}))


def _doors(by: By, q: str) -> list[DoorCode]:
    short = parse_short(q)
    if short is None:
        return []
    found = DoorCode.objects.filter(short=short, door__in=places.doors(by)).select_related("door__venue")
    return list(found.order_by("revoked_at", "pk"))


def _only(q: str, raised: Iterable[Alert], doors: Iterable[DoorCode]) -> str:
    """A whole number or a whole short code is a way to its page, not a question."""
    for alert in raised:
        if alert.number == q.upper():
            return reverse("alerts:alert", args=[alert.pk])
    return next((reverse("venues:venue", args=[code.door.venue_id]) for code in doors if not code.revoked_at), "")


def _by_township(queryset: QuerySet[Any]) -> dict[str, int]:
    grouped = queryset.order_by().annotate(township=Substr("division", 1, TOWNSHIP)).values("township")
    return {row["township"]: row["n"] for row in grouped.annotate(n=Count("pk"))}


def _covers(by: By, code: str) -> bool:
    return any(code.startswith(scope.division) or scope.division.startswith(code[:TOWNSHIP]) for scope in by.scopes)


def _rows(url_name: str, **query: str) -> str:
    return f"{reverse(url_name)}?{urlencode(query)}"
