"""What stands on a guard's screen: the door, the last arrivals by masked name, and the one being decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhuanban.base.accounts.rules import By
from zhuanban.base.errors import NotFound
from zhuanban.base.spans import day_of, span_of
from zhuanban.registry.people import actions as people
from zhuanban.registry.people.rules import Masked
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Door
from zhuanban.registry.places.rules import Unverified
from zhuanban.trail.checks import queries as checks
from zhuanban.trail.checks.actions import Seen
from zhuanban.trail.checks.rules import RECENT, Outcome, offered
from zhuanban.trail.gate import queries as gate
from zhuanban.trail.gate.queries import Arrival
from zhuanban.trail.status.rules import Colour

LISTED = 30  # arrivals on the screen; more are in the count


@dataclass(frozen=True, slots=True)
class Line:
    """One arrival on the screen. `outcome` is None until somebody verifies it."""

    arrival: Arrival
    who: Masked | None
    outcome: Outcome | None
    offers: tuple[Outcome, ...]

    @property
    def key(self) -> str:
        return f"{self.arrival.visit}.{self.arrival.nth}"

    @property
    def may_go_in_a_batch(self) -> bool:
        return self.outcome is None and self.arrival.colour is Colour.GREEN


@dataclass(frozen=True, slots=True)
class Screen:
    """One guard's screen. `chosen` is the line whose actions stand at the bottom."""

    door: Door
    lines: Sequence[Line]
    chosen: Line | None
    verified_today: int
    guard: str  # who stands here this shift, as a role

    @property
    def greens(self) -> list[Line]:
        return [line for line in self.lines if line.may_go_in_a_batch]

    @property
    def policy(self) -> Unverified:
        return Unverified(self.door.venue.type.unverified)


def door_of(by: By) -> Door:
    """The door that a device is set to. Raises: NotFound."""
    if by.door is None:
        raise NotFound("这台设备没有绑定门")
    return places.door(by, by.door)


def screen(by: By, *, at: datetime, chosen: str = "") -> Screen:
    """Everything the screen shows; `chosen` is a line's key, by default the newest not yet verified.

    Raises: NotFound, GateDown.
    """
    door = door_of(by)
    lines = lines_of(by, door, at=at)
    named = next((line for line in lines if line.key == chosen), None)
    waiting = next((line for line in lines if line.outcome is None), None)
    today = span_of(day_of(at)).starts_at
    return Screen(
        door, lines, named or waiting, checks.count_at_door(door.pk, since=today), by.label.partition("（")[0]
    )


def lines_of(by: By, door: Door, *, at: datetime) -> list[Line]:
    """The last arrivals, newest first. The look at the masked names is a row of the audit. Raises: GateDown."""
    arrivals = gate.recent(door.pk, since=at - RECENT, limit=LISTED)
    names = people.masked_many(by=by, ids=[one.person for one in arrivals], at=at, target=f"door:{door.pk}")
    done = checks.verified_of({one.visit for one in arrivals})
    return [
        Line(one, names.get(one.person), done.get((one.visit, one.nth)), _offers(door, one.colour)) for one in arrivals
    ]


def seen(by: By, *, visit: str, nth: int, at: datetime) -> tuple[Door, Seen]:
    """An arrival as the gate has it, for the checker to decide about. Raises: NotFound, GateDown."""
    door = door_of(by)
    for one in gate.recent(door.pk, since=at - RECENT, limit=500):
        if (one.visit, one.nth) == (visit, nth):
            return door, Seen(one.visit, one.nth, one.colour)
    raise NotFound("这条到访不在最近半小时内，不能再核验")


def _offers(door: Door, colour: Colour) -> tuple[Outcome, ...]:
    type_ = door.venue.type
    may_admit = type_.unverified != Unverified.HOLD
    return offered(colour, is_medical=type_.is_medical, may_admit_unverified=may_admit)
