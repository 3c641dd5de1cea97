"""The list of venues: what its rows say, who sees which, and that the address holds its whole state."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client

from zhuanban.base.accounts.rules import Role
from zhuanban.modules.venues import queries
from zhuanban.modules.venues.tests.conftest import BAODIAN, BY, SHIZHE, Arrive, SignIn, check, facts, now
from zhuanban.registry.codes import queries as codes
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Door, Venue
from zhuanban.trail.checks.models import Check

URL = "/desk/venues/"


def names(client: Client, query: str = "") -> list[str]:
    return [venue.name for venue in client.get(f"{URL}{query}").context["page"].rows]


@pytest.fixture
def office(sign_in: SignIn) -> Client:
    return sign_in(Role.COUNTY_OFFICE)


@pytest.fixture
def clinic(county: None) -> Venue:
    where = {"type": "medical", "division": "140428102201", "address": "石哲西街 1 号"}
    return places.add_venue(by=BY, facts=facts("石哲镇卫生院", **where), at=now())


def test_a_row_says_what_was_measured(shop: Venue, front: Door, office: Client, arrive: Arrive) -> None:
    visits = arrive(front, 4)
    check(front, visits[:3])

    page = office.get(URL).content.decode()

    short = codes.code_of(front).short  # type: ignore[union-attr]
    assert "福来顺生活超市" in page and f"{short[:4]}-{short[4:]}" in page
    assert "鲍店镇" in page and "商场超市" in page
    row = office.get(URL).context["page"].rows[0]
    assert (row.arrivals, row.checked, row.share, row.door_count) == (4, 3, 75, 2)


def test_what_is_not_held_is_said_and_never_nought(shop: Venue, office: Client) -> None:
    page = office.get(URL)

    row = page.context["page"].rows[0]
    assert row.arrivals is None and row.share is None and row.last_check_at is None
    assert "无数据" in page.content.decode()


def test_nobody_came_is_nought(shop: Venue, clinic: Venue, office: Client, arrive: Arrive) -> None:
    arrive(clinic.doors.get(), 1)

    rows = {row.name: row for row in office.get(URL).context["page"].rows}

    assert rows["福来顺生活超市"].arrivals == 0 and rows["福来顺生活超市"].share is None


def test_everybody_sees_their_own_area_sector_and_unit(shop: Venue, clinic: Venue, sign_in: SignIn) -> None:
    assert len(names(sign_in(Role.COUNTY_DUTY))) == 2
    assert names(sign_in(Role.TOWNSHIP_OFFICE, BAODIAN)) == ["福来顺生活超市"]
    assert names(sign_in(Role.INDUSTRY, sectors=["health"])) == ["石哲镇卫生院"]
    assert names(sign_in(Role.VENUE_MANAGER, BAODIAN, organisation=shop.organisation)) == ["福来顺生活超市"]
    assert names(sign_in(Role.VENUE_MANAGER, BAODIAN)) == []


def test_only_who_runs_venues_is_offered_deeds_on_many(shop: Venue, office: Client, sign_in: SignIn) -> None:
    assert 'name="pick"' in office.get(URL).content.decode()
    assert 'name="pick"' not in sign_in(Role.INDUSTRY).get(URL).content.decode()


def test_who_has_no_business_here_is_turned_away(shop: Venue, sign_in: SignIn) -> None:
    assert sign_in(Role.SYSTEM_ADMIN).get(URL).status_code == 403
    assert sign_in(Role.CHECKER).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"?township={BAODIAN}", ["福来顺生活超市"]),
        (f"?township={SHIZHE}&village=140428102201", ["石哲镇卫生院"]),
        ("?type=medical", ["石哲镇卫生院"]),
        ("?type=medical&type=supermarket&sort=name", ["石哲镇卫生院", "福来顺生活超市"]),
        ("?state=SUSPENDED", []),
        ("?key=yes&sort=name", ["石哲镇卫生院", "福来顺生活超市"]),
        ("?key=no", []),
        ("?q=福来顺", ["福来顺生活超市"]),
        ("?q=石哲西街", ["石哲镇卫生院"]),
        ("?view=no_code&sort=name", ["石哲镇卫生院", "福来顺生活超市"]),
        ("?view=suspended", []),
        ("?sort=-area", ["石哲镇卫生院", "福来顺生活超市"]),
        ("?sort=-doors", ["福来顺生活超市", "石哲镇卫生院"]),
    ],
)
def test_the_address_narrows_and_sorts(
    shop: Venue, clinic: Venue, office: Client, query: str, found: list[str]
) -> None:
    assert names(office, query) == found


def test_a_short_code_is_found_as_it_is_printed(shop: Venue, clinic: Venue, front: Door, office: Client) -> None:
    short = codes.code_of(front).short  # type: ignore[union-attr]

    answer = office.get(URL, {"q": f"{short[:4].lower()}-{short[4:]}"}, follow=True)

    assert answer.redirect_chain == [(f"{URL}?q={short}", 302)]
    assert [row.name for row in answer.context["page"].rows] == ["福来顺生活超市"]


def test_the_latest_verification_stands_first(
    shop: Venue, clinic: Venue, front: Door, office: Client, arrive: Arrive
) -> None:
    side = clinic.doors.get()
    check(side, arrive(side))
    check(front, arrive(front))
    Check.objects.filter(door=front).update(at=now() - timedelta(days=8))

    assert names(office) == ["石哲镇卫生院", "福来顺生活超市"]
    assert names(office, "?view=silent") == ["福来顺生活超市"]


def test_pages_follow_each_other_without_repeating(county: None, office: Client) -> None:
    for number in range(15):
        places.add_venue(by=BY, facts=facts(f"店{number:02}"), at=now())

    first = office.get(f"{URL}?sort=name").context["page"]
    second = office.get(f"{URL}{first.next_url}").context["page"]

    assert (first.total, len(first.rows), len(second.rows)) == (15, 12, 3)
    assert [row.name for row in (*first.rows, *second.rows)] == [f"店{number:02}" for number in range(15)]


def test_the_export_holds_exactly_the_rows_and_figures_of_the_list(
    shop: Venue, clinic: Venue, front: Door, office: Client, arrive: Arrive
) -> None:
    check(front, arrive(front, 2)[:1])

    answer = office.get(f"{URL}?type=supermarket&export=xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    line = dict(zip(head, rows[0], strict=True))
    assert len(rows) == 1
    assert (line["场所与短码"], line["今天进门（人次）"], line["今天验码率（%）"]) == ("福来顺生活超市", 2, 50)
    assert (line["村（社区）"], line["统一社会信用代码"], line["重点场所"]) == (
        "鲍店南街村",
        "91110000600037341L",
        "是",
    )


def test_a_list_takes_the_same_few_queries_however_long_it_is(
    county: None, django_assert_max_num_queries: Any
) -> None:
    def read() -> None:
        made = queries.listing(BY, QueryDict(""), at=now())
        page = queries.page(made, QueryDict(""), at=now())
        assert [row.type.name for row in page.rows]

    for number in range(13):
        places.add_venue(by=BY, facts=facts(f"店{number:02}"), at=now())

    with django_assert_max_num_queries(8):
        read()


def test_an_empty_county_says_what_to_do_first(county: None, office: Client, sign_in: SignIn) -> None:
    assert "先登记一个场所和它的门" in office.get(URL).content.decode()
    assert "场所由县、乡镇专班办公室登记" in sign_in(Role.VILLAGE, "140428101201").get(URL).content.decode()


def test_an_address_that_the_list_does_not_know_is_refused(county: None, office: Client) -> None:
    assert office.get(f"{URL}?sort=colour").status_code == 400
    assert office.get(f"{URL}?township=999999999").status_code == 400
