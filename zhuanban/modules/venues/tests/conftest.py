"""The real county, one shop in 鲍店 with two doors, and browsers in which people have signed in."""

import io
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts.http.sessions import PROVED, SEEN, SIGNED_IN
from zhuanban.base.accounts.models import Account, Membership, Organisation
from zhuanban.base.accounts.rules import Role, system
from zhuanban.base.spans import day_of
from zhuanban.registry.codes import actions as codes
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import sheets
from zhuanban.registry.places.models import Door, Venue
from zhuanban.registry.places.rules import VenueFacts
from zhuanban.trail.checks import actions as checks
from zhuanban.trail.checks.rules import Outcome
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Row, Via, VisitId, write_id

COUNTY, BAODIAN, SHIZHE = "140428", "140428101", "140428102"
SOUTH_STREET = "140428101201"
USCC = "91110000600037341L"
BY = system("test")

SignIn = Callable[..., Client]
Arrive = Callable[..., list[str]]


def now() -> datetime:
    return timezone.now()  # noqa: TID251  (as the pages do)


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Path) -> None:
    """The divisions and types, and a visit store of its own."""
    settings.VISITS = tmp_path / "visits"
    settings.VISITS.mkdir()
    call_command("load_divisions", stdout=io.StringIO())
    places.seed_types(rows=sheets.venue_types())


def facts(name: str = "福来顺生活超市", **changes: Any) -> VenueFacts:
    known = {"type": "supermarket", "division": SOUTH_STREET, "address": "鲍店南街 18 号", "uscc": USCC}
    return VenueFacts(name=name, **{**known, **changes})


@pytest.fixture
def shop(county: None) -> Venue:
    """福来顺生活超市 in 鲍店: a front door with a code, a back door without."""
    venue = places.add_venue(by=BY, facts=facts(), at=now(), doors=("正门", "后门"))
    codes.issue(door=venue.doors.get(name="正门"), by=BY, at=now())
    return venue


@pytest.fixture
def front(shop: Venue) -> Door:
    return shop.doors.get(name="正门")


@pytest.fixture
def sign_in(county: None) -> SignIn:
    """`sign_in(role, division)` is a browser in which an account of this role has signed in."""

    def signed_in(
        role: Role, division: str = COUNTY, *, organisation: Organisation | None = None, **more: Any
    ) -> Client:
        name = f"{role}-{division}-{secrets.token_hex(3)}"
        account = Account.objects.create(username=name, label=role.label, identity=name)
        unit = organisation or Organisation.objects.create(name=role.label, kind="OFFICE", division=division)
        Membership.objects.create(account=account, organisation=unit, role=role, division=division, **more)
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["otp_device_id"] = TOTPDevice.objects.create(user=account, name="phone").persistent_id
        session[SIGNED_IN] = session[SEEN] = session[PROVED] = now().isoformat()
        session.save()
        return client

    return signed_in


@pytest.fixture
def arrive(county: None, settings: Any) -> Iterator[Arrive]:
    """`arrive(door, 3, days_ago=1)` writes arrivals into the journal and gives their ids as text."""
    journal = Journal(settings.VISITS)

    def arrived(door: Door, count: int = 1, *, days_ago: int = 0) -> list[str]:
        at = now() - timedelta(days=days_ago)
        ids = [VisitId(day_of(at), secrets.token_bytes(12)) for _ in range(count)]
        for one in ids:
            row = Row(secrets.token_bytes(16), None, Via.SELF, Colour.GREEN, True)
            journal.append(Entry(one, at, door.pk, (row,)))
        return [write_id(one) for one in ids]

    yield arrived
    journal.close()


def check(door: Door, visits: list[str], *, outcome: Outcome = Outcome.ADMIT, colour: Colour = Colour.GREEN) -> None:
    """Somebody at the door verified these arrivals one by one."""
    for visit in visits:
        checks.verify(by=BY, door=door, seen=checks.Seen(visit, 0, colour), outcome=outcome, at=now())
