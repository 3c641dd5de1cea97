"""Whatever is sent, the answer is a clear no with a stable code, and nothing is written."""

import base64
import json
import random

import pytest

from zhuanban.base import ciphers
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.codes.rules import write_door
from zhuanban.registry.codes.tests import COUNTY_OFFICE
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules as people_rules
from zhuanban.registry.places import actions as places
from zhuanban.trail.gate.tests.conftest import NOW, SESSION, County
from zhuanban.trail.gate.tests.phone import Answer

JSON = {"content-type": "application/json"}


def said(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["code"]


def test_unknown_revoked_and_suspended_doors_answer_alike_to_the_byte(county: County) -> None:
    revoked, suspended = county.path("人民医院"), county.path("敬老院")
    codes.revoke(code=county.codes["人民医院"], by=COUNTY_OFFICE, reason="海报遗失", at=NOW)
    places.suspend_venue(by=COUNTY_OFFICE, venue=county.codes["敬老院"].door.venue_id, reason="整改", at=NOW)
    county.refresh()
    unknown = f"/s/{write_door(12345, key=ciphers.key('shared/codes'))}"
    forged = f"/s/{'A' * 24}"

    paths = (unknown, revoked, suspended, forged, "/s/x", "/s/%00", f"{county.path()}/")
    scans = [county.phone("王小花").scan(path) for path in paths]
    pages = [county.phone("王小花").get(path, accept="text/html") for path in paths]

    assert {said(answer) for answer in scans} == {(404, "UNKNOWN_DOOR")}
    assert len({answer.body for answer in scans}) == 1 and len({answer.body for answer in pages}) == 1
    assert {answer.status for answer in pages} == {404} and county.stored() == []


def test_of_ten_thousand_forged_sessions_none_is_accepted(county: County) -> None:
    chance, good = random.Random(1), county.phone("王小花").cookies[SESSION]
    house, alphabet = county.house, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    def mutated() -> str:
        signs = list(good)
        for _ in range(chance.randint(1, 3)):
            signs[chance.randrange(len(signs))] = chance.choice(alphabet)
        return "".join(signs)

    forged = [text for text in (mutated() for _ in range(10_000)) if text != good]
    raw = base64.urlsafe_b64decode(good)
    forged += [
        base64.urlsafe_b64encode(raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :]).decode() for n in range(len(raw))
    ]
    forged += ["", "é" * 56, good[:-1], good + "A", good + "=", good.swapcase()]

    assert house.session_in(good, NOW) is not None
    assert [text for text in forged if house.session_in(text, NOW) is not None] == []


def test_a_forged_session_is_asked_to_register_and_nothing_is_written(county: County) -> None:
    phone = county.phone("王小花")
    phone.cookies[SESSION] = phone.cookies[SESSION][:-2] + "zz"

    scanned, page = phone.scan(county.path()), phone.submit(county.path(), ("with_people", "1"), ("people", "me"))

    assert said(scanned) == (401, "REGISTER") and county.stored() == []
    assert page.status == 401 and 'name="phone"' in page.text and "请填姓名和手机号" in page.text


