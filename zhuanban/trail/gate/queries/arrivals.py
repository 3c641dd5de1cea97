"""Reading back what the gate itself wrote, as long as it holds the day's key: today, and yesterday until 01:00."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from zhuanban.base.spans import day_of
from zhuanban.trail.keys import rules as key_rules
from zhuanban.trail.keys.actions import GateKeys
from zhuanban.trail.keys.queries import person_of, who
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import queries as visits
from zhuanban.trail.visits.rules import Via, Visit, write_id


@dataclass(frozen=True, slots=True)
class Arrival:
    """One person at one door; `visit` and `nth` are what a verification names."""

    visit: str
    nth: int
    at: datetime
    person: bytes  # 16
    colour: Colour
    admitted: bool
    via: Via


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """One of a person's own visits."""

    at: datetime
    door: int
    via: Via
    day_disappears: date


@dataclass(frozen=True, slots=True)
class Held:
    """The journal as far back as the gate can read it at `at`."""

    folder: Path
    keys: GateKeys
    at: datetime

    def days(self, since: datetime) -> Iterator[tuple[date, bytes]]:
        """The days back to `since` whose key is here, newest first."""
        day = day_of(self.at)
        while day >= day_of(since):
            key = self.keys.of(day, at=self.at)
            if key is None:
                return
            yield day, key
            day -= timedelta(days=1)


def arrivals(held: Held, *, door: int, since: datetime, limit: int) -> list[Arrival]:
    """The last at a door, newest first."""
    found: list[Arrival] = []
    for day, key in held.days(since):
        with visits.read(held.folder, day) as store:
            found += [_arrival(visit, key) for visit in store.at_door(door, since=since, limit=limit)]
    return found[:limit]


def _arrival(visit: Visit, key: bytes) -> Arrival:
    person = person_of(visit.who, key=key)
    return Arrival(write_id(visit.id), visit.nth, visit.at, person, visit.colour, visit.admitted, visit.via)


def own(held: Held, *, person: bytes, days: int) -> list[OwnVisit]:
    """A person's visits of the days whose key the gate holds, newest first; `days` is how long visits are kept."""
    found: list[OwnVisit] = []
    for day, key in held.days(held.at - timedelta(days=1)):
        gone = key_rules.disappears_on(day, days)
        with visits.read(held.folder, day) as store:
            mine = store.of_who([who(person, key=key)])
            found += [OwnVisit(visit.at, visit.door, visit.via, gone) for visit in reversed(mine)]
    return found
