"""A sign-in lasts eight hours and no fifteen quiet minutes; sensitive acts ask again."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.http import HttpRequest
from django.test import Client, RequestFactory

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.http import address_of
from zhuanban.base.accounts.http.sessions import PROVED, SEEN, SIGNED_IN
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests.signing import BOSS, PASSWORD, by_of, code_of, member, now, settle, sign_in

pytestmark = pytest.mark.django_db
ME = "/desk/sign/me"
NEW = "another passphrase of mine"


@pytest.fixture
def officer() -> Account:
    return settle(member(Role.TOWNSHIP_OFFICE, division="140428101", username="baodian"))


def set_clock(client: Client, **ages: timedelta) -> None:
    """Put a session's moments into the past."""
    session = client.session
    for name, age in ages.items():
        session[name] = (now() - age).isoformat()
    session.save()


def test_after_fifteen_quiet_minutes_one_is_signed_out_and_told_why(client: Client, officer: Account) -> None:
    sign_in(client, officer)
    set_clock(client, **{SEEN: timedelta(minutes=15, seconds=1)})

    answer = client.get(ME)
    page = client.get(answer["Location"]).content.decode()

    assert answer["Location"] == "/desk/sign/?next=%2Fdesk%2Fsign%2Fme"
    assert "您有 15 分钟没有操作" in page and 'value="/desk/sign/me"' in page
    assert "15 分钟没有操作" not in client.get("/desk/sign/").content.decode()


def test_after_eight_hours_even_who_works_on_is_signed_out(client: Client, officer: Account) -> None:
    sign_in(client, officer)
    set_clock(client, **{SIGNED_IN: timedelta(hours=8, seconds=1)})

    answer = client.get(ME)

    assert answer.status_code == 302
    assert "您已登录满 8 小时" in client.get(answer["Location"]).content.decode()


def test_working_keeps_one_signed_in_but_not_the_eight_hours_back(client: Client, officer: Account) -> None:
    sign_in(client, officer)
    set_clock(client, **{SEEN: timedelta(minutes=14), SIGNED_IN: timedelta(hours=7)})
    began = client.session[SIGNED_IN]

    answer = client.get(ME)

    assert answer.status_code == 200
    assert client.session[SEEN] > (now() - timedelta(minutes=1)).isoformat()
    assert client.session[SIGNED_IN] == began


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client: Client, officer: Account) -> None:
    sign_in(client, officer)
    set_clock(client, **{SEEN: timedelta(minutes=14)})
    seen = client.session[SEEN]

    answer = client.get(ME, headers={"x-poll": "1"})

    assert answer.status_code == 200
    assert client.session[SEEN] == seen


def test_two_clicks_in_a_minute_write_once(client: Client, officer: Account) -> None:
    sign_in(client, officer)
    seen = client.session[SEEN]

    client.get(ME)

    assert client.session[SEEN] == seen


def test_a_closed_account_is_out_at_its_next_click(client: Client, officer: Account) -> None:
    sign_in(client, officer)
    actions.close_account(by=BOSS, account=officer, reason="调离", at=now())

    answer = client.get(ME)

    assert answer.status_code == 302
    assert "这个账号已停用" in client.get(answer["Location"]).content.decode()


def test_a_new_password_ends_every_other_session(client: Client, officer: Account) -> None:
    elsewhere = Client()
    sign_in(client, officer)
    sign_in(elsewhere, officer)

    answer = client.post("/desk/sign/me/password", {"password": NEW, "once_more": NEW})

    assert answer["Location"] == ME
    assert client.get(ME).status_code == 200
    assert elsewhere.get(ME).status_code == 302


def test_a_session_of_password_only_is_nobody(client: Client, officer: Account) -> None:
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")

    assert client.get(ME).status_code == 302


# --- asking again ---------------------------------------------------------------------------------------------------


@pytest.fixture
def stale(client: Client, officer: Account) -> Client:
    sign_in(client, officer)
    set_clock(client, **{PROVED: timedelta(minutes=5, seconds=1)})
    return client


def test_a_sensitive_page_asks_again_after_five_minutes_and_leads_back(stale: Client, officer: Account) -> None:
    asked = stale.get("/desk/sign/me/password")
    key = stale.session.session_key

    answer = stale.post(
        "/desk/sign/again",
        {"next": "/desk/sign/me/password", "again-password": PASSWORD, "again-code": code_of(officer)},
    )

    assert asked["Location"] == "/desk/sign/again?next=%2Fdesk%2Fsign%2Fme%2Fpassword"
    assert (answer.status_code, answer["Location"]) == (302, "/desk/sign/me/password")
    assert stale.session.session_key != key
    assert stale.get("/desk/sign/me/password").status_code == 200


