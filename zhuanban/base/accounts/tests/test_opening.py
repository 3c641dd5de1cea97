"""From a link to a first page: one opens, the owner settles in, another grants."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from zhuanban.base import modules
from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.models import Account, Organisation, Welcome
from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests.opening import LINK, LIST, NEW, grant_form, opened
from zhuanban.base.accounts.tests.signing import (
    BOSS,
    PASSWORD,
    by_of,
    code_of,
    member,
    now,
    settle,
    sign_in,
)
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import NotFound

pytestmark = pytest.mark.django_db


def test_one_opens_the_owner_settles_in_another_grants(system: Client, security: Client) -> None:
    account, link = opened(system)
    owner = Client()
    page = owner.get(link).content.decode()

    settled = owner.post(link, {"password": PASSWORD, "once_more": PASSWORD, "code": code_of(account)})
    security.post(f"{LIST}/{account.pk}/grant", grant_form())

    said = {"username": NEW["username"], "password": PASSWORD, "code": code_of(account)}
    assert "otpauth://totp/" in page and "data:image/svg+xml" in page
    assert "账号已启用" in settled.content.decode()
    assert owner.post("/desk/sign/", said).status_code == 302
    assert by_of(account).has(Role.TOWNSHIP_DUTY)
    verbs = set(Entry.objects.filter(target=f"account:{account.pk}").values_list("verb", flat=True))
    assert verbs == {"accounts.open", "accounts.settle_in", "accounts.sign_in"}


def test_a_link_is_used_once_and_stands_for_72_hours(system: Client) -> None:
    account, link = opened(system)
    Client().post(link, {"password": PASSWORD, "once_more": PASSWORD, "code": code_of(account)})
    used = Client().get(link)

    with pytest.raises(NotFound):
        queries.welcome("wrong", now())
    opening = actions.open_again(by=BOSS, account=account, reason="换手机", at=now())
    with pytest.raises(NotFound):
        queries.welcome(opening.secret, now() + timedelta(hours=72))

    assert used.status_code == 404
    assert queries.welcome(opening.secret, now()).account == account


def test_settling_in_says_what_is_wrong_and_keeps_the_link(system: Client) -> None:
    _account, link = opened(system)

    wrong_code = Client().post(link, {"password": PASSWORD, "once_more": PASSWORD, "code": "000000"})
    weak = Client().post(link, {"password": "password", "once_more": "password", "code": "000000"})

    assert wrong_code.status_code == weak.status_code == 422
    assert "验证码不对" in wrong_code.content.decode()
    assert "10 个字符" in weak.content.decode()
    assert Client().get(link).status_code == 200


def test_two_who_settle_in_at_once_are_not_both_the_owner(system: Client) -> None:
    account, link = opened(system)
    secret = link.rsplit("/", 1)[1]
    Welcome.objects.update(used_at=now())

    with pytest.raises(NotFound):
        actions.settle_in(secret=secret, password=PASSWORD, code=code_of(account), at=now())


def test_a_name_that_is_taken_is_said_in_its_field(system: Client) -> None:
    opened(system)

    again = system.post(f"{LIST}/new", NEW)
    odd = system.post(f"{LIST}/new", {**NEW, "username": "王小花"})

    assert again.status_code == odd.status_code == 422
    assert "已经有人用了" in again.content.decode() and 'value="gh-17"' in again.content.decode()
    assert "只能用小写字母" in odd.content.decode()


def test_a_new_link_takes_every_right_away(system: Client, security: Client) -> None:
    account = settle(member(Role.COUNTY_OFFICE, username="office"))
    actions.set_pin(by=BOSS, account=account, pin="2580", at=now())
    there = Client()
    sign_in(there, account)

    page = system.post(f"{LIST}/{account.pk}/again", {"reason": "换手机"}).content.decode()

    account = Account.objects.get(pk=account.pk)
    assert LINK.search(page)
    assert by_of(account).scopes == () and not account.has_usable_password() and not hasattr(account, "pin")
    assert there.get("/desk/sign/me").status_code == 302
    assert "已停用" in security.get(f"{LIST}/{account.pk}").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_a_sign_in_leads_to_the_first_entry_of_ones_own_menu(client: Client, role: Role) -> None:
    mine = next(module for module in modules.installed() if role in module.roles)
    sign_in(client, member(role))

    assert client.get("/desk/sign/home")["Location"] == reverse(mine.url_name)


def test_who_has_no_role_yet_sees_the_own_account(client: Client) -> None:
    sign_in(client, member())

    assert client.get("/desk/sign/home")["Location"] == "/desk/sign/me"


def test_the_first_administrators_come_from_the_command_line() -> None:
    out = StringIO()
    for name, role in (("sys", "SYSTEM_ADMIN"), ("sec", "SECURITY_ADMIN")):
        call_command("open_account", name, label="管理员", identity=name, role=role, stdout=out)

    (first, second) = LINK.findall(out.getvalue())

    assert Client().get(first).status_code == Client().get(second).status_code == 200
    assert by_of(Account.objects.get(username="sys")).has(Role.SYSTEM_ADMIN)
    assert Organisation.objects.get().name == "长子县专班办公室"


def test_one_human_is_not_both_administrators_and_half_an_account_is_not_left() -> None:
    call_command("open_account", "sys", label="管理员", identity="gh-1", role="SYSTEM_ADMIN", stdout=StringIO())

    with pytest.raises(CommandError, match="三员各自独立"):
        call_command("open_account", "sec", label="管理员", identity="gh-1", role="SECURITY_ADMIN", stdout=StringIO())

    assert not Account.objects.filter(username="sec").exists()
