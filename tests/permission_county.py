"""The county that the permission table is asked in, made through the packages' own actions.

鲍店镇 南街村 · 北街村          石哲镇 西村
    五个场所, one for each place of the table, each with a door, its code, a device, a checker and their post,
    one arrival verified, one not, and a red person turned away: an alert
    an account of each role, in the scope of 鲍店镇 南街村, commerce, organisation 1, as far as the role has one
    王小花, a resident, with a mother, two requests and strangers who have the same
"""

import asyncio
import secrets
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from tests.permissions import ORGANISATION, OWN, SECTOR, TOWNSHIP, VILLAGE
from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.models import Account, Membership
from zhuanban.base.accounts.queries import cookie_name
from zhuanban.base.accounts.rules import Binding, By, Role
from zhuanban.base.accounts.tests.signing import BOSS, by_of, member, now, organisation, sign_in
from zhuanban.base.spans import day_of
from zhuanban.portal import http as portal
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.codes.rules import display_short
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules as people_rules
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.tests.conftest import document, id_number
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import sheets
from zhuanban.registry.places.models import Door
from zhuanban.registry.places.rules import DivisionRow, PostFacts, VenueFacts
from zhuanban.trail.alerts import actions as alerts
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.checks import actions as checks
from zhuanban.trail.checks.rules import Outcome
from zhuanban.trail.gate import queries as gate
from zhuanban.trail.gate.asgi import Gate
from zhuanban.trail.gate.tests.phone import Phone
from zhuanban.trail.status import actions as status
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.rules import Via, VisitId, write_id

SOUTH, NORTH, WEST = "140428101201", "140428101202", "140428102201"
DIVISIONS = [
    DivisionRow(2, "140000000000", "山西省", "province", ""),
    DivisionRow(3, "140400000000", "长治市", "city", "140000000000"),
    DivisionRow(4, "140428000000", "长子县", "county", "140400000000"),
    DivisionRow(5, "140428101000", "鲍店镇", "township", "140428000000"),
    DivisionRow(6, SOUTH, "鲍店南街村村委会", "village", "140428101000"),
    DivisionRow(7, NORTH, "鲍店北街村村委会", "village", "140428101000"),
    DivisionRow(8, "140428102000", "石哲镇", "township", "140428000000"),
    DivisionRow(9, WEST, "石哲西村村委会", "village", "140428102000"),
]
VENUES = {  # place → name, type, village
    OWN: ("福来顺超市", "supermarket", SOUTH),
    VILLAGE: ("北街商店", "supermarket", NORTH),
    TOWNSHIP: ("西村商店", "supermarket", WEST),
    SECTOR: ("南街卫生所", "medical", SOUTH),
    ORGANISATION: ("邻家百货", "supermarket", SOUTH),
}
SCOPES = {  # role → division prefix, sectors; the others look after the county
    Role.TOWNSHIP_OFFICE: ("140428101", ()),
    Role.TOWNSHIP_DUTY: ("140428101", ()),
    Role.VILLAGE: (SOUTH, ()),
    Role.GRID_WORKER: (SOUTH, ()),
    Role.INDUSTRY: ("140428", ("commerce",)),
    Role.VENUE_MANAGER: (SOUTH, ()),
    Role.CHECKER: (SOUTH, ()),
}
PIN, FEED = "4826", "长治市平台"
WANG, LI = "13800000001", "13800000002"


def keep_code(phone: str, code: str) -> None:
    """Where one-time codes go in these tests: nowhere."""


@dataclass(slots=True)
class County:
    """`things[kind][place]` is a key; `marks[place]` are the names by which a page would show what lies there."""

    browsers: dict[str, Client] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def put(self, place: str, **keys: object) -> None:
        for kind, key in keys.items():
            self.things.setdefault(kind, {})[place] = key


def build(folder: Path) -> County:
    """The whole county. `settings` already name a visit store of its own, and a sender of codes."""
    county, at = County(), now()
    places.load_divisions(by=BOSS, rows=DIVISIONS, at=at)
    places.seed_types(rows=sheets.venue_types())
    doors = {place: _venue(county, place, at) for place in VENUES}
    _accounts(county, doors[OWN].organisation_id)
    with a_gate(folder) as gate_:
        _happenings(county, doors, gate_, at)
    for place, door in doors.items():
        _door_people(county, place, door, at)
    _residents(county, at)
    _unplaced(county, at)
    return county