def test_a_form_that_was_interrupted_is_sent_on_as_it_was_typed(stale: Client, officer: Account) -> None:
    asked = stale.post("/desk/sign/me/pin", {"pin": "2580", "once_more": "2580"})
    page = asked.content.decode()
    held = {"again-held": "1", "pin": "2580", "once_more": "2580", "next": "/desk/sign/me/pin"}

    answer = stale.post(
        "/desk/sign/again", {**held, "again-password": PASSWORD, "again-code": code_of(officer)}, follow=True
    )

    assert 'name="pin" value="2580"' in page and 'name="again-held"' in page and "不用重填" in page
    assert answer.redirect_chain[0] == ("/desk/sign/me/pin", 307)
    assert "PIN 已存" in answer.content.decode()


def test_a_wrong_answer_keeps_what_is_held(stale: Client, officer: Account) -> None:
    held = {"again-held": "1", "pin": "2580", "once_more": "2580", "next": "/desk/sign/me/pin"}

    wrong = stale.post("/desk/sign/again", {**held, "again-password": "x", "again-code": code_of(officer)})
    short = stale.post("/desk/sign/again", {**held, "again-password": PASSWORD, "again-code": "1"})

    for answer, status in ((wrong, 401), (short, 422)):
        page = answer.content.decode()
        assert answer.status_code == status
        assert 'name="pin" value="2580"' in page and 'value="/desk/sign/me/pin"' in page
    assert 'name="again-password" value' not in wrong.content.decode()


def test_the_question_itself_holds_nothing_of_a_link(stale: Client) -> None:
    page = stale.get("/desk/sign/again?next=/desk/sign/me/password").content.decode()

    assert "again-held" not in page and 'value="/desk/sign/me/password"' in page


def test_five_wrong_answers_shut_the_name_at_this_address(stale: Client, officer: Account) -> None:
    said = {"again-password": "x", "again-code": "000000", "next": "/desk/"}

    answers = [stale.post("/desk/sign/again", said).status_code for _ in range(5)]

    assert answers == [401] * 4 + [429]


def test_what_was_typed_wrong_is_written_down_nowhere(stale: Client, officer: Account) -> None:
    held = {"again-held": "1", "pin": "2580", "once_more": "2580", "next": "/desk/sign/me/pin"}
    Client().post("/desk/sign/", {"username": "baodian", "password": "nearly right", "code": "111222"})

    stale.post("/desk/sign/again", {**held, "again-password": "nearly right", "again-code": "111222"})

    kept = [str(attempt.__dict__) for attempt in AccessAttempt.objects.all()]
    assert len(kept) == 1 and "baodian" in kept[0]
    assert not any(secret in kept[0] for secret in ("nearly right", "111222", "2580"))


def test_an_officer_changes_password_and_pin(client: Client, officer: Account) -> None:
    sign_in(client, officer)

    differs = client.post("/desk/sign/me/password", {"password": NEW, "once_more": "else"}).content.decode()
    common = client.post("/desk/sign/me/password", {"password": "password123", "once_more": "password123"})
    weak = client.post("/desk/sign/me/pin", {"pin": "1234", "once_more": "1234"}).content.decode()
    unlike = client.post("/desk/sign/me/pin", {"pin": "2580", "once_more": "2581"}).content.decode()
    client.post("/desk/sign/me/pin", {"pin": "2580", "once_more": "2580"})

    assert "两遍不一样" in differs and common.status_code == 422
    assert "太好猜" in weak and "两遍不一样" in unlike
    officer.refresh_from_db()
    assert officer.pin.pin_hash and "2580" not in officer.pin.pin_hash and not officer.pin.is_first


def test_ones_own_page_names_roles_and_areas(client: Client, officer: Account) -> None:
    sign_in(client, officer)
    nobody = Client()
    sign_in(nobody, member())

    mine, empty = client.get(ME).content.decode(), nobody.get(ME).content.decode()

    assert "乡镇专班" in mine and "140428101" in mine
    assert "还没有，请找安全管理员" in empty
    assert by_of(officer).scopes


@pytest.mark.parametrize(
    ("headers", "remote", "address"),
    [
        ({}, "10.0.0.9", "10.0.0.9"),
        ({"x-forwarded-for": "10.0.0.1"}, "127.0.0.1", "10.0.0.1"),
        ({"x-forwarded-for": "6.6.6.6, 10.0.0.1"}, "127.0.0.1", "10.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxy_says_last(headers: dict[str, str], remote: str, address: str) -> None:
    request: HttpRequest = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)

    assert address_of(request) == address
