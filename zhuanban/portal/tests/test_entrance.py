"""Before anybody is known: the first page, the notice, the phone and its code."""

import pytest
from django.test import Client
from pytest_django import Settings

from zhuanban.base.accounts.rules import By
from zhuanban.portal.tests.conftest import NOBODY, WANG, SignIn, shown_code
from zhuanban.registry.people.models import CodeCount, OneTimeCode

pytestmark = pytest.mark.django_db


def test_the_first_page_says_how_to_scan_and_takes_the_short_code(county: None) -> None:
    page = Client().get("/").content.decode()

    assert 'action="/s/"' in page and 'name="c"' in page
    assert "/my/" in page and "工作人员入口" in page


def test_the_care_mode_has_three_big_buttons(browser: Client) -> None:
    browser.cookies["care"] = "1"

    page = browser.get("/").content.decode()

    assert page.count('<a class="care-door') == 3 and "王*花" in page and "tel:0355-8322222" in page


def test_the_notice_says_who_why_how_long_and_what_rights(county: None) -> None:
    page = Client().get("/notice").content.decode()

    for word in ("谁在登记", "为什么", "依据", "14 天", "您的权利", "未满 14 周岁"):
        assert word in page
    assert "扫码进门" in Client().get("/scan").content.decode()


def test_a_known_phone_comes_in_and_goes_on_to_where_it_was(wang: By, sign_in: SignIn) -> None:
    browser = Client()
    browser.post("/my/sign-in?next=/s/abc", {"phone": "138 0000 0001"})

    answer = browser.post("/my/code", {"code": shown_code(browser)})

    assert (answer.status_code, answer["Location"]) == (302, "/s/abc")
    cookie = answer.cookies["zb"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 180 * 24 * 3600)


def test_under_https_the_cookies_are_bound_to_the_host(settings: Settings, wang: By) -> None:
    settings.HTTPS = True
    browser = Client()
    browser.post("/my/sign-in", {"phone": WANG}, secure=True)
    browser.cookies["x"] = ""
    page = browser.get("/my/code", secure=True).content.decode()
    code = page.split('class="code">')[1].strip()[:6]

    answer = browser.post("/my/code", {"code": code}, secure=True)

    assert {"__Host-zb", "__Host-zbf"} <= set(answer.cookies) and answer.cookies["__Host-zb"]["secure"]
    assert not answer.cookies["__Host-zb"]["domain"] and answer.cookies["__Host-zb"]["path"] == "/"


def test_a_new_phone_goes_on_to_register(county: None) -> None:
    browser = Client()
    browser.post("/my/sign-in", {"phone": NOBODY})

    answer = browser.post("/my/code", {"code": shown_code(browser)})

    assert answer["Location"] == "/my/register" and "zb" not in answer.cookies


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/my/", "/desk/", "javascript:alert(1)"])
def test_a_sign_in_leads_nowhere_else(back: str, wang: By) -> None:
    browser = Client()
    browser.post("/my/sign-in", {"phone": WANG}, query_params={"next": back})

    answer = browser.post("/my/code", {"code": shown_code(browser)})

    assert answer["Location"] == "/my/"


def test_a_wrong_phone_is_told_in_its_field_and_kept(county: None) -> None:
    answer = Client().post("/my/sign-in", {"phone": "12345"})

    page = answer.content.decode()

    assert answer.status_code == 422 and "11 位" in page and 'value="12345"' in page


@pytest.mark.parametrize(("code", "hint"), [("", "6 位数字"), ("12", "6 位数字"), ("000000", "验证码不对")])
def test_a_wrong_code_is_told_in_its_field(code: str, hint: str, wang: By) -> None:
    browser = Client()
    browser.post("/my/sign-in", {"phone": WANG})
    OneTimeCode.objects.update(code_hash="none")

    answer = browser.post("/my/code", {"code": code})

    assert answer.status_code == 422 and hint in answer.content.decode()


def test_codes_are_not_sent_twice_a_minute(wang: By) -> None:
    browser = Client()
    browser.post("/my/sign-in", {"phone": WANG})

    again, anew = browser.post("/my/code/again"), browser.post("/my/sign-in", {"phone": WANG})

    assert again.status_code == 429 and 1 <= int(again["Retry-After"]) <= 60
    assert anew.status_code == 422 and "1 分钟" in anew.content.decode()


def test_another_code_can_be_had_later(wang: By, sign_in: SignIn) -> None:
    browser = Client()
    browser.post("/my/sign-in", {"phone": WANG})
    first = shown_code(browser)
    CodeCount.objects.all().delete()

    answer = browser.post("/my/code/again")

    assert answer["Location"] == "/my/code" and (shown_code(browser) != first or OneTimeCode.objects.count() == 1)


@pytest.mark.parametrize("path", ["/my/code", "/my/code/again"])
def test_a_code_needs_a_phone_first(path: str, county: None) -> None:
    browser = Client()
    browser.cookies["zbd"] = "00ff"

    answer = browser.post(path, {"code": "123456"})

    assert answer["Location"] == "/my/sign-in"


def test_without_a_sender_the_page_says_so(settings: Settings, county: None) -> None:
    settings.DEMO = False

    answer = Client().post("/my/sign-in", {"phone": WANG})

    assert answer.status_code == 422 and "短信还没有接通" in answer.content.decode()


def test_signing_out_leaves_no_cookie(browser: Client) -> None:
    answer = browser.post("/my/sign-out")

    assert answer.cookies["zb"].value == answer.cookies["zbf"].value == ""
    assert browser.get("/my/")["Location"] == "/my/sign-in?next=%2Fmy%2F"