# --- venues ---------------------------------------------------------------------------------------------------------


def _venue(county: County, place: str, at: datetime) -> Door:
    name, kind, village = VENUES[place]
    facts = VenueFacts(name, kind, village, f"{name}门前 1 号", no_uscc_reason="个体未办照")
    venue = places.add_venue(by=BOSS, facts=facts, at=at, doors=("正门",))
    door = venue.doors.select_related("venue__type", "organisation").get()
    code = codes.issue(door=door, by=BOSS, at=at)
    county.put(place, venue=venue.pk, door=door.pk, code=code.pk, organisation=venue.organisation_id)
    county.marks[place] = (name, code.short, display_short(code.short))
    return door


def _happenings(county: County, doors: dict[str, Door], gate_: Gate, at: datetime) -> None:
    """At each door two greens, of whom one is verified, and a red."""
    codes.register_order(
        number="长防指〔2026〕12 号",
        title="关于启用场所码的通告",
        issuer="长子县疫情防控指挥部",
        from_at=at - timedelta(days=1),
        until_at=at + timedelta(days=30),
        by=BOSS,
        at=at,
    )
    green, red = _person("绿叶", 7, Colour.GREEN, at), _person("红梅", 8, Colour.RED, at)
    assert gate_.watch is not None and gate_.watch.look()
    for place, door in doors.items():
        verified, waiting = _enter(door, green), _enter(door, green)
        seen = checks.Seen(verified, 0, Colour.GREEN)
        checks.verify(by=BOSS, door=door, seen=seen, outcome=Outcome.ADMIT, at=at)
        county.put(place, arrival=waiting)
        _enter(door, red)
    alerts.relay(at=at)
    for place, door in doors.items():
        alert = Alert.objects.get(door=door)
        county.put(place, alert=alert.pk)
        county.marks[place] += (alert.number,)


def _enter(door: Door, who: Person) -> str:
    visit = write_id(VisitId(day_of(now()), secrets.token_bytes(12)))
    return gate.enter(door=door.pk, people=[who.pk.bytes], via=Via.DOOR, visit=visit).visit


def _door_people(county: County, place: str, door: Door, at: datetime) -> None:
    """A device with an open shift, who stands at it, and their post."""
    label = f"{door.venue.name}值守"
    checker = accounts.add_checker(by=BOSS, organisation=door.organisation, label=label, pin=PIN, at=at)
    facts = PostFacts(account=checker.pk, role=Role.CHECKER, from_day=day_of(at))
    post = places.assign(by=BOSS, venue=door.venue_id, facts=facts, at=at)
    device, secret = _device(county, door, at)
    county.put(place, device=device, checker=checker.pk, post=post.pk)
    if place == OWN:
        accounts.set_pin(by=BOSS, account=checker, pin=PIN, at=at)
        county.browsers["DEVICE"] = _browser(cookie_name(), secret)
        county.browsers["IDLE_DEVICE"] = _browser(cookie_name(), _device(county, door, at)[1])
        enrolled = accounts.queries.device_in(_asking(county.browsers["DEVICE"]), at)
        accounts.open_shift(device=enrolled, account=checker.pk, pin=PIN, at=at)


def _device(county: County, door: Door, at: datetime) -> tuple[int, str]:
    office = by_of(county.accounts[Role.COUNTY_OFFICE.value])
    binding = Binding(f"{door.venue.name} {door.name}", door.division, door.pk, door.organisation_id)
    made = accounts.invite_device(by=office, binding=binding, at=at)
    return made.device.pk, accounts.enrol_device(secret=made.secret, at=at).secret


# --- who asks -------------------------------------------------------------------------------------------------------


def _accounts(county: County, shop: int) -> None:
    for role in Role:
        division, sectors = SCOPES.get(role, ("140428", ()))
        unit = (
            accounts.queries.organisation(BOSS, shop) if role in {Role.VENUE_MANAGER, Role.CHECKER} else organisation()
        )
        account = member(role, division=division, sectors=sectors, at_organisation=unit, username=role.value.lower())
        county.accounts[role.value] = account
        county.browsers[role.value] = signed_in(account)
    county.browsers["NOBODY"] = _browser()


def signed_in(account: Account) -> Client:
    browser = _browser()
    sign_in(browser, account)
    return browser


def _browser(name: str = "", value: str = "") -> Client:
    browser = Client(raise_request_exception=False)
    if name:
        browser.cookies[name] = value
    return browser
