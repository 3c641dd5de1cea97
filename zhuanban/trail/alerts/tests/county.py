"""A shop in 鲍店, people with colours, a journal as the gate writes it, and the offices that answer."""

import json
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By, Kind, Role, Scope, system
from zhuanban.base.spans import day_of
from zhuanban.registry.people import actions as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import sheets
from zhuanban.registry.places.models import Door, Venue
from zhuanban.registry.places.rules import DivisionRow, VenueFacts
from zhuanban.trail.alerts import actions
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Row, Via, VisitId, write_id

# The triggers ask the database's clock whether an alert's day has come, so the tests live in the present.
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BAODIAN, SHIZHE, BEIJING = "140428101201", "140428102201", "110101001001"


def staff(key: str, role: Role, division: str = "140428", *, identity: str = "", **more: Any) -> By:
    return By(Kind.STAFF, key, f"{role.label} {key}", identity or f"identity:{key}", (Scope(role, division, **more),))


TOWN = staff("1", Role.TOWNSHIP_DUTY, "140428101")
TOWN_SECOND = staff("2", Role.TOWNSHIP_OFFICE, "140428101")
SAME_HUMAN = staff("3", Role.TOWNSHIP_OFFICE, "140428101", identity="identity:1")
OTHER_TOWN = staff("4", Role.TOWNSHIP_OFFICE, "140428102")
VILLAGE = staff("5", Role.VILLAGE, BAODIAN)
HOME_VILLAGE = staff("6", Role.VILLAGE, SHIZHE)
DUTY = staff("7", Role.COUNTY_DUTY)
OFFICE = staff("8", Role.COUNTY_OFFICE)
HEALTH = staff("9", Role.INDUSTRY, sectors=frozenset({"commerce"}))
OTHER_SECTOR = staff("10", Role.INDUSTRY, sectors=frozenset({"transport"}))
ADMIN = staff("11", Role.SYSTEM_ADMIN)


def build() -> Door:
    """The divisions, and 福来顺生活超市 with its door."""
    rows = [
        DivisionRow(2, "140000000000", "山西省", "province", ""),
        DivisionRow(3, "140400000000", "长治市", "city", "140000000000"),
        DivisionRow(4, "140428000000", "长子县", "county", "140400000000"),
        DivisionRow(5, "140428101000", "鲍店镇", "township", "140428000000"),
        DivisionRow(6, BAODIAN, "鲍店南街村村委会", "village", "140428101000"),
        DivisionRow(7, "140428102000", "石哲镇", "township", "140428000000"),
        DivisionRow(8, SHIZHE, "石哲西村村委会", "village", "140428102000"),
    ]
    places.load_divisions(by=system("test"), rows=rows, at=NOW)
    places.seed_types(rows=sheets.venue_types())
    return shop().doors.get()


def shop(name: str = "福来顺生活超市", division: str = BAODIAN) -> Venue:
    facts = VenueFacts(name, "supermarket", division, "鲍店南街 18 号", no_uscc_reason="个体摊点")
    return places.add_venue(by=system("test"), facts=facts, at=NOW, doors=("正门",))


def person(n: int = 1, *, home: str = "", unit: int | None = None) -> Person:
    row = people.adopt_stranger(person=n.to_bytes(16), name="张小强", phone="16400000001", notice=1, at=NOW)
    Person.objects.filter(pk=row.pk).update(home_division=home, unit=unit)
    return row


# --- as the gate does it --------------------------------------------------------------------------------------------


@contextmanager
def journal(folder: Path) -> Iterator[Journal]:
    opened = Journal(folder)
    try:
        yield opened
    finally:
        opened.close()


def alert_blob(visit: VisitId, person: bytes, door: int, colour: Colour = Colour.RED, *, nth: int = 0) -> bytes:
    said = {"kind": "refused", "visit": write_id(visit), "nth": nth, "person": person.hex(), "door": door}
    return seal("A", "shared/alerts.pub", said | {"colour": colour.value, "at": NOW.isoformat()})


def stranger_blob(person: bytes, name: str = "赵大山") -> bytes:
    said = {"kind": "stranger", "person": person.hex(), "name": name, "phone": "16400000009", "notice": 1}
    return seal("S", "shared/strangers.pub", said | {"at": NOW.isoformat()})


def seal(kind: str, public: str, said: object) -> bytes:
    return kind.encode() + ciphers.box(json.dumps(said).encode(), to_public=ciphers.key(public))


def commit(folder: Path, *outbox: bytes, visit: VisitId | None = None) -> None:
    """One entry with what the gate puts beside it."""
    row = Row(secrets.token_bytes(16), None, Via.SELF, Colour.RED, admitted=False)
    entry = Entry(visit or new_visit(), NOW, 1, (row,), outbox=outbox)
    with journal(folder) as opened:
        opened.append(entry)


def new_visit() -> VisitId:
    return VisitId(day_of(NOW), secrets.token_bytes(12))


def refuse(
    folder: Path, door: Door, who: Person | None = None, colour: Colour = Colour.RED, *, times: int = 1
) -> list[Alert]:
    """Somebody is refused at a door, and the worker has seen it."""
    known = set(Alert.objects.values_list("pk", flat=True))
    who = who or person()
    for _ in range(times):
        visit = new_visit()
        commit(folder, alert_blob(visit, who.pk.bytes, door.pk, colour), visit=visit)
    actions.relay(at=NOW)
    return list(Alert.objects.exclude(pk__in=known).order_by("pk"))


def of(alert: Alert) -> uuid.UUID:
    """Whom an alert is about."""
    assert alert.person_id is not None
    return alert.person_id


def nobody() -> uuid.UUID:
    return uuid.UUID(int=99)
