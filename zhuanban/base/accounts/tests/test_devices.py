"""A device's life: invited by QR, enrolled once, renewed, revoked; at a door and in the field."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.models import Account, Device, Organisation
from zhuanban.base.accounts.rules import Binding, By, Kind, Role
from zhuanban.base.accounts.tests.doors import LIST, PIN, VILLAGE, by_at, change, enrolled, link_on, only_device
from zhuanban.base.accounts.tests.signing import by_of, member, now, organisation, sign_in
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db


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


def test_a_revoked_phone_must_be_enrolled_again(desk: Client, guard: Account) -> None:
    phone = enrolled(desk)
    pk = only_device().pk

    asked = desk.get(f"{LIST}/{pk}/revoke").content.decode()
    silent = desk.post(f"{LIST}/{pk}/revoke", {"reason": ""})
    desk.post(f"{LIST}/{pk}/revoke", {"reason": "丢了"})

    answer = phone.get(PIN)
    assert answer.status_code == 401 and "没有登记" in answer.content.decode()
    assert "已停用" in desk.get(LIST).content.decode()
    assert Entry.objects.get(verb="accounts.revoke_device").reason == "丢了"
    assert "停用 福来顺超市 东门？" in asked and silent.status_code == 422
    assert desk.post(f"{LIST}/{pk}/revoke", {"reason": "丢了"}).status_code == 404


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

    by = by_at(phone)
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
