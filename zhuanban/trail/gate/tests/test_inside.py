"""What our own processes ask: door devices enter people, guards see who came, residents see where they were."""

import asyncio
import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from zhuanban.base.spans import day_of
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.codes.models import ScanOrder
from zhuanban.registry.codes.tests import COUNTY_OFFICE
from zhuanban.trail.gate import queries
from zhuanban.trail.gate.queries.client import Refused
from zhuanban.trail.gate.rules import GateDown
from zhuanban.trail.gate.tests.conftest import HOUR, NOW, SESSION, County
from zhuanban.trail.gate.tests.phone import Phone
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.rules import Via, VisitId, write_id

ID = write_id(VisitId(day_of(NOW), bytes(range(12))))


@pytest.fixture
def line(county: County, settings: LazySettings, short_path: Path) -> Iterator[County]:
    """The county with its gate behind a real unix socket, as the desk's process reaches it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items() if name.lower() != "cookie"}
            answer = asyncio.run(Phone(county.gate).asked("POST", self.path, body, headers=headers))
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    county.clock.at = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  (the desk signs with the real time)
    path = short_path / "gate.sock"
    settings.GATE_URL = f"unix:{path}"
    with socketserver.ThreadingUnixStreamServer(str(path), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield county
        server.shutdown()


def test_a_door_device_enters_whom_it_has_seen_once(line: County) -> None:
    door, people = line.codes["福来顺生活超市"].door_id, [line.people["王小花"].pk.bytes, line.people["张三"].pk.bytes]

    seen = [queries.enter(door=door, people=people, via=Via.DOOR, visit=ID, claimed_at=NOW) for _ in range(2)]

    assert [one.first for one in seen] == [True, False]
    assert seen[0].colours == (Colour.GREEN, Colour.RED) and seen[0].admitted == (True, False) and seen[0].visit == ID
    assert [(visit.via, visit.by) for visit in line.stored()] == [(Via.DOOR, None)] * 2 and len(line.outbox()) == 1


def test_a_family_member_entered_by_hand_names_who_brought_them(line: County) -> None:
    wang, li = line.people["王小花"].pk.bytes, line.people["李秀英"].pk.bytes

    queries.enter(door=line.codes["敬老院"].door_id, people=[li], via=Via.MANUAL, visit=ID, by=wang)

    assert line.stored()[0].by is not None and line.stored()[0].by != wang


def test_a_guard_sees_the_last_arrivals_newest_first(line: County) -> None:
    door, begin = line.codes["福来顺生活超市"].door_id, line.clock.at
    line.phone("王小花").scan(line.path(), id=ID)
    line.clock.at = begin + timedelta(seconds=10)
    line.phone("周红").scan(line.path())

    seen = queries.recent(door, since=begin - HOUR, limit=10)
    later = queries.recent(door, since=begin + timedelta(seconds=1))

    assert [one.person for one in seen] == [line.people[name].pk.bytes for name in ("周红", "王小花")]
    assert [one.colour for one in later] == [Colour.YELLOW] and len(queries.recent(door, since=begin, limit=1)) == 1
    assert (seen[1].visit, seen[1].nth, seen[1].at, seen[1].admitted, seen[1].via) == (ID, 0, begin, True, Via.SELF)


def test_a_resident_sees_where_they_were_today_and_when_it_will_be_gone(line: County) -> None:
    phone, at = line.phone("王小花"), line.clock.at
    phone.scan(line.path())
    line.phone("张三").scan(line.path())

    visits = queries.own_today(phone.cookies[SESSION])

    door = line.codes["福来顺生活超市"].door_id
    assert [(visit.at, visit.door, visit.via) for visit in visits] == [(at, door, Via.SELF)]
    assert visits[0].day_disappears == day_of(at) + timedelta(days=14)


def test_without_a_live_session_nobody_sees_anybodys_visits(line: County) -> None:
    with pytest.raises(Refused) as refused:
        queries.own_today("forged")

    assert (refused.value.code, refused.value.status) == ("REGISTER", 401)


def test_the_gates_own_refusals_reach_the_guard(line: County) -> None:
    door, wang = line.codes["福来顺生活超市"].door_id, line.people["王小花"].pk.bytes
    asked: list[dict[str, Any]] = [
        {"door": 999_999, "people": [wang], "visit": ID},
        {"door": door, "people": [], "visit": ID},
        {"door": door, "people": [b"short"], "visit": ID},
        {"door": door, "people": [wang], "visit": "20261123-zz"},
    ]

    found = []
    for one in asked:
        with pytest.raises(Refused) as refused:
            queries.enter(via=Via.DOOR, **one)
        found.append(refused.value.code)
    assert found == ["UNKNOWN_DOOR", "BAD_SCAN", "BAD_SCAN", "BAD_VISIT_ID"] and line.stored() == []


def test_without_an_order_a_door_device_enters_nobody_either(line: County) -> None:
    order = ScanOrder.objects.get()
    codes.end_order(order=order, by=COUNTY_OFFICE, reason="疫情结束", at=NOW)
    line.refresh()

    with pytest.raises(Refused, match="没有生效的扫码命令"):
        queries.enter(
            door=line.codes["敬老院"].door_id, people=[line.people["王小花"].pk.bytes], via=Via.DOOR, visit=ID
        )

    assert line.stored() == []


def test_a_door_whose_sheet_was_revoked_still_takes_what_its_guard_has_seen(line: County) -> None:
    codes.revoke(code=line.codes["敬老院"], by=COUNTY_OFFICE, reason="海报遗失", at=NOW)
    line.refresh()

    told = queries.enter(
        door=line.codes["敬老院"].door_id, people=[line.people["王小花"].pk.bytes], via=Via.MANUAL, visit=ID
    )

    assert told.first and len(line.stored()) == 1


def test_a_gate_that_does_not_answer_is_said_to_be_down(settings: LazySettings, tmp_path: Path) -> None:
    for url in (f"unix:{tmp_path}/nobody.sock", "http://127.0.0.1:9", ""):
        settings.GATE_URL = url
        with pytest.raises(GateDown):
            queries.recent(1, since=NOW)


def test_without_our_signature_there_is_no_such_page(county: County) -> None:
    phone, body = Phone(county.gate), json.dumps({"door": 1, "since": NOW.isoformat(), "limit": 5}).encode()
    proofs = ("", "x", "1:2", f"{int(NOW.timestamp())}:{'0' * 64}", "9" * 400, "²:00")

    answers = [
        phone.ask("POST", "/gate/recent", body, headers={"x-internal": proof}) for proof in proofs if proof.isascii()
    ]

    assert {(answer.status, answer.json["code"]) for answer in answers} == {(404, "NOT_FOUND")}
    assert phone.get("/gate/recent").status == 404
