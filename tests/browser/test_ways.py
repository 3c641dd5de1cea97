"""The ways of several steps: becoming known, a phone put at a door, a new member of the staff. Each step is a page."""

import base64
import random
import re
from collections.abc import Callable
from datetime import date

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser import looks, people
from tests.browser.conftest import County
from tests.browser.people import NOBODY, PHONE, Open, Size
from zhuanban.demo import words

pytestmark = pytest.mark.browser
Shot = Callable[[Page, str], None]
PIN = "481516"
PASSWORD = "a long one, of the test's"
FORM = "main form button[type=submit]"


def test_a_newcomer_registers(open_page: Open, shot: Shot, size: Size) -> None:
    page = open_page(size, NOBODY)
    page.goto("/my/sign-in")
    page.get_by_label("手机号").fill("12")
    page.get_by_role("button", name="获取验证码").click()
    look_at(page, shot, "portal-sign-in-wrong")
    page.get_by_label("手机号").fill(f"16477{size['width']:06d}")
    page.get_by_role("button", name="获取验证码").click()
    look_at(page, shot, "portal-code")
    page.get_by_label("6 位验证码").fill(page.locator(".demo-code .code").inner_text())
    page.get_by_role("button", name="登录").click()

    look_at(page, shot, "portal-register-notice")
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="同意，继续").click()

    page.get_by_label("姓名").fill("苗新来")
    page.get_by_label("证件号码").fill("140428199001011234")
    page.get_by_role("button", name="下一步").click()
    look_at(page, shot, "portal-register-name-wrong")
    page.get_by_label("证件号码").fill(words.id_number(random.Random(size["width"]), date(1990, 3, 8)))
    page.get_by_role("button", name="下一步").click()

    look_at(page, shot, "portal-register-home")
    page.get_by_role("link", name="不住在长子县").click()
    look_at(page, shot, "portal-register-outside")
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="鲍店镇").click()
    look_at(page, shot, "portal-register-village")
    page.get_by_role("button", name="鲍店东街村").click()

    look_at(page, shot, "portal-register-unit")
    page.get_by_role("button", name="没有单位，完成注册").click()
    page.wait_for_url("**/my/")
    look_at(page, shot, "portal-my-new")


def test_a_phone_is_put_at_a_door_by_its_manager(county: County, open_page: Open, shot: Shot, size: Size) -> None:
    post = f"西门早班{size['width']}"
    manager, phone = open_page(size, "manager1"), open_page(PHONE, NOBODY)
    manager.goto("/desk/sign/devices")
    manager.get_by_label("岗位称呼").fill(post)
    manager.get_by_label("第一个 PIN").fill(people.PIN)
    manager.get_by_role("button", name="添加").click()
    link = people.invite_device(manager, int(county.door(1)["door"]))
    look_at(manager, shot, "desk-device-qr", touch=looks.MOUSE)

    phone.set_viewport_size(size)  # type: ignore[arg-type]
    phone.goto(link)
    look_at(phone, shot, "door-enrol")
    phone.get_by_role("button", name="登记这台设备").click()
    phone.get_by_label(post).check()
    phone.get_by_label("PIN").fill("9999")
    phone.get_by_role("button", name="开班").click()
    look_at(phone, shot, "door-pin-wrong")
    phone.get_by_label("PIN").fill(people.PIN)
    phone.get_by_role("button", name="开班").click()
    look_at(phone, shot, "door-first-pin")
    phone.get_by_label("新 PIN").fill(PIN)
    phone.get_by_label("再输一遍").fill(PIN)
    phone.locator(FORM).click()
    phone.wait_for_url("**/door/")
    look_at(phone, shot, "door-empty")

    manager.goto("/desk/sign/devices")
    manager.locator("tr", has_text=post).get_by_role("link", name="停用").click()
    look_at(manager, shot, "desk-device-revoke", touch=looks.MOUSE)
    manager.get_by_label("原因").fill("手机坏了")
    manager.get_by_role("button", name="停用这台设备").click()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile("没有登记"))


def test_a_new_member_settles_in(open_page: Open, shot: Shot, size: Size) -> None:
    administrator, member = open_page(size, "system"), open_page(size, NOBODY)
    administrator.goto("/desk/sign/accounts/new")
    people.prove_again(administrator)
    administrator.get_by_label("登录名").fill(f"new{size['width']}")
    administrator.get_by_label("岗位称呼").fill("鲍店镇专班 夜班值班员")
    administrator.get_by_label("本人编号").fill(f"N{size['width']}")
    administrator.locator(FORM).click()
    look_at(administrator, shot, "admin-account-link", touch=looks.MOUSE)

    member.goto(administrator.locator(".qr-text").inner_text().strip())
    member.get_by_label("新密码").fill("short")
    member.get_by_label("再输一遍").fill("other")
    member.get_by_label("验证码").fill("000000")
    member.locator(FORM).click()
    look_at(member, shot, "sign-welcome-wrong", touch=looks.MOUSE)
    member.get_by_label("新密码").fill(PASSWORD)
    member.get_by_label("再输一遍").fill(PASSWORD)
    member.get_by_label("验证码").fill(first_code(member))
    member.locator(FORM).click()
    expect(member.get_by_role("heading", level=1)).to_have_text("账号已启用")
    look_at(member, shot, "sign-settled", touch=looks.MOUSE)


def first_code(page: Page) -> str:
    """What the authenticator shows that was given the secret on the page."""
    secret = re.search(r"secret=([A-Z2-7]+)", page.locator(".qr-text").text_content() or "")
    assert secret
    padded = secret[1] + "=" * (-len(secret[1]) % 8)
    return f"{TOTP(base64.b32decode(padded)).token():06d}"


def look_at(page: Page, shot: Shot, name: str, *, touch: int = looks.TOUCH) -> None:
    shot(page, name)
    looks.check_readable(page, touch=touch)
