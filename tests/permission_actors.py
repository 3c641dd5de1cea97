"""Whoever asks: a browser for each actor of the permission table, signed in the way it is in life."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.permissions import MISSING, OWN
from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts import queries as accounts_queries
from zhuanban.base.accounts.http.sessions import PROVED
from zhuanban.base.accounts.models import Account, Organisation
from zhuanban.base.accounts.rules import Binding, Role
from zhuanban.base.accounts.tests.signing import by_of, member, now, organisation, sign_in
from zhuanban.portal import http as portal
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules as people_rules
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.tests.conftest import document, id_number
from zhuanban.registry.places.models import Door
from zhuanban.trail.status import actions as status

SOUTH, NORTH, WEST = "140428101201", "140428101202", "140428102201"  # 鲍店镇 南街村, 北街村; 石哲镇 西村
FOREIGN = "foreign"  # what hangs on another resident
SCOPES: Mapping[Role, tuple[str, tuple[str, ...]]] = {  # role → division prefix, sectors; the others: the county
    Role.TOWNSHIP_OFFICE: ("140428101", ()),
    Role.TOWNSHIP_DUTY: ("140428101", ()),
    Role.VILLAGE: (SOUTH, ()),
    Role.GRID_WORKER: (SOUTH, ()),
    Role.INDUSTRY: ("140428", ("commerce",)),
    Role.VENUE_MANAGER: (SOUTH, ()),
    Role.CHECKER: (SOUTH, ()),
}
AT_A_SHOP = {Role.VENUE_MANAGER, Role.CHECKER}
PIN = "4826"
AHEAD = timedelta(hours=2)  # what stands for minutes only stands longer: a slow machine must sign nobody out
WANG, LI, ZHAO, NEW = (f"1380000000{n}" for n in range(1, 5))


@dataclass(slots=True)
class County:
    """`things[kind][place]` is a key; `marks[place]` are the names by which a page would show what lies there."""

    browsers: dict[str, Client] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def put(self, place: str, **keys: object) -> None:
        for kind, key in keys.items():
            self.things.setdefault(kind.replace("_", " "), {})[place] = key


# --- staff ----------------------------------------------------------------------------------------------------------


def add_staff(county: County, shop: Organisation) -> None:
    """An account of each role: at the shop, else at the township's office."""
    for role in Role:
        division, sectors = SCOPES.get(role, ("140428", ()))
        unit = shop if role in AT_A_SHOP else organisation()
        account = member(role, division=division, sectors=sectors, at_organisation=unit, username=role.value.lower())
        county.accounts[role.value] = account
        county.browsers[role.value] = signed_in(account)
    county.browsers["NOBODY"] = browser()


def signed_in(account: Account, *, proved_at: datetime | None = None) -> Client:
    """A browser in which the account has signed in; `proved_at` is when password and code were last given."""
    made = browser()
    sign_in(made, account, now() + AHEAD)
    if proved_at is not None:
        session = made.session
        session[PROVED] = proved_at.isoformat()
        session.save()
    return made


def browser(**cookies: str) -> Client:
    """A browser that shows a crash as a page."""
    made = Client(raise_request_exception=False)
    for name, value in cookies.items():
        made.cookies[name] = value
    return made


# --- devices --------------------------------------------------------------------------------------------------------


def add_device(county: County, door: Door, at: datetime) -> accounts.Enrolment:
    """Invited by the county's office, and enrolled."""
    office = by_of(county.accounts[Role.COUNTY_OFFICE.value])
    binding = Binding(f"{door.venue.name} {door.name}", door.division, door.pk, door.organisation_id)
    invitation = accounts.invite_device(by=office, binding=binding, at=at)
    return accounts.enrol_device(secret=invitation.secret, at=at)


def add_guard(county: County, door: Door, checker: Account, at: datetime) -> None:
    """Two phones at a door, on one of which the checker has begun a shift."""
    working, idle = add_device(county, door, at), add_device(county, door, at)
    accounts.open_shift(device=working.device, account=checker.pk, pin=PIN, at=at)
    name = accounts_queries.cookie_name()
    county.browsers["DEVICE"] = browser(**{name: working.secret})
    county.browsers["IDLE_DEVICE"] = browser(**{name: idle.secret})


# --- residents ------------------------------------------------------------------------------------------------------


def add_residents(county: County, at: datetime) -> None:
    """王小花 with a companion, asked by 李秀英, asking her too; 李秀英 with a companion, asked by 赵大山."""
    wang, li, zhao = _resident("王小花", WANG, 1, at), _resident("李秀英", LI, 2, at), _resident("赵大山", ZHAO, 3, at)
    token = persons.session_token(wang, at)
    county.browsers["RESIDENT"] = browser(**{people_rules.cookie_name(settings.HTTPS): token})
    bonds = [_companion(of, at) for of in (wang, li)]
    asked = [_ask(who, whom, at) for who, whom in ((li, WANG), (zhao, LI), (wang, LI))]
    disputed = status.ask_correction(by=persons.resident(li), text="我的码不对，昨天才做的核酸", at=at)
    county.put(OWN, correction=disputed.pk)
    county.put(OWN, bond=bonds[0].pk, kin=bonds[0].member_id.hex, request_to_me=asked[0], request_of_mine=asked[2])
    county.put(FOREIGN, bond=bonds[1].pk, kin=li.pk.hex, request_to_me=asked[1], request_of_mine=asked[1])
    county.put(MISSING, bond=9_999_999, kin="f" * 32, request_to_me=9_999_999, request_of_mine=9_999_999)


def _resident(name: str, phone: str, nth: int, at: datetime) -> Person:
    return people.register(
        phone=phone,
        name=name,
        document=document(nth=nth),
        home=people.Home(SOUTH),
        unit=None,
        notice=people_rules.NOTICE_VERSION,
        at=at,
    )


def _companion(person: Person, at: datetime) -> Any:
    relation, by = people_rules.Relation.PARENT, persons.resident(person)
    return people.add_companion(by=by, name="老人家", relation=relation, document=None, is_guardian=False, at=at)


def _ask(person: Person, phone: str, at: datetime) -> int:
    relation, by = people_rules.Relation.OTHER, persons.resident(person)
    return people.ask_bond(by=by, phone=phone, relation=relation, at=at).pk


def add_newcomer(county: County, at: datetime) -> None:
    """Somebody who has proved a phone and told all but the unit."""
    told = {"phone": NEW, "next": "/my/", "is_proved": True, "notice": people_rules.NOTICE_VERSION}
    told |= {"name": "孙新来", "kind": people_rules.DocumentKind.ID.value, "number": id_number(nth=4)}
    told |= {"division": SOUTH, "words": ""}
    response = HttpResponse()
    portal.keep_draft(response, told, at + AHEAD)
    county.browsers["NEWCOMER"] = browser(**{name: one.value for name, one in response.cookies.items()})
