"""A gate's life in small, under the recorder: `python -m tests.faults.life ROOT RECORD OPTIONS`.

Keys are made and handed over, families arrive in groups of up to eight, some messages come twice, the log is copied
into the database every few commits, the journal is opened anew now and then, and midnight passes. RECORD is pickled:
the events, the keeper's private key, and what was acknowledged stands among the events where it was acknowledged.
"""

import json
import pickle
import random
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from tests.faults.recorder import Recorder
from zhuanban.base import ciphers
from zhuanban.base.errors import Refusal
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.trail.keys import models as key_files
from zhuanban.trail.keys.actions import GateKeys
from zhuanban.trail.keys.queries import who
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import models
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Receipt, Row, Via, VisitId

START = datetime(2026, 11, 23, 23, 58, tzinfo=COUNTY_TIME)
PRIVATE = X25519PrivateKey.generate().private_bytes_raw()


class Life:
    """`options`: seed, groups; `failing`, the share of the log's syncs that fail; and what the controls take away:
    synchronous (the level), heals (the log is written again), syncs_names (a directory is waited for)."""

    def __init__(self, root: Path, options: dict[str, Any]) -> None:
        self.chance = random.Random(options["seed"])
        self.recorder = Recorder(root, self._sync_fails)
        self.failing = options.get("failing", 0.0)
        self.is_failing = False
        self.root, self.at, self.groups = root, START, options["groups"]
        level = options.get("synchronous", "FULL")
        kept = tuple(one for one in models.WRITER if not one.startswith(("synchronous", "wal_autocheckpoint")))
        models.WRITER = (*kept, f"synchronous={level}", "wal_autocheckpoint=40")
        if not options.get("heals", True):
            models._write_again = lambda log: None
        if not options.get("syncs_names", True):
            key_files.sync_folder = lambda folder: None

    def _sync_fails(self, name: str) -> bool:
        return self.is_failing and name.endswith("-wal") and self.chance.random() < self.failing

    def live(self) -> None:
        self.recorder.begin()
        self.keys = GateKeys(self.root / "keys", ciphers.public_of(PRIVATE))
        journal = Journal(self.root / "visits")
        sent: list[Entry] = []
        for number in range(self.groups):
            self.at += timedelta(seconds=1)
            group = [self._arrival() for _ in range(self.chance.randint(1, 8))]
            group += self.chance.sample(sent, min(len(sent), self.chance.randint(0, 2)))
            sent += group
            self.is_failing = number > 2  # the first files are made on a sound disk
            self._hear([(entry, journal.submit(entry)) for entry in group])
            if self.chance.random() < 0.03:
                journal.close()
                journal = Journal(self.root / "visits")
        self.is_failing = False
        journal.close()

    def _arrival(self) -> Entry:
        day = self.at.date() if self.chance.random() < 0.8 else START.date()
        key = self.keys.of(day, at=self.at)
        assert key is not None
        people = [self.chance.randbytes(16) for _ in range(self.chance.randint(1, 3))]
        rows = tuple(Row(who(person, key=key), None, Via.SELF, Colour.GREEN, True) for person in people)
        entry = Entry(VisitId(day, self.chance.randbytes(12)), self.at, 7, rows, None, (b"outbox",))
        self.people = {**getattr(self, "people", {}), entry.id: people}
        return entry

    def _hear(self, answers: list[tuple[Entry, Future[Receipt]]]) -> None:
        for entry, future in answers:
            try:
                receipt = future.result()
            except Refusal:
                continue
            self.recorder.note("acknowledged", entry.id, receipt.at, entry.rows, self.people[entry.id])


def acknowledged(events: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """(id, at, rows, people) of every receipt that was given."""
    yield from (event[1:] for event in events if event[0] == "acknowledged")


def main() -> None:
    settings.configure(CIPHER="AES")
    root, record, options = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    life = Life(root, options)
    life.live()
    record.write_bytes(pickle.dumps((life.recorder.events, PRIVATE)))


if __name__ == "__main__":
    main()
