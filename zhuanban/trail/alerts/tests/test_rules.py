from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.accounts.rules import WITHOUT_DATA, Role, Scope
from zhuanban.trail.alerts import rules
from zhuanban.trail.alerts.rules import STEPS, Case, Done, Kind, Move, Running

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BAODIAN, SHIZHE, BEIJING, COUNTY = "140428101201", "140428102201", "110101001001", "140428"
LIMITS = {step: timedelta(minutes=minutes) for step, minutes in rules.LIMITS.items()}

kinds, moves = st.sampled_from(Kind), st.sampled_from(Move)
homes = st.sampled_from([BAODIAN, SHIZHE, BEIJING, ""])
prefixes = st.sampled_from(["", "140428", "140428101", "140428102", BAODIAN, SHIZHE, "1101"])
scopes = st.builds(Scope, st.sampled_from(Role), prefixes)


@given(kinds, moves, moves)
def test_a_move_is_made_only_where_it_is_allowed(kind: Kind, state: Move, move: Move) -> None:
    if move in rules.allowed(kind, state):
        rules.check_move(kind, state, move)
    else:
        with pytest.raises(rules.ForbiddenMove):
            rules.check_move(kind, state, move)


@given(st.lists(st.tuples(moves, st.sampled_from("甲乙丙")), max_size=12), kinds)
def test_however_it_goes_a_red_is_handed_over_and_nobody_closes_alone(
    wishes: list[tuple[Move, str]], kind: Kind
) -> None:
    history = [Done(Move.RAISE, NOON, "system")]

    for move, identity in wishes:
        if move in rules.allowed(kind, history[-1].move):
            try:
                rules.check_second(history, move, identity)
            except rules.SamePerson:
                continue
            history.append(Done(move, NOON, identity))

    made = [done.move for done in history]
    assert made.count(Move.CLOSE) <= 1 and made.count(Move.ACKNOWLEDGE) <= 1
    if Move.CLOSE in made:
        assert made[-1] is Move.CLOSE and (kind is Kind.YELLOW or Move.HAND_OVER in made)
        taken = next(done for done in history if done.move is Move.ACKNOWLEDGE)
        assert taken.identity != history[-1].identity


def test_the_refusal_says_what_is_missing() -> None:
    said = {
        (Move.RAISE, Move.CLOSE): "还没有接单，不能销号",
        (Move.ACKNOWLEDGE, Move.CLOSE): "还没有转交，不能销号",
        (Move.ACKNOWLEDGE, Move.ACKNOWLEDGE): "这条已经接过单了",
        (Move.CLOSE, Move.HAND_OVER): "已经销号，不能再改",
    }
    for (state, move), words in said.items():
        with pytest.raises(rules.ForbiddenMove, match=words):
            rules.check_move(Kind.RED, state, move)


@given(scopes, kinds, homes)
def test_only_the_area_acts_and_never_who_runs_the_system(scope: Scope, kind: Kind, home: str) -> None:
    case = Case(kind, BAODIAN, home)

    if rules.may_act([scope], case, county=COUNTY):
        assert scope.role in rules.COUNTY | rules.COMMUNITY and scope.role not in WITHOUT_DATA
        assert BAODIAN.startswith(scope.division) or home.startswith(scope.division)
        assert kind is Kind.YELLOW or scope.role in rules.COUNTY | rules.TOWNSHIP


