"""The map: townships with their venues and alerts, each a link to its rows, and the same as a table."""

import re
from pathlib import Path

import pytest
from django.test import Client

from zhuanban.base.accounts.rules import Role, system
from zhuanban.desk.tests.conftest import SignIn
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts.tests import county

pytestmark = pytest.mark.django_db


def shown(client: Client) -> str:
    answer = client.get("/desk/map/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_figure_leads_to_its_rows(sign_in: SignIn, door: Door, folder: Path) -> None:
    county.shop("张庄惠农超市")
    county.refuse(folder, door)

    page = shown(client := sign_in())

    links = re.findall(r'href="(/desk/(?:venues|alerts)/\?[^"]+)"[^>]*>(\d+)</a>', page)
    assert len(links) == 3
    for address, number in links:
        rows = client.get(address.replace("&amp;", "&")).content.decode()
        assert max(0, rows.count("<tr") - 1) == int(number)


def test_the_townships_add_up_to_the_county(sign_in: SignIn, door: Door) -> None:
    county.shop("石哲百货", county.SHIZHE)

    page = shown(sign_in())

    assert "2 个场所在用" in page and "石哲镇" in page and "鲍店镇" in page


def test_a_township_sees_itself_alone(sign_in: SignIn, door: Door) -> None:
    county.shop("石哲百货", county.SHIZHE)

    page = shown(sign_in(Role.TOWNSHIP_OFFICE, "140428102"))

    assert "1 个场所在用" in page and "石哲镇" in page and "鲍店镇" not in page


def test_the_outline_is_drawn_and_guessed_points_are_said_to_be(sign_in: SignIn, door: Door) -> None:
    ring = [[112.5, 36.0], [113.0, 36.0], [113.0, 36.3], [112.5, 36.3], [112.5, 36.0]]
    _outline({"type": "Polygon", "coordinates": [ring]})

    page = shown(sign_in())

    assert 'class="map-county" d="M' in page and "map-name" in page and "点位为示意" in page


def _outline(geometry: dict[str, object]) -> None:
    places.set_outline(by=system("test"), county="140428", geometry=geometry, source="test", at=county.NOW)
