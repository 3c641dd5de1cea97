"""Where the resident has been, as the two processes tell that hold the days' keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from zhuanban.base.accounts import actions as accounts
from zhuanban.base.errors import Refusal
from zhuanban.registry.places.models import Door
from zhuanban.trail.gate import queries as gate
from zhuanban.trail.tracing import queries as tracing
from zhuanban.trail.visits.rules import Via

T = TypeVar("T")


class Visited(Protocol):
    """A visit as gate and keeper tell it alike."""

    @property
    def at(self) -> datetime: ...
    @property
    def door(self) -> int: ...
    @property
    def via(self) -> Via: ...
    @property
    def day_disappears(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """One line of “我去过的地方”."""

    at: datetime
    venue: str
    door: str
    via: str
    gone_on: date  # the day on which the record is destroyed


@dataclass(frozen=True, slots=True)
class Stays:
    """Newest first; `missing` says in words what could not be read just now."""

    rows: tuple[Stay, ...]
    missing: tuple[str, ...] = ()


def stays(token: str) -> Stays:
    """Today's from the gate, earlier days' from the keeper, by the resident's own proof.

    Each process may be down; its part is then missing, and said so: never an empty list that looks like none.
    """
    today, no_today = _had(gate.own_today, token, _("今天的记录暂时读不到，没有丢失，请过几分钟再看"))
    past, no_past = _had(tracing.own_visits, token, _("以前的记录暂时读不到，没有丢失，请过几分钟再看"))
    both: dict[object, Visited] = {(one.at, one.door, one.via): one for one in past}
    both |= {(one.at, one.door, one.via): one for one in today}  # yesterday's are with both until 01:00
    visits = sorted(both.values(), key=lambda visit: visit.at, reverse=True)
    names = door_names({visit.door for visit in visits})
    rows = tuple(
        Stay(visit.at, *names.get(visit.door, (_("已撤销的场所"), "")), Via(visit.via).label, visit.day_disappears)
        for visit in visits
    )
    return Stays(rows, tuple(said for said in (no_today, no_past) if said))


def _had(read: Callable[[str], list[T]], token: str, otherwise: str) -> tuple[list[T], str]:
    try:
        return read(token), ""
    except Refusal:
        return [], otherwise


def door_names(doors: set[int]) -> dict[int, tuple[str, str]]:
    """(venue, door) as written over the doors: public, so no scope is needed to read it."""
    with accounts.system_scope():
        rows = Door.objects.filter(pk__in=doors).values_list("pk", "venue__name", "name")
        return {pk: (venue, door) for pk, venue, door in rows}
