"""Figures of the first page and the menu: each counts exactly the rows that its link shows."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from zhuanban.base.accounts.rules import By
from zhuanban.registry.codes.models import DoorCode
from zhuanban.registry.places import queries as places
from zhuanban.registry.places import rules as places_rules
from zhuanban.registry.places.models import Door, Venue, VenueType
from zhuanban.registry.places.rules import Sector, Setting, Unverified, VenueState


def count_without_code(by: By) -> int:
    """Venues in use with an open door that carries no code."""
    return without_code(by).count()


def without_code(by: By) -> QuerySet[Venue]:
    has = Exists(DoorCode.objects.filter(door=OuterRef("pk"), revoked_at=None))
    uncoded = Door.objects.filter(~has, venue=OuterRef("pk"), is_open=True)
    return places.venues(by).filter(Exists(uncoded), state=VenueState.ACTIVE)


def note_without_code(by: By) -> str:
    """How many of them are 重点场所, whose doors come first."""
    n = without_code(by).filter(is_key=True).count()
    return gettext("其中重点场所 %(n)d 个") % {"n": n} if n else ""


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A venue type in words, and how many venues in use of it `by` may see."""

    type: VenueType
    count: int
    sector: str
    setting: str
    unverified: str


def types_in_use(by: By) -> list[TypeRow]:
    """The county's types in their order."""
    active = places.venues(by).filter(state=VenueState.ACTIVE).order_by()
    counts = dict(active.values_list("type").annotate(n=Count("pk")))
    return [
        TypeRow(
            one,
            counts.get(one.code, 0),
            gettext(Sector(one.sector).label),
            gettext(Setting(one.setting).label),
            gettext(Unverified(one.unverified).label),
        )
        for one in places.types()
    ]


def is_manager(by: By) -> bool:
    """Whether `by` may add venues at all."""
    return by.has(*places_rules.MAY_MANAGE)


def sets_types(by: By) -> bool:
    return by.has(*places_rules.MAY_SET_TYPES)
