"""Doors and phones of the tests: the base knows no places, so these stand where settings.DOOR_OF points."""

import re
from dataclasses import dataclass
from typing import cast

from django.test import Client

from zhuanban.base.accounts.http import Request
from zhuanban.base.accounts.models import Device
from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.errors import NotFound

LIST, PIN = "/desk/sign/devices", "/desk/sign/pin"
VILLAGE = "140428101001"


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


def link_on(desk: Client, door: int = 7) -> str:
    """The path behind the QR that the manager's screen shows."""
    page = desk.post("/desk/sign/devices/new", {"door": door}, follow=True).content.decode()
    found = re.search(r"/desk/sign/device/[\w-]+", page)
    assert found and "data:image/svg+xml" in page
    return found[0]


def enrolled(desk: Client) -> Client:
    """A phone at the door."""
    phone = Client()
    phone.post(link_on(desk))
    return phone


def only_device() -> Device:
    return Device.objects.get(enrolled_at__isnull=False)


def change(**fields: object) -> None:
    Device.objects.update(**fields)


def by_at(phone: Client) -> By | None:
    """Who the phone is, as every page's middleware finds out."""
    return cast(Request, phone.get(PIN).wsgi_request).by
