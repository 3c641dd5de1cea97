"""What a checker may do with a person at a door.

colour       at a shop                        at a hospital
green        放行 · 暂候                       放行 · 引导就诊 · 暂候
yellow       劝返 · 暂候                       引导就诊 · 暂候          a patient is routed, never turned away
red          暂候                             引导就诊 · 暂候          a red person is held apart, never sent off
unverified   放行 (by eye, or as the county    放行 · 引导就诊 · 暂候
             has set) · 劝返 · 暂候
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal
from zhuanban.trail.status.rules import Colour

MIND_CHANGE = timedelta(minutes=2)  # a wrong tap may be put right by the same checker; county-set
RECENT = timedelta(minutes=30)  # arrivals that a door device lists, and that one tap may confirm together; county-set
TOO_FAST = timedelta(seconds=1)  # source: domain page, “all verified in one second” is an anomaly


class Outcome(Choice):
    ADMIT = "ADMIT", "放行"
    ROUTE = "ROUTE", "引导就诊"
    TURN_AWAY = "TURN_AWAY", "劝返"
    HOLD = "HOLD", "暂候"


class NotOffered(Refusal):
    code = "OUTCOME_NOT_OFFERED"


class AlreadyChecked(Refusal):
    code = "ALREADY_CHECKED"


class OnlyGreens(Refusal):
    code = "ONLY_GREENS_TOGETHER"


@dataclass(frozen=True, slots=True)
class Verified:
    """The last verification of an arrival: who by and when."""

    checker: str
    at: datetime


def offered(colour: Colour, *, is_medical: bool, may_admit_unverified: bool = True) -> tuple[Outcome, ...]:
    """The outcomes a checker is shown, the expected one first. The table above is the test's table."""
    may_enter = colour is Colour.GREEN or (colour is Colour.UNVERIFIED and may_admit_unverified)
    first = (Outcome.ADMIT,) if may_enter else ()
    route = (Outcome.ROUTE,) if is_medical else ()
    turn_away = (Outcome.TURN_AWAY,) if _may_turn_away(colour, is_medical=is_medical) else ()
    return (*first, *route, *turn_away, Outcome.HOLD)


def _may_turn_away(colour: Colour, *, is_medical: bool) -> bool:
    return not is_medical and colour in (Colour.YELLOW, Colour.UNVERIFIED)


def check_offered(outcome: Outcome, colour: Colour, *, is_medical: bool, may_admit_unverified: bool) -> None:
    """Raises: NotOffered."""
    if outcome not in offered(colour, is_medical=is_medical, may_admit_unverified=may_admit_unverified):
        raise NotOffered(f"{colour.label}不能{outcome.label}")


def check_again(before: Verified | None, *, checker: str, at: datetime) -> None:
    """A second word on the same arrival: only by the same checker, and only at once.

    Raises:
        AlreadyChecked: somebody else has verified it, or it is too late to change one's mind.
    """
    if before is not None and (before.checker != checker or at - before.at > MIND_CHANGE):
        raise AlreadyChecked("这一条已经核验过，不能再改")
