"""Who and what the tests of colours need: two officers, a resident, a feed, and a row that would be right."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Field

from zhuanban.base.accounts.rules import By, Kind, Role, Scope, system
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules as people_rules
from zhuanban.registry.people.models import Person
from zhuanban.trail.status import actions
from zhuanban.trail.status.models import Fact, Proposal
from zhuanban.trail.status.rules import Colour, Source

# The triggers ask the database's clock whether a fact has run out, so the tests live in the present.
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CITY, COUNTY = "长治市平台", "长子县卫健局"
FEED = system("feed")


def staff(key: str, role: Role, *, identity: str = "", division: str = "140428") -> By:
    return By(Kind.STAFF, key, role.label, identity or f"identity:{key}", (Scope(role, division),))


OFFICER = staff("1", Role.HEALTH_OFFICER)
SECOND = staff("2", Role.HEALTH_OFFICER)
DUTY = staff("3", Role.COUNTY_DUTY)
SAME_HUMAN = staff("4", Role.HEALTH_OFFICER, identity=OFFICER.identity)
DOCUMENT = people_rules.Document(people_rules.DocumentKind.PASSPORT, "E12345678")


def person(n: int = 1) -> Person:
    return people.adopt_stranger(person=n.to_bytes(16), name="王小花", phone="16400000001", notice=1, at=NOW)


def resident(row: Person) -> By:
    return persons.resident(row)


def proposed(**changes: Any) -> Proposal:
    said: dict[str, Any] = {
        "colour": Colour.RED,
        "reason": "与病例同乘班车",
        "issuer": COUNTY,
        "evidence": "判定 029-7",
    }
    said |= {"name": "王小花", "document": DOCUMENT, "until_at": NOW + 3 * DAY, "at": NOW, "by": OFFICER}
    return actions.propose(**said | changes)


def received(row: Person, **changes: Any) -> Fact:
    said: dict[str, Any] = {"colour": Colour.RED, "reason": "与病例同乘班车", "issuer": CITY, "evidence": "消息 1"}
    said["by"] = FEED
    said |= {"from_at": NOW - HOUR, "until_at": NOW + DAY, "at": NOW, "person": row.pk}
    return actions.receive_fact(**said | changes)


def a_right_row(source: Source, row: Person, /, **changes: Any) -> dict[str, Any]:
    """The columns of a fact that the table takes, as the database writes them, with `changes` to the worse."""
    by_hand = source != Source.FEED
    values: dict[str, Any] = {
        "person_id": row.pk,
        "colour": Colour.RED,
        "reason": "与病例同乘班车",
        "issuer": COUNTY if by_hand else CITY,
        "evidence": "判定 029-7",
        "source": source,
        "from_at": NOW,
        "until_at": NOW + 3 * DAY,
        "entered_at": NOW,
        "entered_by": OFFICER.identity if by_hand else FEED.identity,
        "confirmed_by": SECOND.identity if by_hand else "",
        "proposal_id": None,
    }
    return {name: _written(name, value) for name, value in (values | changes).items()}


def _written(name: str, value: Any) -> Any:
    """As the engine stores it. What a column could never hold goes in as it is."""
    field = Fact._meta.get_field(name.removesuffix("_id"))
    if isinstance(value, uuid.UUID | datetime) and isinstance(field, Field):
        return field.get_db_prep_save(value, connection)
    return None if value is None else str(value) if not isinstance(value, int) else value


def insert(table: str, values: dict[str, Any], *, verb: str = "INSERT", tail: str = "") -> None:
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f'{verb} INTO "{table}" ({names}) VALUES ({places}) {tail}', list(values.values()))


def execute(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values or None)


def as_owner(*statements: str) -> None:
    """Change the tables themselves, as the owner; the test's transaction takes it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET ROLE NONE")
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("SET ROLE zhuanban_app")
