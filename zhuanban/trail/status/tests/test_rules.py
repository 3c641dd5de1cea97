from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.registry.places.rules import Unverified
from zhuanban.trail.status import rules
from zhuanban.trail.status.rules import Colour, DoorPolicy, FactView, FeedView, Source, Verdict

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
CITY, COUNTY = "长治市平台", "长子县卫健局"
SHOP, HOSPITAL = DoorPolicy(), DoorPolicy(is_medical=True)
FRESH = {CITY: FeedView(CITY, NOON)}

moments = st.integers(-48, 48).map(lambda hours: NOON + hours * HOUR)
colours = st.sampled_from([Colour.GREEN, Colour.YELLOW, Colour.RED])
policies = st.builds(DoorPolicy, st.sampled_from(Unverified), st.booleans())


@st.composite
def said(draw: st.DrawFn) -> FactView:
    begin, hours = draw(moments), draw(st.integers(1, 72))
    issuer, source = draw(st.sampled_from([CITY, COUNTY])), draw(st.sampled_from(Source))
    return FactView(draw(colours), begin, begin + hours * HOUR, issuer, "同乘班车", source)


histories = st.lists(said(), max_size=6)


def fact(
    colour: Colour, *, since: int = -1, hours: int = 24, issuer: str = CITY, source: Source = Source.FEED
) -> FactView:
    begin = NOON + since * HOUR
    return FactView(colour, begin, begin + hours * HOUR, issuer, "同乘班车", source)


def decide(known: FactView | None, policy: DoorPolicy = SHOP, *, fresh: bool = True) -> Verdict:
    return rules.decide(known, policy=policy, feed_fresh=fresh, at=NOON)


def test_the_table_at_the_head_of_the_rules() -> None:
    assert decide(fact(Colour.GREEN)).word == "通行"
    assert decide(fact(Colour.YELLOW)).word == "请停步"
    assert decide(fact(Colour.RED)).word == "请停步"
    assert decide(None).word == "未核验·已记录"


def test_the_verdict_names_the_fact_behind_it() -> None:
    red = fact(Colour.RED)

    assert decide(red).fact is red and decide(red).raises_alert
    assert decide(None).fact is None and not decide(None).raises_alert


@given(histories, policies, st.booleans(), moments)
def test_red_never_enters(history: list[FactView], policy: DoorPolicy, fresh: bool, at: datetime) -> None:
    known = rules.together(history)

    verdict = rules.decide(known, policy=policy, feed_fresh=fresh, at=at)

    assert not (verdict.colour in (Colour.RED, Colour.YELLOW) and verdict.admitted)
    if known is not None and any(one.colour == Colour.RED for one in _standing(history, at)):
        assert verdict.colour == Colour.RED


@given(histories, policies, moments, moments)
def test_never_green_without_a_live_fresh_green_fact(
    history: list[FactView], policy: DoorPolicy, at: datetime, heard_at: datetime
) -> None:
    known, feeds = rules.together(history), {CITY: FeedView(CITY, heard_at)}

    verdict = rules.decide(known, policy=policy, feed_fresh=rules.is_fresh(known, feeds, at=at), at=at)

    if verdict.colour == Colour.GREEN:
        behind = verdict.fact
        assert behind is not None and behind.colour == Colour.GREEN and behind.from_at <= at < behind.until_at
        assert behind.source != Source.FEED or (behind.issuer == CITY and at - heard_at <= rules.FEED_SILENCE)
    assert (verdict.word == "通行") == (verdict.colour == Colour.GREEN)


@given(histories, policies, moments)
def test_with_no_feed_heard_at_all_no_feed_makes_anybody_green(
    history: list[FactView], policy: DoorPolicy, at: datetime
) -> None:
    by_feed = rules.together([one for one in history if one.source == Source.FEED])

    verdict = rules.decide(by_feed, policy=policy, feed_fresh=rules.is_fresh(by_feed, {}, at=at), at=at)

    assert verdict.colour != Colour.GREEN