def test_without_the_mac_the_forged_session_would_have_passed(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: take the defence away, and the same forgery is somebody."""
    monkeypatch.setattr("zhuanban.registry.people.rules.tokens.hmac.compare_digest", lambda *_: True)
    phone = county.phone("王小花")
    phone.cookies[SESSION] = phone.cookies[SESSION][:-2] + "zw"

    assert phone.scan(county.path()).status == 200


def test_a_session_that_was_signed_out_or_has_run_out_is_nobody(county: County) -> None:
    phone, key = county.phone("王小花"), ciphers.key("shared/session")
    old = people_rules.write_session(
        county.people["周红"].pk.bytes,
        issued_at=NOW - people_rules.SESSION_LIFETIME,
        level=people_rules.Level.ACCOUNT,
        notice=1,
        key=key,
    )

    people.sign_out_everywhere(by=persons.resident(county.people["王小花"]), at=NOW)
    county.refresh()
    signed_out = phone.scan(county.path())
    phone.cookies[SESSION] = old
    run_out = phone.scan(county.path())

    assert said(signed_out) == said(run_out) == (401, "REGISTER") and county.stored() == []


NO_SCANS = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"me"',
    b"\xff\xfe",
    b"[" * 2000,
    b'{"people": []}',
    b'{"people": "me"}',
    b'{"people": [1]}',
    b'{"people": ["me", "me"]}',
    b'{"people": ["me", ""]}',
    json.dumps({"people": [f"{n:08}" for n in range(40)]}).encode(),
    b'{"id": 5}',
    b'{"id": "20261123"}',
    b'{"id": "20261340-000000000000000000000000"}',
    b'{"id": "20261123-00000000000000000000000G"}',
    b'{"name": {"a": 1}}',
    b'{"name": "\\ud800"}',
    b'{"phone": "\\u0000"}',
]


def test_what_is_no_scan_is_refused_by_name(county: County) -> None:
    phone, path = county.phone("王小花"), county.path()

    answers = {body: phone.ask("POST", path, body, headers=JSON) for body in NO_SCANS}

    assert {body: answer.status for body, answer in answers.items()} == dict.fromkeys(NO_SCANS, 422)
    assert {answer.json["code"] for answer in answers.values()} == {"BAD_SCAN", "BAD_VISIT_ID"}
    assert all(answer.json["message"] for answer in answers.values()) and county.stored() == []


def test_the_phones_clock_is_never_a_reason_to_refuse(county: County) -> None:
    claims = ["yesterday", 5, None, "9999-12-31T23:59:59Z", "2026-11-23", "0001-01-01T00:00:00"]

    answers = [county.phone("王小花").scan(county.path(), at=claimed) for claimed in claims]

    assert [answer.status for answer in answers] == [200] * len(claims)


def test_too_large_wrong_type_and_wrong_method_are_said(county: County) -> None:
    phone, path, long = county.phone("王小花"), county.path(), b"x" * 5000

    large = phone.ask("POST", path, long, headers=JSON)
    declared = phone.ask("POST", path, b"{}", headers={**JSON, "content-length": "5000000"})
    kinds = [phone.ask("POST", path, b"{}", headers=headers) for headers in ({}, {"content-type": "text/plain"})]
    method = phone.ask("PUT", path, b"{}", headers=JSON)

    assert said(large) == said(declared) == (413, "TOO_LARGE")
    assert {said(answer) for answer in kinds} == {(415, "BAD_TYPE")}
    assert said(method) == (405, "BAD_METHOD") and method.header("allow") == "GET, HEAD, POST"
    assert county.stored() == []


THEIRS = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "https://evil.example", "sec-fetch-site": "none"},
]
OURS = [
    {"origin": "https://gate.test"},
    {"origin": "https://gate.test", "sec-fetch-site": "same-origin"},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {},
]


def test_another_sites_page_cannot_make_somebody_enter(county: County) -> None:
    phone, path = county.phone("王小花"), county.path()

    answers = [phone.ask("POST", path, b"{}", headers={**JSON, **headers}) for headers in THEIRS]

    assert [said(answer) for answer in answers] == [(403, "CROSS_SITE")] * len(THEIRS) and county.stored() == []


def test_our_own_page_and_a_caller_without_a_page_may(county: County) -> None:
    phone, path = county.phone("王小花"), county.path()

    answers = [phone.ask("POST", path, b"{}", headers={**JSON, **headers}) for headers in OURS]

    assert [answer.status for answer in answers] == [200] * len(OURS)


def test_a_bug_is_answered_without_a_word_of_what_was_sent(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(county.house.snapshot, "facts", None)

    answer = county.phone("王小花").scan(county.path(), name="王小花", phone="13800000001")

    assert (answer.status, answer.json["code"]) == (500, "BUG")
    assert "13800000001" not in caplog.text and "snapshot.py:" in caplog.text and county.stored() == []


def test_other_addresses_are_not_there(county: County) -> None:
    answers = [county.phone().get(path) for path in ("/", "/my/", "/s/-/0000.css", "/s/-/../rules.py", "/gate/enter")]

    assert {said(answer) for answer in answers} == {(404, "NOT_FOUND")}
