"""What the office types: venues and types. Every fault stands at its field, and nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import Role
from zhuanban.modules.venues.apps import VenuesConfig
from zhuanban.modules.venues.tests.conftest import BAODIAN, BY, SOUTH_STREET, USCC, SignIn, facts, now
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Venue, VenueType

TYPED = {
    "name": "北街便民超市",
    "type": "supermarket",
    "division": SOUTH_STREET,
    "address": "北街 2 号",
    "uscc": USCC,
    "opens_at": "07:30",
    "closes_at": "21:00",
    "doors": "正门\n后门\n",
}
TYPE = {"name": "大棚市场", "sector": "market", "setting": "HALF_OPEN", "stay_minutes": 30, "unverified": "LOOK"}


@pytest.fixture
def office(sign_in: SignIn) -> Client:
    return sign_in(Role.TOWNSHIP_OFFICE, BAODIAN)


@pytest.fixture
def county_office(sign_in: SignIn) -> Client:
    return sign_in(Role.COUNTY_OFFICE)


def test_a_venue_is_added_with_its_doors(office: Client) -> None:
    answer = office.post("/desk/venues/add", TYPED, follow=True)

    venue = Venue.objects.get()
    assert answer.redirect_chain == [(f"/desk/venues/{venue.pk}", 302)]
    assert "给每个门发码" in answer.content.decode()
    assert [door.name for door in venue.doors.order_by("pk")] == ["正门", "后门"]
    assert (venue.stay_minutes, f"{venue.opens_at:%H:%M}") == (40, "07:30")


def test_the_form_offers_only_places_within_reach(office: Client) -> None:
    page = office.get("/desk/venues/add").content.decode()

    assert "鲍店南街村" in page and "石哲西村" not in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"type": ""}, "type"),
        ({"division": "140428102201"}, "division"),
        ({"address": " "}, "address"),
        ({"uscc": ""}, "uscc"),
        ({"uscc": "91110000600037341A"}, "uscc"),
        ({"no_uscc_reason": "个体未办照"}, "no_uscc_reason"),
        ({"closes_at": ""}, "closes_at"),
        ({"closes_at": "九点"}, "closes_at"),
        ({"stay_minutes": "0"}, "stay_minutes"),
        ({"lon": "112.8"}, "lat"),
        ({"lon": "36.1", "lat": "112.8"}, "lon"),
        ({"doors": "正门\n正门"}, "doors"),
        ({"doors": "门" * 40}, "doors"),
        ({"organisation": "没有的单位"}, "organisation"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(
    office: Client, changes: dict[str, str], field: str
) -> None:
    answer = office.post("/desk/venues/add", {**TYPED, **changes})

    assert answer.status_code == 422 and field in answer.context["form"].errors
    page = answer.content.decode()
    assert "field-wrong" in page and ('value="北街 2 号"' in page or field == "address")
    assert not Venue.objects.exists()


def test_all_faults_are_said_at_once(office: Client) -> None:
    wrong = {"name": "", "division": "", "address": "", "uscc": "123", "closes_at": "", "lat": "36"}

    errors = office.post("/desk/venues/add", {**TYPED, **wrong}).context["form"].errors

    assert set(errors) == {"name", "division", "address", "uscc", "closes_at", "lat"}
    assert errors["division"] == ["请选场所在哪个村（社区）"]


def test_a_venue_may_belong_to_a_unit_that_stands(office: Client) -> None:
    unit = Organisation.objects.create(name="鲍店供销社", kind="ENTERPRISE", division=SOUTH_STREET)
    own = {"organisation": "鲍店供销社", "setting": "OPEN_AIR", "is_key": "no", "uscc": "", "doors": ""}

    office.post("/desk/venues/add", {**TYPED, **own, "no_uscc_reason": "临时场所"})

    venue = Venue.objects.get()
    assert (venue.organisation, venue.setting, venue.is_key) == (unit, "OPEN_AIR", False)
    assert [door.name for door in venue.doors.all()] == ["正门"]


def test_a_venue_is_changed_and_its_values_stand_in_the_form(shop: Venue, office: Client) -> None:
    path = f"/desk/venues/{shop.pk}/change"
    page = office.get(path).content.decode()

    wrong = office.post(path, {**TYPED, "name": "福来顺大超市", "uscc": "X"})
    saved = office.post(path, {**TYPED, "name": "福来顺大超市"}, follow=True)

    assert 'value="福来顺生活超市"' in page and "所属单位" not in page
    assert wrong.status_code == 422
    shop.refresh_from_db()
    assert shop.name == "福来顺大超市" and "补打海报" in saved.content.decode()


def test_an_office_of_some_sectors_moves_no_venue_out_of_them(shop: Venue, sign_in: SignIn) -> None:
    narrow = sign_in(Role.COUNTY_OFFICE, sectors=["commerce"])

    answer = narrow.post(f"/desk/venues/{shop.pk}/change", {**TYPED, "type": "pharmacy"})

    assert answer.status_code == 422 and answer.context["form"].errors["division"] == [
        "这个村（社区）不在您管的范围内"
    ]


def test_the_types_are_listed_with_their_venues(shop: Venue, office: Client) -> None:
    page = office.get("/desk/venues/types").content.decode()

    assert "药店" in page and "看省健康码后放行" in page and "新增类型" not in page
    assert "view=active&amp;type=supermarket" in page


def test_the_county_changes_a_type_and_venues_follow(shop: Venue, county_office: Client) -> None:
    form = county_office.get("/desk/venues/types/supermarket").content.decode()

    county_office.post("/desk/venues/types/supermarket", {**TYPE, "name": "商场超市", "stay_minutes": 55}, follow=True)

    shop.refresh_from_db()
    assert 'value="40"' in form and (shop.stay_minutes, shop.sector) == (55, "market")


def test_the_county_adds_a_type(county_office: Client) -> None:
    answer = county_office.post("/desk/venues/types/add", TYPE, follow=True)

    assert "已添加类型“大棚市场”" in answer.content.decode()
    assert VenueType.objects.get(name="大棚市场").setting == "HALF_OPEN"


@pytest.mark.parametrize("path", ["add", "supermarket"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "药店"}, "已有同名的类型"),
        ({"stay_minutes": ""}, "field-wrong"),
        ({"is_medical": "on", "unverified": "HOLD"}, "医疗场所不得"),
    ],
)
def test_a_faulty_type_is_refused_and_nothing_typed_is_lost(
    county_office: Client, path: str, changes: dict[str, Any], words: str
) -> None:
    answer = county_office.post(f"/desk/venues/types/{path}", {**TYPE, **changes})

    assert answer.status_code == 422 and words in answer.content.decode()


def test_only_the_county_sets_types(office: Client) -> None:
    for path in ("add", "pharmacy"):
        assert office.get(f"/desk/venues/types/{path}").status_code == 403


def test_an_unknown_type_is_not_found(county_office: Client) -> None:
    assert county_office.get("/desk/venues/types/castle").status_code == 404


def test_the_first_page_counts_venues_that_wait_for_a_code(shop: Venue, office: Client) -> None:
    by = office.get("/desk/venues/").context["by"]
    card = VenuesConfig.entry.cards[0]

    assert card.count(by) == office.get(f"/desk/venues/?{card.query}").context["page"].total == 1
    assert card.note(by) == "其中重点场所 1 个"
    places.change_venue(by=BY, venue=shop.pk, facts=facts(is_key=False), at=now())
    assert card.note(by) == ""