ACTORS = [  # who, red, yellow of 石哲, yellow from outside, yellow of an unknown home
    (Scope(Role.TOWNSHIP_DUTY, "140428101"), True, False, True, True),
    (Scope(Role.TOWNSHIP_OFFICE, "140428102"), False, True, False, False),
    (Scope(Role.VILLAGE, BAODIAN), False, False, False, False),
    (Scope(Role.VILLAGE, SHIZHE), False, True, False, False),
    (Scope(Role.GRID_WORKER, SHIZHE), False, True, False, False),
    (Scope(Role.COUNTY_DUTY, "140428"), True, True, True, True),
    (Scope(Role.COUNTY_OFFICE, "140428"), True, True, True, True),
    (Scope(Role.COUNTY_DUTY, "140428", frozenset({"catering"})), False, False, False, False),
    (Scope(Role.INDUSTRY, "140428"), False, False, False, False),
    (Scope(Role.HEALTH_OFFICER, "140428"), False, False, False, False),
    (Scope(Role.VENUE_MANAGER, "", frozenset(), 7), False, True, True, True),
    (Scope(Role.VENUE_MANAGER, "", frozenset(), 8), False, False, False, False),
    (Scope(Role.CHECKER, "", frozenset(), 7), False, False, False, False),
]


@pytest.mark.parametrize(("scope", "red", "settled", "outside", "unknown"), ACTORS)
def test_the_table_of_who_may_act(scope: Scope, *, red: bool, settled: bool, outside: bool, unknown: bool) -> None:
    cases = [(Kind.RED, SHIZHE), (Kind.YELLOW, SHIZHE), (Kind.YELLOW, BEIJING), (Kind.YELLOW, "")]

    found = [rules.may_act([scope], Case(kind, BAODIAN, home, unit=7), county=COUNTY) for kind, home in cases]

    assert found == [red, settled, outside, unknown]


def test_who_may_not_act_is_told_whose_it_is() -> None:
    nobody = [Scope(Role.INDUSTRY, "140428")]

    with pytest.raises(rules.NotYours, match="场所所在乡镇"):
        rules.check_actor(nobody, Case(Kind.RED, BAODIAN, SHIZHE), county=COUNTY)
    with pytest.raises(rules.NotYours, match="居住地"):
        rules.check_actor(nobody, Case(Kind.YELLOW, BAODIAN, SHIZHE), county=COUNTY)


def test_from_outside_is_a_known_home_elsewhere() -> None:
    found = [rules.is_from_outside(Case(Kind.YELLOW, BAODIAN, home), county=COUNTY) for home in (BEIJING, SHIZHE, "")]

    assert found == [True, False, False]


def test_words_are_asked_where_they_are_needed() -> None:
    rules.check_words(Move.ACKNOWLEDGE, to="", note="")
    rules.check_words(Move.HAND_OVER, to="卫生院", note="")
    rules.check_words(Move.CLOSE, to="", note="已核对")

    for move in (Move.HAND_OVER, Move.CLOSE):
        with pytest.raises(rules.NoteNeeded):
            rules.check_words(move, to="", note="")
    with pytest.raises(rules.NoteNeeded, match="太长"):
        rules.check_words(Move.ACKNOWLEDGE, to="", note="长" * 301)


# --- clocks ---------------------------------------------------------------------------------------------------------


def history(kind: Kind, *made: tuple[Move, int]) -> tuple[Running, list[Done]]:
    """An alert raised at noon, and its moves so many minutes later, each with its due time as actions write it."""
    alert = Running(kind, NOON, NOON + LIMITS[kind, Move.CLOSE])
    done = [
        Done(move, NOON + after * MINUTE, "甲", rules.due_after(move, alert, at=NOON + after * MINUTE, limits=LIMITS))
        for move, after in [(Move.RAISE, 0), *made]
    ]
    return alert, done


def test_the_clocks_of_a_red_on_its_way() -> None:
    alert, done = history(Kind.RED, (Move.ACKNOWLEDGE, 4))

    taking, handing, closing = rules.clocks(alert, done, limits=LIMITS)

    at = NOON + 42 * MINUTE
    assert (taking.used(at), taking.is_late(at), taking.share(at)) == (4 * MINUTE, False, 40)
    assert (handing.starts_at, handing.due_at) == (NOON + 4 * MINUTE, NOON + 64 * MINUTE)
    assert handing.is_running and handing.share(at) == 63
    assert closing.due_at == NOON + timedelta(days=1) and closing.is_running


