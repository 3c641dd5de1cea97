"""The invented county, built through the same actions that people use; only its crowd (residents.py) comes in bulk.

Deterministic: the same day and scale give the same county, but for keys and ids, which are random everywhere.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.management import call_command

from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.models import Account, Organisation
from zhuanban.base.accounts.rules import Grant, Role, system
from zhuanban.demo import residents, staff, words
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.people.models import Person
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import queries as places_queries
from zhuanban.registry.places.models import Division, Venue
from zhuanban.registry.places.rules import PostFacts, VenueFacts

VENUES, RESIDENTS = 400, 3000  # at scale 1
FIRST_VENUES = (
    "福来顺生活超市",
    "永兴大药房",
    "鲍店镇卫生院",
    "同昌农贸市场",
)  # with people of their own at the doors
BY = system("demo")


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, for the days that follow."""

    venues: Sequence[Venue]
    residents: Sequence[Person]
    homes: dict[str, list[int]]  # township prefix → positions in `venues`


def build(*, scale: int, at: datetime) -> Made:
    chance = random.Random(140428)
    call_command("load_divisions", verbosity=0)
    townships = [(place.code, place.display) for place in places_queries.townships()]
    villages = {code: list(places_queries.villages(code[:9])) for code, _name in townships}
    units = {unit.key: _unit(unit, at) for unit in staff.units(townships)}
    first = villages[townships[1][0]]
    for seat in staff.seats(townships, [(place.code, place.display) for place in first[:2]]):
        _seat(seat, units[seat.unit], at)
    codes.register_order(
        number="长疫指〔2026〕12号",
        title="关于在重点场所扫码登记的命令",
        issuer="长子县疫情防控指挥部",
        from_at=at - timedelta(days=30),
        until_at=at + timedelta(days=60),
        by=BY,
        at=at,
    )
    spots = [place for group in villages.values() for place in group]
    venues = list(_venues(chance, spots, first[0], VENUES * scale, at))
    people = residents.settle(chance, spots, RESIDENTS * scale, at)
    homes: dict[str, list[int]] = {}
    for number, venue in enumerate(venues):
        homes.setdefault(venue.division[:9], []).append(number)
    return Made(venues, people, homes)


def _unit(unit: staff.Unit, at: datetime) -> Organisation:
    told = {"name": unit.name, "kind": unit.kind, "division": unit.division, "phone": unit.phone}
    return accounts.add_organisation(by=BY, at=at, **told)


def _seat(seat: staff.Seat, unit: Organisation, at: datetime) -> Account:
    account = accounts.open_demo_account(
        username=seat.username, label=seat.label, identity=f"demo:{seat.username}", at=at
    )
    grant = Grant(seat.role, seat.division, seat.sectors)
    accounts.join(by=BY, account=account, organisation=unit, grant=grant, at=at)
    return account


def _venues(
    chance: random.Random, spots: Sequence[Division], first: Division, count: int, at: datetime
) -> "list[Venue]":
    types = {kind.name: kind for kind in places_queries.types()}
    kinds = [name for name in words.SHOPS if name in types]
    made: list[Venue] = []
    names: set[str] = set()
    known = dict(zip(FIRST_VENUES, ("商场超市", "药店", "医疗机构", "农集贸市场"), strict=True))
    while len(made) < count:
        place = chance.choice(spots)
        if len(made) < len(FIRST_VENUES):
            name, kind, place = FIRST_VENUES[len(made)], known[FIRST_VENUES[len(made)]], first
        else:
            kind = chance.choice(kinds)
            called = chance.choice(words.SHOPS[kind])
            name = called.format(w=chance.choice(words.WORDS), p=place.display.rstrip("村"))
        if name in names:
            name = f"{name}（{place.display}）"
        if name in names or kind not in types:
            continue
        names.add(name)
        made.append(_venue(chance, name, types[kind].code, place, at))
        if len(made) <= len(FIRST_VENUES):
            _people_of(made[-1], number=len(made), at=at)
    return made


def _venue(chance: random.Random, name: str, kind: str, place: Division, at: datetime) -> Venue:
    has_uscc = chance.random() < 0.8
    facts = VenueFacts(
        name=name,
        type=kind,
        division=place.code,
        address=f"{place.display}{chance.choice(words.SIDES)}{chance.randrange(1, 90)}号",
        uscc=words.credit_code(chance) if has_uscc else "",
        no_uscc_reason="" if has_uscc else "个体未办照",
        opens_at=time(chance.choice((6, 7, 8))),
        closes_at=time(chance.choice((18, 20, 21, 22))),
    )
    doors = ("正门", "后门") if name in FIRST_VENUES or chance.random() < 0.15 else ("正门",)
    venue = places.add_venue(by=BY, facts=facts, at=at, doors=doors)
    for door in venue.doors.order_by("pk"):
        codes.issue(door=door, by=BY, at=at)
    return venue


def _people_of(venue: Venue, *, number: int, at: datetime) -> None:
    """A manager and a checker at each of the first venues; the checker's PIN opens a door's device."""
    today = at.date()
    door = venue.doors.order_by("pk").first()
    for role, word in ((Role.VENUE_MANAGER, "管理人"), (Role.CHECKER, "门口值守")):
        username = f"{'manager' if role is Role.VENUE_MANAGER else 'guard'}{number}"
        seat = staff.Seat(username, f"{venue.name} {word}", "", role, venue.division)
        account = _seat(seat, venue.organisation, at)
        accounts.set_pin(by=BY, account=account, pin=staff.PIN, at=at)
        facts = PostFacts(account=account.pk, role=role, door=door.pk if door else None, shift="", from_day=today)
        places.assign(by=BY, venue=venue.pk, facts=facts, at=at)
