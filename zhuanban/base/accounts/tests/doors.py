"""Doors of the tests: the base knows no places, so these stand where settings.DOOR_OF points."""

from dataclasses import dataclass

from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.errors import NotFound


@dataclass(frozen=True)
class Venue:
    name: str


@dataclass(frozen=True)
class Door:
    pk: int
    name: str
    venue: Venue
    division: str
    organisation_id: int


DOORS: dict[int, Door] = {}


def door(by: By, pk: int) -> Door:
    """As places.queries.door: a foreign door is not found."""
    found = DOORS.get(pk)
    own = {scope.organisation for scope in by.scopes_of(Role.VENUE_MANAGER)}
    areas = tuple(scope.division for scope in by.scopes_of(Role.TOWNSHIP_OFFICE, Role.COUNTY_OFFICE))
    if found is None or not (found.organisation_id in own or found.division.startswith(areas)):
        raise NotFound("没有这个门")
    return found
