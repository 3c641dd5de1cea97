"""What the gate knows by heart: doors, orders, facts, families, sign-outs. No scan reads the database.

One thread writes (actions.watching), the event loop reads. Every change is one assignment to a dictionary, so a reader
sees a row before or after it, never between; a full load builds new dictionaries and exchanges them at the end.

350,000 people fit about 50 MB: a fact is packed into 13 bytes, and its texts are shared by all who have the same.
"""

import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from zhuanban.registry.codes import queries as codes
from zhuanban.registry.codes import rules as code_rules
from zhuanban.registry.codes.rules import DoorFacts, OrderFacts
from zhuanban.registry.people import queries as people
from zhuanban.registry.places import queries as places
from zhuanban.trail.alerts import queries as alerts
from zhuanban.trail.status import queries as status
from zhuanban.trail.status.rules import Colour, FactView, FeedView, Source

PACKED = struct.Struct("<III")  # from and until in whole seconds, place in the table of texts
MANY = 5_000  # changes at once after which loading everything anew is quicker
FEEDS_EVERY = 4  # polls

Texts = tuple[Colour, str, str, Source]
Kept = TypeVar("Kept")


@dataclass(slots=True)
class Snapshot:
    """Read by anybody in the process; changed by `load`, `refresh` and their like alone."""

    doors: dict[int, DoorFacts] = field(default_factory=dict)  # by code id
    by_short: dict[str, int] = field(default_factory=dict)
    by_door: dict[int, tuple[int, ...]] = field(default_factory=dict)  # door → its code ids
    orders: tuple[OrderFacts, ...] = ()
    facts: dict[bytes, bytes | FactView] = field(default_factory=dict)
    family: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    revoked: dict[bytes, datetime] = field(default_factory=dict)
    feeds: Mapping[str, FeedView] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)  # colour → minutes until somebody must have called
    version: int = -1
    checked_at: datetime | None = None  # when it was last known to be current
    texts: list[Texts] = field(default_factory=list)
    places_of_texts: dict[Texts, int] = field(default_factory=dict)
    polls: int = 0

    # --- reading ----------------------------------------------------------------------------------------------------

    def door_of(self, code: int | None) -> DoorFacts | None:
        """The door behind a code that may be scanned now."""
        door = self.doors.get(code) if code is not None else None
        return door if door is not None and door.is_live else None

    def live_door(self, door: int) -> DoorFacts | None:
        """The door itself, for entries that its own device sends: its newest sheet may be revoked meanwhile."""
        known = [self.doors[code] for code in self.by_door.get(door, ())]
        return next((one for one in known if one.is_live), known[-1] if known else None)

    def order_at(self, at: datetime) -> OrderFacts | None:
        return code_rules.in_force(self.orders, at=at)

    def fact_of(self, person: bytes) -> FactView | None:
        kept = self.facts.get(person)
        if not isinstance(kept, bytes):
            return kept
        from_s, until_s, place = PACKED.unpack(kept)
        colour, issuer, reason, source = self.texts[place]
        return FactView(
            colour, datetime.fromtimestamp(from_s, UTC), datetime.fromtimestamp(until_s, UTC), issuer, reason, source
        )

    # --- following the database -------------------------------------------------------------------------------------

    def load(self, *, at: datetime) -> None:
        """Everything, with the version first: a change meanwhile is then only loaded twice."""
        version = places.snapshot_version()
        doors = {door.code: door for door in codes.doors_for_snapshot()}
        facts = {person: self._packed(fact) for person, fact in status.current_facts()}
        family = dict(people.snapshot_family())
        self.revoked = dict(people.revoked_sessions())
        self.orders = codes.orders_for_snapshot()
        self._load_settings()
        self.doors, self.facts, self.family = doors, facts, family
        self.by_short = {door.short: code for code, door in doors.items()}
        self.by_door = _by_door(doors)
        self.version, self.checked_at = version, at

    def refresh(self, *, at: datetime) -> None:
        """What changed since the last time; the poll of every 250 ms."""
        version = places.snapshot_version()
        if version != self.version:
            self._follow(version, at)
        self.polls += 1
        if self.polls % FEEDS_EVERY == 0:
            self._load_settings()
        self.checked_at = at

    def _follow(self, version: int, at: datetime) -> None:
        changes = places.changes_since(self.version) if 0 <= self.version < version else []
        if not changes or len(changes) > MANY:
            self.load(at=at)
            return
        kinds = {kind for _n, kind, _key in changes}
        if not kinds <= {"door", "person", "order"}:
            self.load(at=at)
            return
        for kind, key in sorted({(kind, key) for _n, kind, key in changes}):
            self._reload(kind, key, at)
        if "person" in kinds:
            self.revoked = dict(people.revoked_sessions())
        self.version = max(version, *(n for n, _kind, _key in changes))

    def _reload(self, kind: str, key: str, at: datetime) -> None:
        if kind == "door":
            self._reload_door(int(key))
        elif kind == "person":
            self._reload_person(uuid.UUID(key), at)
        else:
            self.orders = codes.orders_for_snapshot()
            self._load_settings()

    def _reload_door(self, door: int) -> None:
        now = {facts.code: facts for facts in codes.door_for_snapshot(door)}
        for gone in set(self.by_door.get(door, ())) - set(now):
            self.by_short.pop(self.doors.pop(gone).short, None)
        for code, facts in now.items():
            self.doors[code] = facts
            self.by_short[facts.short] = code
        self.by_door[door] = tuple(now)

    def _reload_person(self, person: uuid.UUID, at: datetime) -> None:
        fact = status.current_fact(person, at)
        _put(self.facts, person.bytes, None if fact is None else self._packed(fact))
        _put(self.family, person.bytes, people.family_for_snapshot(person) or None)

    def _load_settings(self) -> None:
        self.feeds = {feed.issuer: feed for feed in status.feeds()}
        self.limits = dict(alerts.first_limits())

    def _packed(self, fact: FactView) -> bytes | FactView:
        if fact.others:
            return fact
        texts = (fact.colour, fact.issuer, fact.reason, fact.source)
        place = self.places_of_texts.get(texts)
        if place is None:
            place = self.places_of_texts[texts] = len(self.texts)
            self.texts.append(texts)
        return PACKED.pack(int(fact.from_at.timestamp()), int(fact.until_at.timestamp()), place)


def _put(kept: dict[bytes, Kept], key: bytes, value: Kept | None) -> None:
    if value is None:
        kept.pop(key, None)
    else:
        kept[key] = value


def _by_door(doors: Mapping[int, DoorFacts]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for code, door in doors.items():
        found[door.door] = (*found.get(door.door, ()), code)
    return found
