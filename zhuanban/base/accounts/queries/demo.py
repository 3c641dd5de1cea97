"""What the sign-in page of a demo shows, and never another's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.http import urlencode
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts.models import Account, Membership
from zhuanban.base.accounts.rules import DEMO_PASSWORD, Role

A_ROLE = 2  # logins shown of each role


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """`code` is the next that the account's generator accepts; only filled in where it was asked for."""

    username: str
    label: str
    role: str
    password: str = DEMO_PASSWORD
    code: str = ""

    @property
    def filled(self) -> dict[str, str]:
        """What the sign-in form then holds."""
        return {"username": self.username, "password": self.password, "code": self.code}

    @property
    def query(self) -> str:
        """What asks the sign-in page to fill this login in."""
        return urlencode({"as": self.username})


def demo_logins() -> list[DemoLogin]:
    """Two logins of each role, in the order of the roles; none outside the demo."""
    if not settings.DEMO:
        return []
    standing = Membership.objects.filter(ended_at=None, account__in=_demo_accounts()).select_related("account")
    shown: dict[str, list[DemoLogin]] = {role.value: [] for role in Role}
    for one in standing.order_by("account__pk"):
        row = DemoLogin(one.account.username, one.account.label, Role(one.role).label)
        if len(shown[one.role]) < A_ROLE and row not in shown[one.role]:
            shown[one.role].append(row)
    return [login for logins in shown.values() for login in logins]


def demo_login(username: str, at: datetime) -> DemoLogin | None:
    """One account of the demo with its current code; None for any other name, and always outside the demo."""
    if not settings.DEMO:
        return None
    account = Account.objects.filter(pk__in=_demo_accounts(), username=username, is_active=True).first()
    return DemoLogin(account.username, account.label, "", code=demo_code(account, at)) if account else None


def demo_code(account: Account, at: datetime) -> str:
    """The next code that the account's generator accepts; one that was used is not offered again."""
    generator = TOTPDevice.objects.get(user=account, confirmed=True, name="demo")
    clock = TOTP(generator.bin_key, generator.step, generator.t0, generator.digits, generator.drift)
    clock.time = at.timestamp()
    clock.drift += max(0, generator.last_t + 1 - clock.t())
    return f"{clock.token():0{generator.digits}d}"


def _demo_accounts() -> QuerySet[TOTPDevice, Any]:
    made: QuerySet[TOTPDevice, Any] = TOTPDevice.objects.filter(name="demo", confirmed=True).values("user")
    return made
