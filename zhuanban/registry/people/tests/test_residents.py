"""How a resident becomes known: by a code to the phone, and a registration."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit.models import Entry
from zhuanban.registry.people import actions, queries, rules
from zhuanban.registry.people.models import CodeCount, OneTimeCode, Person
from zhuanban.registry.people.tests.conftest import AT, Register, document
from zhuanban.registry.places.models import SnapshotChange

pytestmark = pytest.mark.django_db
PHONE = "13800000001"
SENT: list[tuple[str, str]] = []


def keep(phone: str, code: str) -> None:
    """A sender that a county would plug in."""
    SENT.append((phone, code))


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.DEMO = True
    settings.CODE_SENDER = None
    SENT.clear()


def send(at: Any = AT, phone: str = PHONE, address: str = "10.0.0.1") -> actions.Sent:
    return actions.sign_in_code(phone=phone, address=address, at=at)


def test_the_demo_shows_the_code_and_the_table_keeps_only_its_hash() -> None:
    sent = send()

    row = OneTimeCode.objects.get()

    assert sent.phone == "138****0001" and len(sent.shown) == 6
    assert sent.shown not in row.code_hash and PHONE.encode() not in bytes(row.phone_index)


def test_a_county_plugs_in_its_own_sender(settings: Settings) -> None:
    settings.CODE_SENDER = f"{__name__}.keep"

    sent = send()

    assert sent.shown == "" and SENT[0][0] == PHONE


def test_without_a_sender_no_code_is_made(settings: Settings) -> None:
    settings.DEMO = False

    with pytest.raises(actions.NoSender):
        send()

    assert not OneTimeCode.objects.exists()


def test_a_code_opens_once() -> None:
    code = send().shown
    proof = actions.confirm_code(phone=PHONE, code=code, at=AT)

    with pytest.raises(rules.WrongCode):
        actions.confirm_code(phone=PHONE, code=code, at=AT)

    assert proof == actions.Proof(PHONE, None)


def test_a_code_dies_after_five_minutes() -> None:
    code = send().shown

    with pytest.raises(rules.WrongCode):
        actions.confirm_code(phone=PHONE, code=code, at=AT + timedelta(minutes=5))


def test_five_wrong_tries_kill_the_right_code_too() -> None:
    code = send().shown
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(rules.WrongCode):
            actions.confirm_code(phone=PHONE, code=wrong, at=AT)

    with pytest.raises(rules.WrongCode):
        actions.confirm_code(phone=PHONE, code=code, at=AT)


def test_a_second_code_waits_a_minute_and_voids_the_first() -> None:
    first = send().shown
    with pytest.raises(rules.CodeLimit):
        send(AT + timedelta(seconds=59))

    second = send(AT + timedelta(seconds=60)).shown

    if first != second:
        with pytest.raises(rules.WrongCode):
            actions.confirm_code(phone=PHONE, code=first, at=AT + timedelta(seconds=61))
    assert actions.confirm_code(phone=PHONE, code=second, at=AT + timedelta(seconds=61)).phone == PHONE


def test_a_phone_gets_ten_codes_a_day_and_the_next_day_more() -> None:
    for minute in range(rules.CODES_PER_PHONE):
        send(AT + timedelta(minutes=minute), address=f"10.0.0.{minute}")

    with pytest.raises(rules.CodeLimit) as refused:
        send(AT + timedelta(hours=1))

    assert "手机号" in str(refused.value) and send(AT + timedelta(days=1)).phone


def test_an_address_has_its_limit_too() -> None:
    send()
    CodeCount.objects.update(count=rules.CODES_PER_ADDRESS)

    with pytest.raises(rules.CodeLimit) as refused:
        send(phone="13800000009")

    assert "网络" in str(refused.value)


def test_asking_for_a_code_is_the_same_work_for_a_known_and_an_unknown_phone(
    register: Register, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    register()
    send(phone="13900000000")  # warm

    with django_assert_num_queries(13) as known:
        send(phone=PHONE)
    with django_assert_num_queries(13) as unknown:
        send(phone="13800000008")

    shapes = [[query["sql"].split()[0] for query in done.captured_queries] for done in (known, unknown)]
    assert shapes[0] == shapes[1]
    assert not any("people_person" in query["sql"] for query in known.captured_queries)


def test_a_known_phone_is_signed_in_and_leaves_a_row(register: Register) -> None:
    person = register()
    code = send().shown

    proof = actions.confirm_code(phone=PHONE, code=code, at=AT)

    assert proof.person == person and Entry.objects.filter(verb="people.sign_in", subject=person.pk.hex).exists()


def test_registering_seals_everything_and_tells_the_gate(register: Register) -> None:
    person = register()

    row = Person.objects.get()
    card = queries.open_card(row)

    assert (card.name, card.phone, card.birth) == ("王小花", PHONE, "1990-03-07")
    stored = bytes(row.sealed) + bytes(row.phone_index or b"") + bytes(row.document_index or b"")
    assert not any(clear.encode() in stored for clear in ("王小花", PHONE, card.document))
    assert SnapshotChange.objects.filter(kind="person", key=person.pk.hex).exists()


def test_registering_twice_is_once(register: Register) -> None:
    first = register()

    second = register("王大花", nth=5)

    assert first == second and Person.objects.count() == 1


def test_a_document_already_known_is_claimed_and_nobody_is_told(register: Register) -> None:
    first = register()

    second = register("王小花", phone="13800000003", nth=1)

    assert second != first and second.document_index is None
    assert bytes(second.claimed_index or b"") == bytes(first.document_index or b"-")
    assert queries.find_by_document(document()) == first


def test_a_known_document_is_the_same_work_as_a_new_one(
    register: Register, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    register()

    with django_assert_max_num_queries(30) as known:
        register(phone="13800000003", nth=1)
    with django_assert_max_num_queries(30) as unknown:
        register(phone="13800000004", nth=7)

    assert len(known.captured_queries) == len(unknown.captured_queries)


def test_a_child_registers_through_its_guardian(register: Register) -> None:
    with pytest.raises(actions.TooYoung):
        register(birth="20150307")

    assert not Person.objects.exists()


def test_an_old_notice_is_read_again(wang: By) -> None:
    with pytest.raises(actions.OldNotice):
        actions.register(
            phone=PHONE, name="王", document=document(), home=actions.Home(""), unit=None, notice=0, at=AT
        )

    accepted = actions.accept_notice(by=wang, version=rules.NOTICE_VERSION + 1, at=AT)

    assert accepted.notice_version == rules.NOTICE_VERSION + 1
