"""Somebody without an account: name and phone once, recorded 未核验, remembered; no log-in wall at a door."""

import json
from typing import Any

from django.conf import settings as configured

from zhuanban.base import ciphers
from zhuanban.base.spans import day_of
from zhuanban.registry.people.rules import NOTICE_VERSION, Level, read_family, read_session
from zhuanban.trail.gate.tests.conftest import FAMILY, NOW, SESSION, County
from zhuanban.trail.visits.rules import Via, VisitId, write_id

ID = write_id(VisitId(day_of(NOW), bytes(range(12))))
TYPED = {"name": " 钱小多 ", "phone": "+86 139-0000-0001"}


def test_a_stranger_is_recorded_unverified_and_handed_over_sealed_in_the_same_commit(county: County) -> None:
    phone = county.phone()

    answer = phone.scan(county.path(), TYPED, id=ID, notice=NOTICE_VERSION)

    assert answer.status == 200 and answer.json["colour"] == "UNVERIFIED"
    (visit,), (blob,) = county.stored(), county.outbox()
    assert visit.via is Via.STRANGER and blob[:1] == b"S"
    told = json.loads(ciphers.unbox(blob[1:], private=(configured.KEYS / "worker" / "strangers").read_bytes()))
    assert (told["kind"], told["name"], told["phone"], told["notice"]) == ("stranger", "钱小多", "13900000001", 1)
    session = read_session(phone.cookies[SESSION], key=ciphers.key("shared/session"))
    assert session and (session.person.hex(), session.level, session.notice) == (told["person"], Level.STRANGER, 1)
    assert read_family(phone.cookies[FAMILY], key=ciphers.key("shared/session"))[0].name == "钱*多"


def test_next_time_one_tap_is_enough(county: County) -> None:
    phone = county.phone()
    phone.scan(county.path(), TYPED, notice=NOTICE_VERSION)

    page, told = phone.get(county.path("敬老院")).text, phone.scan(county.path("敬老院")).json

    assert "钱*多" in page and 'name="phone"' not in page and "告知书" not in page
    assert told["colour"] == "UNVERIFIED" and len(county.stored()) == 2
    assert len(county.outbox()) == 1


def test_sent_again_without_the_lost_answer_a_stranger_is_one_visit_and_one_person(county: County) -> None:
    first = county.phone().scan(county.path(), TYPED, id=ID)
    again = county.phone().scan(county.path(), TYPED, id=ID)

    assert (first.json["first"], again.json["first"]) == (True, False)
    assert len(county.stored()) == 1 and len(county.outbox()) == 1


def test_a_form_sent_twice_by_an_impatient_thumb_is_one_visit(county: County) -> None:
    phone = county.phone()
    pairs = (("id", ID), ("notice", "1"), ("name", "钱小多"), ("phone", "13900000001"))

    answers = [phone.submit(county.path(), *pairs) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200] and len(county.stored()) == 1
    assert "已登记过" in answers[1].text


def test_the_same_name_and_phone_elsewhere_is_another_person_until_somebody_proves_otherwise(county: County) -> None:
    one, other = (county.phone() for _ in range(2))

    one.scan(county.path(), TYPED)
    other.scan(county.path(), TYPED)

    assert one.cookies[SESSION] != other.cookies[SESSION]


def test_nobody_learns_by_typing_whether_a_phone_is_known(county: County) -> None:
    known, unknown = county.phone(), county.phone()

    answers = [
        known.scan(county.path(), name="王小花", phone="13800000001"),
        unknown.scan(county.path(), name="王小花", phone="13999999999"),
    ]

    alike = [{**answer.json, "id": ""} for answer in answers]
    assert alike[0] == alike[1] and len(answers[0].body) == len(answers[1].body)


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(county: County) -> None:
    pairs = (("id", ID), ("notice", "1"), ("name", "钱小多"), ("phone", '139"><script>'))

    answer = county.phone().submit(county.path(), *pairs)

    assert answer.status == 422 and county.stored() == []
    page = answer.text
    assert 'value="钱小多"' in page and "139&quot;&gt;&lt;script&gt;" in page and "<script>" not in page
    assert "手机号是 11 位数字" in page and 'aria-invalid="true"' in page and f'value="{ID}"' in page


def test_json_says_which_field_is_wrong(county: County) -> None:
    path = county.path()
    bad: list[dict[str, Any]] = [
        {**TYPED, "phone": "1"},
        {**TYPED, "name": "=HYPERLINK(1)"},
        {"name": "钱小多"},
        {**TYPED, "people": ["x"]},
    ]

    answers = [county.phone().scan(path, content) for content in bad]

    assert [(answer.status, answer.json["code"], answer.json["field"]) for answer in answers] == [
        (422, "BAD_PHONE", "phone"),
        (422, "BAD_NAME", "name"),
        (422, "BAD_PHONE", "phone"),
        (422, "BAD_SCAN", "people"),
    ]
    assert county.stored() == []


def test_a_first_entry_shows_the_notice_before_the_form(county: County) -> None:
    page = county.phone().get(county.path()).text

    assert page.index("告知书") < page.index('name="name"')
    for told in ("长子县疫情防控指挥部", "长防指〔2026〕12 号", "14 天", "更正", "不满 14 岁，由监护人"):
        assert told in page


def test_a_raised_notice_is_shown_again_and_its_reading_is_remembered(county: County) -> None:
    phone = county.phone("王小花", notice=0)
    before = read_session(phone.cookies[SESSION], key=ciphers.key("shared/session"))

    page = phone.get(county.path()).text
    phone.scan(county.path(), notice=NOTICE_VERSION)

    after = read_session(phone.cookies[SESSION], key=ciphers.key("shared/session"))
    assert "告知书" in page and "告知书" not in phone.get(county.path()).text
    assert (
        before
        and after
        and (after.person, after.issued_at, after.notice)
        == (
            before.person,
            before.issued_at,
            NOTICE_VERSION,
        )
    )


def test_a_strangers_own_session_cannot_claim_another_name(county: County) -> None:
    phone = county.phone()
    phone.scan(county.path(), TYPED)
    own = phone.cookies[SESSION]

    told = phone.scan(county.path(), name="王小花", phone="13800000001").json

    assert told["colour"] == "UNVERIFIED" and phone.cookies[SESSION] == own and len(county.outbox()) == 1
