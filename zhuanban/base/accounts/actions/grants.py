"""Organisations and memberships: what an account may do, granted by somebody who cannot open accounts."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhuanban.base.accounts import queries
from zhuanban.base.accounts.actions.guards import only
from zhuanban.base.accounts.models import Account, Device, Membership, Organisation
from zhuanban.base.accounts.rules import By, Grant, Role, Verb, check_grant
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden, NotFound, Refusal


class AlreadyGranted(Refusal):
    code = "ALREADY_GRANTED"
    status = 422


@transaction.atomic
def add_organisation(
    *, by: By, name: str, kind: str, division: str, at: datetime, phone: str = "", uscc: str = ""
) -> Organisation:
    only(by, Role.SYSTEM_ADMIN)
    row = Organisation.objects.create(name=name, kind=kind, division=division, phone=phone, uscc=uscc)
    detail = {"name": name, "kind": kind, "division": division}
    audit.record(by=by, verb=Verb.ADD_ORGANISATION, at=at, target=f"organisation:{row.pk}", detail=detail)
    return row


@transaction.atomic
def join(*, by: By, account: Account, organisation: Organisation, grant: Grant, at: datetime) -> Membership:
    """Give an account a role. Nobody grants to themselves, under whatever account.

    Raises: Forbidden, Inseparable, BadGrant, AlreadyGranted.
    """
    only(by, Role.SECURITY_ADMIN)
    if by.identity == account.identity:
        raise Forbidden(_("不能给自己授权"))
    check_grant(grant, queries.roles_of_human(account.identity))
    fresh = {"role": grant.role, "division": grant.division, "sectors": list(grant.sectors)}
    try:
        with transaction.atomic():
            row = Membership.objects.create(account=account, organisation=organisation, **fresh)
    except IntegrityError as error:
        raise AlreadyGranted(_("这个账号已经有这项授权")) from error
    detail = {"account": account.pk, "role": grant.role.value, "division": grant.division}
    audit.record(by=by, verb=Verb.GRANT, at=at, target=f"membership:{row.pk}", detail=detail)
    return row


@transaction.atomic
def leave(*, by: By, membership: Membership, reason: str, at: datetime) -> Membership:
    """End a membership; a shift that stood on it ends too. Raises: Forbidden, NotFound."""
    only(by, Role.SECURITY_ADMIN)
    if not Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=at):
        raise NotFound(_("这项授权已经停用"))
    Device.objects.filter(shift_account=membership.account_id).update(shift_account=None, shift_until=None)
    audit.record(by=by, verb=Verb.END_GRANT, at=at, target=f"membership:{membership.pk}", reason=reason)
    membership.refresh_from_db()
    return membership
