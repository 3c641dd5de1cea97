"""An arrival at a door becomes a decision, rows in the journal, and an answer.

party ── decide each ──▶ rows + sealed alerts ── one commit ──▶ receipt
                                                   │
the id's day is out of reach (a wrong clock, or a message that was days on its way): look where it may lie
already, then write it into today's file under the same 96 bits
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhuanban.base import ciphers
from zhuanban.base.spans import day_of
from zhuanban.registry.codes.rules import DoorFacts
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.queries.snapshot import Snapshot
from zhuanban.trail.keys.actions import GateKeys
from zhuanban.trail.keys.queries import who
from zhuanban.trail.status import rules as status
from zhuanban.trail.status.rules import Verdict
from zhuanban.trail.visits import rules as visits
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Receipt, Row, Via, VisitId

ALERT, STRANGER = b"A", b"S"  # the first byte of an outbox blob


@dataclass(frozen=True, slots=True)
class Stranger:
    """What somebody without a session typed, checked."""

    name: str
    phone: str
    notice: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who stands at which door. `by` scans for the others of the party; None where nobody but they did."""

    id: VisitId
    door: DoorFacts
    party: tuple[bytes, ...]
    via: tuple[Via, ...]  # of each of the party
    by: bytes | None = None
    claimed_at: datetime | None = None
    stranger: Stranger | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """An arrival that is on disk. `verdicts` are of now; where they differ from the receipt's rows, the rows hold."""

    arrival: Arrival
    receipt: Receipt
    verdicts: tuple[Verdict, ...]

    @property
    def worst(self) -> int:
        return rules.worst([row.colour for row in self.receipt.rows])

    @property
    def admitted(self) -> bool:
        return all(row.admitted for row in self.receipt.rows)

    def verdict(self, nth: int) -> Verdict | None:
        """Why this colour; None for a receipt of before, when something else was known."""
        verdict = self.verdicts[nth]
        return verdict if verdict.colour is self.receipt.rows[nth].colour else None


@dataclass(frozen=True, slots=True)
class Seals:
    """Public keys of the processes that may read what a commit carries for them."""

    alerts: bytes
    strangers: bytes


@dataclass(slots=True)
class Desk:
    """What one gate process enters people with."""

    snapshot: Snapshot
    journal: Journal
    keys: GateKeys
    seals: Seals

    async def enter(self, arrival: Arrival, *, at: datetime) -> Entered:
        """Raises: IdTaken, JournalDown, Busy."""
        verdicts = tuple(self._decide(person, arrival.door, at) for person in arrival.party)
        key = self.keys.of(arrival.id.day, at=at)
        if key is not None:
            return Entered(arrival, await self._write(arrival, verdicts, key=key, at=at), verdicts)
        for day in rules.searched(arrival.id.day, at):
            found = await self._find(_moved(arrival, day), verdicts, at)
            if found is not None:
                return Entered(_moved(arrival, day), found, verdicts)
        here, key = _moved(arrival, day_of(at)), self.keys.of(day_of(at), at=at)
        assert key is not None  # noqa: S101  (today's is made on its first use)
        return Entered(here, await self._write(here, verdicts, key=key, at=at), verdicts)

    def _decide(self, person: bytes, door: DoorFacts, at: datetime) -> Verdict:
        fact = self.snapshot.fact_of(person)
        fresh = status.is_fresh(fact, self.snapshot.feeds, at=at)
        policy = status.DoorPolicy(door.unverified, door.is_medical)
        return status.decide(fact, policy=policy, feed_fresh=fresh, at=at)

    async def _write(self, arrival: Arrival, verdicts: Sequence[Verdict], *, key: bytes, at: datetime) -> Receipt:
        brings_others = any(via is not Via.SELF for via in arrival.via)
        by = who(arrival.by, key=key) if brings_others and arrival.by is not None else None
        rows = tuple(
            Row(who(person, key=key), None if via is Via.SELF else by, via, verdict.colour, verdict.admitted)
            for person, via, verdict in zip(arrival.party, arrival.via, verdicts, strict=True)
        )
        outbox = self._outbox(arrival, verdicts, at)
        return await self.journal.aappend(Entry(arrival.id, at, arrival.door.door, rows, arrival.claimed_at, outbox))

    async def _find(self, arrival: Arrival, verdicts: Sequence[Verdict], at: datetime) -> Receipt | None:
        """The first receipt of an arrival whose day's key is gone; None when that day does not know it."""
        pairs = zip(arrival.via, verdicts, strict=True)
        rows = tuple(Row(None, None, via, verdict.colour, verdict.admitted) for via, verdict in pairs)
        try:
            return await self.journal.aappend(Entry(arrival.id, at, arrival.door.door, rows, arrival.claimed_at))
        except (visits.DayClosed, visits.TooLate, visits.TooEarly):
            return None

    def _outbox(self, arrival: Arrival, verdicts: Sequence[Verdict], at: datetime) -> tuple[bytes, ...]:
        if arrival.stranger is None and not any(verdict.raises_alert for verdict in verdicts):
            return ()
        blobs = [
            ALERT + ciphers.box(_refused(arrival, nth, verdict, at), to_public=self.seals.alerts)
            for nth, verdict in enumerate(verdicts)
            if verdict.raises_alert
        ]
        if arrival.stranger is not None:
            blobs.append(STRANGER + ciphers.box(_stranger(arrival, at), to_public=self.seals.strangers))
        return tuple(blobs)


def _moved(arrival: Arrival, day: date) -> Arrival:
    return replace(arrival, id=VisitId(day, arrival.id.random))


def _refused(arrival: Arrival, nth: int, verdict: Verdict, at: datetime) -> bytes:
    return _json(
        kind="refused",
        visit=visits.write_id(arrival.id),
        nth=nth,
        person=arrival.party[nth].hex(),
        door=arrival.door.door,
        colour=verdict.colour.value,
        at=at.isoformat(),
    )


def _stranger(arrival: Arrival, at: datetime) -> bytes:
    told = arrival.stranger
    assert told is not None  # noqa: S101  (the caller has looked)
    person = arrival.party[0].hex()
    return _json(
        kind="stranger", person=person, name=told.name, phone=told.phone, at=at.isoformat(), notice=told.notice
    )


def _json(**content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
