"""The first story, end to end, in a real browser against the running county: scan, answer, guard, alert, office."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import looks, people
from tests.browser.conftest import County
from tests.browser.people import DESK, GUARD, PHONE, Open, Size

pytestmark = pytest.mark.browser
Shot = Callable[[Page, str], None]
GREEN = {PHONE["width"]: 0, DESK["width"]: 1}  # a resident of the demo for each size: a phone gets one code a minute
RED = {PHONE["width"]: 2, DESK["width"]: 3}
DOOR, OTHER_DOOR, THIRD_DOOR = 0, 1, 2  # of the demo; the guard stands at the first
DUTY = "duty101"  # the duty officer of the township where the doors are
REASON = "联系本人转运到隔离点"


def test_a_green_resident_scans_and_the_guard_lets_in(county: County, open_page: Open, shot: Shot, size: Size) -> None:
    door = county.door(DOOR)
    resident, guard = open_page(size, county.phone(GREEN[size["width"]])), open_page(size, GUARD)

    people.check_in(resident, door["path"])
    expect(resident.get_by_role("heading", name="通行")).to_be_visible()

    guard.goto("/door/")
    arrival = guard.locator(".door-arrivals li").first
    arrival.get_by_role("link").click()
    looks.check_readable(guard)
    shot(guard, "door-green")
    guard.get_by_role("button", name="放行", exact=True).click()
    expect(arrival).to_contain_text("放行")

    resident.goto("/my/visits")
    expect(resident.locator(".stays li").first).to_contain_text(re.compile(f"今天.*{door['name']}.*删除", re.DOTALL))


def test_a_red_resident_is_stopped_and_the_township_acts(
    county: County, open_page: Open, shot: Shot, size: Size
) -> None:
    phone = county.phone(RED[size["width"]])
    resident, guard, office = open_page(size, phone), open_page(size, GUARD), open_page(size, DUTY)
    last = newest_alert(office).inner_text()

    people.check_in(resident, county.door(DOOR)["path"])
    expect(resident.get_by_role("heading", name="请停步")).to_be_visible()

    guard.goto("/door/")
    arrival = guard.locator(".door-arrivals li").first
    arrival.get_by_role("link").click()
    looks.check_readable(guard)
    shot(guard, "door-red")
    expect(guard.get_by_role("button", name="放行", exact=True)).to_have_count(0)
    guard.get_by_role("button", name="暂候").click()
    expect(arrival).to_contain_text("暂候")

    wait_for_another_alert(office, last).click()
    shot(office, "alerts-alert-new")
    office.get_by_role("button", name="乡镇接单").click()
    expect(office.locator(".clock-card").first).to_contain_text(re.compile("用时.*按时", re.DOTALL))
    shot(office, "alerts-alert-acknowledged")

    office.get_by_label("为什么要看").fill(REASON)
    office.get_by_role("button", name="看姓名电话").click()
    expect(office.locator("#told")).to_contain_text(phone)
    looks.check_readable(office, touch=looks.MOUSE)
    shot(office, "alerts-alert-name-shown")

    resident.goto("/my/looks")
    expect(resident.locator(".lines li").first).to_contain_text(re.compile(f"鲍店镇.*{REASON}", re.DOTALL))
    shot(resident, "portal-looks-after")


def newest_alert(office: Page) -> Locator:
    """The link to it; its text says who and where, and the small line below its number."""
    office.goto("/desk/alerts/?view=red&sort=-raised")
    return office.locator("tbody .name").first


def wait_for_another_alert(office: Page, last: str) -> Locator:
    """The worker carries it over within a second; the list itself asks every ten."""
    for _ in range(20):
        newest = newest_alert(office)
        if newest.inner_text() != last:
            break
    expect(newest).not_to_have_text(last)
    return newest.get_by_role("link")


def test_without_script_the_same_scan_gives_the_same_answer(
    county: County, open_page: Open, shot: Shot, size: Size
) -> None:
    door = county.door(OTHER_DOOR)
    resident = open_page(size, county.phone(GREEN[size["width"]]), java_script_enabled=False)

    people.check_in(resident, door["path"])
    expect(resident.get_by_role("heading", name="通行")).to_be_visible()
    shot(resident, "gate-green-without-script")

    resident.goto("/my/visits")
    expect(resident.locator(".stays li").first).to_contain_text(re.compile(f"今天.*{door['name']}.*删除", re.DOTALL))


def test_without_script_a_red_resident_is_stopped_too(county: County, open_page: Open, shot: Shot, size: Size) -> None:
    resident = open_page(size, county.phone(RED[size["width"]]), java_script_enabled=False)

    people.check_in(resident, county.door(THIRD_DOOR)["path"])

    expect(resident.get_by_role("heading", name="请停步")).to_be_visible()
    expect(resident.get_by_role("link", name="打给")).to_be_visible()
    shot(resident, "gate-red-without-script")
