"""The sign-in page: three fields, one answer, and five tries."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import DEMO_PASSWORD, Grant, Role
from zhuanban.base.accounts.tests.signing import BOSS, PASSWORD, code_of, member, now, organisation, settle, sign_in
from zhuanban.base.accounts.tests.test_hashers import OneAtATime
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden

pytestmark = pytest.mark.django_db
PAGE = "/desk/sign/"


@pytest.fixture
def officer() -> Account:
    return settle(member(Role.TOWNSHIP_OFFICE, division="140428101", username="baodian"))


def attempt(client: Client, account: Account, *, address: str = "10.0.0.1", **changed: str) -> Any:
    said = {"username": account.username, "password": PASSWORD, "code": code_of(account), **changed}
    return client.post(PAGE, said, headers={"x-forwarded-for": address}, REMOTE_ADDR=address)


def forget_pause(account: Account) -> None:
    """django-otp makes a wrong code wait a second and more; the test does not."""
    TOTPDevice.objects.filter(user=account).update(throttling_failure_timestamp=None, throttling_failure_count=0)


def test_password_and_code_sign_in_and_lead_to_the_first_page(client: Client, officer: Account) -> None:
    answer = client.post(PAGE, {"username": "baodian", "password": PASSWORD, "code": code_of(officer)})

    assert (answer.status_code, answer["Location"]) == (302, "/desk/sign/home")
    assert client.get("/desk/sign/me").status_code == 200
    assert Entry.objects.filter(verb="accounts.sign_in", actor=str(officer.pk)).count() == 1


def test_the_session_gets_a_key_of_its_own(client: Client, officer: Account) -> None:
    client.get(PAGE)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key

    attempt(client, officer)

    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("to", "lands"),
    [
        ("/desk/alerts/?view=mine", "/desk/alerts/?view=mine"),
        ("https://evil.example/", "/desk/sign/home"),
        ("//evil.example/", "/desk/sign/home"),
        ("javascript:alert(1)", "/desk/sign/home"),
        ("desk", "/desk/sign/home"),
    ],
)
def test_one_comes_back_to_where_one_was_and_nowhere_else(
    client: Client, officer: Account, to: str, lands: str
) -> None:
    answer = client.post(PAGE, {"username": "baodian", "password": PASSWORD, "code": code_of(officer), "next": to})

    assert answer["Location"] == lands


@pytest.mark.parametrize(
    "wrong", [{"password": "another passphrase"}, {"code": "000000"}, {"username": "nobody"}, {"username": "BAODIAN"}]
)
def test_whatever_is_wrong_gets_the_same_answer(client: Client, officer: Account, wrong: dict[str, str]) -> None:
    answer = client.post(PAGE, {"username": "baodian", "password": PASSWORD, "code": code_of(officer), **wrong})

    page = answer.content.decode()
    assert answer.status_code == 401
    assert "登录名、密码或验证码不对" in page and PASSWORD not in page
    assert client.get("/desk/sign/me").status_code == 302


def test_what_was_typed_stays_but_for_the_secrets(client: Client, officer: Account) -> None:
    answer = client.post(PAGE, {"username": "baodian", "password": "x", "code": "12"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="baodian"' in page and "验证码是 6 位数字" in page


def test_a_code_signs_in_once(client: Client, officer: Account) -> None:
    code = code_of(officer)
    client.post(PAGE, {"username": "baodian", "password": PASSWORD, "code": code})

    other = Client()
    answer = other.post(PAGE, {"username": "baodian", "password": PASSWORD, "code": code})

    assert answer.status_code == 401


def test_a_closed_account_does_not_sign_in(client: Client, officer: Account) -> None:
    actions.close_account(by=BOSS, account=officer, reason="调离", at=now())

    answer = attempt(client, officer)

    assert answer.status_code == 401


def test_an_account_without_a_generator_does_not_sign_in(client: Client, officer: Account) -> None:
    TOTPDevice.objects.filter(user=officer).delete()

    answer = client.post(PAGE, {"username": "baodian", "password": PASSWORD, "code": "123456"})

    assert answer.status_code == 401


@pytest.mark.parametrize("wrong", [{"password": "another passphrase"}, {"code": "000000"}])
def test_five_wrong_tries_shut_one_name_at_one_address(
    client: Client, officer: Account, wrong: dict[str, str]
) -> None:
    for _ in range(4):
        forget_pause(officer)
        assert attempt(client, officer, **wrong).status_code == 401
    forget_pause(officer)
    fifth = attempt(client, officer, **wrong)
    forget_pause(officer)
    with_right_ones = attempt(client, officer)

    assert fifth.status_code == with_right_ones.status_code == 429
    assert "请 15 分钟后再试" in fifth.content.decode()


def test_another_address_is_not_shut_out(client: Client, officer: Account) -> None:
    for _ in range(6):
        attempt(client, officer, password="another passphrase")

    answer = attempt(client, officer, address="10.0.0.2")

    assert answer.status_code == 302


def test_another_name_at_the_same_address_is_not_shut_out(client: Client, officer: Account) -> None:
    colleague = settle(member(Role.TOWNSHIP_DUTY, username="duty"))
    for _ in range(6):
        attempt(client, officer, password="another passphrase")

    assert attempt(client, colleague).status_code == 302


def test_signing_in_forgets_the_tries_before(client: Client, officer: Account) -> None:
    for _ in range(4):
        attempt(client, officer, password="another passphrase")
    attempt(client, officer)

    after = [attempt(Client(), officer, password="another passphrase").status_code for _ in range(4)]

    assert after == [401] * 4


def test_signing_out_ends_the_session(client: Client, officer: Account) -> None:
    sign_in(client, officer)

    answer = client.post("/desk/sign/out")

    assert answer["Location"] == PAGE
    assert client.get("/desk/sign/me").status_code == 302
    assert Entry.objects.filter(verb="accounts.sign_out").count() == 1
    assert client.post("/desk/sign/out").status_code == 302


def test_signing_out_by_a_link_is_not_possible(client: Client, officer: Account) -> None:
    sign_in(client, officer)

    assert client.get("/desk/sign/out").status_code == 405


def test_when_too_many_sign_in_at_once_one_is_told_to_come_again(
    client: Client, officer: Account, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["zhuanban.base.accounts.tests.test_hashers.OneAtATime"]

    with OneAtATime.slots:
        answer = attempt(client, officer)

    assert answer.status_code == 503 and int(answer["Retry-After"]) > 0
    assert "现在登录的人太多" in answer.content.decode()
    assert attempt(client, officer).status_code == 302


# --- the demo -------------------------------------------------------------------------------------------------------


@pytest.fixture
def demo(settings: Settings) -> Account:
    settings.DEMO = True
    account = actions.open_demo_account(username="county", label="县专班办公室", identity="d1", at=now())
    grant = Grant(Role.COUNTY_OFFICE, "140428")
    actions.join(by=BOSS, account=account, organisation=organisation(), grant=grant, at=now())
    return account


def test_the_demo_fills_a_login_in_and_says_so(client: Client, demo: Account) -> None:
    listed = client.get(PAGE).content.decode()
    filled = client.get(f"{PAGE}?as=county").content.decode()

    code = re.search(r'name="code"[^>]*value="(\d{6})"|value="(\d{6})"[^>]*name="code"', filled)
    assert "演示账号" in listed and "县专班办公室" in listed and DEMO_PASSWORD not in listed
    assert code and DEMO_PASSWORD in filled and "演示：这一刻的验证码是" in filled
    said = {"username": "county", "password": DEMO_PASSWORD, "code": code[1] or code[2]}
    assert client.post(PAGE, said).status_code == 302


def test_the_demo_offers_a_new_code_after_each_sign_in(client: Client, demo: Account) -> None:
    for _ in range(3):
        said = {"username": "county", "password": DEMO_PASSWORD, "code": code_of(demo)}
        assert Client().post(PAGE, said).status_code == 302


def test_the_demo_fills_in_the_second_asking_too(client: Client, demo: Account) -> None:
    sign_in(client, demo, at=now() - timedelta(minutes=6))

    page = client.get("/desk/sign/again?next=/desk/sign/me").content.decode()

    assert "演示：这一刻的验证码是" in page and DEMO_PASSWORD in page


def test_outside_the_demo_nothing_is_shown_or_filled_in(client: Client, demo: Account, settings: Settings) -> None:
    settings.DEMO = False

    page = client.get(f"{PAGE}?as=county").content.decode()

    assert "演示" not in page and DEMO_PASSWORD not in page and 'value="county"' not in page
    with pytest.raises(Forbidden):
        actions.open_demo_account(username="x", label="x", identity="x", at=now())


def test_an_account_with_its_own_generator_is_never_shown(
    client: Client, officer: Account, settings: Settings
) -> None:
    settings.DEMO = True

    page = client.get(f"{PAGE}?as=baodian").content.decode()

    assert 'value="baodian"' not in page and DEMO_PASSWORD not in page and "用这个" not in page
