"""The first story, end to end, in a real browser against the running county: scan, answer, guard, alert, office."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import DESK, PHONE, County

pytestmark = pytest.mark.browser
GREEN, RED = 0, 2  # residents of the demo: the first two are green, the third is red
Size = dict[str, int]
Open = Callable[..., Page]
Shot = Callable[[Page, str], Path]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360x740", "1440x900"])
def test_a_resident_scans_and_the_guard_lets_in(county: County, open_page: Open, shot: Shot, size: Size) -> None:
    door = county.told["doors"][0]
    guard = _guard(county, open_page, size, door)
    page = open_page(size)
    steps.sign_in_resident(page, county.told["residents"][GREEN]["phone"])

    page.goto(door["path"])
    steps.check_readable(page)
    shot(page, "portal-scan")
    page.locator("#go").click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile(f"通行.*{door['name']}", re.DOTALL))
    steps.check_readable(page)
    shot(page, "portal-green")

    guard.goto("/door/")
    guard.locator(".door-arrivals a").first.click()
    steps.check_readable(guard)
    shot(guard, "door-screen")
    guard.get_by_role("button", name="放行", exact=True).click()
    expect(guard.locator(".door-arrivals li").first).to_contain_text("放行")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360x740", "1440x900"])
def test_a_red_person_is_stopped_and_the_township_knows(
    county: County, open_page: Open, shot: Shot, size: Size
) -> None:
    door = county.told["doors"][0]
    stopped = open_page(size)
    steps.sign_in_resident(stopped, county.told["residents"][RED]["phone"])

    steps.check_in(stopped, door["path"])
    expect(stopped.get_by_role("heading", name="请停步")).to_be_visible()
    shot(stopped, "portal-red")
    steps.check_readable(stopped)

    office = open_page(size)
    steps.sign_in_staff(office, county.login("TOWNSHIP_DUTY", "140428101"))
    office.goto("/desk/alerts/")
    expect(office.locator("main")).to_contain_text("红码")
    steps.check_readable(office)
    shot(office, "desk-alerts")


def _guard(county: County, open_page: Open, size: Size, door: dict[str, str]) -> Page:
    """The manager shows a QR; the guard's phone opens it once and begins a shift with a PIN."""
    manager = open_page(DESK)
    steps.sign_in_staff(manager, county.login("VENUE_MANAGER"))
    manager.goto("/desk/sign/devices")
    manager.goto(f"/desk/sign/devices/new?door={door['door']}")
    manager.get_by_role("button").last.click()
    link = manager.evaluate("document.body.innerHTML.match(/\\/desk\\/sign\\/device\\/[\\w-]+/)[0]")
    phone = open_page(size)
    phone.goto(link)
    phone.locator("main button[type=submit]").click()
    phone.get_by_label("福来顺生活超市 门口值守").check()
    phone.fill("input[name=pin]", "2580")
    phone.get_by_role("button", name="开班").click()
    phone.goto("/door/")
    return phone


def test_without_script_the_same_scan_gives_the_same_answer(county: County, open_page: Open, shot: Shot) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    steps.sign_in_resident(page, county.told["residents"][1]["phone"])

    steps.check_in(page, county.told["doors"][1]["path"])

    expect(page.get_by_role("heading", name="通行")).to_be_visible()
    shot(page, "portal-green-without-script")


def test_a_stranger_is_written_down_without_a_wall(county: County, open_page: Open, shot: Shot) -> None:
    page = open_page(PHONE)
    page.goto(county.told["doors"][2]["path"])
    steps.check_readable(page)
    shot(page, "portal-stranger")

    page.fill("input[name=name]", "路过人")
    page.fill("input[name=phone]", "16499999999")
    page.locator("#go").click()

    expect(page.get_by_role("heading", name="未核验")).to_be_visible()
    shot(page, "portal-unverified")
