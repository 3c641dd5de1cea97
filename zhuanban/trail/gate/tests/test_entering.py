"""An entry and its answer: what is decided, what is written, and that it is written once."""

import asyncio
import json
from datetime import timedelta

from django.conf import settings as configured

from zhuanban.base import ciphers
from zhuanban.base.spans import day_of
from zhuanban.trail.gate.tests.conftest import HOUR, NOW, County
from zhuanban.trail.keys.queries import person_of
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.rules import Via, VisitId, write_id

ID = write_id(VisitId(day_of(NOW), bytes(range(12))))


def test_a_green_resident_scans_and_may_pass(county: County) -> None:
    phone = county.phone("王小花")

    answer = phone.scan(county.path(), id=ID, at="2001-01-01T00:00:00Z")

    assert answer.status == 200 and answer.header("cache-control") == "no-store"
    told = answer.json
    assert (told["id"], told["first"], told["colour"], told["word"]) == (ID, True, "GREEN", "通行")
    assert told["admitted"] is True and told["facts_age"] == 0
    assert told["people"] == [{"who": "me", "colour": "GREEN", "admitted": True}]
    assert "show" not in told


def test_the_row_names_nobody_without_the_key_of_the_day(county: County) -> None:
    wang = county.people["王小花"].pk.bytes

    county.phone("王小花").scan(county.path(), id=ID, at="2001-01-01T00:00:00+08:00")

    (visit,) = county.stored()
    key = county.house.desk.keys.of(day_of(NOW), at=NOW)
    assert key and visit.who != wang and person_of(visit.who, key=key) == wang
    assert (visit.via, visit.by, visit.at) == (Via.SELF, None, NOW)
    assert visit.door == county.codes["福来顺生活超市"].door_id
    assert visit.claimed_at is not None and visit.claimed_at.year == 2000  # the phone's clock is a claim
    assert wang not in (county.folder / f"{day_of(NOW)}.db").read_bytes()


def test_red_is_refused_and_its_alert_lies_in_the_same_commit(county: County) -> None:
    answer = county.phone("张三").scan(county.path(), id=ID)

    assert answer.status == 200 and answer.json["admitted"] is False and answer.json["word"] == "请停步"
    (visit,), (blob,) = county.stored(), county.outbox()
    assert visit.colour is Colour.RED and blob[:1] == b"A"
    private = (configured.KEYS / "worker" / "alerts").read_bytes()
    alert = json.loads(ciphers.unbox(blob[1:], private=private))
    assert alert == {
        "kind": "refused",
        "visit": ID,
        "nth": 0,
        "person": county.people["张三"].pk.hex,
        "door": visit.door,
        "colour": "RED",
        "at": NOW.isoformat(),
    }


def test_unknown_silent_and_expired_are_unverified_and_never_green(county: County) -> None:
    county.clock.at = NOW + 2 * HOUR  # past the silence that both platforms may keep

    seen = {name: county.phone(name).scan(county.path()).json for name in ("王小花", "赵六", "孙七")}

    assert {told["colour"] for told in seen.values()} == {"UNVERIFIED"}
    assert {told["word"] for told in seen.values()} == {"未核验·已记录"}
    assert county.outbox() == []


def test_sent_again_it_is_one_visit_with_its_first_receipt(county: County) -> None:
    phone = county.phone("王小花")
    first = phone.scan(county.path(), id=ID).json

    county.clock.at = NOW + timedelta(seconds=90)
    again = phone.scan(county.path(), id=ID).json

    assert len(county.stored()) == 1
    assert again == {**first, "first": False, "facts_age": 90.0}