def test_a_red_that_nobody_has_taken_has_no_hand_over_clock_yet() -> None:
    alert, done = history(Kind.RED)

    taking, handing, _closing = rules.clocks(alert, done, limits=LIMITS)

    at = NOON + 11 * MINUTE
    assert taking.is_late(at) and taking.share(at) == 100
    assert (handing.starts_at, handing.due_at, handing.is_running) == (None, None, False)
    assert (handing.used(at), handing.is_late(at), handing.share(at)) == (timedelta(0), False, 0)


def test_a_yellow_is_handed_over_within_two_hours_of_the_refusal() -> None:
    waiting = rules.clocks(*history(Kind.YELLOW), limits=LIMITS)
    taken = rules.clocks(*history(Kind.YELLOW, (Move.ACKNOWLEDGE, 20)), limits=LIMITS)
    closed = rules.clocks(*history(Kind.YELLOW, (Move.ACKNOWLEDGE, 20), (Move.CLOSE, 90)), limits=LIMITS)

    assert waiting[1].due_at == taken[1].due_at == NOON + 120 * MINUTE
    assert closed[1].stopped_at == closed[2].stopped_at == NOON + 90 * MINUTE


def test_whoever_changes_the_limits_changes_no_clock_that_runs() -> None:
    alert, done = history(Kind.RED, (Move.ACKNOWLEDGE, 4))
    shorter = {step: limit / 10 for step, limit in LIMITS.items()}

    assert rules.clocks(alert, done, limits=shorter) == rules.clocks(alert, done, limits=LIMITS)


@given(kinds, st.lists(st.integers(0, 500), min_size=3, max_size=3))
def test_a_clock_ends_where_it_began_or_later(kind: Kind, after: list[int]) -> None:
    first, second, third = sorted(after)
    alert, done = history(kind, (Move.ACKNOWLEDGE, first), (Move.HAND_OVER, second), (Move.CLOSE, third))

    for clock in rules.clocks(alert, done, limits=LIMITS):
        assert clock.starts_at is not None and clock.stopped_at is not None and clock.due_at is not None
        assert clock.used(NOON) >= timedelta(0) and 0 <= clock.share(NOON) <= 100
        assert clock.is_late(NOON) == (clock.stopped_at >= clock.due_at)


def test_after_the_last_step_nothing_is_due() -> None:
    alert, _done = history(Kind.RED)

    assert rules.due_after(Move.CLOSE, alert, at=NOON, limits=LIMITS) is None


@pytest.mark.parametrize("state", [*Move])
def test_only_what_nobody_has_in_hand_goes_up(state: Move) -> None:
    waits = state in (Move.RAISE, Move.ACKNOWLEDGE)

    assert rules.is_escalated(state, NOON, at=NOON) == waits
    assert not rules.is_escalated(state, NOON + MINUTE, at=NOON) and not rules.is_escalated(state, None, at=NOON)


def test_limits_are_a_minute_to_a_week() -> None:
    rules.check_limit(1)
    rules.check_limit(7 * 24 * 60)

    for wrong in (0, -1, 7 * 24 * 60 + 1):
        with pytest.raises(rules.BadLimit):
            rules.check_limit(wrong)


def test_every_step_of_every_kind_has_a_limit() -> None:
    assert set(rules.LIMITS) == {(kind, step) for kind in Kind for step in STEPS}


def test_numbers_read_as_people_say_them() -> None:
    assert rules.number(Kind.RED, date(2026, 11, 23), 2) == "R-1123-002"
    assert rules.number(Kind.YELLOW, date(2026, 1, 3), 1000) == "Y-0103-1000"


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_outbox_content_is_more_than_unreadable(plain: bytes) -> None:
    with pytest.raises(rules.Spoilt):
        rules.read_refused(plain)
    with pytest.raises(rules.Spoilt):
        rules.read_stranger(plain)
