"""Accounts of the demo county: one known password, and a code that the sign-in page shows."""

from datetime import datetime
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import DEMO_PASSWORD, Verb, system
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden


@transaction.atomic
def open_demo_account(*, username: str, label: str, identity: str, at: datetime) -> Account:
    """Ready to sign in at once; give it memberships with `join`. Raises: Forbidden outside the demo."""
    if not settings.DEMO:
        raise Forbidden(_("只有演示才能这样开账号"))
    account = Account.objects.create(username=username, label=label, identity=identity, password=_hashed())
    TOTPDevice.objects.create(user=account, name="demo", confirmed=True)
    audit.record(by=system("demo"), verb=Verb.OPEN, at=at, target=f"account:{account.pk}")
    return account


@cache
def _hashed() -> str:
    """Hashed once: four hundred hashings would take longer than the whole demo."""
    return make_password(DEMO_PASSWORD)
