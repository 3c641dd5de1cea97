"""Entries for tests: invented people at invented doors on one day."""

import secrets
from datetime import date, datetime, timedelta

from zhuanban.base.spans import COUNTY_TIME
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.rules import Entry, Row, Via, VisitId

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=COUNTY_TIME)


def visit_id(day: date = DAY) -> VisitId:
    return VisitId(day, secrets.token_bytes(12))


def row(who: bytes | None = None, *, by: bytes | None = None, colour: Colour = Colour.GREEN) -> Row:
    return Row(secrets.token_bytes(16) if who is None else who, by, Via.SELF, colour, colour is Colour.GREEN)


def keyless(number: int = 1) -> tuple[Row, ...]:
    """The rows of somebody whose day's key is gone."""
    return (Row(None, None, Via.SELF, Colour.GREEN, True),) * number


def entry(
    id_: VisitId | None = None,
    *,
    rows: tuple[Row, ...] | None = None,
    door: int = 7,
    at: datetime = NOON,
    outbox: tuple[bytes, ...] = (),
) -> Entry:
    return Entry(id_ or visit_id(), at, door, rows or (row(),), at - timedelta(hours=1), outbox)
