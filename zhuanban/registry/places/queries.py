"""Reading places. Divisions and types are public; venues and doors only as far as `by` may see."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from zhuanban.base.accounts import queries as accounts
from zhuanban.base.accounts.models import Account, Organisation
from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.errors import NotFound
from zhuanban.registry.places.models import (
    Division,
    Door,
    Outline,
    Post,
    SnapshotChange,
    SnapshotVersion,
    Venue,
    VenueType,
)
from zhuanban.registry.places.rules import AREA_POSTS, MAY_STAFF, Level, Point, lay_out, prefixes_of

# --- divisions ----------------------------------------------------------------------------------------------------


def division(code: str) -> Division:
    """Raises: NotFound."""
    found = Division.objects.filter(code=code).first()
    if found is None:
        raise NotFound(gettext("没有这个区划"))
    return found


def township_of(code: str) -> Division | None:
    """The township that answers for a place. None in a development zone (no township), above one, or elsewhere."""
    return Division.objects.filter(code=code[:9].ljust(12, "0"), level=Level.TOWNSHIP).first()


def area_name(code: str) -> str:
    """鲍店镇 鲍店村; the county or the city by its own name; the bare code where nothing is known of it."""
    return area_names([code])[code]


def area_names(codes: list[str]) -> dict[str, str]:
    """`area_name` of many codes with one query."""
    wanted = {part for code in codes for part in (*prefixes_of(code), code)}
    rows = Division.objects.filter(code__in=wanted).values_list("code", "display", "level")
    names = {code: (display, level) for code, display, level in rows}
    return {code: _area(code, names) for code in codes}


def _area(code: str, names: dict[str, tuple[str, str]]) -> str:
    chain = [names[part] for part in (*prefixes_of(code), code) if part in names]
    local = [display for display, level in chain if level not in {Level.PROVINCE, Level.CITY, Level.COUNTY}]
    if not local:
        return chain[-1][0] if chain else code
    return " ".join([local[0], *(name.removeprefix(local[0]) for name in local[1:])])


def townships() -> QuerySet[Division]:
    """The county's townships and its zones, in the order of their codes."""
    return Division.objects.filter(code__startswith=settings.COUNTY, level__in=[Level.TOWNSHIP, Level.ZONE]).order_by(
        "code"
    )


def villages(prefix: str = "") -> QuerySet[Division]:
    """The county's villages and communities under `prefix`."""
    return Division.objects.filter(
        code__startswith=prefix or settings.COUNTY, level__in=[Level.VILLAGE, Level.COMMUNITY]
    ).order_by("code")


def outline() -> dict[str, Any]:
    """A GeoJSON FeatureCollection: the county, then its townships as points.

    A township nobody has measured stands where its name can be read, with `schematic: true`; the page says 示意.
    """
    held = Outline.objects.filter(county=settings.COUNTY).first()
    places = list(Division.objects.filter(code__startswith=settings.COUNTY, level=Level.TOWNSHIP).order_by("code"))
    measured = {place.code: Point(place.lon, place.lat) for place in places if place.lon and place.lat}
    lost = [place.code for place in places if place.code not in measured]
    drawn = dict(zip(lost, _schematic(held, len(lost), tuple(measured.values())), strict=False))
    points = [
        _feature(
            {"type": "Point", "coordinates": [point.lon, point.lat]},
            {"code": place.code, "name": place.display, "level": place.level, "schematic": place.code in drawn},
        )
        for place in places
        if (point := measured.get(place.code) or drawn.get(place.code))
    ]
    return {"type": "FeatureCollection", "features": [*_county(held), *points]}


def _county(held: Outline | None) -> list[dict[str, Any]]:
    if held is None:
        return []
    facts = {"code": held.county.ljust(12, "0"), "name": settings.COUNTY_NAME, "level": "county"}
    return [_feature(held.geometry, {**facts, "source": held.source})]


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _schematic(held: Outline | None, count: int, fixed: tuple[Point, ...]) -> tuple[Point, ...]:
    if held is None:
        return ()
    ring = held.geometry["coordinates"][0]
    ring = ring[0] if held.geometry["type"] == "MultiPolygon" else ring
    return _laid_out(tuple(Point(*pair[:2]) for pair in ring), count, fixed)


