"""A small county: 鲍店镇 and 石哲镇 with a village each, and the people who look after them."""

from datetime import UTC, datetime

import pytest

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import By, Kind, Role, Scope, system
from zhuanban.registry.places import actions, sheets
from zhuanban.registry.places.models import Venue
from zhuanban.registry.places.rules import DivisionRow, VenueFacts

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # 12:00 in the county
BAODIAN, SHIZHE = "140428101201", "140428102201"
SHOP = VenueFacts(
    name="福来顺生活超市",
    type="supermarket",
    division=BAODIAN,
    address="鲍店南街 18 号",
    uscc="91110000600037341L",
)


def staff(role: Role, division: str, *, sectors: tuple[str, ...] = (), organisation: int | None = None) -> By:
    scope = Scope(role, division, frozenset(sectors), organisation)
    return By(Kind.STAFF, f"{role}:{division}", role.label, f"{role}:{division}", (scope,))


COUNTY = staff(Role.COUNTY_OFFICE, "140428")
TOWN = staff(Role.TOWNSHIP_OFFICE, "140428101")
OTHER_TOWN = staff(Role.TOWNSHIP_OFFICE, "140428102")


@pytest.fixture
def county(db: None) -> None:
    """The divisions; the types stand there from the migration, and here for the tests that empty the tables."""
    rows = [
        DivisionRow(2, "140000000000", "山西省", "province", ""),
        DivisionRow(3, "140400000000", "长治市", "city", "140000000000"),
        DivisionRow(4, "140428000000", "长子县", "county", "140400000000"),
        DivisionRow(5, "140428101000", "鲍店镇", "township", "140428000000"),
        DivisionRow(6, BAODIAN, "鲍店南街村村委会", "village", "140428101000"),
        DivisionRow(7, "140428102000", "石哲镇", "township", "140428000000"),
        DivisionRow(8, SHIZHE, "石哲西村村委会", "village", "140428102000"),
        DivisionRow(9, "140428400000", "长子经济技术开发区", "township", "140428000000"),
        DivisionRow(10, "140428400498", "长子经济技术开发区虚拟社区", "community", "140428400000"),
    ]
    actions.load_divisions(by=system("test"), rows=rows, at=NOON)
    actions.seed_types(rows=sheets.venue_types())


@pytest.fixture
def shop(county: None) -> Venue:
    """福来顺生活超市 in 鲍店, with two doors and no code."""
    return actions.add_venue(by=TOWN, facts=SHOP, at=NOON, doors=("正门", "后门"))


@pytest.fixture
def office(county: None) -> Organisation:
    return Organisation.objects.create(name="鲍店镇专班值班室", kind="OFFICE", division="140428101000")
