"""Who stands at a device: a PIN opens a shift, five wrong ones lock it, and every verification has its human."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.models import Account, Membership, Organisation
from zhuanban.base.accounts.rules import Kind, Role
from zhuanban.base.accounts.tests.doors import LIST, PIN, by_at, change, enrolled, only_device
from zhuanban.base.accounts.tests.signing import BOSS, by_of, now, organisation, sign_in
from zhuanban.base.accounts.tests.test_hashers import OneAtATime
from zhuanban.base.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db


def test_a_pin_opens_a_shift_and_the_first_one_is_changed(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)

    opened = phone.post(PIN, {"account": guard.pk, "pin": "2580"})
    weak = phone.post(opened["Location"], {"pin": "1111", "once_more": "1111"})
    changed = phone.post(opened["Location"], {"pin": "9517", "once_more": "9517"})

    assert opened["Location"] == "/desk/sign/pin/first"
    assert "太好猜" in weak.content.decode()
    assert changed["Location"] == "/door/"
    phone.post("/desk/sign/pin/end")
    assert phone.post(PIN, {"account": guard.pk, "pin": "9517"})["Location"] == "/door/"


def test_the_device_is_its_guard_at_its_door(desk: Client, guard: Account, shop: Organisation) -> None:
    phone = enrolled(desk)
    before = by_at(phone)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    by = by_at(phone)

    assert before is None and by is not None
    assert (by.kind, by.door, by.identity, by.shift_account) == (Kind.DEVICE, 7, guard.identity, guard.pk)
    assert by.label == "东门早班 福来顺超市 东门"
    assert [(scope.role, scope.organisation) for scope in by.scopes] == [(Role.CHECKER, shop.pk)]


@pytest.mark.parametrize(
    "fields",
    [
        {"shift_until": now() - timedelta(seconds=1)},
        {"expires_at": now() - timedelta(seconds=1)},
        {"revoked_at": now()},
        {"shift_account": None},
    ],
    ids=["shift over", "expired", "revoked", "no shift"],
)
def test_without_a_standing_device_and_shift_the_phone_is_nobody(
    desk: Client, guard: Account, fields: dict[str, object]
) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    change(**fields)

    assert by_at(phone) is None


def test_a_closed_account_stands_at_no_door(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    actions.close_account(by=BOSS, account=guard, reason="离职", at=now())

    assert by_at(phone) is None
    assert "还没有人能在这里值守" in phone.get(PIN).content.decode()


def test_a_device_whose_shift_account_was_closed_behind_our_back_is_nobody(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    Account.objects.filter(pk=guard.pk).update(is_active=False)

    assert by_at(phone) is None


def test_five_wrong_pins_lock_the_device_until_a_manager_opens_it(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    left = [phone.post(PIN, {"account": guard.pk, "pin": "0000"}).content.decode() for _ in range(5)]
    locked = phone.post(PIN, {"account": guard.pk, "pin": "2580"})
    seen = desk.get(LIST).content.decode()

    desk.post(f"{LIST}/{only_device().pk}/unlock")

    assert "还可以试 4 次" in left[0] and "还可以试 1 次" in left[3] and "DEVICE_LOCKED" in left[4]
    assert locked.status_code == 422 and "已锁" in locked.content.decode()
    assert "已锁" in seen
    assert phone.post(PIN, {"account": guard.pk, "pin": "2580"}).status_code == 302


def test_the_right_pin_forgets_the_wrong_ones(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    for _ in range(4):
        phone.post(PIN, {"account": guard.pk, "pin": "0000"})

    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    assert only_device().failed_pins == 0


def test_a_try_that_nobody_could_look_at_is_not_counted(desk: Client, guard: Account, settings: Settings) -> None:
    phone = enrolled(desk)
    settings.PASSWORD_HASHERS = ["zhuanban.base.accounts.tests.test_hashers.OneAtATime"]

    with OneAtATime.slots:
        answer = phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    assert "现在登录的人太多" in answer.content.decode()
    assert only_device().failed_pins == 0


def test_nobody_of_another_organisation_opens_a_shift(desk: Client) -> None:
    phone = enrolled(desk)
    stranger = actions.add_checker(by=BOSS, organisation=organisation("别处"), label="别处", pin="2580", at=now())

    answer = phone.post(PIN, {"account": stranger.pk, "pin": "2580"})

    assert answer.status_code in (200, 422) and "别处" not in answer.content.decode()
    with pytest.raises(NotFound):
        actions.open_shift(device=only_device(), account=stranger.pk, pin="2580", at=now())


def test_a_device_that_was_revoked_meanwhile_opens_no_shift(desk: Client, guard: Account) -> None:
    enrolled(desk)
    device = only_device()
    change(revoked_at=now())

    with pytest.raises(NotFound):
        actions.open_shift(device=device, account=guard.pk, pin="2580", at=now())


def test_a_manager_adds_a_guard_with_a_first_pin(desk: Client, shop: Organisation) -> None:
    said = {"organisation": shop.pk, "label": "西门晚班", "pin": "2580"}

    desk.post("/desk/sign/checkers/new", said)

    page, made = desk.get(LIST).content.decode(), Account.objects.get(label="西门晚班")
    assert "西门晚班" in page and "还没换" in page
    assert made.pin.is_first and not made.has_usable_password()
    assert Membership.objects.get(account=made).role == Role.CHECKER


@pytest.mark.parametrize(("changed", "word"), [({"pin": "1111"}, "太好猜"), ({"label": ""}, "必填"), ({}, "有效的")])
def test_what_is_wrong_with_a_new_guard_is_said_in_the_form(
    desk: Client, shop: Organisation, changed: dict[str, str], word: str
) -> None:
    place = shop.pk if changed else organisation("别家").pk

    answer = desk.post("/desk/sign/checkers/new", {"organisation": place, "label": "西门", "pin": "2580", **changed})

    assert answer.status_code == 422
    assert word in answer.content.decode()


def test_a_guard_who_forgot_the_pin_gets_a_first_one_again(desk: Client, guard: Account) -> None:
    actions.set_pin(by=BOSS, account=guard, pin="9517", at=now())

    weak = desk.post(f"/desk/sign/checkers/{guard.pk}/pin", {"pin": "1111", "once_more": "1111"})
    given = desk.post(f"/desk/sign/checkers/{guard.pk}/pin", {"pin": "2580", "once_more": "2580"})

    guard.pin.refresh_from_db()
    assert weak.status_code == 422 and given["Location"] == LIST
    assert guard.pin.is_first


def test_another_organisations_guard_is_not_found(desk: Client) -> None:
    stranger = actions.add_checker(by=BOSS, organisation=organisation("别处"), label="别处", pin="2580", at=now())

    assert desk.get(f"/desk/sign/checkers/{stranger.pk}/pin").status_code == 404
    by = by_of(Account.objects.get(username="manager"))
    with pytest.raises(NotFound):
        actions.set_pin(by=by, account=stranger, pin="2580", at=now())
    with pytest.raises(Forbidden):
        actions.add_checker(by=by, organisation=organisation("别处"), label="x", pin="2580", at=now())


def test_a_shift_ends_with_the_membership_it_stood_on(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    actions.leave(by=BOSS, membership=Membership.objects.get(account=guard), reason="离职", at=now())

    assert by_at(phone) is None


def test_one_browser_may_be_device_and_staff_at_once(desk: Client, guard: Account, manager: Account) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    sign_in(phone, manager)

    assert phone.get(LIST).status_code == 200
    assert phone.post("/desk/sign/pin/end")["Location"] == PIN


def test_the_form_expects_who_stood_there_last_and_guesses_nobody_among_several(
    desk: Client, guard: Account, shop: Organisation
) -> None:
    phone = enrolled(desk)
    alone = phone.get(PIN).content.decode()
    actions.add_checker(by=BOSS, organisation=shop, label="西门晚班", pin="2580", at=now())
    among = phone.get(PIN).content.decode()

    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    assert alone.count("checked") == 1 and "checked" not in among
    assert phone.get(PIN).content.decode().count("checked") == 1
