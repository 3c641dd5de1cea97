"""Devices at doors and in the field: invited by QR, enrolled once, revoked at any time."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhuanban.base.accounts import queries
from zhuanban.base.accounts.models import Device
from zhuanban.base.accounts.rules import DEVICE_INVITATION, DEVICE_LIFETIME, Binding, By, Kind, Verb, may_invite
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Invitation:
    """A device to be, and the secret of its QR, which is shown once and stored nowhere."""

    device: Device
    secret: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A device and the secret of its cookie."""

    device: Device
    secret: str


@transaction.atomic
def invite_device(*, by: By, binding: Binding, at: datetime) -> Invitation:
    """A QR for one device, for 15 minutes, once.

    The caller has read the door's division and organisation from the door itself. Raises: Forbidden.
    """
    if by.kind is not Kind.STAFF or not may_invite(by, binding):
        raise Forbidden(_("您不能为这里登记设备"))
    secret = secrets.token_urlsafe(32)
    device = Device.objects.create(
        label=binding.label,
        door=binding.door,
        division=binding.division,
        organisation_id=binding.organisation,
        enrolled_by_id=int(by.key),
        created_at=at,
        invitation_hash=queries.hash_of(secret),
        invitation_until=at + DEVICE_INVITATION,
    )
    detail = {"door": binding.door, "division": binding.division}
    audit.record(by=by, verb=Verb.INVITE_DEVICE, at=at, target=f"device:{device.pk}", detail=detail)
    return Invitation(device, secret)


@transaction.atomic
def enrol_device(*, secret: str, at: datetime) -> Enrolment:
    """Spend the invitation: from now on for 30 days this browser is the device. Raises: NotFound."""
    device = queries.invited(secret, at)
    cookie = secrets.token_urlsafe(32)
    waiting = Device.objects.filter(pk=device.pk, enrolled_at=None, revoked_at=None)
    fresh = {"secret_hash": queries.hash_of(cookie), "enrolled_at": at, "expires_at": at + DEVICE_LIFETIME}
    if not waiting.update(**fresh):
        raise NotFound(_("这个二维码已经用过了，请让管理人再出一个"))
    device.refresh_from_db()
    itself = By(Kind.DEVICE, f"device:{device.pk}", device.label, f"device:{device.pk}")
    audit.record(by=itself, verb=Verb.ENROL_DEVICE, at=at, target=f"device:{device.pk}")
    return Enrolment(device, cookie)


@transaction.atomic
def revoke_device(*, by: By, device: Device, at: datetime, reason: str = "") -> Device:
    """Its cookie opens nothing any more. Raises: NotFound, also for a device that is not `by`'s to see."""
    row = queries.device(by, device.pk)
    if not Device.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at, shift_account=None):
        raise NotFound(_("这台设备已经停用"))
    audit.record(by=by, verb=Verb.REVOKE_DEVICE, at=at, target=f"device:{row.pk}", reason=reason)
    row.refresh_from_db()
    return row


@transaction.atomic
def unlock_device(*, by: By, device: Device, at: datetime) -> Device:
    """After five wrong PINs. Raises: NotFound."""
    row = queries.device(by, device.pk)
    Device.objects.filter(pk=row.pk).update(failed_pins=0)
    audit.record(by=by, verb=Verb.UNLOCK_DEVICE, at=at, target=f"device:{row.pk}")
    row.refresh_from_db()
    return row