@given(histories, policies, st.booleans(), moments)
def test_unverified_enters_only_where_the_county_says_so(
    history: list[FactView], policy: DoorPolicy, fresh: bool, at: datetime
) -> None:
    verdict = rules.decide(rules.together(history), policy=policy, feed_fresh=fresh, at=at)

    if verdict.colour == Colour.UNVERIFIED:
        assert verdict.admitted == (policy.unverified == Unverified.ADMIT)
        assert "无效" not in verdict.note and verdict.fact is None


@given(histories, moments)
def test_the_shortened_history_says_at_every_moment_what_the_whole_one_says(
    history: list[FactView], at: datetime
) -> None:
    known = rules.together(history)

    counted = rules.in_force(known, at=at)

    worst = max((rules.SEVERITY[one.colour] for one in _standing(history, at)), default=None)
    assert (None if counted is None else rules.SEVERITY[counted.colour]) == worst


@given(colours, policies, moments)
def test_a_fact_counts_from_its_first_moment_and_not_at_its_last(
    colour: Colour, policy: DoorPolicy, at: datetime
) -> None:
    known = FactView(colour, at, at + HOUR, CITY, "同乘班车")

    before = rules.decide(known, policy=policy, feed_fresh=True, at=at - timedelta(microseconds=1))
    first = rules.decide(known, policy=policy, feed_fresh=True, at=at)
    end = rules.decide(known, policy=policy, feed_fresh=True, at=at + HOUR)

    assert [before.colour, first.colour, end.colour] == [Colour.UNVERIFIED, colour, Colour.UNVERIFIED]


def _standing(newest_first: list[FactView], at: datetime) -> list[FactView]:
    """The rule once more, in words of its own: what each issuer said last, as far as it has begun and not run out."""
    found = []
    for issuer in (CITY, COUNTY):
        begun = [one for one in newest_first if one.issuer == issuer and one.from_at <= at]
        found += [one for one in begun[:1] if at < one.until_at]
    return found


def test_another_office_cannot_lift_a_red() -> None:
    newest_first = [fact(Colour.GREEN, issuer=COUNTY, source=Source.OFFICER), fact(Colour.RED)]

    assert decide(rules.together(newest_first)).colour == Colour.RED


def test_the_same_office_can_and_the_lifted_red_does_not_come_back() -> None:
    known = rules.together([fact(Colour.GREEN, hours=2), fact(Colour.RED, hours=48)])

    later = rules.decide(known, policy=SHOP, feed_fresh=True, at=NOON + 3 * HOUR)

    assert decide(known).colour == Colour.GREEN
    assert later.colour == Colour.UNVERIFIED and "到期" in later.note


def test_a_word_for_tomorrow_leaves_todays_in_force() -> None:
    known = rules.together([fact(Colour.RED, since=12), fact(Colour.GREEN)])

    tomorrow = rules.decide(known, policy=SHOP, feed_fresh=True, at=NOON + 13 * HOUR)

    assert (decide(known).colour, tomorrow.colour) == (Colour.GREEN, Colour.RED)


def test_a_silent_feed_takes_the_green_and_leaves_the_red() -> None:
    silent = {CITY: FeedView(CITY, NOON - rules.FEED_SILENCE - timedelta(seconds=1))}

    green, red = fact(Colour.GREEN), fact(Colour.RED)

    assert decide(green, fresh=rules.is_fresh(green, silent, at=NOON)).colour == Colour.UNVERIFIED
    assert decide(red, fresh=rules.is_fresh(red, silent, at=NOON)).colour == Colour.RED


def test_what_a_hand_has_set_needs_no_feed() -> None:
    by_hand = fact(Colour.GREEN, issuer=COUNTY, source=Source.OFFICER)

    assert rules.is_fresh(by_hand, {}, at=NOON) and rules.is_fresh(None, {}, at=NOON)
    assert not rules.is_fresh(fact(Colour.GREEN), {}, at=NOON)
    assert rules.is_fresh(fact(Colour.GREEN), FRESH, at=NOON)


