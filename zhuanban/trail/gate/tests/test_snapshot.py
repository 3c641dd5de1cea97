"""What the gate knows by heart, how it follows the database, and what it does without one."""

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from zhuanban.base import ciphers
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.codes.models import ScanOrder
from zhuanban.registry.codes.tests import COUNTY_OFFICE
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people.rules import Relation
from zhuanban.registry.places import actions as places
from zhuanban.trail.gate.actions import watching
from zhuanban.trail.gate.asgi import Gate
from zhuanban.trail.gate.queries import snapshot as snapshots
from zhuanban.trail.gate.tests.conftest import CITY, DAY, FEED, HOUR, NOW, Clock, County, say
from zhuanban.trail.gate.tests.phone import Phone
from zhuanban.trail.status import actions as status
from zhuanban.trail.status.rules import Colour, FactView


def test_no_scan_and_no_page_reads_the_database(county: County, django_db_blocker: DjangoDbBlocker) -> None:
    wang, zhang, path = county.phone("王小花"), county.phone("张三"), county.path()

    with django_db_blocker.block():
        answers = [
            wang.get(path),
            wang.scan(path, page=True),
            zhang.submit(path, ("with_people", "1"), ("people", "me")),
            county.phone().scan(path, name="钱小多", phone="13900000001"),
        ]

    assert [answer.status for answer in answers] == [200] * 4 and len(county.stored()) == 3


