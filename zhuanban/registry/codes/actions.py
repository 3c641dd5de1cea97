"""Issuing and revoking the codes on doors; registering and ending the order under which they are scanned."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext

from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden, Refusal
from zhuanban.registry.codes import queries, rules
from zhuanban.registry.codes.models import DoorCode, ScanOrder
from zhuanban.registry.places import actions as snapshot
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Door
from zhuanban.registry.places.rules import Change, VenueState


class HasCode(Refusal):
    """One door never carries two codes."""

    code = "HAS_CODE"


class VenueIsClosed(Refusal):
    """A venue that has been struck off gets no new code."""

    code = "VENUE_IS_CLOSED"


class AlreadyRevoked(Refusal):
    """A code is revoked once, for good."""

    code = "ALREADY_REVOKED"


class OrderNumberTaken(Refusal):
    """An order is registered once."""

    code = "ORDER_NUMBER_TAKEN"
    field = "number"  # of the form


class OrderNeverRuns(Refusal):
    """Its end lies before its beginning, or in the past."""

    code = "ORDER_NEVER_RUNS"
    status = 422
    field = "until_at"


class OrderIsOver(Refusal):
    """The end of an order is final."""

    code = "ORDER_IS_OVER"


@transaction.atomic
def issue(*, door: Door, by: By, at: datetime) -> DoorCode:
    """A code for a door that has none. Raises: NotFound, Forbidden, VenueIsClosed, HasCode."""
    door = _door_to_code(door, by)
    if door.venue.state == VenueState.CLOSED:
        raise VenueIsClosed(gettext("场所已注销，不能再发码"))
    last = DoorCode.objects.filter(door=door).aggregate(last=Max("version"))["last"] or 0
    code = DoorCode(
        pk=rules.door_id(secrets.token_bytes(8)),
        door=door,
        version=last + 1,
        short=rules.short_code(secrets.token_bytes(16)),
        issued_at=at,
        issued_by=by.key,
    )
    try:
        with transaction.atomic():
            code.save(force_insert=True)
    except IntegrityError as fault:
        raise HasCode(gettext("这个门已有在用的场所码：要换新的，请用“换码”")) from fault
    _tell(code, verb="codes.issue", by=by, at=at)
    return code


@transaction.atomic
def revoke(*, code: DoorCode, by: By, reason: str, at: datetime) -> DoorCode:
    """Its sheet stops working at once, for good. Raises: NotFound, Forbidden, AlreadyRevoked."""
    _door_to_code(code.door, by)
    live = DoorCode.objects.filter(pk=code.pk, revoked_at=None)
    if not live.update(revoked_at=at, revoked_reason=reason):
        raise AlreadyRevoked(gettext("这个场所码已经作废"))
    code.refresh_from_db()
    _tell(code, verb="codes.revoke", by=by, at=at, reason=reason)
    return code


@transaction.atomic
def reissue(*, code: DoorCode, by: By, reason: str, at: datetime) -> DoorCode:
    """Revoke a code and put the next version in its place. Raises: what `revoke` and `issue` raise."""
    revoke(code=code, by=by, reason=reason, at=at)
    return issue(door=code.door, by=by, at=at)


def _door_to_code(door: Door, by: By) -> Door:
    """The door, if `by` may code it; a door they only see is Forbidden, any other NotFound."""
    seen = places.door(by, door.pk)
    if not queries.may_issue(by, seen):
        raise Forbidden(gettext("只有县、乡镇专班办公室能发码、换码和作废"))
    return seen


def _tell(code: DoorCode, *, verb: str, by: By, at: datetime, reason: str = "") -> None:
    """The audit and the gate learn of it in the same transaction."""
    detail = {"door": code.door_id, "version": code.version, "short": code.short}
    audit.record(by=by, verb=verb, at=at, target=f"code:{code.pk}", reason=reason, detail=detail)
    snapshot.bump_snapshot(kind=Change.DOOR, key=str(code.door_id), at=at)


# --- orders ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def register_order(
    *, number: str, title: str, issuer: str, from_at: datetime, until_at: datetime, by: By, at: datetime
) -> ScanOrder:
    """Orders may overlap: the next begins before the last has ended.

    Raises: Forbidden, OrderNeverRuns, OrderNumberTaken.
    """
    _check_office(by)
    if until_at <= max(from_at, at):
        raise OrderNeverRuns(gettext("截止时间要晚于开始时间，也要晚于现在"))
    order = ScanOrder(
        number=number,
        title=title,
        issuer=issuer,
        from_at=from_at,
        until_at=until_at,
        registered_at=at,
        registered_by=by.key,
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as fault:
        raise OrderNumberTaken(gettext("这个文号已经登记过")) from fault
    audit.record(by=by, verb="codes.order", at=at, target=f"order:{order.pk}", detail={"number": number})
    snapshot.bump_snapshot(kind=Change.ORDER, key=str(order.pk), at=at)
    return order


@transaction.atomic
def end_order(*, order: ScanOrder, by: By, reason: str, at: datetime) -> ScanOrder:
    """Scanning under it stops at once; there is no way back but a new order. Raises: Forbidden, OrderIsOver."""
    _check_office(by)
    running = ScanOrder.objects.filter(pk=order.pk, ended_at=None, until_at__gt=at)
    if not running.update(ended_at=at, ended_by=by.key, ended_reason=reason):
        raise OrderIsOver(gettext("这份命令已经结束"))
    order.refresh_from_db()
    audit.record(by=by, verb="codes.order_end", at=at, target=f"order:{order.pk}", reason=reason)
    snapshot.bump_snapshot(kind=Change.ORDER, key=str(order.pk), at=at)
    return order


def _check_office(by: By) -> None:
    if not by.has(Role.COUNTY_OFFICE):
        raise Forbidden(gettext("只有县专班办公室能登记和结束命令"))