def test_a_family_shows_its_worst() -> None:
    family = [decide(fact(Colour.GREEN)), decide(fact(Colour.YELLOW)), decide(None)]

    assert rules.worst(family).colour == Colour.YELLOW


@pytest.mark.parametrize(
    ("policy", "said_to_the_guard"),
    [
        (DoorPolicy(Unverified.LOOK), "看省健康码后放行"),
        (DoorPolicy(Unverified.ADMIT), "可以进"),
        (DoorPolicy(Unverified.HOLD), "暂候"),
        (DoorPolicy(Unverified.HOLD, is_medical=True), "引导就诊"),
    ],
)
def test_what_unverified_means_is_said_to_the_guard(policy: DoorPolicy, said_to_the_guard: str) -> None:
    assert said_to_the_guard in decide(None, policy).note


@given(colours)
def test_nobody_is_turned_away_at_a_hospital(colour: Colour) -> None:
    words = " ".join((decide(fact(colour), HOSPITAL).note, *rules.steps(colour, is_medical=True)))

    assert "劝返" not in words and "回家" not in words
    assert colour == Colour.GREEN or "引导就诊" in words


def test_a_stop_tells_what_to_do_now_and_who_knows() -> None:
    red = rules.steps(Colour.RED, office="鲍店镇值班室")
    yellow = rules.steps(Colour.YELLOW, office="南街村委会")

    assert red[1] == "原地等电话，鲍店镇值班室已收到" and "不用自己乘车" in red[2]
    assert yellow[1] == "先回家等电话，南街村委会已收到"
    assert rules.steps(Colour.GREEN) == rules.steps(Colour.UNVERIFIED) == ()


def test_the_stop_is_told_as_help() -> None:
    assert rules.asks(Colour.RED) == "请先不要进门，有人来帮您"
    assert rules.asks(Colour.YELLOW) == "这次不能进门，请先联系社区（村）"
    assert rules.asks(Colour.RED, is_medical=True) == "请先在这里等，有人来引导您看病"
    assert rules.asks(Colour.GREEN) == "请进" and "已经记下" in rules.asks(Colour.UNVERIFIED)


def test_the_person_is_told_who_and_why_and_until_when() -> None:
    red = FactView(Colour.RED, NOON, datetime(2026, 11, 26, 16, tzinfo=UTC), CITY, "11 月 19 日与病例同乘班车")

    assert rules.why(red) == (
        ("状态", "红码，到 11 月 26 日 24:00 止"),
        ("谁定的", "长治市平台，11 月 23 日 12:00"),
        ("依据", "11 月 19 日与病例同乘班车"),
    )


@pytest.mark.parametrize("wrong", [{"evidence": "   1"}, {"evidence": ""}, {"reason": "因"}, {"issuer": " "}], ids=str)
def test_a_colour_without_evidence_reason_or_issuer_is_refused(wrong: dict[str, str]) -> None:
    right = {"reason": "同乘班车", "issuer": CITY, "evidence": "L-2026-029"}

    rules.check_fact(colour=Colour.RED, **right)
    with pytest.raises(rules.NoEvidence):
        rules.check_fact(colour=Colour.RED, **right | wrong)


def test_nobody_sets_unverified() -> None:
    with pytest.raises(rules.NotByHand):
        rules.check_fact(colour=Colour.UNVERIFIED, reason="同乘班车", issuer=CITY, evidence="L-2026-029")


@given(st.integers(-20, 20))
def test_a_colour_always_expires(days: int) -> None:
    until = NOON + timedelta(days=days)

    if 0 < days <= 14:
        rules.check_span(NOON, until, ceiling=rules.HAND_CEILING)
    else:
        with pytest.raises(rules.TooLong):
            rules.check_span(NOON, until, ceiling=rules.HAND_CEILING)


def test_the_second_person_is_another_one() -> None:
    rules.check_second("identity:1", "identity:2")

    with pytest.raises(rules.SamePerson):
        rules.check_second("identity:1", "identity:1")


def test_a_correction_has_a_day() -> None:
    assert rules.correction_due(NOON) == NOON + timedelta(hours=24)
