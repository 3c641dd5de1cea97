"""Accounts: opened by the system administrator, settled into by their owner, closed, opened again."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts import queries
from zhuanban.base.accounts.actions.guards import only
from zhuanban.base.accounts.models import Account, Device, Membership, Pin, Welcome
from zhuanban.base.accounts.rules import WELCOME, By, Role, Verb
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import NotFound, Refusal


class NameTaken(Refusal):
    code = "NAME_TAKEN"
    status = 422


class WrongCode(Refusal):
    code = "WRONG_CODE"
    status = 422


@dataclass(frozen=True, slots=True)
class Opening:
    """An account and the secret of its owner's link, which is shown once and stored nowhere."""

    account: Account
    secret: str


@transaction.atomic
def open_account(*, by: By, username: str, label: str, identity: str, at: datetime) -> Opening:
    """An account without password and without rights. Raises: Forbidden, NameTaken."""
    only(by, Role.SYSTEM_ADMIN)
    fresh = {"label": label, "identity": identity, "password": make_password(None)}
    try:
        with transaction.atomic():
            account = Account.objects.create(username=username, **fresh)
    except IntegrityError as error:
        raise NameTaken(_("这个登录名已经有人用了")) from error
    opening = Opening(account, _welcome(account, at))
    audit.record(by=by, verb=Verb.OPEN, at=at, target=f"account:{account.pk}", detail={"username": username})
    return opening


@transaction.atomic
def open_again(*, by: By, account: Account, reason: str, at: datetime) -> Opening:
    """A new link for whoever lost password or phone. Every right ends: the security administrator grants anew.

    Else whoever runs the system could take over any account and see with its eyes.
    """
    only(by, Role.SYSTEM_ADMIN)
    row = _lock(account.pk)
    Membership.objects.filter(account=row, ended_at=None).update(ended_at=at)
    Account.objects.filter(pk=row.pk).update(password=make_password(None), is_active=True)
    Welcome.objects.filter(account=row, used_at=None).delete()
    Pin.objects.filter(account=row).delete()
    opening = Opening(row, _welcome(row, at))
    audit.record(by=by, verb=Verb.OPEN_AGAIN, at=at, target=f"account:{row.pk}", reason=reason)
    return opening


@transaction.atomic
def close_account(*, by: By, account: Account, reason: str, at: datetime) -> Account:
    """It signs in no more, and what is signed in or standing at a door ends at once."""
    only(by, Role.SYSTEM_ADMIN)
    row = _lock(account.pk)
    Account.objects.filter(pk=row.pk).update(is_active=False)
    Welcome.objects.filter(account=row, used_at=None).delete()
    Device.objects.filter(shift_account=row).update(shift_account=None, shift_until=None)
    audit.record(by=by, verb=Verb.CLOSE, at=at, target=f"account:{row.pk}", reason=reason)
    row.refresh_from_db()
    return row


@transaction.atomic
def settle_in(*, secret: str, password: str, code: str, at: datetime) -> Account:
    """The owner's own password, and the code generator proved once. Raises: NotFound, WrongCode."""
    welcome = queries.welcome(secret, at)
    generator = TOTPDevice.objects.select_for_update().get(user=welcome.account, confirmed=False)
    if not _accepts(generator, code):
        raise WrongCode(_("验证码不对：请等验证器换一个新的再试"))
    if not Welcome.objects.filter(pk=welcome.pk, used_at=None).update(used_at=at):
        raise NotFound(_("这个链接已经用过了"))
    TOTPDevice.objects.filter(user=welcome.account, confirmed=True).delete()
    TOTPDevice.objects.filter(pk=generator.pk).update(confirmed=True, throttling_failure_count=0)
    Account.objects.filter(pk=welcome.account_id).update(password=make_password(password))
    account = welcome.account
    account.refresh_from_db()
    audit.record(by=queries.by_of(account), verb=Verb.SETTLE_IN, at=at, target=f"account:{account.pk}")
    return account


@transaction.atomic
def change_password(*, by: By, account: Account, password: str, at: datetime) -> Account:
    """Ends every other session of the account. The caller has just asked for the old one."""
    Account.objects.filter(pk=account.pk).update(password=make_password(password))
    account.refresh_from_db()
    audit.record(by=by, verb=Verb.CHANGE_PASSWORD, at=at, target=f"account:{account.pk}")
    return account


def _welcome(account: Account, at: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    fresh = {"secret_hash": queries.hash_of(secret), "created_at": at, "until": at + WELCOME}
    Welcome.objects.create(account=account, **fresh)
    TOTPDevice.objects.filter(user=account).delete()
    TOTPDevice.objects.create(user=account, name="phone", confirmed=False)
    return secret


def _lock(pk: int) -> Account:
    return Account.objects.select_for_update().get(pk=pk)


def _accepts(generator: TOTPDevice, code: str) -> bool:
    return bool(generator.verify_token(code))
