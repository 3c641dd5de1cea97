"""A device's life: invited by QR, enrolled once, opened by a PIN for a shift, locked, opened again, revoked."""

import re
from datetime import timedelta
from typing import cast

import pytest
from django.test import Client
from pytest_django import Settings

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.http import Request
from zhuanban.base.accounts.models import Account, Device, Membership, Organisation
from zhuanban.base.accounts.rules import Binding, By, Kind, Role
from zhuanban.base.accounts.tests import doors
from zhuanban.base.accounts.tests.doors import Door, Venue
from zhuanban.base.accounts.tests.signing import BOSS, by_of, member, now, organisation, sign_in
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db
LIST, PIN = "/desk/sign/devices", "/desk/sign/pin"
VILLAGE = "140428101001"


@pytest.fixture
def shop() -> Organisation:
    return organisation("福来顺超市", division=VILLAGE, kind="VENUE")


@pytest.fixture
def manager(shop: Organisation) -> Account:
    return member(Role.VENUE_MANAGER, division=VILLAGE, username="manager", at_organisation=shop)


@pytest.fixture
def guard(shop: Organisation) -> Account:
    return actions.add_checker(by=BOSS, organisation=shop, label="东门早班", pin="2580", at=now())


@pytest.fixture
def desk(client: Client, manager: Account, shop: Organisation, settings: Settings) -> Client:
    settings.DOOR_OF, settings.HTTPS = "zhuanban.base.accounts.tests.doors.door", False
    doors.DOORS.clear()
    doors.DOORS[7] = Door(7, "东门", Venue("福来顺超市"), VILLAGE, shop.pk)
    doors.DOORS[8] = Door(8, "正门", Venue("别人家"), VILLAGE, shop.pk + 1)
    sign_in(client, manager)
    return client


def link_on(desk: Client, door: int = 7) -> str:
    """The path behind the QR that the manager's screen shows."""
    page = desk.post("/desk/sign/devices/new", {"door": door}, follow=True).content.decode()
    found = re.search(r"/desk/sign/device/[\w-]+", page)
    assert found and "data:image/svg+xml" in page
    return found[0]


def enrolled(desk: Client) -> Client:
    """A phone at the door."""
    phone = Client()
    phone.post(link_on(desk))
    return phone


def only_device() -> Device:
    return Device.objects.get(enrolled_at__isnull=False)


def change(**fields: object) -> None:
    Device.objects.update(**fields)


def by_at(phone: Client, guard: Account) -> By | None:
    """Who the phone is, as every page's middleware finds out."""
    return cast(Request, phone.get(PIN).wsgi_request).by


def test_a_manager_shows_a_qr_and_the_phone_that_scans_it_is_the_device(desk: Client, guard: Account) -> None:
    asked = desk.get("/desk/sign/devices/new?door=7").content.decode()
    path, phone = link_on(desk), Client()

    looked, pressed = phone.get(path).content.decode(), phone.post(path)

    assert "福来顺超市 东门" in asked and "福来顺超市 东门" in looked
    cookie = pressed.cookies["device"]
    assert cookie["httponly"] and cookie["max-age"] == 30 * 86400 and cookie["samesite"] == "Lax"
    device = only_device()
    assert (device.door, device.division) == (7, VILLAGE)
    assert cookie.value not in (device.secret_hash, device.invitation_hash)
    assert "东门早班" in phone.get(pressed["Location"]).content.decode()


def test_over_https_the_cookie_is_bound_to_the_host(desk: Client, settings: Settings) -> None:
    path = link_on(desk)
    settings.HTTPS = True

    cookie = Client().post(path).cookies["__Host-device"]

    assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]


def test_looking_at_the_link_spends_nothing_and_pressing_spends_it(desk: Client) -> None:
    path = link_on(desk)
    Client().get(path)
    Client().post(path)

    again, screen = Client().post(path), desk.get(f"{LIST}/{only_device().pk}/qr").content.decode()

    assert again.status_code == 404
    assert "已登记" in screen and "data:image" not in screen


def test_the_qr_stands_for_fifteen_minutes(desk: Client) -> None:
    path = link_on(desk)
    change(invitation_until=now() - timedelta(seconds=1))

    late, wrong = Client().get(path), Client().get("/desk/sign/device/of-my-own-making")
    screen = desk.get(f"{LIST}/{Device.objects.get().pk}/qr").content.decode()

    assert late.status_code == wrong.status_code == 404
    assert "二维码已失效" in screen
    assert Device.objects.get().invitation_until > now() - timedelta(minutes=1)


def test_two_phones_that_press_at_once_are_not_both_the_device(desk: Client) -> None:
    path = link_on(desk)
    secret = path.rsplit("/", 1)[1]
    actions.enrol_device(secret=secret, at=now())

    with pytest.raises(NotFound):
        actions.enrol_device(secret=secret, at=now())


def test_another_organisations_door_is_not_found(desk: Client) -> None:
    foreign, none, nonsense = (desk.get(f"/desk/sign/devices/new?door={door}") for door in ("8", "9", "x"))

    assert {foreign.status_code, none.status_code, nonsense.status_code} == {404}
    assert desk.post("/desk/sign/devices/new", {"door": 8}).status_code == 404
    assert Device.objects.count() == 0


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
    before = by_at(phone, guard)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    by = by_at(phone, guard)

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

    assert by_at(phone, guard) is None


