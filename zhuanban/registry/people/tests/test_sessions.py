"""The browser's session, and how somebody who typed a name at a door becomes an account."""

import uuid
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from zhuanban.base import ciphers
from zhuanban.base.errors import SignInFirst
from zhuanban.registry.people import actions, queries, rules
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.tests.conftest import AT, Register, document

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.DEMO, settings.CODE_SENDER = True, None


def request_of(token: str) -> HttpRequest:
    request = RequestFactory().get("/my/")
    request.COOKIES["zb"] = token
    return request


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.HTTPS = False
    monkeypatch.setattr("zhuanban.registry.people.queries.persons.timezone.now", lambda: AT + timedelta(minutes=1))


def test_a_session_names_its_resident(register: Register, clock: None) -> None:
    person = register()

    by = queries.resident_of(request_of(queries.session_token(person, AT)))

    assert by == queries.resident(person) and by.scopes == ()


def test_what_a_stranger_typed_opens_nothing(register: Register, clock: None) -> None:
    key = ciphers.key("shared/session")
    text = rules.write_session(register().pk.bytes, issued_at=AT, level="STRANGER", notice=1, key=key)

    by = queries.resident_of(request_of(text))

    assert by is None


@pytest.mark.parametrize("token", ["", "forged", "A" * rules.SESSION_TOKEN_CHARS])
def test_a_forged_session_is_nobody(token: str, clock: None) -> None:
    by = queries.resident_of(request_of(token))

    assert by is None


def test_signing_out_everywhere_voids_every_token(register: Register, clock: None) -> None:
    person = register()
    token = queries.session_token(person, AT)

    actions.sign_out_everywhere(by=queries.resident(person), at=AT)
    later = queries.session_token(person, AT + timedelta(seconds=1))

    assert queries.resident_of(request_of(token)) is None
    assert queries.resident_of(request_of(later)) is not None
    assert list(queries.revoked_sessions()) == [(person.pk.bytes, AT)]


def test_a_session_of_somebody_deleted_is_nobody(register: Register, clock: None) -> None:
    person = register()
    token = queries.session_token(person, AT)

    actions.delete_own(by=queries.resident(person), at=AT, is_held=lambda row: False)

    assert queries.resident_of(request_of(token)) is None
    with pytest.raises(SignInFirst):
        queries.own(queries.resident(person))


# --- from a stranger to an account ----------------------------------------------------------------------------------


def stranger_of(phone: str) -> rules.Session:
    actions.adopt_stranger(person=b"s" * 16, name=" 王小花 ", phone=phone, notice=1, at=AT)
    return rules.Session(b"s" * 16, AT, rules.Level.STRANGER, 1)


@pytest.mark.parametrize(("typed", "is_same"), [(PHONE, True), ("13800000077", False), ("乱写", False)])
def test_a_stranger_keeps_the_id_only_with_the_same_phone(typed: str, is_same: bool) -> None:
    session = stranger_of(typed)

    person = actions.register(
        phone=PHONE,
        name="王小花",
        document=document(),
        home=actions.Home("410000000000", "郑州市"),
        unit=None,
        notice=rules.NOTICE_VERSION,
        at=AT,
        stranger=session,
    )

    assert (person.pk.bytes == b"s" * 16) == is_same and queries.open_card(person).home == "郑州市"


def test_a_stranger_is_adopted_once_and_has_no_account() -> None:
    stranger_of(PHONE)

    again = actions.adopt_stranger(person=b"s" * 16, name="别人", phone="13800000055", notice=1, at=AT)

    assert queries.masked(again).name == "王*花" and queries.find_account(PHONE) is None
    assert queries.find_by_phone(PHONE).get() == again


def test_what_has_no_purpose_any_more_is_forgotten(register: Register) -> None:
    stranger = uuid.UUID(bytes=stranger_of(PHONE).person)
    wang = queries.resident(register(phone="13800000002"))
    actions.ask_bond(by=wang, phone="13811111111", relation=rules.Relation.OTHER, at=AT)
    actions.sign_in_code(phone=PHONE, address="10.0.0.1", at=AT)

    early, late = actions.purge(at=AT), actions.purge(at=AT + rules.STRANGER_KEPT)

    assert (early, late) == (0, 5) and actions.purge(at=AT + rules.STRANGER_KEPT) == 0
    assert queries.masked(Person.objects.get(pk=stranger)).name == "已注销" and queries.own(wang)
