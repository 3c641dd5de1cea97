"""Divisions in words, and who sees which venues."""

import pytest

from zhuanban.base.accounts.rules import Role
from zhuanban.base.errors import NotFound
from zhuanban.registry.places import actions, queries, rules
from zhuanban.registry.places.models import Venue
from zhuanban.registry.places.tests.conftest import BAODIAN, COUNTY, NOON, OTHER_TOWN, SHOP, TOWN, staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (BAODIAN, "鲍店镇 鲍店南街村"),
        ("140428101000", "鲍店镇"),
        (f"{BAODIAN}007", "鲍店镇 鲍店南街村"),
        ("140428400498", "长子经济技术开发区 虚拟社区"),
        ("140428000000", "长子县"),
        ("130400000000", "130400000000"),
    ],
)
def test_a_place_is_named_as_people_say_it(county: None, code: str, words: str) -> None:
    assert queries.area_name(code) == words


def test_a_development_zone_has_no_township(county: None) -> None:
    assert queries.township_of("140428400498") is None
    assert queries.township_of("140428000000") is None
    assert str(queries.township_of(BAODIAN).display) == "鲍店镇"  # type: ignore[union-attr]


def test_an_unknown_division_and_type_are_not_found(county: None) -> None:
    with pytest.raises(NotFound):
        queries.division("999999999999")
    with pytest.raises(NotFound):
        queries.venue_type("castle")


def test_a_venue_is_seen_by_its_area_its_sector_and_its_own_people_only(shop: Venue) -> None:
    sees = [
        COUNTY,
        TOWN,
        staff(Role.INDUSTRY, "140428", sectors=("commerce",)),
        staff(Role.VENUE_MANAGER, "140428", organisation=shop.organisation_id),
    ]
    blind = [
        OTHER_TOWN,
        staff(Role.INDUSTRY, "140428", sectors=("health",)),
        staff(Role.VENUE_MANAGER, "140428", organisation=shop.organisation_id + 1),
        staff(Role.SYSTEM_ADMIN, "140428"),
    ]

    assert [queries.venue(by, shop.pk) for by in sees] == [shop] * len(sees)
    assert not any(queries.venues(by).exists() or queries.doors(by).exists() for by in blind)


def test_a_foreign_venue_and_door_are_not_found(shop: Venue) -> None:
    door = shop.doors.first()
    assert door is not None

    with pytest.raises(NotFound):
        queries.venue(OTHER_TOWN, shop.pk)
    with pytest.raises(NotFound):
        queries.door(OTHER_TOWN, door.pk)
    assert queries.door(TOWN, door.pk).venue == shop


def test_a_role_asked_for_narrows_what_is_seen(shop: Venue) -> None:
    manager = staff(Role.VENUE_MANAGER, "140428", organisation=shop.organisation_id)

    assert queries.venues(manager).exists()
    assert not queries.venues(manager, roles=rules.MAY_MANAGE).exists()


def test_reading_a_list_of_areas_takes_one_query(county: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.area_names([BAODIAN, "140428102201", "140428400498"])


def test_the_units_of_an_area_are_seen_there_only(shop: Venue) -> None:
    assert list(queries.organisations(TOWN)) == [shop.organisation]
    assert not queries.organisations(OTHER_TOWN).exists()


def test_every_row_knows_its_name(shop: Venue) -> None:
    actions.suspend_venue(by=TOWN, venue=shop.pk, reason="停业", at=NOON)

    assert str(shop) == SHOP.name
