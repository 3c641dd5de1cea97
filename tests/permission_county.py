"""The county that the permission table is asked in, made through the packages' own actions.

鲍店镇 南街村 · 北街村, 石哲镇 西村: five venues, one for each place of the table. Each has a door, its code, a device,
a checker and their post, an arrival that was verified, one that was not, and a red person turned away: an alert.
Whoever asks is in permission_actors.
"""

import asyncio
import secrets
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from django.conf import LazySettings

from tests import permission_actors as actors
from tests.permission_actors import AHEAD, NORTH, PIN, SOUTH, WEST, County
from tests.permissions import MISSING, ORGANISATION, OWN, SECTOR, TOWNSHIP, VILLAGE
from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.models import Membership
from zhuanban.base.accounts.rules import Binding, Role
from zhuanban.base.accounts.tests.signing import BOSS, by_of, member, now
from zhuanban.base.spans import day_of
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.codes.models import ScanOrder
from zhuanban.registry.codes.rules import display_short
from zhuanban.registry.people import actions as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.tests.conftest import document
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
FEED = "长治市平台"
DAY = timedelta(days=1)
NO_KEY = 9_999_999


@contextmanager
def standing(settings: LazySettings, folder: Path) -> Iterator[County]:
    """The county, and its gate behind a real socket for as long as it stands."""
    settings.VISITS, settings.GATE_URL = folder / "visits", f"unix:{folder / 'gate.sock'}"
    settings.CODE_SENDER = f"{__name__}.{keep_code.__name__}"
    at, county = now(), County()
    doors = _doors(county, at)
    actors.add_staff(county, doors[OWN].organisation)
    with a_gate(folder / "gate.sock") as opened:
        _happenings(county, doors, opened, at)
        for place, door in doors.items():
            _people_of(county, place, door, at)
        actors.add_residents(county, at)
        actors.add_newcomer(county, at)
        _unplaced(county, at)
        yield county


def keep_code(phone: str, code: str) -> None:
    """Where one-time codes go here: nowhere."""


