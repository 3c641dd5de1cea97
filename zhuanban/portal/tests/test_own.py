"""One's family and one's data: what a resident decides about, and what it changes."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from zhuanban.base.accounts.rules import By, system
from zhuanban.base.ui.http import moment
from zhuanban.portal.tests.conftest import LI, SignIn, id_number
from zhuanban.registry.people.models import Person
from zhuanban.trail.status import actions as colours
from zhuanban.trail.status.rules import Colour

pytestmark = pytest.mark.django_db


def test_a_child_is_added_by_its_guardian(browser: Client) -> None:
    typed = {"name": "王乐乐", "relation": "CHILD", "kind": "ID", "number": id_number("20180307", 9)}
    refused = browser.post("/my/family/add", typed)

    done = browser.post("/my/family/add", {**typed, "is_guardian": "on"})

    assert refused.status_code == 422 and "监护人" in refused.content.decode()
    assert done["Location"] == "/my/family" and done.cookies["zbf"].value
    assert "王*乐" in browser.get("/my/family").content.decode()


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ({"name": "", "relation": "PARENT", "kind": "ID"}, "请写姓名"),
        ({"name": "李秀英", "relation": "PARENT", "kind": "ID", "number": "123"}, "再数一下"),
        ({"name": "李秀英", "relation": "AUNT", "kind": "ID"}, "AUNT"),
    ],
)
def test_a_companion_is_checked_field_by_field(browser: Client, typed: dict[str, str], hint: str) -> None:
    answer = browser.post("/my/family/add", typed)

    assert answer.status_code == 422 and hint in answer.content.decode()


def test_a_full_family_is_told(wang: By, browser: Client) -> None:
    for nth in range(8):
        browser.post("/my/family/add", {"name": "李秀英", "relation": "PARENT", "kind": "ID"})
        assert nth < 8

    full = browser.post("/my/family/add", {"name": "李秀英", "relation": "PARENT", "kind": "ID"})
    asked = browser.post("/my/family/ask", {"phone": LI, "relation": "PARENT"})

    assert full.status_code == asked.status_code == 422
    assert "最多 8 位" in full.content.decode() and "最多 8 位" in asked.content.decode()


@pytest.mark.parametrize(("word", "is_family"), [("agree", True), ("decline", False)])
def test_two_people_become_family_when_both_say_so(
    word: str, is_family: bool, li: By, browser: Client, sign_in: SignIn
) -> None:
    browser.post("/my/family/ask", {"phone": LI, "relation": "PARENT"})
    hers = sign_in(LI)
    assert "想和您互为家人" in hers.get("/my/").content.decode()
    page = hers.get("/my/family").content.decode()
    [answer_url] = re.findall(rf'action="(/my/family/requests/\d+/{word})"', page)

    hers.post(answer_url)

    mine = browser.get("/my/family").content.decode()
    assert ("李*英" in mine) == is_family and ("138****0002" in mine) != is_family
    assert ("他们可以替我登记" in hers.get("/my/family").content.decode()) == is_family


def test_a_request_and_a_bond_can_be_ended(wang: By, browser: Client) -> None:
    browser.post("/my/family/ask", {"phone": LI, "relation": "PARENT"})
    browser.post("/my/family/add", {"name": "李秀英", "relation": "PARENT", "kind": "ID"})
    page = browser.get("/my/family").content.decode()

    for url in re.findall(r'action="(/my/family/(?:requests/\d+/withdraw|\d+/end))"', page):
        assert browser.post(url)["Location"] == "/my/family"

    after = browser.get("/my/family").content.decode()
    assert "李*英" not in after and "138****" not in after


# --- data -----------------------------------------------------------------------------------------------------------


def test_everything_can_be_taken_along(browser: Client) -> None:
    answer = browser.post("/my/data/export")

    told = answer.json()

    assert told["姓名"] == "王小花" and told["证件号码"] == id_number() and len(told["没有读到的"]) == 2
    assert 'attachment; filename="my-data-' in answer["Content-Disposition"]


def test_moving_house(county: None, browser: Client) -> None:
    assert "鲍店镇 鲍店村" in browser.get("/my/data/home").content.decode()
    assert "鲍店村" in browser.get("/my/data/home?in=140428101000").content.decode()

    browser.post("/my/data/outside", {"province": "410000000000", "words": "郑州市"})
    assert "河南省 郑州市" in browser.get("/my/data").content.decode()
    browser.post("/my/data/home", {"division": "140428101201"})

    assert "鲍店镇 鲍店村" in browser.get("/my/data").content.decode()
    assert browser.post("/my/data/outside", {}).status_code == 422


def test_changing_school(browser: Client) -> None:
    found = browser.get("/my/data/unit?q=中学").content.decode()
    [school] = re.findall(r'name="unit"\s+value="(\d+)"', found)

    wrong, done = browser.post("/my/data/unit", {"unit": 999}), browser.post("/my/data/unit", {"unit": school})

    assert wrong.status_code == 422 and done["Location"] == "/my/data"
    assert "第一中学" in browser.get("/my/data").content.decode()


def test_a_newer_notice_is_read_before_going_on(wang: By, browser: Client) -> None:
    Person.objects.filter(pk=wang.key).update(notice_version=0)
    assert browser.get("/my/")["Location"] == "/my/notice"
    unread = browser.post("/my/notice", {})

    done = browser.post("/my/notice", {"accepted": "on"})

    assert "告知书更新了" in unread.content.decode() and unread.status_code == 422
    assert done["Location"] == "/my/" and done.cookies["zb"].value and browser.get("/my/").status_code == 200


def test_signing_out_everywhere_reaches_the_other_phone(wang: By, browser: Client, sign_in: SignIn) -> None:
    other = sign_in()
    assert other.get("/my/").status_code == 200

    browser.post("/my/data/sign-out")

    assert other.get("/my/").status_code == 302


def test_deleting_asks_once_more_and_then_is_done(wang: By, browser: Client) -> None:
    unsure = browser.post("/my/data/delete", {})

    done = browser.post("/my/data/delete", {"sure": "on"})

    assert unsure.status_code == 422 and "请先打勾" in unsure.content.decode()
    assert done["Location"] == "/deleted" and "已经删除" in browser.get("/deleted").content.decode()
    assert bytes(Person.objects.get(pk=wang.key).sealed) == b"" and browser.get("/my/").status_code == 302


def yellow(by: By) -> None:
    """The city's platform has said so."""
    at = moment()
    feed = system("feed")
    colours.open_feed(by=feed, issuer="长治市健康码平台", at=at)
    colours.receive_fact(
        by=feed,
        person=uuid.UUID(by.key),
        colour=Colour.YELLOW,
        reason="与病例同时到过同一场所",
        issuer="长治市健康码平台",
        evidence="feed-000123",
        from_at=at - timedelta(hours=1),
        until_at=at + timedelta(days=3),
        at=at,
    )


def test_a_yellow_code_says_why_and_who_and_how_to_object(wang: By, browser: Client) -> None:
    yellow(wang)

    page, form = (browser.get(path).content.decode() for path in ("/my/", "/my/correction"))

    assert "h-yellow" in page and "长治市健康码平台" in page and "申请更正" in page
    assert "与病例同时到过同一场所" in page and "与病例同时到过同一场所" in form


def test_deletion_waits_while_a_yellow_code_is_in_force(wang: By, browser: Client) -> None:
    yellow(wang)

    refused = browser.post("/my/data/delete", {"sure": "on"})

    assert refused.status_code == 422 and "到期后可以马上注销" in refused.content.decode()
    assert browser.get("/my/").status_code == 200
