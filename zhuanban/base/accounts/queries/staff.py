"""The member of staff behind a request or a link."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import segno
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts.models import Account, Membership, Welcome
from zhuanban.base.accounts.rules import OF_ORGANISATION, By, Kind, Role, Scope
from zhuanban.base.errors import NotFound


def hash_of(secret: str) -> str:
    """How a secret of 256 random bits is stored: these need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def qr(text: str) -> str:
    """A QR code as a data URI, with its quiet zone."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=4, scale=6))


def staff_of(request: HttpRequest) -> By | None:
    """Whoever has signed in with password and code, and whose sign-in still stands (WhoAsks ends it when not)."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated or not account.is_verified():
        return None
    return by_of(account)


def by_of(account: Account) -> By:
    """What an account may do and see now: one query."""
    standing = Membership.objects.filter(account=account.pk, ended_at=None).order_by("pk")
    return By(Kind.STAFF, str(account.pk), account.label, account.identity, tuple(_scopes(standing)))


def _scopes(memberships: Iterable[Membership]) -> Iterable[Scope]:
    for one in memberships:
        role = Role(one.role)
        own = one.organisation_id if role in OF_ORGANISATION else None
        yield Scope(role, one.division, frozenset(one.sectors), own)


def roles_of_human(identity: str) -> set[Role]:
    """Every role a human holds now, over all accounts."""
    standing = Membership.objects.filter(account__identity=identity, ended_at=None)
    return {Role(role) for role in standing.values_list("role", flat=True)}


def welcome(secret: str, at: datetime) -> Welcome:
    """The standing invitation behind a link. Raises: NotFound, alike for a wrong, a used and an old one."""
    standing = Welcome.objects.select_related("account").filter(used_at=None, until__gt=at, account__is_active=True)
    found = standing.filter(secret_hash=hash_of(secret)).first()
    if found is None:
        raise NotFound(_("这个链接已失效：请让系统管理员重新发一个"))
    return found


def generator_of(invitation: Welcome) -> TOTPDevice:
    """The code generator that waits to be proved; its `config_url` is what the authenticator app scans."""
    return TOTPDevice.objects.get(user=invitation.account, confirmed=False)
