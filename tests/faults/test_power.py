"""Promise 1: what was acknowledged before the power went is there afterwards, and its people's key too."""

import json
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import apsw
import pytest

from tests.faults import life
from tests.faults.recorder import Event
from tests.faults.replayer import Disk
from tests.faults.sizes import POWER_CUTS, quick_folder
from zhuanban.base import ciphers
from zhuanban.base.errors import Refusal
from zhuanban.trail.keys import models as key_files
from zhuanban.trail.keys.queries import person_of
from zhuanban.trail.visits import queries
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import VisitId
from zhuanban.trail.visits.tests.made import entry

pytestmark = pytest.mark.faults
LIVES = 4


@dataclass(frozen=True)
class Record:
    """One life, and what it leaves behind if the power goes at any point of it."""

    events: list[Event]
    private: bytes

    def losses(self, cuts: int, folder: Path, seed: int) -> list[str]:
        """What was missing or damaged after `cuts` power cuts, each at a point and with survivors of its own."""
        chance, found = random.Random(seed), []
        for number in range(cuts):
            point, left = chance.randrange(len(self.events)), folder / f"{number}"
            disk = Disk()
            for event in self.events[:point]:
                if event[0] != "acknowledged":
                    disk.happen(event)
            left.mkdir()
            disk.cut_power(chance, left)
            found += [f"cut {number} at {point}: {what}" for what in self._missing(point, left)]
            shutil.rmtree(left)
        return found

    def _missing(self, point: int, left: Path) -> list[str]:
        promised = {promise[0]: promise[1:] for promise in life.acknowledged(self.events[:point])}
        try:
            found = _rows_after_going_on(left / "visits")
        except (Refusal, apsw.Error) as fault:
            return [f"a usable file ({fault})"]
        keys = {day: self._keys(left / "keys", day) for day in {id_.day for id_ in promised}}
        said = []
        for id_, (at, rows, people) in promised.items():
            if found.get(id_) != [(at, row.who) for row in rows]:
                said.append("an acknowledged visit")
            elif not any([person_of(row.who, key=key) for row in rows] == people for key in keys[id_.day]):
                said.append("the key of an acknowledged visit")
        return said

    def _keys(self, folder: Path, day: object) -> list[bytes]:
        """A day's keys that the gate or the keeper can still read."""
        own = [key_files.read(path) for path in (folder / "gate").glob(f"{day}.key") if path.stat().st_size]
        sealed = [path.read_bytes() for path in (folder / "handover").glob(f"{day}.*.sealed")]
        return own + [ciphers.unbox(copy, private=self.private) for copy in sealed]


def _rows_after_going_on(folder: Path) -> dict[VisitId, list[tuple[object, bytes]]]:
    """What the next gate finds when it has opened what is left and written on. Raises: JournalDown, apsw.Error."""
    journal = Journal(folder)
    try:
        journal.append(entry())
    finally:
        journal.close()
    found: dict[VisitId, list[tuple[object, bytes]]] = {}
    for day in queries.days(folder):
        with queries.read(folder, day) as visits:
            if visits.connection.execute("PRAGMA integrity_check").get != "ok":
                raise apsw.CorruptError(f"{day}")
            for (random_id,) in visits.connection.execute("SELECT DISTINCT id FROM visit").fetchall():
                stored = visits.of_id(cast(bytes, random_id))
                found[stored[0].id] = [(one.at, one.who) for one in stored]
    return found


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as made:
        yield made


def lived(folder: Path, **options: Any) -> Record:
    """Somebody lives under the recorder, in a process of their own."""
    root, record = folder / "life", folder / "record"
    root.mkdir()
    command = [sys.executable, "-m", "tests.faults.life", str(root), str(record), json.dumps(options)]
    subprocess.run(command, check=True, timeout=120)
    events, private = pickle.loads(record.read_bytes())
    return Record(events, private)


@pytest.mark.parametrize("seed", range(LIVES))
def test_no_power_cut_takes_an_acknowledged_visit_or_its_key(seed: int, folder: Path) -> None:
    record = lived(folder, seed=seed, groups=70)
    assert len(list(life.acknowledged(record.events))) > 200

    assert record.losses(POWER_CUTS // LIVES, folder, seed) == []


def test_no_power_cut_after_a_failed_sync_takes_one_either(folder: Path) -> None:
    """The kernel forgets what it could not write and calls the next sync good: the log is written again."""
    record = lived(folder, seed=11, groups=70, failing=0.1)
    assert sum(event[0] == "lost" for event in record.events) > 3

    assert record.losses(POWER_CUTS // LIVES, folder, 11) == []


@pytest.mark.parametrize("without", [{"synchronous": "NORMAL"}, {"syncs_names": False}], ids=str)
def test_control_without_waiting_for_the_disk_visits_or_keys_are_lost(without: dict[str, Any], folder: Path) -> None:
    record = lived(folder, seed=5, groups=70, **without)

    losses = record.losses(POWER_CUTS // 10, folder, 5)

    assert len({loss.split(":")[0] for loss in losses}) > POWER_CUTS // 40  # of twenty cuts in CI more than five


def test_control_without_writing_the_log_again_a_failed_sync_loses_visits(folder: Path) -> None:
    record = lived(folder, seed=11, groups=70, failing=0.1, heals=False)

    assert record.losses(POWER_CUTS // 5, folder, 11) != []
