"""Whether a person may pass. Plain functions of plain facts: no database, no clock.

| what is known at the door                         | colour     | the word       | admitted            |
|---|---|---|---|
| a green fact in force, its feed heard lately      | green      | 通行           | yes                 |
| a yellow fact in force                            | yellow     | 请停步         | no                  |
| a red fact in force                               | red        | 请停步         | no, at no door      |
| nothing, or expired, or a green of a silent feed  | unverified | 未核验·已记录  | as the door's type  |

Of several facts each issuer's last word counts, and of these the worst: no office lifts the colour another has set.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zhuanban.base.choices import Choice
from zhuanban.registry.places.rules import Unverified

FEED_SILENCE = timedelta(minutes=30)  # then a feed's greens are 未核验, unless its row says otherwise; county-set


class Colour(Choice):
    GREEN = "GREEN", "绿码"
    YELLOW = "YELLOW", "黄码"
    RED = "RED", "红码"
    UNVERIFIED = "UNVERIFIED", "未核验"


class Source(Choice):
    FEED = "FEED", "平台"
    LIST = "LIST", "名单"
    OFFICER = "OFFICER", "人工核定"


class Word(Choice):
    """What the whole screen says."""

    PASS = "PASS", "通行"
    STOP = "STOP", "请停步"
    RECORDED = "RECORDED", "未核验·已记录"


class Gap(Choice):
    """Why nothing is known: an answer for the person, never “invalid”."""

    ABSENT = "ABSENT", "没有查到健康状态"
    EXPIRED = "EXPIRED", "上次的健康状态已到期"
    SILENT = "SILENT", "健康码平台暂时没有消息"


SEVERITY = {Colour.GREEN: 0, Colour.UNVERIFIED: 1, Colour.YELLOW: 2, Colour.RED: 3}
STOPPING = frozenset({Colour.YELLOW, Colour.RED})  # a refusal that somebody must act on


@dataclass(frozen=True, slots=True)
class FactView:
    """One issuer's word on one person: in force in `[from_at, until_at)`.

    `others` are the person's other facts that may yet count, newest first; a person mostly has none.
    """

    colour: Colour
    from_at: datetime
    until_at: datetime
    issuer: str
    reason: str
    source: Source = Source.FEED
    others: tuple["FactView", ...] = ()
    pk: int = 0  # of its row, for who wants the evidence


@dataclass(frozen=True, slots=True)
class FeedView:
    """When an issuer's feed was last heard, and how long it may be silent."""

    issuer: str
    heard_at: datetime
    stale_after: timedelta = FEED_SILENCE

    def is_fresh(self, at: datetime) -> bool:
        return at - self.heard_at <= self.stale_after


@dataclass(frozen=True, slots=True)
class DoorPolicy:
    """What the county has set for a type of door. A patient is routed, never turned away."""

    unverified: Unverified | str = Unverified.LOOK
    is_medical: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer at a door. `fact` is the one that decided, None where nothing is known; `note` is for the guard."""

    colour: Colour
    admitted: bool
    word: str
    note: str
    fact: FactView | None = None

    @property
    def raises_alert(self) -> bool:
        return self.colour in STOPPING


def decide(fact: FactView | None, *, policy: DoorPolicy, feed_fresh: bool, at: datetime) -> Verdict:
    """The table above. `feed_fresh` is `is_fresh(fact, feeds, at=at)`; it matters to greens only."""
    counted = in_force(fact, at=at)
    if counted is None:
        return _unverified(Gap.ABSENT if fact is None else Gap.EXPIRED, policy)
    if counted.colour in STOPPING:
        return Verdict(counted.colour, False, Word.STOP.label, _stop_note(counted.colour, policy), counted)
    if not feed_fresh:
        return _unverified(Gap.SILENT, policy)
    return Verdict(Colour.GREEN, True, Word.PASS.label, "绿码，请进", counted)


def is_fresh(fact: FactView | None, feeds: Mapping[str, FeedView], *, at: datetime) -> bool:
    """Whether the feed behind the fact that counts was heard lately. What a hand has set needs no feed."""
    counted = in_force(fact, at=at)
    if counted is None or counted.source != Source.FEED:
        return True
    feed = feeds.get(counted.issuer)
    return feed is not None and feed.is_fresh(at)


def in_force(fact: FactView | None, *, at: datetime) -> FactView | None:
    """The fact that counts at `at`: each issuer's last word begun by then, unless it has run out; the worst of these.

    A word that was taken back does not come back when the later one runs out.
    """
    if fact is None:
        return None
    if not fact.others:
        return fact if fact.from_at <= at < fact.until_at else None
    spoken: set[str] = set()
    standing = []
    for said in (fact, *fact.others):
        if said.from_at <= at and said.issuer not in spoken:
            spoken.add(said.issuer)
            if at < said.until_at:
                standing.append(said)
    return max(standing, key=lambda said: SEVERITY[said.colour], default=None)


def together(newest_first: Sequence[FactView]) -> FactView | None:
    """A person's facts as one: without those that a later word of the same issuer has overtaken for good."""
    kept: list[FactView] = []
    for said in newest_first:
        if not any(later.issuer == said.issuer and later.from_at <= said.from_at for later in kept):
            kept.append(said)
    if len(kept) <= 1:
        return kept[0] if kept else None
    return replace(kept[0], others=tuple(kept[1:]))


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Of people who come together the one that the whole screen shows; of equals the first."""
    return max(verdicts, key=lambda verdict: SEVERITY[verdict.colour])


def _unverified(gap: Gap, policy: DoorPolicy) -> Verdict:
    return Verdict(
        Colour.UNVERIFIED,
        policy.unverified == Unverified.ADMIT,
        Word.RECORDED.label,
        f"{gap.label}，{_unverified_note(policy)}",
    )


def _unverified_note(policy: DoorPolicy) -> str:
    if policy.unverified == Unverified.ADMIT:
        return "可以进"
    if policy.is_medical:
        return "请值守看省健康码，引导就诊"
    if policy.unverified == Unverified.LOOK:
        return "请值守看省健康码后放行"
    return "请暂候，等值守核实"


def _stop_note(colour: Colour, policy: DoorPolicy) -> str:
    if policy.is_medical:
        return "请值守引导就诊，走专用通道，不劝离"
    if colour is Colour.RED:
        return "请值守带到单独等候处，不劝离，等乡镇来人"
    return "请值守劝返，已通知社区（村）"
