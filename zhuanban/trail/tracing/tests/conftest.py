"""A county of two residents, and the keeper of its past days."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from zhuanban.base import ciphers
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.registry.people.rules import Level, write_session
from zhuanban.trail.keys.actions import GateKeys
from zhuanban.trail.keys.queries import who
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.tracing.actions import Keeper
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Row, Via, VisitId

NOON = datetime(2026, 11, 23, 12, tzinfo=COUNTY_TIME)
TODAY = NOON.date()
MEI, HUA = b"M" * 16, b"H" * 16
DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def sixteen_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every noon Mei enters door 1 and brings Hua; the gate hands each key over, today's too, and keeps today's."""
    made = tmp_path_factory.mktemp("county")
    with override_settings(KEYS=made / "keys"):
        ciphers.make_all()
        gate, journal = GateKeys(made / "keys", ciphers.key("shared/keeper.pub")), Journal(made / "visits")
        for number in range(16):
            enter(gate, journal, NOON - number * DAY)
        journal.close()
        gate.drop_past(NOON)
    return made


@pytest.fixture
def keeper(tmp_path: Path, sixteen_days: Path) -> Iterator[Keeper]:
    """A keeper that has just taken over the fifteen past days."""
    shutil.copytree(sixteen_days, tmp_path, dirs_exist_ok=True)
    with override_settings(VAR=tmp_path, KEYS=tmp_path / "keys", VISITS=tmp_path / "visits", RETENTION_DAYS=14):
        keeper = Keeper.here()
        keeper.take_over(at=NOON)
        yield keeper


def enter(gate: GateKeys, journal: Journal, at: datetime) -> None:
    key = gate.of(at.date(), at=at)
    assert key is not None
    mei, hua = who(MEI, key=key), who(HUA, key=key)
    rows = (Row(mei, None, Via.SELF, Colour.GREEN, True), Row(hua, mei, Via.FAMILY, Colour.GREEN, True))
    journal.append(Entry(VisitId(at.date(), f"{at:%m%d%H%M%S}id".encode()), at, 1, rows))


def session(person: bytes = MEI, *, issued_at: datetime = NOON - DAY, key: bytes | None = None) -> str:
    key = key or ciphers.key("shared/session")
    return write_session(person, issued_at=issued_at, level=Level.ACCOUNT, notice=1, key=key)
