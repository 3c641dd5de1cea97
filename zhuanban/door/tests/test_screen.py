"""The guard's screen, through its own URLs; the gate behind it is a real one."""

import io
from datetime import timedelta

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from zhuanban.base import ciphers
from zhuanban.base.audit.models import Entry
from zhuanban.door import actions
from zhuanban.door.actions import NoCodeInPhoto, NotAPicture
from zhuanban.door.tests.conftest import Guard
from zhuanban.registry.codes.rules import write_personal
from zhuanban.registry.people.models import Person
from zhuanban.trail.checks.models import Check
from zhuanban.trail.checks.rules import Outcome
from zhuanban.trail.gate import queries as gate
from zhuanban.trail.gate.tests.conftest import NOW, say
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.rules import Via

pytestmark = pytest.mark.django_db


def code_of(person: Person) -> str:
    """A code made this very moment: it is good for a minute, and a slow machine takes longer than that to a test."""
    return write_personal(person.pk.bytes, at=timezone.now(), key=ciphers.key("shared/codes"))  # noqa: TID251


def scan(guard: Guard, text: str) -> str:
    """Scan a code; the address of the screen that comes after."""
    answer = guard.browser.post("/door/scan", {"code": text, "id": actions.new_id(NOW)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["location"])


def test_a_code_held_to_the_camera_is_entered_and_named_with_a_mask(guard: Guard) -> None:
    after = scan(guard, code_of(guard.county.people["王小花"]))

    page = guard.browser.get(after).content.decode()

    assert "王*花" in page and "王小花" not in page and "绿码" in page
    assert [visit.via for visit in guard.county.stored()] == [Via.DOOR]


def test_a_hand_scanner_that_sends_twice_enters_once(guard: Guard) -> None:
    sent = {"code": code_of(guard.county.people["王小花"]), "id": actions.new_id(NOW)}

    for _ in range(2):
        guard.browser.post("/door/scan", sent)

    assert len(guard.county.stored()) == 1


@pytest.mark.parametrize("text", ["", "hello", "ZB1.AAAA", "ZB1." + "x" * 190])
def test_a_code_that_is_none_is_said_kindly_and_nothing_is_written(guard: Guard, text: str) -> None:
    answer = guard.browser.post("/door/scan", {"code": text, "id": actions.new_id(NOW)})

    assert answer.status_code in (404, 422) and 'role="alert"' in answer.content.decode()
    assert guard.county.stored() == []


def test_an_old_code_asks_for_a_fresh_one(guard: Guard) -> None:
    old = write_personal(
        guard.county.people["王小花"].pk.bytes, at=NOW - timedelta(minutes=5), key=ciphers.key("shared/codes")
    )

    answer = guard.browser.post("/door/scan", {"code": old, "id": actions.new_id(NOW)})

    assert 400 <= answer.status_code < 500 and guard.county.stored() == []


def test_a_verification_is_a_record_of_its_own(guard: Guard) -> None:
    scan(guard, code_of(guard.county.people["王小花"]))
    visit = guard.county.stored()[0]
    key = gate.recent(guard.door.pk, since=NOW - timedelta(hours=1))[0].visit

    guard.browser.post("/door/verify", {"visit": key, "nth": visit.nth, "outcome": "ADMIT"})

    made = Check.objects.get()
    assert (made.outcome, made.colour, made.by_eye, made.in_batch) == (Outcome.ADMIT, Colour.GREEN, False, False)
    assert made.checker_label.startswith("值守刘*芳") and made.division == guard.door.division


def test_an_unverified_person_is_admitted_by_eye(guard: Guard) -> None:
    after = scan(guard, code_of(guard.county.people["王小乐"]))
    page = guard.browser.get(after).content.decode()
    key = gate.recent(guard.door.pk, since=NOW - timedelta(hours=1))[0].visit

    guard.browser.post("/door/verify", {"visit": key, "nth": 0, "outcome": "ADMIT"})

    assert "已看健康码·放行" in page and "不等于有异常" in page
    assert Check.objects.get().by_eye


def test_a_red_person_cannot_be_let_in_or_sent_away(guard: Guard) -> None:
    after = scan(guard, code_of(guard.county.people["张三"]))
    page = guard.browser.get(after).content.decode()
    key = gate.recent(guard.door.pk, since=NOW - timedelta(hours=1))[0].visit

    refused = [
        guard.browser.post("/door/verify", {"visit": key, "nth": 0, "outcome": o}) for o in ("ADMIT", "TURN_AWAY")
    ]
    held = guard.browser.post("/door/verify", {"visit": key, "nth": 0, "outcome": "HOLD"})

    assert 'value="ADMIT"' not in page and 'value="TURN_AWAY"' not in page
    assert [answer.status_code for answer in refused] == [409, 409] and held.status_code == 302
    assert len(guard.county.outbox()) == 1


def test_a_patient_is_routed_and_never_turned_away(nurse: Guard) -> None:
    after = scan(nurse, code_of(nurse.county.people["周红"]))

    page = nurse.browser.get(after).content.decode()

    assert "引导就诊" in page and 'value="TURN_AWAY"' not in page


def test_one_tap_for_the_greens_leaves_every_other_colour_alone(guard: Guard) -> None:
    people = guard.county.people
    for name in ("王小花", "李秀英", "周红", "王小乐"):
        scan(guard, code_of(people[name]))

    guard.browser.post("/door/greens")

    assert {(made.colour, made.in_batch) for made in Check.objects.all()} == {(Colour.GREEN.value, True)}
    assert Check.objects.count() == 2


def test_a_wrong_tap_is_put_right_by_a_second_row(guard: Guard) -> None:
    scan(guard, code_of(guard.county.people["王小花"]))
    key = gate.recent(guard.door.pk, since=NOW - timedelta(hours=1))[0].visit

    for outcome in ("HOLD", "ADMIT"):
        guard.browser.post("/door/verify", {"visit": key, "nth": 0, "outcome": outcome})

    assert list(Check.objects.order_by("turn").values_list("outcome", "is_last")) == [("HOLD", False), ("ADMIT", True)]


def test_the_colour_is_the_gates_and_not_the_screens(guard: Guard) -> None:
    """A checker's browser that claims an unknown visit, or an old one, verifies nothing."""
    answer = guard.browser.post("/door/verify", {"visit": actions.new_id(NOW), "nth": 0, "outcome": "ADMIT"})

    assert answer.status_code == 404 and not Check.objects.exists()


def test_somebody_without_a_phone_is_entered_by_a_document(guard: Guard) -> None:
    typed = {"name": "赵秀兰", "kind": "ID", "number": "110101199003078670", "phone": "", "id": actions.new_id(NOW)}

    answer = guard.browser.post("/door/manual", typed)
    page = guard.browser.get(answer["location"]).content.decode()

    assert answer.status_code == 302 and "赵*兰" in page and "未核验" in page
    assert [visit.via for visit in guard.county.stored()] == [Via.MANUAL]


def test_a_wrong_number_is_said_at_its_field_and_nothing_typed_is_lost(guard: Guard) -> None:
    typed = {"name": "赵秀兰", "kind": "ID", "number": "110101199003078671", "phone": "12", "id": actions.new_id(NOW)}

    answer = guard.browser.post("/door/manual", typed)
    page = answer.content.decode()

    assert answer.status_code == 422 and "赵秀兰" in page and "110101199003078671" in page
    assert guard.county.stored() == [] and page.count('class="wrong"') == 2


def picture(text: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    segno.make(text).save(out, kind="png", scale=6)
    return SimpleUploadedFile("code.png", out.getvalue(), "image/png")


def test_a_photo_stands_in_for_the_camera(guard: Guard) -> None:
    code = code_of(guard.county.people["王小花"])

    answer = guard.browser.post("/door/photo", {"photo": picture(code), "id": actions.new_id(NOW)})

    assert answer.status_code == 302 and len(guard.county.stored()) == 1


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"GIF89a" + b"\xff" * 30])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        actions.read_photo(content)


