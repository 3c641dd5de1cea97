"""Those who walk through the pages. Each signs in once, as a newcomer would, and keeps the cookies for later pages."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

Size = dict[str, int]
Open = Callable[..., Page]
PHONE, DESK = Size(width=360, height=740), Size(width=1440, height=900)
SIZES = {"360x740": PHONE, "1440x900": DESK}
NOBODY, GUARD = "", "guard"  # anybody else is a username of the staff, or a resident's telephone
PIN = "2580"  # source: demo/staff.py


class People:
    """`page(who, size)`: a page in the hands of `who`; NOBODY has a new device each time."""

    def __init__(self, browser: Browser, address: str, guarded: int) -> None:
        self.browser, self.address, self.guarded = browser, address, guarded
        self.kept: dict[str, Any] = {}
        self.contexts: dict[tuple[str, int], BrowserContext] = {}

    def page(self, who: str, size: Size, *, cookies: Mapping[str, str] | None = None, **options: Any) -> Page:
        key = (who, size["width"])
        is_kept = who != NOBODY and not cookies and not options
        context = self.contexts.get(key) if is_kept else None
        if context is None:
            known = {"storage_state": self.cookies(who)} if who != NOBODY else {}
            context = self.context(size, **known, **options)
            context.add_cookies(
                [{"name": name, "value": value, "url": self.address} for name, value in (cookies or {}).items()]
            )
        if is_kept:
            self.contexts[key] = context
            context.add_cookies(self.cookies(who)["cookies"])
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def context(self, size: Size, **options: Any) -> BrowserContext:
        is_phone = size["width"] < 600
        kind = {"is_mobile": is_phone, "has_touch": is_phone, "device_scale_factor": 2 if is_phone else 1}
        told: Any = {"viewport": size, "base_url": self.address, "locale": "zh-CN", **kind, **options}
        return self.browser.new_context(**told)

    def leave(self, page: Page) -> None:
        """Closes the page; what it left in its owner's cookies, the owner's other device has too."""
        who = next((who for (who, _width), context in self.contexts.items() if context == page.context), NOBODY)
        if who == NOBODY:
            page.context.close()
            return
        self.kept[who] = page.context.storage_state()
        page.close()

    def cookies(self, who: str) -> Any:
        if who not in self.kept:
            context = self.context(DESK)
            enter = self.open_shift if who == GUARD else sign_in_resident if who.isdecimal() else sign_in_staff
            enter(context.new_page(), who)
            self.kept[who] = context.storage_state()
            context.close()
        return self.kept[who]

    def open_shift(self, page: Page, _who: str) -> None:
        """The manager shows a QR; the guard's phone opens it once and begins a shift with a PIN."""
        manager = self.page("manager1", DESK)
        page.goto(invite_device(manager, self.guarded))
        enrol_device(page)
        manager.close()


def sign_in_staff(page: Page, username: str) -> None:
    """“用这个” fills in the password and the code of the moment."""
    page.goto(f"/desk/sign/?as={username}")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r"/desk/(?!sign/(\?|$))"))


def sign_in_resident(page: Page, phone: str) -> None:
    """The telephone, and the one-time code that the demo shows on the page."""
    prove_phone(page, phone)
    page.wait_for_url(re.compile(r"/my/$"))


def prove_phone(page: Page, phone: str) -> None:
    page.goto("/my/sign-in")
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("6 位验证码").fill(page.locator(".demo-code .code").inner_text())
    page.get_by_role("button", name="登录").click()


def prove_again(page: Page) -> None:
    """Where password and code are asked for once more, the demo has filled them in too."""
    if "/sign/again" in page.url:
        page.locator("main button[type=submit]").click()
        page.wait_for_url(re.compile(r"/desk/(?!sign/again)"))


def invite_device(manager: Page, door: int) -> str:
    """The address in the QR that the manager's page shows."""
    manager.goto(f"/desk/sign/devices/new?door={door}")
    manager.get_by_role("button", name="出二维码").click()
    return manager.locator(".qr-text").inner_text().strip()


def enrol_device(page: Page, who: str = "福来顺生活超市 门口值守") -> None:
    page.get_by_role("button", name="登记这台设备").click()
    open_shift(page, who)


def open_shift(page: Page, who: str) -> None:
    page.get_by_label(who).check()
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="开班").click()
    page.wait_for_url(re.compile(r"/door/$"))


def check_in(page: Page, path: str) -> None:
    """Open a door's page and press its one big button."""
    page.goto(path)
    page.locator("#go").click()
