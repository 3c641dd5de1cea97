"""Whom an answer is for: their language, how they may be called, and what came of their scan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zhuanban.registry.people.rules import Level, Member, Session
from zhuanban.trail.gate.actions.entering import Entered
from zhuanban.trail.gate.http import times
from zhuanban.trail.gate.http.words import ENGLISH, Words, words
from zhuanban.trail.gate.queries.snapshot import Snapshot
from zhuanban.trail.status.rules import Colour

FRESH = timedelta(minutes=10)  # a result shown longer, or asked for again later, is a record and no pass
CORRECTION, MY_CODE, HOME = "/my/correction", "/my/", "/my/"

Show = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page. `family` is what their browser holds: names to show, never a right to enter anybody."""

    language: str
    care: bool = False
    session: Session | None = None
    family: tuple[Member, ...] = ()
    typed: Mapping[bytes, str] = field(default_factory=dict)  # masked names of those who had none before this scan

    @property
    def words(self) -> Words:
        return words(self.language)

    @property
    def is_english(self) -> bool:
        return self.language == ENGLISH

    @property
    def level(self) -> Level | None:
        return self.session.level if self.session is not None else None

    def member(self, person: bytes) -> Member | None:
        return next((member for member in self.family if member.person == person), None)

    def name_of(self, person: bytes) -> str:
        known = self.member(person)
        if known is not None:
            return known.name
        _ = self.words
        is_self = self.session is not None and self.session.person == person
        return self.typed.get(person) or (_("本人") if is_self else _("同行人"))

    def relation_of(self, person: bytes) -> str:
        known = self.member(person)
        return self.words(known.relation) if known is not None and person != self.own else ""

    @property
    def own(self) -> bytes | None:
        return self.session.person if self.session is not None else None


@dataclass(frozen=True, slots=True)
class Result:
    """One answer, and whom it is for."""

    entered: Entered
    visitor: Visitor
    snapshot: Snapshot
    path: str  # of the scan page
    at: datetime

    @property
    def colour(self) -> Colour:
        return self.entered.receipt.rows[self.entered.worst].colour

    @property
    def is_past(self) -> bool:
        return not self.entered.receipt.first and self.at - self.entered.receipt.at > FRESH

    def name(self, nth: int) -> str:
        return self.visitor.name_of(self.entered.arrival.party[nth])

    @property
    def count(self) -> str:
        return self.visitor.words("共 {n} 人").format(n=len(self.entered.receipt.rows))

    def stored(self, words: str) -> str:
        """`words`, or when it was stored where this is a receipt of before."""
        _, receipt = self.visitor.words, self.entered.receipt
        if receipt.first:
            return words
        return _("已登记过，{time}").format(time=times.since(receipt.at, self.at, _))


def colour_names(visitor: Visitor) -> dict[Colour, str]:
    _ = visitor.words
    return {
        Colour.GREEN: _("绿码"),
        Colour.YELLOW: _("黄码"),
        Colour.RED: _("红码"),
        Colour.UNVERIFIED: _("未核验"),
    }