def test_a_closed_account_stands_at_no_door(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    actions.close_account(by=BOSS, account=guard, reason="离职", at=now())

    assert by_at(phone, guard) is None
    assert "还没有人能在这里值守" in phone.get(PIN).content.decode()


def test_a_device_whose_shift_account_was_closed_behind_our_back_is_nobody(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    Account.objects.filter(pk=guard.pk).update(is_active=False)

    assert by_at(phone, guard) is None


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


def test_a_revoked_phone_must_be_enrolled_again(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    pk = only_device().pk

    desk.post(f"{LIST}/{pk}/revoke", {"reason": "丢了"})

    answer = phone.get(PIN)
    assert answer.status_code == 401 and "没有登记" in answer.content.decode()
    assert "已停用" in desk.get(LIST).content.decode()
    assert Entry.objects.get(verb="accounts.revoke_device").reason == "丢了"
    assert desk.post(f"{LIST}/{pk}/revoke").status_code == 404


def test_another_phone_takes_the_place_of_one(desk: Client) -> None:
    enrolled(desk)
    old = only_device()

    page = desk.post(f"{LIST}/{old.pk}/renew", follow=True).content.decode()

    fresh = Device.objects.exclude(pk=old.pk).get()
    assert "data:image" in page
    assert (fresh.door, fresh.label, fresh.organisation_id) == (old.door, old.label, old.organisation_id)


def test_a_manager_sees_and_touches_only_devices_of_the_own_organisation(desk: Client, client: Client) -> None:
    enrolled(desk)
    pk = only_device().pk
    rival, other = Client(), member(Role.VENUE_MANAGER, username="rival", at_organisation=organisation("别家"))
    sign_in(rival, other)

    page = rival.get(LIST).content.decode()

    assert "福来顺超市" not in page and "还没有登记过设备" in page
    for deed in ("revoke", "unlock", "renew"):
        assert rival.post(f"{LIST}/{pk}/{deed}").status_code == 404
    assert rival.get(f"{LIST}/{pk}/qr").status_code == 404


def test_the_secret_is_on_the_screen_of_its_own_sign_in_only(desk: Client, manager: Account) -> None:
    link_on(desk)
    pk, other = Device.objects.get().pk, Client()
    sign_in(other, manager)

    page = other.get(f"{LIST}/{pk}/qr").content.decode()

    assert "data:image" not in page and "再出一个" in page


def test_only_staff_invites(shop: Organisation) -> None:
    by = By(Kind.DEVICE, "device:1", "x", "x", queries.by_of(member(Role.COUNTY_OFFICE)).scopes)

    with pytest.raises(Forbidden):
        actions.invite_device(by=by, binding=Binding("x", VILLAGE), at=now())


# --- in the field ---------------------------------------------------------------------------------------------------


@pytest.fixture
def township(client: Client) -> Client:
    sign_in(client, member(Role.TOWNSHIP_OFFICE, division="140428101", username="township"))
    return client


def test_a_township_gives_a_grid_worker_a_device_for_the_grid(township: Client) -> None:
    worker = member(Role.GRID_WORKER, division=VILLAGE, username="grid")
    actions.set_pin(by=by_of(worker), account=worker, pin="2580", at=now())
    page = township.post(f"{LIST}/field", {"label": "鲍店村手机", "division": VILLAGE}, follow=True)
    phone = Client()
    phone.post(re.search(r"/desk/sign/device/[\w-]+", page.content.decode())[0])  # type: ignore[index]

    opened = phone.post(PIN, {"account": worker.pk, "pin": "2580"})

    by = by_at(phone, worker)
    assert opened["Location"] == "/door/" and by is not None and by.door is None
    assert [(scope.role, scope.division) for scope in by.scopes] == [(Role.GRID_WORKER, VILLAGE)]


def test_a_worker_of_a_smaller_grid_cannot_open_a_device_of_a_larger_area(township: Client) -> None:
    worker = member(Role.GRID_WORKER, division=VILLAGE, username="grid")
    actions.set_pin(by=by_of(worker), account=worker, pin="2580", at=now())

    township.post(f"{LIST}/field", {"label": "全镇", "division": "140428101"})

    device = Device.objects.get()
    assert list(queries.people_at(device)) == []


@pytest.mark.parametrize(("division", "word"), [("140428103001", "您不能为这里登记设备"), ("鲍店", "区划代码是")])
def test_a_township_binds_devices_in_its_own_area_only(township: Client, division: str, word: str) -> None:
    answer = township.post(f"{LIST}/field", {"label": "石哲", "division": division})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert word in page and 'value="石哲"' in page
    assert Device.objects.count() == 0


# --- who stands there -----------------------------------------------------------------------------------------------


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

    assert by_at(phone, guard) is None


def test_one_browser_may_be_device_and_staff_at_once(desk: Client, guard: Account, manager: Account) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})

    sign_in(phone, manager)

    assert phone.get(LIST).status_code == 200
    assert phone.post("/desk/sign/pin/end")["Location"] == PIN