def test_with_the_database_down_it_goes_on_and_says_how_old_its_facts_are(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(**_: Any) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(county.house.snapshot.__class__, "refresh", lambda *_, **__: down())
    assert county.gate.watch is not None
    county.clock.at = NOW + timedelta(minutes=2)

    looks = [county.gate.watch.look() for _ in range(3)]
    told = county.phone("王小花").scan(county.path(), page=True).json
    health = county.phone().get("/s/health")

    assert looks == [False] * 3 and caplog.text.count("the database does not answer") == 1
    assert told["colour"] == "GREEN" and told["facts_age"] == 120
    assert "之后没有更新" in told["show"]["source"]
    assert health.status == 503 and health.json["facts_age"] == 120 and health.json["well"] is False


def test_a_long_silence_of_the_database_turns_green_into_unverified(county: County) -> None:
    county.clock.at = NOW + 2 * HOUR

    assert county.phone("王小花").scan(county.path()).json["colour"] == "UNVERIFIED"


def test_a_change_of_a_colour_is_seen_at_the_next_look(county: County) -> None:
    phone = county.phone("王小花")
    before = phone.scan(county.path()).json["colour"]

    say(county.people["王小花"], Colour.YELLOW, reason="中风险地区旅居", evidence="消息 2")
    county.refresh()

    assert (before, phone.scan(county.path()).json["colour"]) == ("GREEN", "YELLOW")


def test_a_feed_that_is_heard_again_makes_green_of_grey_without_any_other_change(county: County) -> None:
    county.clock.at = NOW + 2 * HOUR
    before = county.phone("王小花").scan(county.path()).json["colour"]

    status.hear(issuer=CITY, at=county.clock.at)
    for _ in range(snapshots.FEEDS_EVERY):
        county.refresh()

    assert (before, county.phone("王小花").scan(county.path()).json["colour"]) == ("UNVERIFIED", "GREEN")


def test_a_reprinted_door_works_under_its_new_code_and_no_longer_under_the_old(county: County) -> None:
    old = county.path()
    county.codes["福来顺生活超市"] = codes.reissue(
        code=county.codes["福来顺生活超市"], by=COUNTY_OFFICE, reason="海报褪色", at=NOW
    )

    county.refresh()

    statuses = [county.phone("王小花").scan(path).status for path in (old, county.path())]
    assert statuses == [404, 200]
    door = county.codes["福来顺生活超市"].door_id
    found = county.house.snapshot.live_door(door)
    assert (
        found is not None
        and found.code == county.codes["福来顺生活超市"].pk
        and len(county.house.snapshot.by_door[door]) == 2
    )


def test_an_order_ended_early_stops_scanning_at_once(county: County) -> None:
    order = county.house.order(NOW)
    row = ScanOrder.objects.get(number=order.number)

    codes.end_order(order=row, by=COUNTY_OFFICE, reason="疫情结束", at=NOW)
    county.refresh()

    assert county.phone("王小花").scan(county.path()).json["code"] == "NO_ORDER"


def test_a_new_companion_and_an_unknown_kind_of_change_are_taken_in(county: County) -> None:
    wang = county.people["王小花"]
    people.add_companion(
        by=persons.resident(wang),
        name="王老汉",
        relation=Relation.PARENT,
        document=None,
        is_guardian=True,
        at=NOW,
    )
    county.refresh()
    known = len(county.house.snapshot.family[wang.pk.bytes])

    places.bump_snapshot(kind="weather", key="1", at=NOW)
    county.refresh()

    assert known == 3 and len(county.house.snapshot.family[wang.pk.bytes]) == 3


def test_a_look_at_an_unchanged_county_costs_one_query(county: County) -> None:
    county.house.snapshot.polls = 0

    with CaptureQueriesContext(connection) as asked:
        county.refresh()

    assert len([query for query in asked if "set_config" not in query["sql"]]) == 1  # PostgreSQL is told its scope


def test_many_changes_at_once_are_one_full_load(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[object] = []
    real = snapshots.Snapshot.load
    monkeypatch.setattr(snapshots, "MANY", 3)

    def counted(snapshot: snapshots.Snapshot, *, at: datetime) -> None:
        loads.append(at)
        real(snapshot, at=at)

    monkeypatch.setattr(snapshots.Snapshot, "load", counted)

    places.bump_snapshot_many(kind="person", keys=[row.pk.hex for row in county.people.values()], at=NOW)
    county.refresh()

    assert len(loads) == 1


def test_a_fact_packed_and_unpacked_says_the_same_and_shares_its_words(county: County) -> None:
    snapshot = county.house.snapshot

    found = [snapshot.fact_of(county.people[name].pk.bytes) for name in ("王小花", "李秀英")]

    expected = FactView(Colour.GREEN, NOW - HOUR, NOW + 3 * DAY, CITY, "核酸检测阴性")
    assert found == [expected, expected] and snapshot.fact_of(bytes(16)) is None
    assert len(snapshot.texts) == 4  # red, yellow, and green of two issuers: three people share one


def test_two_issuers_of_one_person_are_kept_both(county: County) -> None:
    say(
        county.people["王小花"],
        Colour.RED,
        issuer="外省平台",
        reason="与病例同住",
        until_at=NOW + HOUR,
        evidence="消息 9",
    )
    county.refresh()

    now = county.phone("王小花").scan(county.path()).json["colour"]
    status.hear(issuer=CITY, at=NOW + HOUR)
    county.clock.at = NOW + HOUR
    for _ in range(snapshots.FEEDS_EVERY):
        county.refresh()

    assert (now, county.phone("王小花").scan(county.path()).json["colour"]) == ("RED", "GREEN")


def test_before_the_first_load_nobody_is_told_that_a_door_is_unknown(
    db: None, settings: LazySettings, county: County
) -> None:
    settings.VISITS = county.folder.parent / "elsewhere"
    fresh = Gate(Clock(NOW))
    fresh.open()

    answers = [Phone(fresh).get(county.path(), accept="text/html"), Phone(fresh).scan(county.path())]
    health = Phone(fresh).get("/s/health")
    fresh.close()

    assert [answer.status for answer in answers] == [503, 503] and answers[1].json["code"] == "BUSY"
    assert health.status == 503 and health.json["facts_age"] is None


def test_a_bug_in_a_look_is_logged_once_and_looked_past(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(county.house.snapshot.__class__, "refresh", lambda *_, **__: 1 / 0)
    assert county.gate.watch is not None
    failed = [county.gate.watch.look() for _ in range(2)]
    monkeypatch.undo()

    assert failed == [False, False] and caplog.text.count("ZeroDivisionError") == 1
    assert county.gate.watch.look()


@pytest.mark.django_db(transaction=True)
def test_a_gate_opens_follows_and_closes(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lifespan as a server drives it, with its thread; what the thread reads is tested above."""
    settings.VISITS, settings.KEYS, settings.DEMO = tmp_path / "visits", tmp_path / "keys", True
    ciphers.make_all()
    looked = threading.Semaphore(0)
    monkeypatch.setattr(watching, "EVERY", 0.01)
    monkeypatch.setattr(snapshots.Snapshot, "refresh", lambda _snapshot, *, at: looked.release())
    gate, told = Gate(), []

    async def live() -> None:
        messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def send(message: Any) -> None:
            told.append(message["type"])

        await messages.put({"type": "lifespan.startup"})
        running = asyncio.create_task(gate({"type": "lifespan"}, messages.get, send))
        for _ in range(3):
            await asyncio.to_thread(looked.acquire)
        await messages.put({"type": "lifespan.shutdown"})
        await running

    asyncio.run(live())

    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert [path.stem for path in (settings.KEYS / "gate").glob("*.key")]


def test_a_signed_in_stranger_of_the_registry_is_followed_too(county: County) -> None:
    phone = county.phone()
    phone.scan(county.path(), name="钱小多", phone="13900000001", notice=1)
    session = county.house.session_in(phone.cookies["__Host-zb"], NOW)
    assert session is not None

    row = people.adopt_stranger(person=session.person, name="钱小多", phone="13900000001", notice=1, at=NOW)
    status.receive_fact(
        by=FEED,
        person=row.pk,
        colour=Colour.GREEN,
        reason="核酸检测阴性",
        issuer=CITY,
        evidence="消息 77",
        from_at=NOW - HOUR,
        until_at=NOW + DAY,
        at=NOW,
    )
    county.refresh()

    assert phone.scan(county.path()).json["colour"] == "GREEN"