@lru_cache(maxsize=8)
def _laid_out(ring: tuple[Point, ...], count: int, fixed: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple(lay_out(ring, count=count, fixed=fixed))


# --- venues and doors ---------------------------------------------------------------------------------------------


def types() -> QuerySet[VenueType]:
    return VenueType.objects.order_by("order", "code")


def venue_type(code: str) -> VenueType:
    """Raises: NotFound."""
    found = VenueType.objects.filter(code=code).first()
    if found is None:
        raise NotFound(gettext("没有这个场所类型"))
    return found


def venues(by: By, *, roles: tuple[Role, ...] | None = None) -> QuerySet[Venue]:
    """The venues `by` may see; with `roles`, only by virtue of these."""
    return accounts.visible(Venue.objects.all(), by, roles=roles)


def venue(by: By, pk: int, *, roles: tuple[Role, ...] | None = None) -> Venue:
    """Raises: NotFound, also for a venue that is not `by`'s to see."""
    found = venues(by, roles=roles).select_related("type", "organisation").filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("没有这个场所"))
    return found


def doors(by: By, *, roles: tuple[Role, ...] | None = None) -> QuerySet[Door]:
    """The doors `by` may see."""
    return accounts.visible(Door.objects.select_related("venue"), by, roles=roles)


def door(by: By, pk: int, *, roles: tuple[Role, ...] | None = None) -> Door:
    """Raises: NotFound, also for a door that is not `by`'s to see."""
    found = doors(by, roles=roles).filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("没有这个门"))
    return found


def posts(by: By, venue: Venue, *, day: date) -> QuerySet[Post]:
    """Who serves at a venue on `day`, managers first."""
    on_duty = Q(until_day=None) | Q(until_day__gt=day)
    return (
        Post.objects.filter(on_duty, venue__in=venues(by), venue=venue)
        .select_related("account", "door")
        .order_by("-role", "door_id", "from_day", "pk")
    )


def post(by: By, pk: int) -> Post:
    """A post that `by` may end. Raises: NotFound, also when it has ended."""
    mine = venues(by, roles=MAY_STAFF).values("pk")
    found = Post.objects.filter(pk=pk, until_day=None, venue__in=mine).select_related("venue", "account").first()
    if found is None:
        raise NotFound(gettext("没有这个岗位，或已离岗"))
    return found


def organisations(by: By) -> QuerySet[Organisation]:
    """The units `by` may see."""
    return accounts.visible(Organisation.objects.all(), by, sector=None, organisation="pk")


def candidates(venue: Venue) -> QuerySet[Account]:
    """Who may be given a post at a venue: its organisation's members, and who serves its area."""
    own = Q(memberships__organisation=venue.organisation_id)
    area = Q(memberships__role__in=AREA_POSTS, memberships__division__in=[*_prefixes(venue.division)])
    live = Q(memberships__ended_at=None, is_active=True)
    return Account.objects.filter(live & (own | area)).order_by("username").distinct()


def _prefixes(code: str) -> list[str]:
    """Every way a membership may name an area that holds `code`: as a full code or as a bare prefix."""
    return [*prefixes_of(code), code, *(code[:end] for end in (6, 9))]


# --- what the gate must know --------------------------------------------------------------------------------------


def snapshot_version() -> int:
    """How often something changed that the gate must see; 0 at the beginning."""
    return SnapshotVersion.objects.filter(pk=1).values_list("n", flat=True).first() or 0


def changes_since(n: int) -> list[tuple[int, str, str]]:
    """(version, kind, key) of every change after version `n`, in the order of their commits."""
    rows = SnapshotChange.objects.filter(n__gt=n).order_by("n", "pk")
    return list(rows.values_list("n", "kind", "key"))
