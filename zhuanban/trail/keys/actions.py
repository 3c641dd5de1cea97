"""Days' keys as files: made and used by the gate, inherited by the keeper, destroyed on their day.

    KEYS/gate/2026-11-23.key                  the gate's, today's and until 01:00 yesterday's
    KEYS/handover/2026-11-23.1a2b3c4d.sealed  a copy that only the keeper can open, there before the key is used
    KEYS/keeper/2026-11-23.1a2b3c4d.key       the keeper's, once the day is past

The eight digits are the key's fingerprint: a gate that lost its directory makes a second key for the day, and the
first one's visits stay readable. Whatever crashes in between, the next call finds the files and goes on.
"""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from zhuanban.base import ciphers, spans
from zhuanban.base.ciphers import Unreadable
from zhuanban.trail.keys import models, rules


class GateKeys:
    """The gate's side. `folder` is settings.KEYS."""

    def __init__(self, folder: Path, keeper_public: bytes) -> None:
        self._own = folder / models.GATE
        self._handover = folder / models.HANDOVER
        self._public = keeper_public
        self._held: dict[date, bytes] = {}

    def of(self, day: date, *, at: datetime) -> bytes | None:
        """The key of `day`, made on its first use; None when the day is no longer, or not yet, the gate's."""
        if not rules.gate_holds(day, at=at):
            return None
        if day not in self._held:
            path = self._own / f"{day}.key"
            if not path.exists():
                if not rules.gate_makes(day, at=at):
                    return None
                models.place(path, secrets.token_bytes(ciphers.KEY_SIZE))
            key = models.read(path)
            self._hand_over(day, key)
            self._held[day] = key
        return self._held[day]

    def drop_past(self, at: datetime) -> list[date]:
        """Forget every key that is no longer the gate's; its sealed copy is on disk first. The days forgotten.

        A copy that the keeper has already taken is sealed once more: the keeper knows it by its fingerprint.
        """
        past = [day for day in models.days(self._own) if not rules.gate_holds(day, at=at)]
        for day in past:
            self._hand_over(day, models.read(self._own / f"{day}.key"))
            models.erase(self._own / f"{day}.key")
        for path in models.left_over(self._own):
            models.erase(path)
        for day in [day for day in self._held if not rules.gate_holds(day, at=at)]:
            del self._held[day]
        return past

    def _hand_over(self, day: date, key: bytes) -> None:
        path = self._handover / f"{day}.{models.fingerprint(key)}.sealed"
        if not path.exists():
            models.place(path, ciphers.box(key, to_public=self._public))


class KeeperKeys:
    """The keeper's side. `private` opens what the gate sealed; it is asked for when something is to be opened."""

    def __init__(self, folder: Path, private: Callable[[], bytes]) -> None:
        self._own = folder / models.KEEPER
        self._handover = folder / models.HANDOVER
        self._private = private

    def days(self) -> list[date]:
        """The days whose key the keeper holds, oldest first."""
        return models.days(self._own)

    def of(self, day: date) -> list[bytes]:
        """The keys of a past day: one, or more where the gate lost its own on the way; none when it is destroyed."""
        return [models.read(path) for path in sorted(self._own.glob(f"{day}.*.key"))]

    def take_over(self, at: datetime) -> list[date]:
        """Open the sealed keys of past days, put them away and remove the sealed copies. The days taken.

        Raises: Unreadable, after all others are taken, when a copy was not sealed to this keeper; it stays there.
        """
        taken, today = [], spans.day_of(at)
        unreadable: Unreadable | None = None
        for path in sorted(self._handover.glob("[0-9]*.sealed")):
            day = models.day_of(path)
            if day >= today:
                continue
            try:
                key = ciphers.unbox(path.read_bytes(), private=self._private())
            except Unreadable as fault:
                unreadable = fault
                continue
            models.place(self._own / f"{day}.{models.fingerprint(key)}.key", key)
            models.remove(path)
            taken.append(day)
        if unreadable is not None:
            raise unreadable
        return taken

    def destroy(self, day: date) -> None:
        """Every copy of the day's keys that the keeper can reach, sealed ones and a crash's left-overs too."""
        for path in [*models.all_of(self._own, day), *models.all_of(self._handover, day)]:
            models.erase(path)
