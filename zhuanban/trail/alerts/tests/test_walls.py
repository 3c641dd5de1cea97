"""The second wall: on PostgreSQL a query without its own filter shows nobody else's alerts."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.models import QuerySet

from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.rules import By, Role
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts import actions, queries
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.alerts.tests import county
from zhuanban.trail.alerts.tests.county import (
    ADMIN,
    DUTY,
    HEALTH,
    HOME_VILLAGE,
    NOW,
    OTHER_SECTOR,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
)
from zhuanban.trail.status.rules import Colour

SEES = {TOWN: "RY", VILLAGE: "RY", DUTY: "RY", HEALTH: "RY", HOME_VILLAGE: "Y", OTHER_TOWN: "Y"}
SEES_NOTHING = {OTHER_SECTOR: "", ADMIN: ""}


@pytest.fixture
def two(door: Door, folder: Path) -> Door:
    """A red and a yellow in 鲍店; the yellow lives in 石哲."""
    county.refuse(folder, door, county.person(1))
    county.refuse(folder, door, county.person(2, home=county.SHIZHE), Colour.YELLOW)
    return door


def kinds(rows: QuerySet[Alert]) -> str:
    return "".join(sorted(alert.kind[0] for alert in rows))


@pytest.mark.parametrize(("by", "seen"), (SEES | SEES_NOTHING).items(), ids=lambda one: getattr(one, "label", one))
def test_everybody_sees_their_own(two: Door, by: By, seen: str) -> None:
    with accounts.scope_for(by):
        asked = kinds(queries.alerts(by))

    assert asked == seen


@pytest.mark.parametrize(("by", "seen"), SEES.items(), ids=lambda one: getattr(one, "label", one))
def test_the_wall_alone_shows_no_more(two: Door, by: By, seen: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no second wall")

    with accounts.scope_for(by):
        found = kinds(Alert.objects.all())

    assert found == seen


def test_the_community_of_the_home_moves_a_yellow_through_both_walls(two: Door) -> None:
    with accounts.scope_for(HOME_VILLAGE):
        yellow = queries.alerts(HOME_VILLAGE).get()
        actions.acknowledge(by=HOME_VILLAGE, pk=yellow.pk, at=NOW)
        shown = queries.detail(HOME_VILLAGE, yellow.pk, at=NOW)

    assert shown.row.where == "福来顺生活超市 正门" and shown.office == "石哲镇 石哲西村"


def test_a_work_unit_sees_the_yellow_of_its_own(door: Door, folder: Path) -> None:
    other = county.shop("同昌农贸市场", county.SHIZHE).organisation_id
    county.refuse(folder, door, county.person(3, unit=other), Colour.YELLOW)
    county.refuse(folder, door, county.person(3, unit=other))
    manager = county.staff("20", Role.VENUE_MANAGER, "", organisation=other)

    with accounts.scope_for(manager):
        asked, walled = kinds(queries.alerts(manager)), kinds(Alert.objects.all())

    assert asked == "Y" and walled == ("Y" if connection.vendor == "postgresql" else "RY")
