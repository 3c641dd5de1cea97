"""Deeds that stop or start something are asked once more, need a reason, and reach the gate."""

import pytest
from django.test import Client

from zhuanban.base.accounts.rules import Role
from zhuanban.modules.venues.tests.conftest import BAODIAN, BY, SignIn, facts, now
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import queries as places_queries
from zhuanban.registry.places.models import Door, Venue


@pytest.fixture
def office(sign_in: SignIn) -> Client:
    return sign_in(Role.TOWNSHIP_OFFICE, BAODIAN)


@pytest.mark.parametrize(
    ("deed", "asked", "state"), [("suspend", "暂停这个场所？", "SUSPENDED"), ("close", "注销这个场所？", "CLOSED")]
)
def test_a_venue_is_stopped_only_with_a_reason(shop: Venue, office: Client, deed: str, asked: str, state: str) -> None:
    path = f"/desk/venues/{shop.pk}/{deed}"
    before = places_queries.snapshot_version()

    question, bare = office.get(path), office.post(path, {"reason": ""})
    done = office.post(path, {"reason": "停业整顿"}, follow=True)

    assert asked in question.content.decode() and bare.status_code == 422
    shop.refresh_from_db()
    assert shop.state == state and "停业整顿" in done.content.decode()
    assert places_queries.snapshot_version() > before


def test_a_suspended_venue_is_resumed(shop: Venue, office: Client) -> None:
    places.suspend_venue(by=BY, venue=shop.pk, reason="停业", at=now())
    assert "恢复扫码" in office.get(f"/desk/venues/{shop.pk}").content.decode()

    office.post(f"/desk/venues/{shop.pk}/resume", {"reason": "复业"})

    shop.refresh_from_db()
    assert shop.state == "ACTIVE"


def test_what_the_state_does_not_allow_is_refused(shop: Venue, office: Client) -> None:
    answer = office.post(f"/desk/venues/{shop.pk}/resume", {"reason": "复业"})

    assert answer.status_code == 409 and "状态不允许" in answer.content.decode()


@pytest.mark.parametrize("path", ["{venue}/explode", "doors/{door}/explode"])
def test_a_deed_that_is_none_is_not_found(shop: Venue, front: Door, office: Client, path: str) -> None:
    assert office.get("/desk/venues/" + path.format(venue=shop.pk, door=front.pk)).status_code == 404


def test_a_door_is_closed_and_opened(shop: Venue, front: Door, office: Client) -> None:
    assert "停用这个门？" in office.get(f"/desk/venues/doors/{front.pk}/close").content.decode()

    office.post(f"/desk/venues/doors/{front.pk}/close", {"reason": "修路"})
    front.refresh_from_db()
    assert not front.is_open

    office.post(f"/desk/venues/doors/{front.pk}/open", {"reason": "路通了"})
    front.refresh_from_db()
    assert front.is_open


def test_chosen_venues_are_suspended_together_after_asking(shop: Venue, office: Client) -> None:
    other = places.add_venue(by=BY, facts=facts("北街便民店"), at=now())
    picked = {"pick": [shop.pk, other.pk]}

    question = office.post("/desk/venues/suspend", picked).content.decode()
    office.post("/desk/venues/suspend", {**picked, "reason": "全镇静态管理"})

    assert "暂停这 2 个场所？" in question and "北街便民店" in question
    assert set(Venue.objects.values_list("state", flat=True)) == {"SUSPENDED"}


def test_of_chosen_venues_all_are_suspended_or_none(shop: Venue, office: Client) -> None:
    closed = places.add_venue(by=BY, facts=facts("北街便民店"), at=now())
    places.close_venue(by=BY, venue=closed.pk, reason="拆除", at=now())

    answer = office.post("/desk/venues/suspend", {"pick": [shop.pk, closed.pk], "reason": "静态管理"})

    shop.refresh_from_db()
    assert answer.status_code == 409 and shop.state == "ACTIVE"


def test_foreign_and_senseless_choices_are_left_out(shop: Venue, sign_in: SignIn) -> None:
    other = sign_in(Role.TOWNSHIP_OFFICE, "140428102")

    answer = other.post("/desk/venues/suspend", {"pick": [shop.pk, "x"], "reason": "停业"}, follow=True)

    shop.refresh_from_db()
    assert "还没有选场所" in answer.content.decode() and shop.state == "ACTIVE"
