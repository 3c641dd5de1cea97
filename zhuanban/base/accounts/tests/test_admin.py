"""Accounts and rights: one opens, another grants, neither alone; and neither sees the county's work."""

import pytest
from django.test import Client

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.models import Account, Membership, Organisation
from zhuanban.base.accounts.rules import By, Grant, Role
from zhuanban.base.accounts.tests.opening import LIST, NEW, grant_form
from zhuanban.base.accounts.tests.signing import (
    BOSS,
    by_of,
    member,
    now,
    organisation,
    sign_in,
)
from zhuanban.base.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db


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

    asked = security.get(f"/desk/sign/grants/{row.pk}/end").content.decode()
    security.post(f"/desk/sign/grants/{row.pk}/end", {"reason": "轮岗"})
    gone = security.post(f"/desk/sign/grants/{row.pk}/end", {"reason": "轮岗"})
    security.post(f"{LIST}/{account.pk}/grant", grant_form())

    assert twice.status_code == 422 and "已经有这项授权" in twice.content.decode()
    assert row.sectors == ["market", "health"]
    assert "的“乡镇值班员”？" in asked and gone.status_code == 404
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
