"""The keeper: holds the keys of past days, answers a person about themself, and destroys each day when it is due.

VAR/keeper/asked.log         one line a question, written before it is answered
VAR/keeper/certificates.log  one line a destroyed day, written before it is destroyed
VAR/keeper/clock             when the clock was last believed
"""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from django.conf import settings

from zhuanban.base import ciphers, spans
from zhuanban.base.errors import Refusal, SignInFirst
from zhuanban.registry.people.rules import read_session
from zhuanban.trail.keys import models as files
from zhuanban.trail.keys import queries as pseudonyms
from zhuanban.trail.keys import rules as key_rules
from zhuanban.trail.keys.actions import KeeperKeys
from zhuanban.trail.tracing.rules import Health, OwnVisit
from zhuanban.trail.visits import actions as visit_actions
from zhuanban.trail.visits import queries as visits
from zhuanban.trail.visits.actions import Certificate

LOG_KEY = "keeper/log"  # names a person in asked.log, to nobody else


@dataclass(slots=True)
class Keeper:
    """One a machine. `folder` is the keeper's own, `days` how long visits are kept."""

    keys: KeeperKeys
    visits: Path
    folder: Path
    days: int
    purged_at: datetime | None = None
    problem: str = ""
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def here(cls) -> Self:
        """With the keys and files of this installation. Raises: UnsafeKey."""
        ciphers.key("keeper/keeper")
        ciphers.make(LOG_KEY)
        keys = KeeperKeys(settings.KEYS, partial(ciphers.key, "keeper/keeper"))
        folder = settings.VAR / "keeper"
        files.make_folder(folder)
        return cls(keys, settings.VISITS, folder, settings.RETENTION_DAYS)

    # --- what it answers --------------------------------------------------------------------------------------------

    def own(self, session_token: str, *, at: datetime) -> list[OwnVisit]:
        """A person's visits of past days, newest first. Raises: SignInFirst."""
        session = read_session(session_token, key=ciphers.key("shared/session"))
        if session is None or not session.is_live(at):
            raise SignInFirst("请先登录")
        tag = ciphers.mac(session.person, key=ciphers.key(LOG_KEY), size=8).hex()
        self._write_down("asked.log", {"at": at.isoformat(), "asked": "own", "tag": tag})
        return [visit for day in reversed(self._open_days(at)) for visit in self._own_of(session.person, day)]

    def health(self) -> Health:
        held = visits.days(self.visits)
        return Health(len(held), held[0] if held else None, self.purged_at, self.problem)

    def _open_days(self, at: datetime) -> list[date]:
        today = spans.day_of(at)
        return [day for day in self.keys.days() if day < today and key_rules.keeps(day, today, self.days)]

    def _own_of(self, person: bytes, day: date) -> list[OwnVisit]:
        whos = [pseudonyms.who(person, key=key) for key in self.keys.of(day)]
        with visits.read(self.visits, day) as store:
            found = store.of_who(whos)
        gone = key_rules.disappears_on(day, self.days)
        return [OwnVisit(visit.at, visit.door, visit.via, gone) for visit in reversed(found)]

    # --- what it does by itself -------------------------------------------------------------------------------------

    def keep_house(self, *, at: datetime) -> None:
        """Takes over past days' keys and destroys what is due; what stood in the way shows in `health`."""
        self.problem = ""
        for work in (self.take_over, self.purge):
            try:
                work(at=at)
            except (Refusal, OSError) as fault:
                self.problem = getattr(fault, "code", type(fault).__name__)

    def take_over(self, *, at: datetime) -> list[date]:
        """Raises: Unreadable."""
        return self.keys.take_over(at)

    def purge(self, *, at: datetime, force: bool = False) -> list[Certificate]:
        """Destroys key and file of every day that is due. Raises: ClockJumped, unless a person says that it did not.

        A crash in between leaves a certificate and perhaps a file without its key; the next call goes on from there.
        """
        with self._one_at_a_time:
            if not force:
                key_rules.believe(at, newest=self._believed() or max(visits.days(self.visits), default=None))
            today = spans.day_of(at)
            held = sorted({*visits.days(self.visits), *self.keys.days()})
            done = [self._destroy(day, at) for day in held if not key_rules.keeps(day, today, self.days)]
            self._believe(at)
            self.purged_at = at
        return done

    def _destroy(self, day: date, at: datetime) -> Certificate:
        certificate = visit_actions.certify(self.visits, day)
        line = {"day": f"{day}", "rows": certificate.rows, "sha256": certificate.sha256, "at": at.isoformat()}
        self._write_down("certificates.log", line)
        self.keys.destroy(day)
        visit_actions.destroy(self.visits, day)
        return certificate

    def _believed(self) -> date | None:
        clock = self.folder / "clock"
        return spans.day_of(datetime.fromisoformat(clock.read_text())) if clock.exists() else None

    def _believe(self, at: datetime) -> None:
        believed = self._believed()
        if believed is None or believed <= spans.day_of(at):  # a clock that falls back is not a reason to forget
            draft = self.folder / "clock.draft"
            with draft.open("w") as file:
                file.write(at.astimezone(UTC).isoformat())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.folder / "clock")

    def _write_down(self, name: str, line: Mapping[str, Any]) -> None:
        """Append a line and wait for the disk: it stands before what it tells of happens."""
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, json.dumps(line).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
