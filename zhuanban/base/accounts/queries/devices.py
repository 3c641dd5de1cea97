"""The device behind a request, who may stand at it, and the devices a manager looks after."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhuanban.base.accounts.models import Account, Device, Membership, Organisation
from zhuanban.base.accounts.queries.scope import visible
from zhuanban.base.accounts.queries.staff import hash_of
from zhuanban.base.accounts.rules import AT_DOORS, IN_FIELD, INVITERS, Binding, By, Kind, Role, Scope, may_invite
from zhuanban.base.errors import NotFound

LABEL_MAX = 120  # characters, audit.Entry.actor_label
DEVICES_SHOWN = 200
DOOR_OF = "zhuanban.registry.places.queries.door"  # where settings.DOOR_OF names no other


def cookie_name() -> str:
    return "__Host-device" if settings.HTTPS else "device"


def device_in(request: HttpRequest, at: datetime) -> Device | None:
    """The enrolled device whose cookie this browser holds, while it stands."""
    secret = request.COOKIES.get(cookie_name(), "")
    if not secret:
        return None
    standing = Device.objects.filter(secret_hash=hash_of(secret), revoked_at=None, expires_at__gt=at)
    return standing.select_related("shift_account", "organisation").first()


def device_of(request: HttpRequest) -> By | None:
    """Whoever opened the shift on this device; nobody while none is open."""
    at: datetime = request.at  # type: ignore[attr-defined]  # WhoAsks sets it first of all
    device = device_in(request, at)
    if device is None or device.shift_account is None or not device.shift_account.is_active:
        return None
    return by_at(device) if device.shift_until and device.shift_until > at else None


def by_at(device: Device) -> By:
    """At a door it sees its organisation's rows, in the field its area's; the human is who opened the shift."""
    account = device.shift_account
    if account is None:
        raise NotFound(_("这台设备没有开班"))
    if device.door is None:
        scope = Scope(Role.GRID_WORKER, device.division)
    else:
        scope = Scope(Role.CHECKER, device.division, organisation=device.organisation_id)
    return By(
        Kind.DEVICE,
        f"device:{device.pk}",
        f"{account.label} {device.label}"[:LABEL_MAX],
        account.identity,
        (scope,),
        door=device.door,
        shift_account=account.pk,
    )


def people_at(device: Device) -> QuerySet[Account]:
    """Who may open a shift here: the organisation's people at a door; in the field those who cover its whole area."""
    standing = Membership.objects.filter(ended_at=None)
    if device.door is None:
        over = [device.division[:length] for length in range(len(device.division) + 1)]
        fit = standing.filter(role__in=IN_FIELD, division__in=over)
    else:
        fit = standing.filter(role__in=AT_DOORS, organisation=device.organisation)
    active = Account.objects.filter(pk__in=fit.values("account"), is_active=True, pin__isnull=False)
    return active.select_related("pin").order_by("label", "pk")


def at_device(device: Device, account: int) -> Account:
    """Raises: NotFound."""
    found = people_at(device).filter(pk=account).first()
    if found is None:
        raise NotFound(_("这个人不在这台设备的值守名单里"))
    return found


def invited(secret: str, at: datetime) -> Device:
    """The device that waits for this QR. Raises: NotFound, alike for a wrong, a spent and an old one."""
    waiting = Device.objects.filter(invitation_hash=hash_of(secret), enrolled_at=None, revoked_at=None)
    found = waiting.filter(invitation_until__gt=at).first()
    if found is None:
        raise NotFound(_("这个二维码已失效（15 分钟内有效，只能用一次），请让管理人再出一个"))
    return found


def devices(by: By) -> QuerySet[Device]:
    """The devices `by` looks after, the newest first."""
    mine = visible(Device.objects.all(), by, sector=None, roles=INVITERS)
    return mine.select_related("organisation", "shift_account", "enrolled_by").order_by("-pk")


def device(by: By, pk: int) -> Device:
    """Raises: NotFound."""
    found = devices(by).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这台设备"))
    return found


def checkers(by: By) -> QuerySet[Account]:
    """Who stands at the doors or walks the grids that `by` looks after, with their memberships there."""
    at_doors = Membership.objects.filter(role__in=AT_DOORS | IN_FIELD, ended_at=None).select_related("organisation")
    mine = visible(at_doors, by, sector=None, roles=INVITERS)
    people = Account.objects.filter(pk__in=mine.values("account"), is_active=True).select_related("pin")
    return people.prefetch_related(Prefetch("memberships", mine, to_attr="here")).order_by("label", "pk")


def checker(by: By, pk: int) -> Account:
    """Raises: NotFound."""
    found = checkers(by).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这位值守人员"))
    return found


def own_organisations(by: By) -> QuerySet[Organisation]:
    """Where `by` manages doors: what a new checker can belong to."""
    if by.kind is not Kind.STAFF:
        return Organisation.objects.none()
    mine = Membership.objects.filter(account=int(by.key), role__in=INVITERS, ended_at=None)
    return Organisation.objects.filter(pk__in=mine.values("organisation")).order_by("name", "pk")


def door_binding(by: By, pk: int) -> Binding:
    """What a device at this door is bound to. `settings.DOOR_OF` is `(by, pk) -> Door`; it raises NotFound.

    The base knows no places: the registry's door is read through the name in the settings, as viewers are.
    Raises: NotFound, also for a door that `by` only sees by another role than the one that looks after devices.
    """
    door: Any = import_string(getattr(settings, "DOOR_OF", DOOR_OF))(by, pk)
    binding = Binding(f"{door.venue.name} {door.name}"[:60], door.division, door.pk, door.organisation_id)
    if not may_invite(by, binding):
        raise NotFound(_("没有这个门"))
    return binding
