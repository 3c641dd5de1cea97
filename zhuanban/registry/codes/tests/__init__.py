"""A small county to hang codes in: two townships with an office each, a market and a school."""

from datetime import UTC, datetime

from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.http.sessions import PROVED, SEEN, SIGNED_IN
from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import REAUTHENTICATION, By, Grant, Kind, Role, Scope, system
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Division, Door
from zhuanban.registry.places.rules import VenueFacts

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
BAODIAN, SHIZHE = "140428101", "140428103"
COUNTY_OFFICE = By(Kind.STAFF, "1", "县专班办公室", "identity:1", (Scope(Role.COUNTY_OFFICE, "140428"),))
BAODIAN_OFFICE = By(Kind.STAFF, "2", "鲍店镇专班", "identity:2", (Scope(Role.TOWNSHIP_OFFICE, BAODIAN),))
SHIZHE_OFFICE = By(Kind.STAFF, "3", "石哲镇专班", "identity:3", (Scope(Role.TOWNSHIP_OFFICE, SHIZHE),))
BAODIAN_GRID = By(Kind.STAFF, "4", "鲍店镇网格员", "identity:4", (Scope(Role.GRID_WORKER, BAODIAN),))
# Runs an office in Shizhe and only helps out in Baodian.
HELPER = By(Kind.STAFF, "5", "石哲镇专班", "identity:5", (*SHIZHE_OFFICE.scopes, *BAODIAN_GRID.scopes))


def add_office(division: str, name: str, phone: str = "") -> Organisation:
    return Organisation.objects.create(name=name, kind="OFFICE", division=division, phone=phone)


def add_door(
    township: str = BAODIAN, *, venue: str = "福来顺生活超市", kind: str = "supermarket", name: str = "正门"
) -> Door:
    """The first door of a new venue in the township's first village."""
    for code, level in ((f"{township}000", "township"), (f"{township}001", "village")):
        Division.objects.get_or_create(code=code, defaults={"name": code, "display": code, "level": level})
    facts = VenueFacts(venue, kind, f"{township}001", "鲍店南街 18 号", no_uscc_reason="个体流动经营")
    made = places.add_venue(by=system("test"), facts=facts, at=NOON, doors=(name,))
    return made.doors.get()


def sign_in(role: Role, division: str, *, proved: bool = True) -> Client:
    """A browser in which an account of this role has signed in; `proved`: password and code just given again."""
    configured.DEMO, before = True, configured.DEMO
    account = accounts.open_demo_account(
        username=f"{role}-{division}".lower(), label=role.label, identity=f"identity:{role}", at=NOON
    )
    configured.DEMO = before
    office = add_office(division, role.label)
    accounts.join(by=system("test"), account=account, organisation=office, grant=Grant(role, division), at=NOON)
    client, now = Client(), timezone.now()  # noqa: TID251 - as the pages do
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["otp_device_id"] = TOTPDevice.objects.get(user=account).persistent_id
    session[SIGNED_IN] = session[SEEN] = now.isoformat()
    session[PROVED] = (now if proved else now - 2 * REAUTHENTICATION).isoformat()
    session.save()
    return client