def test_a_picture_without_a_code_says_what_to_do() -> None:
    out = io.BytesIO()
    Image.new("L", (200, 200), 255).save(out, "PNG")

    with pytest.raises(NoCodeInPhoto):
        actions.read_photo(out.getvalue())


def test_the_masked_list_leaves_one_row_for_a_shift(guard: Guard) -> None:
    scan(guard, code_of(guard.county.people["王小花"]))

    for _ in range(3):
        guard.browser.get("/door/")

    assert Entry.objects.filter(verb="people.list", target=f"door:{guard.door.pk}").count() == 1


def test_htmx_gets_the_live_part_alone(guard: Guard) -> None:
    whole = guard.browser.get("/door/").content.decode()
    part = guard.browser.get("/door/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" in whole and "<html" not in part and 'id="live"' in part and 'id="person"' in part


def test_nobody_without_an_open_shift_sees_the_screen(guard: Guard) -> None:
    stranger = Client()

    assert stranger.get("/door/").status_code in (302, 401)
    assert stranger.post("/door/scan", {"code": "x", "id": "y"}).status_code in (302, 401)


def test_a_colour_that_changes_later_does_not_rewrite_the_arrival(guard: Guard) -> None:
    scan(guard, code_of(guard.county.people["王小花"]))
    say(guard.county.people["王小花"], Colour.RED, reason="与病例同乘")

    seen = gate.recent(guard.door.pk, since=NOW - timedelta(hours=1))

    assert [one.colour for one in seen] == [Colour.GREEN]
