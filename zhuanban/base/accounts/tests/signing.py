"""People of the tests: accounts with roles, signed in without the page. Any package's tests may use it."""

from datetime import datetime

from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.http import sessions
from zhuanban.base.accounts.models import Account, Organisation
from zhuanban.base.accounts.rules import By, Grant, Role, system

BOSS = system("tests")
COUNTY, BAODIAN, SHIZHE = "140428", "140428101", "140428103"  # 长子县, 鲍店镇, 石哲镇 (prefixes)
PASSWORD = "a long enough passphrase"


def now() -> datetime:
    """What the pages' clock says: a page reads the real one."""
    return timezone.now()  # noqa: TID251


def organisation(name: str = "鲍店镇政府", *, division: str = "140428101000", kind: str = "OFFICE") -> Organisation:
    found = Organisation.objects.filter(name=name).first()
    return found or actions.add_organisation(by=BOSS, name=name, kind=kind, division=division, at=now())


def member(
    *roles: Role,
    division: str = COUNTY,
    username: str = "",
    identity: str = "",
    at_organisation: Organisation | None = None,
    sectors: tuple[str, ...] = (),
) -> Account:
    """An account with a code generator and these roles; without a password it signs in by `sign_in` only."""
    at = now()
    name = username or f"u{Account.objects.count() + 1}"
    opened = actions.open_account(by=BOSS, username=name, label=f"{name} 岗位", identity=identity or name, at=at)
    TOTPDevice.objects.filter(user=opened.account).update(confirmed=True)
    for role in roles:
        place = at_organisation or organisation()
        grant = Grant(role, division, sectors)
        actions.join(by=BOSS, account=opened.account, organisation=place, grant=grant, at=at)
    return opened.account


def by_of(account: Account) -> By:
    return queries.by_of(account)


def sign_in(client: Client, account: Account, at: datetime | None = None) -> By:
    """The browser as it is after the sign-in page; `at` is when that was."""
    moment = at or now()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.get(user=account).persistent_id
    for name in (sessions.SIGNED_IN, sessions.SEEN, sessions.PROVED):
        session[name] = moment.isoformat()
    session.save()
    return by_of(account)


def code_of(account: Account) -> str:
    """The next code that the account's generator accepts."""
    generator = TOTPDevice.objects.get(user=account)
    clock = TOTP(generator.bin_key, generator.step, generator.t0, generator.digits, generator.drift)
    clock.drift += max(0, generator.last_t + 1 - clock.t())
    return f"{clock.token():06d}"


def settle(account: Account, password: str = PASSWORD) -> Account:
    """Give an account its password, as its owner would."""
    return actions.change_password(by=by_of(account), account=account, password=password, at=now())
