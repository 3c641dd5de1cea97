"""The county's table of venue types."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden
from zhuanban.registry.places import queries, rules
from zhuanban.registry.places.actions.snapshot import bump_snapshot_many
from zhuanban.registry.places.models import Door, Venue, VenueType
from zhuanban.registry.places.rules import Change, HouseRule, TypeFacts

FOLLOWED = ("setting", "stay_minutes", "is_key")  # what a venue takes from its type unless it says otherwise


@transaction.atomic
def seed_types(*, rows: Iterable[dict[str, Any]]) -> int:
    """How many of `rows` were missing and are there now. What the county has set stays."""
    held = set(VenueType.objects.values_list("code", flat=True))
    missing = [VenueType(**row) for row in rows if row["code"] not in held]
    VenueType.objects.bulk_create(missing)
    return len(missing)


@transaction.atomic
def add_type(*, by: By, facts: TypeFacts, at: datetime) -> VenueType:
    """A kind of venue of the county's own. Raises: Forbidden, HouseRule."""
    _check(by, facts, but="")
    last = VenueType.objects.aggregate(last=Max("order"))["last"] or 0
    row = VenueType(code=f"own-{last + 1}", order=last + 1, **_columns(facts))
    row.save()
    audit.record(by=by, verb="places.add_type", at=at, target=f"type:{row.code}", detail=_detail(facts))
    return row


@transaction.atomic
def change_type(*, by: By, code: str, facts: TypeFacts, at: datetime) -> VenueType:
    """The type as `facts` say. Venues that had the type's old values follow it; those with their own keep them.

    Raises: Forbidden, NotFound, HouseRule.
    """
    _check(by, facts, but=code)
    VenueType.objects.select_for_update().filter(code=code).first()
    row = queries.venue_type(code)
    for name in FOLLOWED:
        old, new = getattr(row, name), getattr(facts, name)
        Venue.objects.filter(type=row, **{name: old}).update(**{name: new})
    Venue.objects.filter(type=row).update(sector=facts.sector)
    Door.objects.filter(venue__type=row).update(sector=facts.sector)
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    row.save()
    audit.record(by=by, verb="places.change_type", at=at, target=f"type:{code}", detail=_detail(facts))
    doors = Door.objects.filter(venue__type=row).order_by("pk").values_list("pk", flat=True)
    bump_snapshot_many(kind=Change.DOOR, keys=[str(pk) for pk in doors], at=at)
    return row


def _columns(facts: TypeFacts) -> dict[str, Any]:
    return {**asdict(facts), "name": facts.name.strip()}


def _detail(facts: TypeFacts) -> dict[str, Any]:
    return {name: str(value) for name, value in _columns(facts).items()}


def _check(by: By, facts: TypeFacts, *, but: str) -> None:
    if not by.has(*rules.MAY_SET_TYPES):
        raise Forbidden(gettext("场所类型由县专班办公室设置"))
    rules.check_type(facts)
    if VenueType.objects.filter(name=facts.name.strip()).exclude(code=but).exists():
        raise HouseRule(gettext("已有同名的类型"))
