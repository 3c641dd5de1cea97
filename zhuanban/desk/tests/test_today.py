"""The first page: what waits for me, most urgent first; every figure leads to its rows."""

import re
from pathlib import Path

import pytest
from django.test import Client

from zhuanban.base.accounts.rules import Role
from zhuanban.desk.tests.conftest import SignIn
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts.tests import county
from zhuanban.trail.status.rules import Colour

pytestmark = pytest.mark.django_db
MANY = 40  # queries of the whole page: menu, cards, ten lines, townships


def text(client: Client, path: str = "/desk/", **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nobody_is_led_to_the_sign_in(client: Client) -> None:
    answer = client.get("/desk/")

    assert answer.status_code == 302 and answer["Location"] == "/desk/sign/?next=%2Fdesk%2F"


def test_a_quiet_day_says_so(sign_in: SignIn, door: Door) -> None:
    page = text(sign_in())

    assert "没有等着您办的" in page and "1 个场所在用" in page


def test_a_refused_person_waits_here_with_a_clock_and_a_masked_name(folder: Path, sign_in: SignIn, door: Door) -> None:
    (red,) = county.refuse(folder, door)

    page = text(sign_in(Role.COUNTY_DUTY))

    assert red.number in page and "张*强" in page and "张小强" not in page
    assert "h-red" in page and 'class="clock clock-' in page and f'href="/desk/alerts/{red.pk}/"' in page


def test_the_sum_of_the_cards_is_the_title(folder: Path, sign_in: SignIn, door: Door) -> None:
    county.refuse(folder, door, times=2)
    county.refuse(folder, door, county.person(2), Colour.YELLOW)

    page = text(sign_in())

    cards = re.findall(r'figure-number">(\d+)<.*?figure-note">(.*?)</span>', page, re.DOTALL)
    counted = sum(int(number) for number, note in cards if "不计入" not in note)
    assert f"今天要您办的 {counted} 件" in page and counted >= 3


def test_another_township_sees_nothing_of_it(folder: Path, sign_in: SignIn, door: Door) -> None:
    (red,) = county.refuse(folder, door)

    page = text(sign_in(Role.TOWNSHIP_OFFICE, "140428102"))

    assert red.number not in page and "石哲镇" in page and "鲍店镇" not in page


def test_the_page_asks_for_its_part_again_without_the_menu(sign_in: SignIn, door: Door) -> None:
    part = text(sign_in(), **{"HX-Request": "true", "X-Poll": "1"})

    assert part.lstrip().startswith('<div id="waiting"') and "<nav" not in part


def test_without_an_order_the_page_says_that_the_doors_stand_still(sign_in: SignIn, door: Door) -> None:
    page = text(sign_in())

    assert "没有生效的命令" in page and "还没有接上" in page


def test_the_page_costs_no_more_for_more_lines(
    folder: Path, sign_in: SignIn, door: Door, django_assert_max_num_queries: object
) -> None:
    county.refuse(folder, door, times=12)
    signed_in = sign_in()

    with django_assert_max_num_queries(MANY):  # type: ignore[operator]
        page = text(signed_in)

    assert page.count('class="clock clock-') == 10 and "12 条中的 10 条" in page and "另有 2 条" in page


def test_who_runs_the_system_sees_no_case_and_no_venue(folder: Path, sign_in: SignIn, door: Door) -> None:
    (red,) = county.refuse(folder, door)

    page = text(sign_in(Role.SYSTEM_ADMIN))

    assert red.number not in page and "0 个场所在用" in page
