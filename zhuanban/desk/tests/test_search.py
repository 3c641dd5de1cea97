"""The search: venues, short codes and alert numbers within reach; never people."""

from pathlib import Path

import pytest
from django.test import Client

from zhuanban.base.accounts.rules import Role, system
from zhuanban.desk.tests.conftest import SignIn
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts.tests import county

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(sign_in: SignIn) -> Client:
    return sign_in()


def found(client: Client, q: str) -> str:
    answer = client.get("/desk/search", {"q": q})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_venue_is_found_by_its_name_and_its_address(office: Client, door: Door) -> None:
    assert f"/desk/venues/{door.venue_id}" in found(office, "福来顺")
    assert "找到 1 个" in found(office, "鲍店南街")


def test_a_whole_short_code_leads_to_its_venue_however_it_is_typed(office: Client, door: Door) -> None:
    code = codes.issue(door=door, by=system("test"), at=county.NOW)

    answer = office.get("/desk/search", {"q": f" {code.short[:4].lower()}-{code.short[4:]} "})

    assert answer.status_code == 302 and answer["Location"] == f"/desk/venues/{door.venue_id}"


def test_a_revoked_code_is_shown_as_what_it_is(office: Client, door: Door) -> None:
    code = codes.issue(door=door, by=system("test"), at=county.NOW)
    codes.revoke(code=code, by=system("test"), reason="撕坏了", at=county.NOW)

    page = found(office, code.short)

    assert "已作废" in page and "福来顺生活超市 正门" in page


def test_a_whole_alert_number_leads_to_its_alert_and_a_part_lists_it(office: Client, door: Door, folder: Path) -> None:
    (red,) = county.refuse(folder, door)

    answer = office.get("/desk/search", {"q": red.number.lower()})

    assert answer.status_code == 302 and answer["Location"] == f"/desk/alerts/{red.pk}/"
    assert red.number in found(office, red.number[:6]) and "张*强" in found(office, red.number[:6])


def test_what_lies_beyond_my_reach_is_not_found(sign_in: SignIn, door: Door, folder: Path) -> None:
    (red,) = county.refuse(folder, door)
    code = codes.issue(door=door, by=system("test"), at=county.NOW)
    client = sign_in(Role.TOWNSHIP_OFFICE, "140428102")

    assert all("没有找到" in found(client, q) for q in ("福来顺", red.number, code.short))


@pytest.mark.parametrize("q", ["16400000001", "140428199001011234", "14042819900101123x"])
def test_people_are_not_looked_for(office: Client, door: Door, folder: Path, q: str) -> None:
    county.refuse(folder, door)

    page = found(office, q)

    assert "这里不搜人" in page and "张*强" not in page


def test_a_persons_name_finds_nobody(office: Client, door: Door, folder: Path) -> None:
    county.refuse(folder, door)

    assert "没有找到" in found(office, "张小强")


def test_an_empty_search_says_what_can_be_looked_for(office: Client) -> None:
    assert "例如 R-1123-002" in found(office, " ")


def test_words_are_shown_as_words(office: Client, door: Door) -> None:
    assert "&lt;script&gt;" in found(office, "<script>") and "<script>alert" not in found(office, "<script>alert")
