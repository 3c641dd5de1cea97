"""A small county with a real journal, real rows and a gate that has loaded them.

福来顺生活超市 正门 (LOOK) ─ 王小花 green, mother 李秀英 green, child 王小乐 unknown
人民医院 东门 (medical)      张三 red, 周红 yellow, 赵六 green of a feed that fell silent
敬老院 南门 (HOLD)           孙七 green, run out
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import system
from zhuanban.base.spans import day_of
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.codes.models import DoorCode
from zhuanban.registry.codes.rules import write_door
from zhuanban.registry.codes.tests import BAODIAN, COUNTY_OFFICE, add_door, add_office
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules as people_rules
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.tests.conftest import document
from zhuanban.trail.gate.asgi import Gate
from zhuanban.trail.gate.http.gatehouse import Gatehouse
from zhuanban.trail.gate.tests.phone import Phone
from zhuanban.trail.status import actions as status
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import queries as visits
from zhuanban.trail.visits.rules import Visit

# The database's own triggers ask what time it is, so the tests live in the present.
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CITY, SILENT = "长治市平台", "外省平台"
FEED = system("feed")
SESSION, FAMILY = "__Host-zb", "__Host-zbf"  # the cookies under HTTPS


@dataclass(slots=True)
class Clock:
    """The server's clock, which a test may move."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(slots=True)
class County:
    gate: Gate
    clock: Clock
    codes: dict[str, DoorCode]
    people: dict[str, Person]
    folder: Path

    @property
    def house(self) -> Gatehouse:
        assert self.gate.house is not None
        return self.gate.house

    def path(self, venue: str = "福来顺生活超市") -> str:
        return f"/s/{write_door(self.codes[venue].pk, key=ciphers.key('shared/codes'))}"

    def phone(self, name: str = "", *, notice: int = people_rules.NOTICE_VERSION) -> Phone:
        """Somebody's browser, signed in on the portal; without a name nobody's."""
        if not name:
            return Phone(self.gate)
        row, key = self.people[name], ciphers.key("shared/session")
        session = people_rules.write_session(
            row.pk.bytes, issued_at=NOW - HOUR, level=people_rules.Level.ACCOUNT, notice=notice, key=key
        )
        return Phone(self.gate, {SESSION: session, FAMILY: persons.family_token(row, NOW)})

    def stored(self) -> list[Visit]:
        """Everything in the journal of the clock's day, in the order in which it was committed."""
        with visits.read(self.folder, day_of(self.clock.at)) as store:
            doors = {visit_door: store.at_door(visit_door, limit=10_000) for visit_door in store.count_by_door()}
        return sorted((visit for rows in doors.values() for visit in rows), key=lambda visit: (visit.at, visit.nth))

    def outbox(self) -> list[bytes]:
        with visits.read(self.folder, day_of(self.clock.at)) as store:
            return [blob for _, blob in store.outbox()]

    def refresh(self) -> None:
        """What the snapshot's thread does every 250 ms."""
        assert self.gate.watch is not None and self.gate.watch.look()


@pytest.fixture
def county(db: None, settings: LazySettings, tmp_path: Path) -> Iterator[County]:
    shutil.copytree(settings.KEYS, tmp_path / "keys")
    settings.KEYS, settings.VISITS = tmp_path / "keys", tmp_path / "visits"
    clock = Clock(NOW)
    gate = Gate(clock)
    gate.open()
    made = County(gate, clock, _codes(), _people(), settings.VISITS)
    _order()
    made.refresh()
    yield made
    gate.close()


def _order() -> None:
    codes.register_order(
        number="长防指〔2026〕12 号",
        title="关于启用场所码的通告",
        issuer="长子县疫情防控指挥部",
        from_at=NOW - DAY,
        until_at=NOW + 30 * DAY,
        by=COUNTY_OFFICE,
        at=NOW - DAY,
    )


def _codes() -> dict[str, DoorCode]:
    add_office(f"{BAODIAN}000", "鲍店镇值班室", "0355-000-1234")
    venues = {
        "福来顺生活超市": ("supermarket", "正门"),
        "人民医院": ("medical", "东门"),
        "敬老院": ("welfare", "南门"),
    }
    return {
        name: codes.issue(door=add_door(venue=name, kind=kind, name=door), by=COUNTY_OFFICE, at=NOW - DAY)
        for name, (kind, door) in venues.items()
    }


def _people() -> dict[str, Person]:
    names = ("王小花", "张三", "周红", "赵六", "孙七")
    found = {name: _resident(name, nth) for nth, name in enumerate(names, start=1)}
    wang = persons.resident(found["王小花"])
    for name, relation, birth, nth in (("李秀英", "PARENT", "19500307", 8), ("王小乐", "CHILD", "20180601", 9)):
        bond = people.add_companion(
            by=wang,
            name=name,
            relation=people_rules.Relation(relation),
            document=document(birth, nth),
            is_guardian=True,
            at=NOW - DAY,
        )
        found[name] = bond.member
    for issuer in (CITY, SILENT):
        status.open_feed(by=FEED, issuer=issuer, at=NOW - HOUR)
    say(found["王小花"], Colour.GREEN)
    say(found["李秀英"], Colour.GREEN)
    say(found["张三"], Colour.RED, reason="11 月 19 日与病例同乘班车")
    say(found["周红"], Colour.YELLOW, reason="核酸检测超过 3 天未做")
    say(found["赵六"], Colour.GREEN, issuer=SILENT, at=NOW - HOUR)
    say(found["孙七"], Colour.GREEN, until_at=NOW + HOUR)
    status.hear(issuer=CITY, at=NOW)
    return found


def _resident(name: str, nth: int) -> Person:
    return people.register(
        phone=f"1380000000{nth}",
        name=name,
        document=document(nth=nth),
        home=people.Home(f"{BAODIAN}201"),
        unit=None,
        notice=people_rules.NOTICE_VERSION,
        at=NOW - DAY,
    )


def say(person: Person, colour: Colour, **changes: Any) -> None:
    """The city's platform says something of a person."""
    said: dict[str, Any] = {"reason": "核酸检测阴性", "issuer": CITY, "evidence": f"消息 {person.pk.hex[:6]} {colour}"}
    said |= {"from_at": NOW - HOUR, "until_at": NOW + 3 * DAY, "at": NOW}
    status.receive_fact(by=FEED, person=person.pk, colour=colour, **said | changes)
