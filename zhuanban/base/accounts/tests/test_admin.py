"""Accounts and rights: one opens, another grants, neither alone; and neither sees the county's work."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from zhuanban.base import modules
from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.models import Account, Membership, Organisation, Welcome
from zhuanban.base.accounts.rules import By, Grant, Role
from zhuanban.base.accounts.tests.signing import (
    BOSS,
    PASSWORD,
    by_of,
    code_of,
    member,
    now,
    organisation,
    settle,
    sign_in,
)
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db
LIST = "/desk/sign/accounts"
NEW = {"username": "new.one", "label": "鲍店镇值班员", "identity": "gh-17"}
LINK = re.compile(r"/desk/sign/welcome/[\w-]+")


@pytest.fixture
def system(client: Client) -> Client:
    sign_in(client, member(Role.SYSTEM_ADMIN, division="", username="system"))
    return client


@pytest.fixture
def security() -> Client:
    client = Client()
    sign_in(client, member(Role.SECURITY_ADMIN, division="", username="security"))
    return client


def opened(system: Client) -> tuple[Account, str]:
    """A new account, and the path its owner is given."""
    page = system.post(f"{LIST}/new", NEW).content.decode()
    found = LINK.search(page)
    assert found
    return Account.objects.get(username=NEW["username"]), found[0]


def grant_form(**changed: str) -> dict[str, str]:
    said = {"role": Role.TOWNSHIP_DUTY.value, "organisation": str(organisation().pk), "division": "140428101"}
    return {**said, "sectors": "", **changed}


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


def test_an_account_is_closed_with_a_reason_and_opened_again(system: Client) -> None:
    account = member(Role.COUNTY_OFFICE, username="office")

    silent = system.post(f"{LIST}/{account.pk}/close", {"reason": ""})
    silent_again = system.post(f"{LIST}/{account.pk}/again", {"reason": ""})
    system.post(f"{LIST}/{account.pk}/close", {"reason": "调离"})
    closed = Account.objects.get(pk=account.pk).is_active
    system.post(f"{LIST}/{account.pk}/again", {"reason": "回来"})

    page = system.get(f"{LIST}/{account.pk}").content.decode()
    assert silent.status_code == silent_again.status_code == 422
    assert not closed and Account.objects.get(pk=account.pk).is_active
    assert "停用账号" in page and "调离" in page and "回来" in page


def test_nobody_grants_to_themselves_under_any_account(security: Client) -> None:
    second = member(username="second", identity="security")

    refused = security.post(f"{LIST}/{second.pk}/grant", grant_form())

    assert refused.status_code == 403 and "不能给自己授权" in refused.content.decode()
    assert by_of(second).scopes == ()


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"role": "AUDITOR", "division": ""}, "三员各自独立"),
        ({"division": "鲍店"}, "区划前缀是数字"),
        ({"role": "KING"}, "有效"),
        ({"division": ""}, "没有区划就看到全部"),
        ({"sectors": "a|b"}, "行业只能是代码"),
    ],
)
def test_what_is_wrong_with_a_grant_is_said_and_kept(security: Client, changed: dict[str, str], word: str) -> None:
    account = member(Role.VILLAGE, username="village")

    answer = security.post(f"{LIST}/{account.pk}/grant", grant_form(**changed))

    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert len(by_of(account).scopes) == 1


def test_the_same_grant_is_given_once_and_may_be_given_again_after_its_end(security: Client) -> None:
    account = member(username="duty")
    security.post(f"{LIST}/{account.pk}/grant", grant_form(sectors="market，health"))
    twice = security.post(f"{LIST}/{account.pk}/grant", grant_form())
    row = Membership.objects.get(account=account)

    security.post(f"/desk/sign/grants/{row.pk}/end")
    gone = security.post(f"/desk/sign/grants/{row.pk}/end")
    security.post(f"{LIST}/{account.pk}/grant", grant_form())

    assert twice.status_code == 422 and "已经有这项授权" in twice.content.decode()
    assert row.sectors == ["market", "health"]
    assert gone.status_code == 404
    assert Membership.objects.filter(account=account).count() == 2
    with pytest.raises(NotFound):
        actions.leave(by=BOSS, membership=row, reason="", at=now())


def test_the_list_is_searched_and_goes_on_by_name(system: Client) -> None:
    for nth in range(queries.PAGE + 3):
        Account.objects.create(username=f"x{nth:03}", label=f"岗 {nth}", identity=f"i{nth}")

    first = system.get(f"{LIST}?q=x").content.decode()
    second = system.get(f"{LIST}?q=x&after=x049").content.decode()

    assert "共 53 个" in first and "x049" in first and "x050" not in first
    assert "after=x049" in first
    assert "x052" in second and 'rel="next"' not in second
    assert "没有找到" in system.get(f"{LIST}?q=nobody").content.decode()
    assert "x007" in system.get(f"{LIST}?q=i7").content.decode()


def test_the_system_administrator_adds_units_and_the_other_only_reads(system: Client, security: Client) -> None:
    said = {"name": "长子县第一中学", "kind": "SCHOOL", "division": "140428100000", "phone": "", "uscc": ""}

    wrong = system.post("/desk/sign/organisations", {**said, "division": "140428"})
    refused = security.post("/desk/sign/organisations", said)
    system.post("/desk/sign/organisations", said)

    page = security.get("/desk/sign/organisations?q=第一中学").content.decode()
    assert wrong.status_code == 422 and "12 位数字" in wrong.content.decode()
    assert refused.status_code == 403
    assert "长子县第一中学" in page and "添加单位" not in page
    assert "没有找到单位" in security.get("/desk/sign/organisations?q=nothing").content.decode()
    assert Organisation.objects.filter(kind="SCHOOL").count() == 1


@pytest.mark.parametrize(
    ("path", "said"), [("close", {"reason": "调离"}), ("again", {"reason": "换手机"})], ids=["close", "again"]
)
def test_the_security_administrator_opens_and_closes_nothing(
    security: Client, path: str, said: dict[str, str]
) -> None:
    account = member(Role.COUNTY_OFFICE, username="office")

    assert security.post(f"{LIST}/{account.pk}/{path}", said).status_code == 403
    assert security.get(f"{LIST}/new").status_code == 403
    assert Account.objects.get(pk=account.pk).is_active


def test_the_system_administrator_grants_nothing(system: Client) -> None:
    account = member(Role.VILLAGE, username="village")
    row = Membership.objects.get(account=account)

    assert system.post(f"{LIST}/{account.pk}/grant", grant_form()).status_code == 403
    assert system.post(f"/desk/sign/grants/{row.pk}/end").status_code == 403


def test_the_actions_refuse_by_themselves_whatever_a_page_forgot() -> None:
    by, account = by_of(member(Role.COUNTY_OFFICE)), member(username="other")

    for attempt in (
        lambda: actions.open_account(by=by, at=now(), **NEW),
        lambda: actions.close_account(by=by, account=account, reason="x", at=now()),
        lambda: actions.open_again(by=by, account=account, reason="x", at=now()),
        lambda: actions.join(
            by=by, account=account, organisation=organisation(), grant=Grant(Role.VILLAGE, ""), at=now()
        ),
        lambda: queries.accounts(by),
        lambda: queries.organisations(by),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_what_does_not_exist_is_not_found(system: Client, security: Client) -> None:
    by: By = by_of(Account.objects.get(username="system"))

    assert system.get(f"{LIST}/99999").status_code == 404
    with pytest.raises(NotFound):
        queries.organisation(by, 99999)


@pytest.mark.parametrize("role", [role for role in Role if role not in queries.ADMINS])
def test_nobody_else_sees_accounts(client: Client, role: Role) -> None:
    sign_in(client, member(role))

    assert client.get(LIST).status_code == 403
    assert client.get("/desk/sign/organisations").status_code == 403


@pytest.mark.parametrize(
    ("role", "to"), [(Role.SECURITY_ADMIN, "/desk/sign/accounts"), (Role.COUNTY_OFFICE, "/desk/sign/devices")]
)
def test_the_menus_entry_leads_each_to_what_is_theirs(client: Client, role: Role, to: str) -> None:
    sign_in(client, member(role))

    assert client.get("/desk/sign/home")["Location"] == to


@pytest.mark.parametrize("role", list(Role))
def test_a_sign_in_leads_to_the_first_entry_of_ones_own_menu(client: Client, role: Role) -> None:
    mine = next(module for module in modules.installed() if role in module.roles)
    sign_in(client, member(role))

    assert client.get("/desk/sign/first")["Location"] == reverse(mine.url_name)


def test_who_has_no_role_yet_sees_the_own_account(client: Client) -> None:
    sign_in(client, member())

    assert client.get("/desk/sign/first")["Location"] == "/desk/sign/me"


# --- the first of all -----------------------------------------------------------------------------------------------


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
