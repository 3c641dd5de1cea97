"""The pages of alerts, as the offices open them."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import Role, system
from zhuanban.base.accounts.tests import signing
from zhuanban.base.audit.models import Entry
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts import actions, queries
from zhuanban.trail.alerts.models import Alert, Limit
from zhuanban.trail.alerts.rules import Move
from zhuanban.trail.alerts.tests import county
from zhuanban.trail.alerts.tests.county import MINUTE, NOW, TOWN
from zhuanban.trail.checks import actions as checks
from zhuanban.trail.checks.rules import Outcome
from zhuanban.trail.status import actions as status
from zhuanban.trail.status.rules import Colour

POLL = {"HX-Request": "true", "X-Poll": "1"}


@pytest.fixture
def red(door: Door, folder: Path) -> Alert:
    return county.refuse(folder, door)[0]


@pytest.fixture
def duty(red: Alert) -> Account:
    return signing.member(Role.TOWNSHIP_DUTY, division="140428101", username="baodian")


@pytest.fixture
def browser(client: Client, duty: Account) -> Client:
    signing.sign_in(client, duty)
    return client


def page(browser: Client, path: str, **more: Any) -> str:
    response = browser.get(path, **more)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_list_shows_what_runs_out_first_with_masked_names(browser: Client, door: Door, folder: Path) -> None:
    county.refuse(folder, door, county.person(2), Colour.YELLOW)

    shown = page(browser, "/desk/alerts/")

    assert shown.index("R-") < shown.index("Y-")
    assert "张*强" in shown and "张小强" not in shown and "福来顺生活超市 正门" in shown
    assert 'href="/desk/alerts/limits/"' not in shown


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"R", "Y"}),
        ("?view=red", {"R"}),
        ("?view=yellow", {"Y"}),
        ("?view=closed", set()),
        ("?kind=YELLOW", {"Y"}),
        ("?state=ACKNOWLEDGE", set()),
        ("?overdue=1", set()),
        ("?overdue=0", {"R", "Y"}),
        ("?township=140428101000", {"R", "Y"}),
        ("?township=140428102000", set()),
        ("?q=R-", {"R"}),
        ("?sort=-raised", {"R", "Y"}),
    ],
)
def test_the_list_is_in_its_address(browser: Client, door: Door, folder: Path, query: str, numbers: set[str]) -> None:
    county.refuse(folder, door, county.person(2), Colour.YELLOW)

    shown = browser.get(f"/desk/alerts/{query}")

    assert {row.number[0] for row in shown.context["page"].rows} == numbers


def test_the_list_needs_as_many_queries_for_one_as_for_ten(
    browser: Client, door: Door, folder: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(browser, "/desk/alerts/")  # the row in the audit that says that the list was seen is written once
    county.refuse(folder, door, times=9)

    with django_assert_max_num_queries(30):
        shown = page(browser, "/desk/alerts/")

    assert shown.count("R-") >= 10


def test_a_list_refreshes_itself_without_keeping_anybody_signed_in(browser: Client) -> None:
    whole = page(browser, "/desk/alerts/?view=red")
    part = page(browser, "/desk/alerts/?view=red", headers=POLL)

    assert 'data-poll="10"' in whole and "X-Poll" in whole
    assert "<html" not in part and "R-" in part


def test_the_list_is_exported_without_names(browser: Client) -> None:
    response = browser.get("/desk/alerts/?export=xlsx")

    assert response.status_code == 200 and response["Content-Type"].endswith("sheet")


def test_another_township_opens_nothing(client: Client, red: Alert) -> None:
    signing.sign_in(client, signing.member(Role.TOWNSHIP_OFFICE, division="140428102"))

    listed = page(client, "/desk/alerts/?view=all")
    typed = {"note": "已核对", "to": "卫生院", "reason": "打电话核对"}
    moves = [f"/desk/alerts/{red.pk}/{move}/" for move in ("acknowledge", "hand-over", "close", "look")]
    answers = [client.get(f"/desk/alerts/{red.pk}/"), *(client.post(move, typed) for move in moves)]

    assert red.number not in listed and {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR, Role.CHECKER])
def test_who_has_no_business_here_is_told_so(client: Client, red: Alert, role: Role) -> None:
    signing.sign_in(client, signing.member(role))

    assert client.get("/desk/alerts/").status_code == 403


def test_one_alert_shows_its_clocks_where_the_colour_comes_from_and_the_next_step(browser: Client, red: Alert) -> None:
    status.open_feed(by=system("feed"), issuer="长治市平台", at=NOW)
    status.receive_fact(
        by=system("feed"),
        person=county.of(red),
        colour=Colour.RED,
        reason="与病例同乘班车",
        issuer="长治市平台",
        evidence="L-2026-029",
        from_at=NOW - MINUTE,
        until_at=NOW + county.DAY,
        at=NOW - MINUTE,
    )

    shown = page(browser, f"/desk/alerts/{red.pk}/")

    for words in ("张*强 在福来顺生活超市 正门被拦下", "乡镇接单，限 10 分", "长治市平台", "L-2026-029", "本人未申请"):
        assert words in shown
    assert shown.count("button-main") == 1 and "张小强" not in shown


def test_an_alert_is_walked_to_its_end_by_two(browser: Client, red: Alert) -> None:
    taken = browser.post(f"/desk/alerts/{red.pk}/acknowledge/", {"note": "已打电话"}, follow=True)
    handed = browser.post(f"/desk/alerts/{red.pk}/hand-over/", {"to": "丹朱镇卫生院"}, follow=True)
    alone = browser.post(f"/desk/alerts/{red.pk}/close/", {"note": "已到隔离点"})

    assert "已接单" in taken.content.decode() and "丹朱镇卫生院" in handed.content.decode()
    assert "接单的人不能自己销号" in handed.content.decode() and alone.status_code == 403

    other = Client()
    signing.sign_in(other, signing.member(Role.TOWNSHIP_OFFICE, division="140428101"))
    closed = other.post(f"/desk/alerts/{red.pk}/close/", {"note": "已到隔离点"}, follow=True)
    assert "已销号" in closed.content.decode() and Alert.objects.get().state == Move.CLOSE


@pytest.mark.parametrize(
    ("move", "typed", "wrong"),
    [
        ("acknowledge", {"note": "长" * 301}, "至多"),
        ("hand-over", {"to": "", "note": "先写的说明"}, "请写明交给了谁"),
        ("close", {"note": ""}, "请写明核对的结果"),
        ("look", {"reason": ""}, "请写明为什么要看"),
        ("look", {"reason": "看"}, ""),
    ],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    browser: Client, red: Alert, move: str, typed: dict[str, str], wrong: str
) -> None:
    if move in ("hand-over", "close"):
        actions.acknowledge(by=county.DUTY, pk=red.pk, at=NOW)
    if move == "close":
        actions.hand_over(by=TOWN, pk=red.pk, to="卫生院", at=NOW)

    response = browser.post(f"/desk/alerts/{red.pk}/{move}/", typed)

    shown = response.content.decode()
    assert response.status_code == 422 and "field-wrong" in shown
    assert typed.get("note", "")[:20] in shown and Entry.objects.filter(verb="people.look").count() == 0
    assert wrong in shown or wrong == "至多"


def test_a_name_is_shown_once_and_the_person_is_told(browser: Client, red: Alert) -> None:
    told = browser.post(f"/desk/alerts/{red.pk}/look/", {"reason": "打电话核对位置"})
    again = page(browser, f"/desk/alerts/{red.pk}/")

    assert "张小强" in told.content.decode() and "tel:16400000001" in told.content.decode()
    assert "no-store" in told["Cache-Control"]
    assert "张小强" not in again and "看过姓名电话，本人可见" in again and "打电话核对位置" in again
    assert Entry.objects.get(verb="people.look").subject == county.of(red).hex


def test_a_page_that_somebody_has_overtaken_is_loaded_anew(browser: Client, red: Alert) -> None:
    address = f"/desk/alerts/{red.pk}/?state=RAISE"
    before = browser.get(address, headers=POLL)
    actions.acknowledge(by=county.DUTY, pk=red.pk, at=NOW)

    after = browser.get(address, headers=POLL)

    assert "HX-Refresh" not in before and after["HX-Refresh"] == "true"


def test_the_first_page_counts_what_the_cards_lead_to(browser: Client, door: Door, folder: Path) -> None:
    county.refuse(folder, door, county.person(2, home=county.SHIZHE), Colour.YELLOW)

    shown = page(browser, "/desk/")

    assert "红码待处置" in shown and "view=red" in shown and "最近的剩" in shown
    assert queries.note(queries.open_reds(TOWN), at=NOW + 11 * MINUTE) == "1 条已超时"
    assert queries.note(Alert.objects.none(), at=NOW) == ""


def test_the_county_office_sets_the_clocks_on_a_page(client: Client, red: Alert) -> None:
    signing.sign_in(client, signing.member(Role.COUNTY_OFFICE))
    minutes = {f"{row.kind}_{row.step}": row.minutes for row in Limit.objects.all()}

    wrong = client.post("/desk/alerts/limits/", minutes | {"RED_CLOSE": 0})
    saved = client.post("/desk/alerts/limits/", minutes | {"RED_ACKNOWLEDGE": 7})

    assert page(client, "/desk/alerts/limits/").count("<input") >= 6 and 'href="/desk/alerts/limits/"' in page(
        client, "/desk/alerts/"
    )
    assert (wrong.status_code, saved.status_code) == (422, 302)
    assert Limit.objects.get(kind="RED", step="ACKNOWLEDGE").minutes == 7


def test_the_pages_show_every_state_an_alert_can_have(browser: Client, door: Door, folder: Path) -> None:
    yellow = county.refuse(folder, door, county.person(2, home=county.BEIJING), Colour.YELLOW)[0]
    actions.acknowledge(by=county.DUTY, pk=yellow.pk, at=NOW + 40 * MINUTE)
    actions.close(by=TOWN, pk=yellow.pk, note="已补做核酸", at=NOW + 50 * MINUTE)

    shown = page(browser, f"/desk/alerts/{yellow.pk}/")

    for words in ("县外，需协查函", "没有转交，直接销号", "已销号，不用再办", "超时", "用时", "当时的依据已到期删除"):
        assert words in shown


def test_what_the_guard_did_is_part_of_the_history(browser: Client, red: Alert, door: Door) -> None:
    visit, _dot, nth = red.visit.rpartition(".")
    seen = checks.Seen(visit, int(nth), Colour.RED)
    checks.verify(by=system("door"), door=door, seen=seen, outcome=Outcome.HOLD, reason="在门外等候区", at=NOW)

    shown = page(browser, f"/desk/alerts/{red.pk}/")

    assert "暂候" in shown and "在门外等候区" in shown and "接单后开始计时" in shown


def test_an_alert_without_a_person_has_no_name_to_look_at(browser: Client, door: Door, folder: Path) -> None:
    visit = county.new_visit()
    county.commit(folder, county.alert_blob(visit, county.nobody().bytes, door.pk), visit=visit)
    actions.relay(at=NOW)

    shown = page(browser, f"/desk/alerts/{Alert.objects.latest('pk').pk}/")

    assert "没有登记这个人" in shown and "看姓名电话" not in shown
