"""The invented county, small: the same commands that `make run` and a load test use."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from zhuanban.base import ciphers
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import Role
from zhuanban.demo import county
from zhuanban.registry.codes.rules import read_door
from zhuanban.registry.people import rules as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.places.models import Venue
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.checks.models import Check
from zhuanban.trail.visits import queries as visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LazySettings:
    settings.DEMO, settings.KEYS, settings.VISITS = True, tmp_path / "keys", tmp_path / "visits"
    ciphers.make_all()
    monkeypatch.setattr(county, "VENUES", 12)
    monkeypatch.setattr(county, "RESIDENTS", 40)
    call_command("demo", stderr=StringIO())
    return settings


def test_the_county_lives_and_a_second_building_changes_nothing(small: LazySettings) -> None:
    before = (Venue.objects.count(), Person.objects.count(), Alert.objects.count(), Check.objects.count())

    call_command("demo", stdout=StringIO())

    assert (Venue.objects.count(), Person.objects.count(), Alert.objects.count(), Check.objects.count()) == before
    assert before[0] == 12 and before[1] > 40 and before[2] == 7 and before[3] > 50
    assert {alert.state for alert in Alert.objects.all()} >= {"RAISE", "ACKNOWLEDGE", "CLOSE"}
    assert len(visits.days(small.VISITS)) == 14


def test_it_tells_a_sign_in_of_every_role_and_doors_to_scan(small: LazySettings) -> None:
    out = StringIO()

    call_command("demo", "--json", stdout=out)
    told = json.loads(out.getvalue())

    assert {login["role"] for login in told["logins"]} == {role.value for role in Role}
    assert len(told["logins"]) == Account.objects.count()
    assert all(read_door(door["path"][3:], key=ciphers.key("shared/codes")) for door in told["doors"])


def test_mint_writes_pairs_that_the_gate_accepts(small: LazySettings, tmp_path: Path) -> None:
    file = tmp_path / "pairs"

    call_command("mint", doors=5, residents=20, out=file, stdout=StringIO())
    pairs = [json.loads(line) for line in file.read_text().splitlines()]

    assert len(pairs) == 20 and len({pair["path"] for pair in pairs}) == 5
    for pair in pairs:
        name, _, token = pair["cookie"].partition("=")
        assert name == people.cookie_name(small.HTTPS)
        assert people.read_session(token, key=ciphers.key("shared/session")) is not None


@pytest.mark.parametrize("command", [("demo",), ("mint", "--doors=1", "--residents=1", "--out=x"), ("demo_feed",)])
def test_in_production_none_of_it_runs(settings: LazySettings, command: tuple[str, ...]) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="演示"):
        call_command(*command)
