"""Venues and their doors: added, changed, suspended, resumed, closed."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.registry.places import queries, rules
from zhuanban.registry.places.actions.snapshot import bump_snapshot, bump_snapshot_many
from zhuanban.registry.places.models import Division, Door, Venue, VenueType
from zhuanban.registry.places.rules import BadVenue, Change, DoorKind, Fault, HouseRule, VenueFacts, VenueState


@transaction.atomic
def add_venue(
    *,
    by: By,
    facts: VenueFacts,
    at: datetime,
    organisation: Organisation | None = None,
    doors: Sequence[str] = ("正门",),
) -> Venue:
    """A venue in use, with its first doors. Without an `organisation` it is a unit of its own and gets one.

    Raises: BadVenue, field by field; HouseRule for a door's name.
    """
    facts, type_ = _checked(by, facts)
    names = [rules.check_name(name) for name in doors]
    if len(set(names)) < len(names):
        raise BadVenue(Fault.DOORS)
    venue = Venue(
        **_columns(facts, type_),
        organisation=organisation or _own_organisation(facts),
        created_at=at,
    )
    venue.save()
    detail = {"name": venue.name, "organisation": venue.organisation_id}
    audit.record(by=by, verb="places.add_venue", at=at, target=f"venue:{venue.pk}", detail=detail)
    for name in names:
        _new_door(by=by, venue=venue, name=name, kind=DoorKind.DOOR, at=at)
    return venue


@transaction.atomic
def change_venue(*, by: By, venue: int, facts: VenueFacts, at: datetime) -> Venue:
    """The venue as `facts` say; its doors keep their codes. Raises: NotFound, BadVenue, ForbiddenMove."""
    row = _locked(by, venue)
    _refuse_closed(row)
    facts, type_ = _checked(by, facts)
    columns = _columns(facts, type_)
    changed = {name: str(value) for name, value in columns.items() if getattr(row, name) != value}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    row.doors.update(division=row.division, sector=row.sector)
    audit.record(by=by, verb="places.change_venue", at=at, target=f"venue:{row.pk}", detail=changed)
    _bump_doors(row, at=at)
    return row


@transaction.atomic
def suspend_venue(*, by: By, venue: int, reason: str, at: datetime) -> Venue:
    """Nobody can scan at its doors until it is resumed. Raises: NotFound, ForbiddenMove, HouseRule."""
    return _move(by=by, venue=venue, to=VenueState.SUSPENDED, reason=reason, at=at)


@transaction.atomic
def resume_venue(*, by: By, venue: int, reason: str, at: datetime) -> Venue:
    """Its doors let people scan again. Raises: NotFound, ForbiddenMove, HouseRule."""
    return _move(by=by, venue=venue, to=VenueState.ACTIVE, reason=reason, at=at)


@transaction.atomic
def close_venue(*, by: By, venue: int, reason: str, at: datetime) -> Venue:
    """For good: a closed venue is never opened again. Raises: NotFound, ForbiddenMove, HouseRule."""
    return _move(by=by, venue=venue, to=VenueState.CLOSED, reason=reason, at=at)


def _move(*, by: By, venue: int, to: VenueState, reason: str, at: datetime) -> Venue:
    row = _locked(by, venue)
    reason = rules.check_reason(reason)
    rules.check_move(VenueState(row.state), to)
    detail = {"from": row.state, "to": to.value}
    row.state = to
    row.save(update_fields=["state"])
    audit.record(by=by, verb=f"places.{_VERBS[to]}", at=at, target=f"venue:{row.pk}", reason=reason, detail=detail)
    _bump_doors(row, at=at)
    return row


_VERBS = {
    VenueState.SUSPENDED: "suspend_venue",
    VenueState.ACTIVE: "resume_venue",
    VenueState.CLOSED: "close_venue",
}


@transaction.atomic
def add_door(*, by: By, venue: int, name: str, at: datetime, kind: DoorKind = DoorKind.DOOR) -> Door:
    """An open door, still without a code. Raises: NotFound, ForbiddenMove, HouseRule."""
    row = _locked(by, venue)
    _refuse_closed(row)
    name = rules.check_name(name)
    if row.doors.filter(name=name).exists():
        raise HouseRule(gettext("这个场所已有同名的门"))
    return _new_door(by=by, venue=row, name=name, kind=kind, at=at)


@transaction.atomic
def close_door(*, by: By, door: int, reason: str, at: datetime) -> Door:
    """Nobody can scan at it until it is opened. Raises: NotFound, HouseRule."""
    return _set_open(by=by, door=door, is_open=False, reason=reason, at=at)


@transaction.atomic
def open_door(*, by: By, door: int, reason: str, at: datetime) -> Door:
    """Raises: NotFound, HouseRule."""
    return _set_open(by=by, door=door, is_open=True, reason=reason, at=at)


def _set_open(*, by: By, door: int, is_open: bool, reason: str, at: datetime) -> Door:
    row = queries.door(by, door, roles=rules.MAY_MANAGE)
    venue = _locked(by, row.venue_id)
    _refuse_closed(venue)
    reason = rules.check_reason(reason)
    row.is_open = is_open
    row.save(update_fields=["is_open"])
    verb, detail = "places.open_door" if is_open else "places.close_door", {"door": row.pk, "name": row.name}
    audit.record(by=by, verb=verb, at=at, target=f"venue:{row.venue_id}", reason=reason, detail=detail)
    bump_snapshot(kind=Change.DOOR, key=str(row.pk), at=at)
    return row


def _locked(by: By, pk: int) -> Venue:
    """The venue, if `by` runs it, held until the end of the transaction."""
    Venue.objects.select_for_update().filter(pk=pk).first()
    return queries.venue(by, pk, roles=rules.MAY_MANAGE)


def _refuse_closed(venue: Venue) -> None:
    if venue.state == VenueState.CLOSED:
        raise rules.ForbiddenMove(gettext("已注销的场所不能再改"))


def _new_door(*, by: By, venue: Venue, name: str, kind: DoorKind, at: datetime) -> Door:
    scope = {"division": venue.division, "sector": venue.sector, "organisation": venue.organisation}
    door = Door(venue=venue, name=name, kind=kind, **scope)
    door.save()
    detail = {"door": door.pk, "name": name}
    audit.record(by=by, verb="places.add_door", at=at, target=f"venue:{venue.pk}", detail=detail)
    bump_snapshot(kind=Change.DOOR, key=str(door.pk), at=at)
    return door


def _bump_doors(venue: Venue, *, at: datetime) -> None:
    keys = [str(pk) for pk in venue.doors.order_by("pk").values_list("pk", flat=True)]
    bump_snapshot_many(kind=Change.DOOR, keys=keys, at=at)


def _checked(by: By, facts: VenueFacts) -> tuple[VenueFacts, VenueType]:
    """The facts in the shape they are stored, and the type. Raises: BadVenue."""
    facts = replace(
        facts,
        name=facts.name.strip(),
        address=facts.address.strip(),
        uscc=rules.clean_uscc(facts.uscc),
        no_uscc_reason=facts.no_uscc_reason.strip(),
    )
    rules.check_venue(facts)
    type_ = VenueType.objects.filter(code=facts.type).first()
    if type_ is None:
        raise BadVenue(Fault.TYPE)
    if not Division.objects.filter(code=facts.division).exists():
        raise BadVenue(Fault.DIVISION)
    if not rules.reaches(by, facts.division, type_.sector):
        raise BadVenue(Fault.NOT_YOURS)
    return facts, type_


def _columns(facts: VenueFacts, type_: VenueType) -> dict[str, Any]:
    """What the venue's row holds: the facts, and from the type whatever they leave open."""
    columns = {name: value for name, value in asdict(facts).items() if value is not None}
    columns |= {"opens_at": facts.opens_at, "closes_at": facts.closes_at, "lon": facts.lon, "lat": facts.lat}
    defaults = {"setting": type_.setting, "stay_minutes": type_.stay_minutes, "is_key": type_.is_key}
    return {**defaults, **columns, "type": type_, "sector": type_.sector}


def _own_organisation(facts: VenueFacts) -> Organisation:
    organisation = Organisation(name=facts.name, kind="VENUE", division=facts.division, uscc=facts.uscc)
    organisation.save()
    return organisation
