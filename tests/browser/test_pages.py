"""Every page at the two sizes: it answers, all can read it, Tab walks it, and its picture is kept to be looked at."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from tests.browser import looks, people
from tests.browser.conftest import County
from tests.browser.pages import NO_PAGES, ON_THE_WAY, PAGES, Stop
from tests.browser.people import DESK, Open, Size
from tests.permissions import TABLE
from zhuanban.demo import words

pytestmark = pytest.mark.browser
Shot = Callable[[Page, str], None]
OF_THE_FINGER = ("portal:", "door:")  # the faces that are used with a thumb; the desk is used with a mouse
DISPUTING = 6  # a yellow resident of the demo


@pytest.fixture(scope="module", autouse=True)
def paperwork(crowd: people.People, county: County) -> None:
    """What the demo lacks: a colour that waits for its second officer, a resident who says that theirs is wrong."""
    officer = crowd.page("health1", DESK)
    officer.goto("/desk/status/propose/")
    officer.get_by_label("姓名").fill("张三丰")
    officer.get_by_label("证件号码").fill(words.id_number(random.Random(1), date(1990, 3, 8)))
    officer.locator("input[name=colour][value=YELLOW]").check()
    officer.get_by_label("理由").fill("11 月 19 日与病例同乘班车")
    officer.get_by_label("谁定的").fill("县疾控中心")
    officer.get_by_label("证据").fill("L-2026-029 判定第 7 条")
    officer.locator("input[name=until]").fill(str(date.today() + timedelta(days=3)))  # noqa: DTZ011
    officer.locator("main form button[type=submit]").click()
    officer.wait_for_url("**/desk/status/")
    resident = crowd.page(county.phone(DISPUTING), DESK)
    resident.goto("/my/correction")
    resident.locator("textarea").fill("我这两周没有出过县，请再核对一下行程")
    resident.get_by_role("button", name="提交申请").click()


@pytest.mark.parametrize("stop", PAGES, ids=lambda stop: stop.shot)
def test_a_page_can_be_used_by_all(county: County, open_page: Open, shot: Shot, size: Size, stop: Stop) -> None:
    first = {"door": int(county.door(0)["door"]), "venue": int(county.door(0)["venue"])}
    page = open_page(size, stop.who, cookies=stop.cookies)

    answer = page.goto(stop.path(page, first))
    if stop.name != "accounts:again":
        people.prove_again(page)

    assert answer and (stop.status == answer.status), page.url
    shot(page, stop.shot)
    looks.check_readable(page, touch=looks.TOUCH if stop.name.startswith(OF_THE_FINGER) else looks.MOUSE)
    if stop.walk:
        looks.check_focus(page)


def test_no_page_is_left_out() -> None:
    walked = {stop.name for stop in PAGES} | ON_THE_WAY | NO_PAGES

    assert {row.name for row in TABLE if row.get} - walked == set()
