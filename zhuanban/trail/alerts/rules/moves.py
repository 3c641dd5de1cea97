"""The life of an alert: its moves, and who may make them.

    上报 ──► 接单 ──► 转交 ──► 销号        red: the person is handed over before the alert is closed
      RAISE   ACKNOWLEDGE  HAND_OVER  CLOSE    yellow: may be closed once acknowledged
                             └──┘              further hand-overs until somebody keeps the person

| who may acknowledge and hand over | |
|---|---|
| red     | the township of the venue; the county |
| yellow  | the community or township of the person's home; the work unit or school; the county |
| yellow, home outside the county (县外·需协查函) or unknown | the township of the venue; the county |

The same may close it, but never the human who acknowledged it; where a unit has nobody else, the county does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from zhuanban.base.accounts.rules import Role, Scope
from zhuanban.base.choices import Choice
from zhuanban.base.errors import Forbidden, Refusal

NOTE_MIN = 2  # characters of what was done
NOTE_MAX = 300  # characters
TO_MAX = 60  # characters of who took the person over
NUMBER_DIGITS = 3  # R-1123-002; a day with more writes more


class Kind(Choice):
    RED = "RED", "红码"
    YELLOW = "YELLOW", "黄码"


class Move(Choice):
    RAISE = "RAISE", "上报"
    ACKNOWLEDGE = "ACKNOWLEDGE", "接单"
    HAND_OVER = "HAND_OVER", "转交"
    CLOSE = "CLOSE", "销号"


ALLOWED = {
    Move.RAISE: (Move.ACKNOWLEDGE,),
    Move.ACKNOWLEDGE: (Move.HAND_OVER, Move.CLOSE),
    Move.HAND_OVER: (Move.CLOSE, Move.HAND_OVER),
    Move.CLOSE: (),
}

COUNTY = frozenset({Role.COUNTY_DUTY, Role.COUNTY_OFFICE})
TOWNSHIP = frozenset({Role.TOWNSHIP_OFFICE, Role.TOWNSHIP_DUTY})
COMMUNITY = TOWNSHIP | {Role.VILLAGE, Role.GRID_WORKER}  # who looks after those who live in their area
ONLOOKERS = frozenset({Role.INDUSTRY, Role.VENUE_MANAGER, Role.HEALTH_OFFICER, Role.EPIDEMIOLOGIST})
SEEING = COUNTY | COMMUNITY | ONLOOKERS  # of the venue's area, sector or organisation
UNIT = frozenset({Role.VENUE_MANAGER})  # who answers for a work unit or school


class ForbiddenMove(Refusal):
    code = "FORBIDDEN_MOVE"


class NotYours(Forbidden):
    code = "NOT_YOUR_ALERT"


class SamePerson(Forbidden):
    code = "SECOND_PERSON_NEEDED"


class NoteNeeded(Refusal):
    code = "NOTE_NEEDED"
    status = 422


class MovedOn(Refusal):
    """Somebody else was faster."""

    code = "ALERT_MOVED_ON"


@dataclass(frozen=True, slots=True)
class Case:
    """What decides who may act on an alert."""

    kind: Kind
    division: str  # the venue's
    home_division: str  # the person's, "" when unknown
    unit: int | None = None  # the person's work unit or school


@dataclass(frozen=True, slots=True)
class Done:
    """A move that was made. `due_at` is when the next one was due by the limits of that moment."""

    move: Move
    at: datetime
    identity: str
    due_at: datetime | None = None


# --- moves ----------------------------------------------------------------------------------------------------------


def allowed(kind: Kind, state: Move) -> tuple[Move, ...]:
    """What may follow, the expected move first."""
    moves = ALLOWED[state]
    if kind is Kind.RED and state is Move.ACKNOWLEDGE:
        return (Move.HAND_OVER,)
    return moves


def check_move(kind: Kind, state: Move, move: Move) -> None:
    """Raises: ForbiddenMove."""
    if move not in allowed(kind, state):
        before = "转交" if move is Move.CLOSE and state is Move.ACKNOWLEDGE else "接单"
        reason = "已经销号，不能再改" if state is Move.CLOSE else f"还没有{before}，不能{move.label}"
        raise ForbiddenMove("这条已经接过单了" if move is Move.ACKNOWLEDGE and state is not Move.CLOSE else reason)


def check_second(history: Iterable[Done], move: Move, identity: str) -> None:
    """Who acknowledged does not close: another human checks that it is really done.

    Raises: SamePerson.
    """
    is_same = any(done.move is Move.ACKNOWLEDGE and done.identity == identity for done in history)
    if move is Move.CLOSE and is_same:
        raise SamePerson("接单的人不能自己销号，请另一人核对后销号，或请县值班员销号")


def check_words(move: Move, *, to: str, note: str) -> None:
    """A hand-over says to whom, a closing what was found; an acknowledgement may go without a word.

    Raises: NoteNeeded.
    """
    needed = {Move.HAND_OVER: (to, "请写明交给了谁"), Move.CLOSE: (note, "请写明核对的结果")}
    words, ask = needed.get(move, ("", ""))
    if ask and len(words.strip()) < NOTE_MIN:
        raise NoteNeeded(ask)
    if len(to) > TO_MAX or len(note) > NOTE_MAX:
        raise NoteNeeded(f"写得太长：交给谁最多 {TO_MAX} 个字，说明最多 {NOTE_MAX} 个字")


# --- who ------------------------------------------------------------------------------------------------------------


def may_act(scopes: Iterable[Scope], case: Case, *, county: str) -> bool:
    """Whether somebody with these scopes may move the alert on: the table above."""
    return any(_acts(scope, case, county) for scope in scopes)


def check_actor(scopes: Iterable[Scope], case: Case, *, county: str) -> None:
    """Raises: NotYours."""
    if not may_act(scopes, case, county=county):
        whose = "场所所在乡镇" if case.kind is Kind.RED else "居住地社区（村）或单位"
        raise NotYours(f"这条由{whose}处置，您可以看，不能处置")


def is_from_outside(case: Case, *, county: str) -> bool:
    """县外·需协查函: no community of ours looks after the person. An unknown home is not outside."""
    return bool(case.home_division) and not case.home_division.startswith(county)


def _acts(scope: Scope, case: Case, county: str) -> bool:
    if scope.organisation is not None:
        return case.kind is Kind.YELLOW and scope.role in UNIT and scope.organisation == case.unit
    if scope.sectors:
        return False
    at_venue, at_home = case.division.startswith(scope.division), _lives_in(scope, case)
    if scope.role in COUNTY:
        return at_venue or at_home
    if case.kind is Kind.RED:
        return scope.role in TOWNSHIP and at_venue
    if case.home_division.startswith(county):
        return scope.role in COMMUNITY and at_home
    return scope.role in TOWNSHIP and at_venue


def _lives_in(scope: Scope, case: Case) -> bool:
    return bool(case.home_division) and case.home_division.startswith(scope.division)


# --- numbers --------------------------------------------------------------------------------------------------------


def number(kind: Kind, day: date, n: int) -> str:
    """R-1123-002: the second red of 23 November. Unique while alerts are kept, which is less than a year."""
    return f"{kind[0]}-{day:%m%d}-{n:0{NUMBER_DIGITS}d}"
