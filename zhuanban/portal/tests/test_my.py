"""One's own pages: the code, the places, the looks, and what is wrong."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By, Kind
from zhuanban.base.ui.http import moment
from zhuanban.portal.tests.conftest import LI
from zhuanban.registry.codes import rules as codes
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.rules import Relation
from zhuanban.trail.tracing.rules import OwnVisit, write_visits
from zhuanban.trail.visits.rules import Via

pytestmark = pytest.mark.django_db
GUARD = By(Kind.STAFF, "5", "鲍店镇 值班员", "identity:5")


def drawn(page: str) -> str:
    """What a camera reads from the QR code on the page."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1" class="segno"', page)[1])  # type: ignore[index]
    dots = Image.new("L", (size, size), 255)
    x = y = 0.0
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', page)[1]  # type: ignore[index]
    for kind, numbers in re.findall(r"([Mmh])([-0-9. ]+)", path):
        moved = [float(number) for number in re.findall(r"-?[0-9.]+", numbers)]
        if kind == "h":
            dots.paste(0, (int(x), int(y), int(x + moved[0]), int(y) + 1))
            x += moved[0]
        else:
            x, y = (moved[0], moved[1]) if kind == "M" else (x + moved[0], y + moved[1])
    [found] = zxingcpp.read_barcodes(dots.resize((size * 6, size * 6), Image.Resampling.NEAREST))
    return str(found.text)


def test_my_code_is_mine_and_lives_a_minute(wang: By, browser: Client) -> None:
    answer = browser.get("/my/")
    page = answer.content.decode()

    person = codes.read_personal(drawn(page), at=moment(), key=ciphers.key("shared/codes"))

    assert person.hex() == wang.key and "王*花" in page and 'data-seconds="60"' in page
    assert 'http-equiv="refresh" content="60"' in page and "no-store" in answer["Cache-Control"]


def test_the_script_fetches_the_code_alone(browser: Client) -> None:
    part = browser.get("/my/", headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith("<section") and "我去过的地方" not in part


def test_whom_nothing_is_known_of_is_unverified_never_green(browser: Client) -> None:
    page = browser.get("/my/").content.decode()

    assert "h-unverified" in page and "h-green" not in page


def test_a_childs_code_shows_its_colour_and_a_grown_relatives_does_not(wang: By, li: By, browser: Client) -> None:
    at = moment()
    people.add_companion(by=wang, name="王乐乐", relation=Relation.CHILD, document=None, is_guardian=True, at=at)
    asked = people.ask_bond(by=wang, phone=LI, relation=Relation.PARENT, at=at)
    people.agree_bond(by=li, pk=asked.pk, at=at)

    _me, child, mother = persons.family_of(persons.own(wang), at)
    pages = [browser.get(f"/my/?of={one.person.hex}").content.decode() for one in (child, mother)]

    assert "h-unverified" in pages[0] and "王*乐" in pages[0]
    assert "由本人亮码" in pages[1] and 'class="health' not in pages[1]
    for page, kin in zip(pages, (child, mother), strict=True):
        read = codes.read_personal(drawn(page), at=moment(), key=ciphers.key("shared/codes"))
        assert read == kin.person.bytes


def test_nobody_elses_code_is_shown(li: By, browser: Client) -> None:
    answer = browser.get(f"/my/?of={li.key}")

    assert answer.status_code == 404


def test_processes_that_do_not_answer_are_named_and_never_an_empty_list(browser: Client) -> None:
    page = browser.get("/my/visits").content.decode()

    assert "今天的记录暂时读不到" in page and "以前的记录暂时读不到" in page and "还没有登记过" not in page


class Teller(BaseHTTPRequestHandler):
    """Stands where the gate and the keeper listen, and tells what it was given."""

    visits: list[Any] = []
    asked: list[bytes] = []

    def do_POST(self) -> None:
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"visits": self.visits}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


def serve(path: str, visits: list[Any]) -> tuple[UnixStreamServer, type[Teller]]:
    handler = type("Told", (Teller,), {"visits": visits, "asked": []})
    Path(path).unlink(missing_ok=True)
    server = UnixStreamServer(path, handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, handler


@pytest.fixture
def processes(settings: Any, tmp_path: Path) -> Iterator[list[type[Teller]]]:
    settings.GATE_URL, settings.KEEPER_SOCKET = f"unix:{tmp_path}/gate", f"{tmp_path}/keeper"
    at = moment()
    today = {"at": at.isoformat(), "door": 999, "via": "SELF", "day_disappears": "2099-12-07"}
    both = OwnVisit(at, 999, Via.SELF, date(2099, 12, 7))  # with both, until the gate's key of yesterday is gone
    past = OwnVisit(at - timedelta(days=4), 998, Via.DOOR, date(2099, 12, 3))
    made = [serve(f"{tmp_path}/gate", [today]), serve(f"{tmp_path}/keeper", write_visits([both, past]))]
    yield [handler for _server, handler in made]
    for server, _handler in made:
        server.shutdown()
        server.server_close()


def test_each_place_says_when_it_disappears(browser: Client, processes: list[type[Teller]]) -> None:
    page = browser.get("/my/visits").content.decode()

    assert page.count('class="stays-gone"') == 2 and "12月7日删除" in page and "12月3日删除" in page
    assert "本人扫码" in page and "门口扫码" in page and "读不到" not in page
    token = browser.cookies["zb"].value.encode()
    assert all(token in asked.asked[0] for asked in processes)


def test_who_looked_and_why_is_there_at_once(wang: By, browser: Client) -> None:
    person = Person.objects.get(pk=wang.key)
    people.look(by=GUARD, person=person.pk, reason="红码联系本人", at=moment())

    pages = [browser.get(path).content.decode() for path in ("/my/", "/my/looks")]

    for page in pages:
        assert "鲍店镇 值班员" in page and "看了姓名、电话和证件" in page and "红码联系本人" in page


def test_a_correction_is_asked_once_and_shown(browser: Client) -> None:
    short = browser.post("/my/correction", {"text": "不对"})
    empty = browser.post("/my/correction", {"text": ""})

    done = browser.post("/my/correction", {"text": "我没有去过那个市场"})

    page = browser.get("/my/correction").content.decode()
    assert short.status_code == empty.status_code == 422 and "不对</textarea>" in short.content.decode()
    assert done["Location"] == "/my/correction" and "正在办理" in page and "我没有去过那个市场" in page