@contextmanager
def a_gate(path: Path) -> Iterator[Gate]:
    """The gate as the desk's process reaches it: its own application behind a unix socket."""
    opened = Gate()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = asyncio.run(Phone(opened).asked("POST", self.path, body, headers=headers))
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    opened.open()
    with socketserver.ThreadingUnixStreamServer(str(path), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield opened
        server.shutdown()
    opened.close()


# --- venues, and what happens at them -------------------------------------------------------------------------------


def _doors(county: County, at: datetime) -> dict[str, Door]:
    places.load_divisions(by=BOSS, rows=DIVISIONS, at=at)
    places.seed_types(rows=sheets.venue_types())
    return {place: _door(county, place, at) for place in VENUES}


def _door(county: County, place: str, at: datetime) -> Door:
    name, kind, village = VENUES[place]
    facts = VenueFacts(name, kind, village, f"{name}门前 1 号", no_uscc_reason="个体未办照")
    venue = places.add_venue(by=BOSS, facts=facts, at=at, doors=("正门",))
    door: Door = venue.doors.select_related("venue__type", "organisation").get()
    code = codes.issue(door=door, by=BOSS, at=at)
    county.put(place, venue=venue.pk, door=door.pk, code=code.pk, organisation=venue.organisation_id)
    county.marks[place] = (name, code.short, display_short(code.short))
    return door


def _happenings(county: County, doors: dict[str, Door], opened: Gate, at: datetime) -> None:
    """At each door two greens, of whom one is verified, and a red."""
    order = {"number": "长防指〔2026〕12 号", "title": "关于启用场所码的通告", "issuer": "长子县疫情防控指挥部"}
    codes.register_order(**order, from_at=at - DAY, until_at=at + 30 * DAY, by=BOSS, at=at)
    status.open_feed(by=BOSS, issuer=FEED, at=at)
    green, red = _person("绿叶", 7, Colour.GREEN, at), _person("红梅", 8, Colour.RED, at)
    assert opened.watch is not None and opened.watch.look()
    for place, door in doors.items():
        verified, waiting, _refused = _enter(door, green), _enter(door, green), _enter(door, red)
        seen = checks.Seen(verified, 0, Colour.GREEN)
        checks.verify(by=BOSS, door=door, seen=seen, outcome=Outcome.ADMIT, at=at)
        county.put(place, arrival=waiting)
    alerts.relay(at=now())
    for place, door in doors.items():
        alert = Alert.objects.get(door=door)
        county.put(place, alert=alert.pk)
        county.marks[place] += (alert.number,)


def _person(name: str, nth: int, colour: Colour, at: datetime) -> Person:
    """Somebody of whom the city's platform says a colour."""
    made = people.register_manual(by=BOSS, name=name, document=document(nth=nth), at=at)
    said = {"reason": "核酸检测", "issuer": FEED, "evidence": f"消息 {nth}"}
    status.receive_fact(by=BOSS, person=made.pk, colour=colour, **said, from_at=at - DAY, until_at=at + 3 * DAY, at=at)
    return made


def _enter(door: Door, who: Person) -> str:
    visit = write_id(VisitId(day_of(now()), secrets.token_bytes(12)))
    return gate.enter(door=door.pk, people=[who.pk.bytes], via=Via.DOOR, visit=visit).visit


def _people_of(county: County, place: str, door: Door, at: datetime) -> None:
    """Who stands at a door, their post, and a device."""
    label = f"{door.venue.name}值守"
    checker = accounts.add_checker(by=BOSS, organisation=door.organisation, label=label, pin=PIN, at=at)
    facts = PostFacts(account=checker.pk, role=Role.CHECKER, from_day=day_of(at))
    post = places.assign(by=BOSS, venue=door.venue_id, facts=facts, at=at)
    device = actors.add_device(county, door, at).device
    county.put(place, device=device.pk, checker=checker.pk, post=post.pk)
    if place == OWN:
        actors.add_guard(county, door, checker, at)


# --- what lies nowhere, and what does not exist ---------------------------------------------------------------------


def _unplaced(county: County, at: datetime) -> None:
    somebody = member(Role.VILLAGE, division=WEST, username="somebody")
    newcomer = accounts.open_account(by=BOSS, username="newcomer", label="新来的", identity="newcomer", at=at)
    office = by_of(county.accounts[Role.COUNTY_OFFICE.value])
    officer = member(Role.HEALTH_OFFICER, username="other-officer")
    proposal = status.propose(
        by=by_of(officer),
        name="周红",
        document=document(nth=9),
        colour=Colour.YELLOW,
        reason="与病例同乘班车",
        issuer="长子县卫健局",
        evidence="流调〔2026〕7 号",
        until_at=at + DAY,
        at=at,
    )
    invited = accounts.invite_device(by=office, binding=Binding("网格手机", SOUTH), at=at + AHEAD)
    county.put(
        OWN,
        account=somebody.pk,
        grant=Membership.objects.get(account=somebody).pk,
        order=ScanOrder.objects.get().pk,
        type="supermarket",
        welcome=newcomer.secret,
        invitation=invited.secret,
        proposal=proposal.pk,
    )
    for place, code in ((OWN, SOUTH), (VILLAGE, NORTH), (TOWNSHIP, WEST)):
        county.put(place, village=code)
    for kind in ("venue", "door", "code", "alert", "device", "checker", "post", "organisation"):
        county.put(MISSING, **{kind: NO_KEY})
    county.put(MISSING, account=NO_KEY, grant=NO_KEY, order=NO_KEY, proposal=NO_KEY, correction=NO_KEY)
    county.put(MISSING, type="no-such-type", village="110101001001")
    county.put(MISSING, welcome="no-such-secret", invitation="no-such-secret")
    county.put(MISSING, arrival=write_id(VisitId(day_of(at), b"\0" * 12)))
