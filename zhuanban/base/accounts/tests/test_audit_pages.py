"""The auditor's list and the public roots."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests.signing import member, now, sign_in
from zhuanban.base.audit import actions
from zhuanban.base.audit.rules import PAGE
from zhuanban.base.audit.tests.people import OFFICER, WORKER

PERSON = "00112233445566778899aabbccddeeff"
pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client) -> Client:
    sign_in(client, member(Role.AUDITOR, division=""))
    return client


def test_the_auditor_sees_who_did_what_to_whom_and_why(auditor: Client) -> None:
    actions.look(by=OFFICER, verb="people.look", at=now(), subject=PERSON, target="alert:17", reason="红码处置")

    page = auditor.get("/desk/audit/").content.decode()

    for word in (OFFICER.label, "people.look", PERSON[:8], "alert:17", "红码处置", "查看"):
        assert word in page


@pytest.mark.parametrize(
    ("query", "found", "lost"),
    [
        ("verb=people.", "look-reason", "open-reason"),
        ("actor=worker", "open-reason", "look-reason"),
        (f"subject={PERSON.upper()}", "look-reason", "open-reason"),
        ("target=alert:1", "open-reason", "look-reason"),
    ],
)
def test_the_list_is_filtered_in_its_address(auditor: Client, query: str, found: str, lost: str) -> None:
    at = now()
    actions.look(by=OFFICER, verb="people.look", at=at, subject=PERSON, reason="look-reason")
    actions.record(by=WORKER, verb="alerts.open", at=at, target="alert:1", reason="open-reason")

    page = auditor.get(f"/desk/audit/?{query}").content.decode()

    assert found in page and lost not in page


def test_a_filter_that_cannot_be_read_is_said_and_left_out(auditor: Client) -> None:
    answer = auditor.get("/desk/audit/?subject=王小花&before=x")

    assert answer.status_code == 200
    assert "人员编号是 32 位十六进制数" in answer.content.decode()


def test_an_empty_answer_says_what_to_do(auditor: Client) -> None:
    assert "没有符合条件的记录" in auditor.get("/desk/audit/?verb=nothing").content.decode()


def test_the_list_goes_on_by_the_key_of_its_last_row(auditor: Client) -> None:
    for nth in range(PAGE + 5):
        actions.record(by=WORKER, verb="alerts.open", at=now(), reason=f"[{nth}]")

    first = auditor.get("/desk/audit/?verb=alerts.").content.decode()
    before = first.split("before=")[1].split('"')[0]
    second = auditor.get(f"/desk/audit/?verb=alerts.&before={before}").content.decode()

    assert "[54]" in first and "[5]" in first and "[4]" not in first
    assert "[4]" in second and "[0]" in second and "[5]" not in second
    assert "before=" not in second.split("<table")[1]


def test_the_list_asks_the_database_a_fixed_number_of_questions(
    auditor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        actions.record(by=WORKER, verb="alerts.open", at=now())

    with django_assert_max_num_queries(10):
        auditor.get("/desk/audit/")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_else_sees_the_list(client: Client, role: Role) -> None:
    sign_in(client, member(role))

    answer = client.get("/desk/audit/", headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(client: Client) -> None:
    answer = client.get("/desk/audit/?verb=people.")

    assert answer["Location"] == "/desk/sign/?next=%2Fdesk%2Faudit%2F%3Fverb%3Dpeople."


def test_the_roots_are_for_everybody(client: Client) -> None:
    empty = client.get("/desk/audit/roots").content.decode()
    actions.record(by=WORKER, verb="alerts.open", at=now())
    root = actions.publish_root(at=now() - timedelta(minutes=1))

    page = client.get("/desk/audit/roots").content.decode()

    assert "还没有公布过" in empty
    assert root.hash in page
