"""The first story, end to end, in a real browser against the running county: scan, answer, guard, alert, office."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import looks, people
from tests.browser.conftest import County
from tests.browser.people import GUARD, PHONE, Open, Size

pytestmark = pytest.mark.browser
Shot = Callable[[Page, str], None]
GREEN, WITHOUT_SCRIPT = 0, 1  # residents of the demo
RED = {360: 2, 1440: 3}  # by the width of the screen: each is stopped once


def test_a_resident_scans_and_the_guard_lets_in(county: County, open_page: Open, shot: Shot, size: Size) -> None:
    door = county.door(0)
    page, guard = open_page(size, county.phone(GREEN)), open_page(size, GUARD)

    people.check_in(page, door["path"])
    expect(page.get_by_role("heading", name="通行")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text(door["name"])
    shot(page, "story-green")

    guard.goto("/door/")
    guard.locator(".door-arrivals a").first.click()
    shot(guard, "story-guard")
    guard.get_by_role("button", name="放行", exact=True).click()
    expect(guard.locator(".door-arrivals li").first).to_contain_text("放行")

    page.goto("/my/visits")
    expect(page.locator("main")).to_contain_text(door["name"].split()[0])


def test_a_red_person_is_stopped_and_the_township_takes_over(
    county: County, open_page: Open, shot: Shot, size: Size
) -> None:
    """The alert is at the township's desk within seconds; whose name was looked at can read it."""
    stopped, office = open_page(size, county.phone(RED[size["width"]])), open_page(size, "duty101")

    people.check_in(stopped, county.door(1)["path"])
    expect(stopped.get_by_role("heading", name="请停步")).to_be_visible()
    shot(stopped, "story-red")
    alert = _open_alert(office, county.door(1)["name"])
    shot(office, "story-alert")

    office.locator("#identity [name=reason]").fill("核对转运安排")
    office.locator("#identity button[type=submit]").click()
    expect(office.locator("main")).to_contain_text("本人")
    office.goto(alert)
    office.get_by_role("button", name="接单").click()
    expect(office.get_by_role("button", name="转交")).to_be_visible()

    stopped.goto("/my/looks")
    expect(stopped.locator("main")).to_contain_text("核对转运安排")


def _open_alert(office: Page, where: str) -> str:
    """The newest alert at a door: the relay brings it within a second, a loaded machine in some."""
    for _ in range(20):
        office.goto("/desk/alerts/?kind=RED")
        waiting = office.locator("tbody tr").filter(has_text=where).filter(has_text="接单")
        if waiting.count():
            waiting.last.get_by_role("link", name=re.compile(f"^{where}")).click()
            office.wait_for_url(re.compile(r"/desk/alerts/\d+"))
            return office.url
        office.wait_for_timeout(500)
    raise AssertionError("no alert came")


def test_without_script_the_same_scan_gives_the_same_answer(county: County, open_page: Open, shot: Shot) -> None:
    page = open_page(PHONE, county.phone(WITHOUT_SCRIPT), java_script_enabled=False)

    people.check_in(page, county.door(1)["path"])

    expect(page.get_by_role("heading", name="通行")).to_be_visible()
    shot(page, "story-green-without-script")


def test_a_stranger_is_written_down_without_a_wall(county: County, open_page: Open, shot: Shot) -> None:
    page = open_page(PHONE)
    page.goto(county.door(2)["path"])
    looks.check_readable(page, touch=looks.MOUSE)

    page.fill("input[name=name]", "路过人")
    page.fill("input[name=phone]", "16499999999")
    page.locator("#go").click()

    expect(page.get_by_role("heading", name="未核验")).to_be_visible()
    shot(page, "story-unverified")