def test_two_hundred_entries_sent_three_times_each_at_once_are_two_hundred_rows(county: County) -> None:
    phone, ids = county.phone("王小花"), [write_id(VisitId(day_of(NOW), n.to_bytes(12))) for n in range(200)]
    headers = {"content-type": "application/json"}

    async def storm() -> list[int]:
        bodies = [json.dumps({"id": one}).encode() for one in ids * 3]
        answers = await asyncio.gather(*(phone.asked("POST", county.path(), body, headers=headers) for body in bodies))
        return [answer.status for answer in answers]

    assert asyncio.run(storm()) == [200] * 600

    assert sorted(write_id(visit.id) for visit in county.stored()) == sorted(ids)
    assert county.house.in_flight == 0


def test_a_known_id_with_other_content_is_refused(county: County) -> None:
    county.phone("王小花").scan(county.path(), id=ID)

    other_person = county.phone("周红").scan(county.path(), id=ID)
    other_door = county.phone("王小花").scan(county.path("敬老院"), id=ID)

    assert [(answer.status, answer.json["code"]) for answer in (other_person, other_door)] == [(409, "ID_TAKEN")] * 2
    assert len(county.stored()) == 1 and county.outbox() == []


def test_a_phone_with_a_wrong_date_is_not_refused_and_still_counted_once(county: County) -> None:
    phone = county.phone("王小花")
    wrong = [write_id(VisitId(day_of(NOW) + timedelta(days=off), bytes(12))) for off in (-400, -2, 40)]

    seen = [phone.scan(county.path(), id=wrong[0]).json, *(phone.scan(county.path(), id=one).json for one in wrong)]

    here = write_id(VisitId(day_of(NOW), bytes(12)))
    assert [told["id"] for told in seen] == [here] * 4 and [told["first"] for told in seen] == [
        True,
        False,
        False,
        False,
    ]
    assert len(county.stored()) == 1


def test_what_was_taken_in_before_midnight_is_recognised_on_the_next_day(county: County) -> None:
    phone = county.phone("王小花")
    taken_in = phone.scan(county.path(), id=write_id(VisitId(day_of(NOW) - timedelta(days=30), bytes(12)))).json
    own_day = phone.scan(county.path(), id=ID).json

    county.clock.at = NOW + timedelta(days=1)
    seen = [phone.scan(county.path(), id=told["id"]).json for told in (taken_in, own_day)]

    assert [told["first"] for told in seen] == [False, False]
    assert [told["at"] for told in seen] == [taken_in["at"], own_day["at"]] and county.stored() == []


def test_without_an_order_in_force_nobody_scans(county: County) -> None:
    county.clock.at = NOW + timedelta(days=31)

    answer = county.phone("王小花").scan(county.path())

    assert (answer.status, answer.json["code"]) == (403, "NO_ORDER") and county.stored() == []


def test_a_hospital_routes_a_red_patient_and_still_reports(county: County) -> None:
    told = county.phone("张三").scan(county.path("人民医院"), page=True).json

    assert told["admitted"] is False and len(county.outbox()) == 1
    assert "走专用通道" in told["show"]["step3"]


def test_more_than_can_wait_for_the_disk_is_sent_away_with_a_time_to_come_back(county: County) -> None:
    county.house.in_flight = 10_000

    answers = [county.phone("王小花").scan(county.path()) for _ in range(20)]

    assert {(answer.status, answer.json["code"]) for answer in answers} == {(503, "BUSY")}
    waits = {int(answer.header("retry-after")) for answer in answers}
    assert min(waits) >= 1 and len(waits) > 1 and county.stored() == []


def test_a_disk_that_does_not_take_it_is_said_and_nothing_is_acknowledged(county: County) -> None:
    county.folder.parent.joinpath("visits").mkdir(exist_ok=True)
    county.folder.joinpath(f"{day_of(NOW)}.db").mkdir()  # no file can be made under this name

    refused = county.phone("王小花").scan(county.path(), id=ID)
    county.folder.joinpath(f"{day_of(NOW)}.db").rmdir()
    taken = county.phone("王小花").scan(county.path(), id=ID)

    assert (refused.status, refused.json["code"]) == (503, "JOURNAL_DOWN") and refused.header("retry-after")
    assert taken.status == 200 and taken.json["first"] is True
