"""What the gate answers: a door's page and its results in every colour, and the doors that are none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import looks
from tests.browser.conftest import County
from tests.browser.people import NOBODY, Open, Size

pytestmark = pytest.mark.browser
Shot = Callable[[Page, str], None]
FAMILY, RED, YELLOW = 1, 4, 5  # residents of the demo; the first has a mother and a child
DOOR = 3  # of the demo
CARE, ENGLISH = {"care": "1"}, {"lang": "en"}


@pytest.mark.parametrize(
    ("name", "number", "cookies"),
    [
        ("gate-scan", FAMILY, {}),
        ("gate-scan-care", FAMILY, CARE),
        ("gate-scan-english", FAMILY, ENGLISH),
    ],
)
def test_a_doors_page_can_be_used_by_all(
    county: County, open_page: Open, shot: Shot, size: Size, name: str, number: int, cookies: dict[str, str]
) -> None:
    page = open_page(size, county.phone(number), cookies=cookies)

    page.goto(county.door(DOOR)["path"])

    expect(page.get_by_role("heading", level=1)).to_have_text(county.door(DOOR)["name"].rpartition(" ")[0])
    shot(page, name)
    looks.check_readable(page)
    looks.check_focus(page)


@pytest.mark.parametrize(
    ("name", "number", "cookies", "word"),
    [
        ("gate-green", FAMILY, {}, "通行"),
        ("gate-green-care", FAMILY, CARE, "通行"),
        ("gate-green-english", FAMILY, ENGLISH, "Pass"),
        ("gate-red", RED, {}, "请停步"),
        ("gate-red-care", RED, CARE, "请停步"),
        ("gate-red-english", RED, ENGLISH, "Please stop"),
        ("gate-yellow", YELLOW, {}, "请停步"),
    ],
)
def test_a_result_says_it_in_colour_shape_and_word(
    county: County,
    open_page: Open,
    shot: Shot,
    size: Size,
    name: str,
    number: int,
    cookies: dict[str, str],
    word: str,
) -> None:
    page = open_page(size, county.phone(number), cookies=cookies)
    page.goto(county.door(DOOR)["path"])

    page.locator("#go").click()

    expect(page.get_by_role("heading", name=word)).to_be_visible()
    shot(page, name)
    looks.check_readable(page)
    looks.check_focus(page)


def test_a_family_comes_in_together(county: County, open_page: Open, shot: Shot, size: Size) -> None:
    page = open_page(size, county.phone(FAMILY))
    page.goto(county.door(DOOR)["path"])

    page.locator("label", has=page.locator("input[name=people]")).nth(1).click()
    expect(page.locator("#count")).to_have_text("2 人")
    shot(page, "gate-scan-two")
    page.locator("#go").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".party")).to_contain_text("共 2 人")
    shot(page, "gate-two")
    looks.check_readable(page)


def test_a_stranger_is_written_down_without_a_wall(county: County, open_page: Open, shot: Shot, size: Size) -> None:
    page = open_page(size, NOBODY)
    page.goto(county.door(DOOR)["path"])
    shot(page, "gate-stranger")
    looks.check_readable(page)
    looks.check_focus(page)

    page.get_by_label("姓名").fill("路过人")
    page.get_by_label("手机号").fill("164")
    page.locator("#go").click()
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    shot(page, "gate-stranger-wrong")
    looks.check_readable(page)

    page.get_by_label("手机号").fill("16499999999")
    page.locator("#go").click()
    expect(page.get_by_role("heading", name="未核验")).to_be_visible()
    shot(page, "gate-unverified")
    looks.check_readable(page)


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("gate-short-code", "/s/", 200),
        ("gate-short-code-wrong", "/s/?c=AAAA-AAAA", 404),
        ("gate-unknown-door", "/s/AAAAAAAAAAAAAAAAAAAAAAAA", 404),
    ],
)
def test_where_there_is_no_door_the_page_says_what_to_do(
    open_page: Open, shot: Shot, size: Size, name: str, path: str, status: int
) -> None:
    page = open_page(size, NOBODY)

    answer = page.goto(path)

    assert answer and answer.status == status
    shot(page, name)
    looks.check_readable(page)
    looks.check_focus(page)
