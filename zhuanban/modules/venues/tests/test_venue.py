"""One venue's page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from zhuanban.base.accounts.models import Account, Membership
from zhuanban.base.accounts.rules import Role
from zhuanban.modules.venues import queries
from zhuanban.modules.venues.tests.conftest import BAODIAN, BY, SHIZHE, Arrive, SignIn, check, facts, now
from zhuanban.registry.codes import queries as codes
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Door, Post, Venue
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.checks.rules import Outcome


@pytest.fixture
def office(sign_in: SignIn) -> Client:
    return sign_in(Role.TOWNSHIP_OFFICE, BAODIAN)


def url(venue: Venue) -> str:
    return f"/desk/venues/{venue.pk}"


def test_the_page_shows_doors_codes_and_what_was_done(shop: Venue, front: Door, office: Client) -> None:
    page = office.get(url(shop)).content.decode()

    code = codes.code_of(front)
    assert code is not None
    assert f"{code.short[:4]}-{code.short[4:]}" in page and f"/codes/{code.pk}/poster.pdf" in page
    assert "后门" in page and "1 个门待发码" in page and "发场所码" in page and "加一个门" in page


def test_its_days_are_measured_by_the_day_of_the_visit(
    shop: Venue, front: Door, office: Client, arrive: Arrive
) -> None:
    today, yesterday = arrive(front, 4), arrive(front, 2, days_ago=1)
    check(front, [*today[:2], *yesterday])
    check(front, today[2:3], outcome=Outcome.HOLD)

    shown = office.get(url(shop)).context["shown"]

    assert (shown.today.arrivals, shown.today.verified, shown.today.share) == (4, 3, 75)
    assert shown.today.outcomes == {"ADMIT": 2, "ROUTE": 0, "TURN_AWAY": 0, "HOLD": 1}
    assert (shown.days[-2].arrivals, shown.days[-2].share) == (2, 100)
    assert shown.days[0].arrivals is None
    first, second = shown.doors
    assert (first.arrivals, first.checked, second.arrivals, second.checked) == (4, 3, 0, 0)


def test_a_venue_where_nobody_came_says_what_to_look_at(shop: Venue, office: Client) -> None:
    assert "近 14 天没有人在这里扫过码" in office.get(url(shop)).content.decode()


def alert(door: Door, number: str, **more: Any) -> Alert:
    known = {"kind": "RED", "visit": number, "where": "福来顺", "division": door.division, "sector": door.sector}
    times = {"raised_at": now(), "received_at": now(), "close_by": now(), "purge_at": now() + timedelta(days=14)}
    return Alert.objects.create(number=number, door=door, organisation=door.organisation, **known, **times, **more)


def test_alerts_raised_here_are_counted_closed_or_late(shop: Venue, front: Door, office: Client) -> None:
    assert "近 14 天没有" in office.get(url(shop)).content.decode()

    alert(front, "R-1123-001", state="CLOSE", due_at=None)
    late = alert(front, "R-1123-002", state="RAISE", due_at=now() - timedelta(minutes=5))

    page = office.get(url(shop))
    shown, text = page.context["shown"], page.content.decode()
    assert (shown.closed, len(shown.raised), shown.is_late) == (1, 2, True)
    assert "有超时" in text and f"/desk/alerts/{late.pk}/" in text


def test_a_venue_without_a_credit_code_says_why(shop: Venue, office: Client) -> None:
    places.change_venue(by=BY, venue=shop.pk, facts=facts(uscc="", no_uscc_reason="村集体场所"), at=now())

    assert "村集体场所" in office.get(url(shop)).content.decode()


def test_a_foreign_venue_is_not_found_by_any_way(shop: Venue, front: Door, sign_in: SignIn) -> None:
    other = sign_in(Role.TOWNSHIP_OFFICE, SHIZHE)

    for path in (url(shop), f"{url(shop)}/change", f"{url(shop)}/suspend", f"/desk/venues/doors/{front.pk}/close"):
        assert other.get(path).status_code == 404
    for path in (f"{url(shop)}/doors", f"{url(shop)}/posts", f"{url(shop)}/suspend"):
        assert other.post(path, {"reason": "x", "name": "x", "kind": "DOOR"}).status_code == 404


def test_who_only_looks_is_offered_no_deeds(shop: Venue, sign_in: SignIn) -> None:
    looker = sign_in(Role.INDUSTRY, sectors=["commerce"])

    page = looker.get(url(shop)).content.decode()

    assert "暂停扫码" not in page and "加上这个门" not in page and "安排岗位" not in page
    assert looker.post(f"{url(shop)}/doors", {"name": "侧门", "kind": "DOOR"}).status_code == 403


def test_a_door_is_added_and_a_fault_is_said_with_the_words_kept(shop: Venue, office: Client) -> None:
    added = office.post(f"{url(shop)}/doors", {"name": "侧门", "kind": "ZONE"}, follow=True)
    again = office.post(f"{url(shop)}/doors", {"name": "侧门", "kind": "ZONE"})
    empty = office.post(f"{url(shop)}/doors", {"name": "", "kind": "DOOR"})

    assert "已加一个门" in added.content.decode() and shop.doors.filter(name="侧门", kind="ZONE").exists()
    assert again.status_code == empty.status_code == 422
    assert "已有同名的门" in again.content.decode() and 'value="侧门"' in again.content.decode()


def test_people_are_placed_and_leave(shop: Venue, front: Door, office: Client) -> None:
    guard = Account.objects.create(username="guard", label="福来顺 值守", identity="guard")
    Membership.objects.create(account=guard, organisation=shop.organisation, role=Role.CHECKER, division=BAODIAN)
    typed = {"account": guard.pk, "role": "CHECKER", "door": front.pk, "shift": "7:30-14:00", "from_day": "2026-11-01"}

    placed = office.post(f"{url(shop)}/posts", typed, follow=True).content.decode()
    twice = office.post(f"{url(shop)}/posts", typed)

    assert "岗位已安排" in placed and "福来顺 值守" in placed and "07:30–14:00" in placed
    assert twice.status_code == 422 and "已在这个岗位上" in twice.content.decode()
    post = Post.objects.get()
    asked = office.get(f"/desk/venues/posts/{post.pk}/end")
    assert "结束这个岗位" in asked.content.decode()
    left = office.post(f"/desk/venues/posts/{post.pk}/end", {"reason": "换人"}, follow=True)
    assert "已离岗" in left.content.decode()
    assert office.get(f"/desk/venues/posts/{post.pk}/end").status_code == 404


def test_a_post_without_a_person_is_refused_in_its_field(shop: Venue, office: Client) -> None:
    answer = office.post(f"{url(shop)}/posts", {"role": "CHECKER", "from_day": "2026-11-01"})

    assert answer.status_code == 422 and "account" in answer.context["post_form"].errors


def test_the_page_takes_few_queries_however_many_doors(
    shop: Venue, arrive: Arrive, front: Door, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        places.add_door(by=BY, venue=shop.pk, name=f"门{number}", at=now())
    check(front, arrive(front, 2))

    with django_assert_max_num_queries(12):
        queries.venue_page(BY, shop.pk, at=now())
