"""Who stands at a device: a PIN opens it for one shift."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhuanban.base.accounts import queries
from zhuanban.base.accounts.models import Account, Device, Membership, Organisation, Pin
from zhuanban.base.accounts.rules import PIN_TRIES, SHIFT, Binding, By, Kind, Role, Verb, check_pin, may_invite
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Busy, Forbidden, NotFound, Refusal


class WrongPin(Refusal):
    code = "WRONG_PIN"
    status = 401


class DeviceLocked(Refusal):
    code = "DEVICE_LOCKED"
    status = 403


@transaction.atomic
def add_checker(*, by: By, organisation: Organisation, label: str, pin: str, at: datetime) -> Account:
    """Somebody who only ever stands at this organisation's doors: no password, no desk. Raises: Forbidden, WeakPin."""
    binding = Binding(label, organisation.division, organisation=organisation.pk)
    if by.kind is not Kind.SYSTEM and not may_invite(by, binding):
        raise Forbidden(_("您不能为这个单位添加值守人员"))
    check_pin(pin)
    name = f"checker-{secrets.token_hex(6)}"
    account = Account.objects.create(username=name, label=label, identity=name, password=make_password(None))
    given = {"role": Role.CHECKER, "division": organisation.division}
    Membership.objects.create(account=account, organisation=organisation, **given)
    Pin.objects.create(account=account, pin_hash=make_password(pin), set_at=at, is_first=True)
    target = f"account:{account.pk}"
    audit.record(by=by, verb=Verb.ADD_CHECKER, at=at, target=target, detail={"organisation": organisation.pk})
    return account


@transaction.atomic
def set_pin(*, by: By, account: Account, pin: str, at: datetime, is_first: bool = False) -> Pin:
    """One's own, or a first one for somebody whom `by` looks after. Raises: WeakPin, NotFound."""
    is_own = str(account.pk) in {by.key, str(by.shift_account)}
    if not is_own and by.kind is not Kind.SYSTEM:
        queries.checker(by, account.pk)
    check_pin(pin)
    fresh = {"pin_hash": make_password(pin), "set_at": at, "is_first": is_first}
    row, _made = Pin.objects.update_or_create(account=account, defaults=fresh)
    audit.record(by=by, verb=Verb.SET_PIN, at=at, target=f"account:{account.pk}")
    return row


def open_shift(*, device: Device, account: int, pin: str, at: datetime) -> Device:
    """Begin a shift. Each try is counted before the PIN is looked at, so that many at once gain nothing.

    Raises: WrongPin, DeviceLocked, NotFound, Busy.
    """
    who = queries.at_device(device, account)
    if not Device.objects.filter(pk=device.pk, failed_pins__lt=PIN_TRIES).update(failed_pins=F("failed_pins") + 1):
        raise DeviceLocked(_("PIN 连续输错 5 次，这台设备已锁，请管理人在“设备与值守”里打开"))
    try:
        is_right = check_password(pin, who.pin.pin_hash)
    except Busy:
        Device.objects.filter(pk=device.pk).update(failed_pins=F("failed_pins") - 1)
        raise
    if not is_right:
        raise WrongPin(_("PIN 不对"))
    return _opened(device, who, at)


@transaction.atomic
def _opened(device: Device, who: Account, at: datetime) -> Device:
    standing = Device.objects.filter(pk=device.pk, revoked_at=None, expires_at__gt=at)
    if not standing.update(failed_pins=0, shift_account=who, shift_until=at + SHIFT):
        raise NotFound(_("这台设备已经停用"))
    device.refresh_from_db()
    by = queries.by_at(device)
    audit.record(by=by, verb=Verb.OPEN_SHIFT, at=at, target=f"device:{device.pk}", detail={"account": who.pk})
    return device


@transaction.atomic
def end_shift(*, by: By, device: Device, at: datetime) -> Device:
    Device.objects.filter(pk=device.pk).update(shift_account=None, shift_until=None)
    audit.record(by=by, verb=Verb.END_SHIFT, at=at, target=f"device:{device.pk}")
    device.refresh_from_db()
    return device
