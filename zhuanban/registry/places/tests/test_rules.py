"""What a venue must say of itself, and where it may go from where it is."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.accounts.rules import By, Kind, Role, Scope, system
from zhuanban.registry.places import rules
from zhuanban.registry.places.rules import (
    BadVenue,
    ForbiddenMove,
    HouseRule,
    Sector,
    Setting,
    TypeFacts,
    Unverified,
    VenueFacts,
    VenueState,
)

SHOP = VenueFacts(
    name="福来顺生活超市",
    type="supermarket",
    division="140428101201",
    address="鲍店南街 18 号",
    uscc="91110000600037341L",
)
KIND = TypeFacts("药店", Sector.MARKET, Setting.CLOSED, 15, Unverified.LOOK)


def test_a_venue_that_says_everything_passes() -> None:
    rules.check_venue(SHOP)
    rules.check_venue(
        replace(SHOP, uscc="", no_uscc_reason="个体未办照", lon=112.8, lat=36.1, opens_at=time(7), closes_at=time(2))
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 81}, "name"),
        ({"address": ""}, "address"),
        ({"uscc": ""}, "uscc"),
        ({"uscc": "91110000600037341M"}, "uscc"),
        ({"uscc": "SHORT"}, "uscc"),
        ({"no_uscc_reason": "个体未办照"}, "no_uscc_reason"),
        ({"opens_at": time(7)}, "closes_at"),
        ({"opens_at": time(7), "closes_at": time(7)}, "closes_at"),
        ({"stay_minutes": 0}, "stay_minutes"),
        ({"stay_minutes": 1441}, "stay_minutes"),
        ({"lon": 112.8}, "lat"),
        ({"lon": 36.1, "lat": 112.8}, "lon"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(BadVenue) as refusal:
        rules.check_venue(replace(SHOP, **changes))  # type: ignore[arg-type]

    assert [fault.field for fault in refusal.value.faults] == [field]
    assert str(refusal.value) == refusal.value.faults[0].label


def test_a_credit_code_is_stored_without_spaces_in_upper_case() -> None:
    assert rules.clean_uscc(" 9111 0000 6000 3734 1l ") == "91110000600037341L"


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), ("7:30-14:00", "07:30–14:00"), (" 22:00 ～ 06:00 ", "22:00–06:00")]
)
def test_a_shift_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert rules.check_shift(typed) == kept


@pytest.mark.parametrize("typed", ["白班", "25:00-26:00", "07:61-08:00"])
def test_a_shift_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(HouseRule, match="班次"):
        rules.check_shift(typed)


@pytest.mark.parametrize("name", ["", " ", "门" * 31])
def test_a_door_has_a_name(name: str) -> None:
    with pytest.raises(HouseRule, match="门的名称"):
        rules.check_name(name)


@pytest.mark.parametrize("reason", ["", " ", "因" * 101])
def test_a_reason_is_given(reason: str) -> None:
    with pytest.raises(HouseRule, match="原因"):
        rules.check_reason(reason)


def test_names_and_reasons_are_trimmed() -> None:
    assert rules.check_name(" 正门 ") == "正门"
    assert rules.check_reason(" 停业 ") == "停业"


def test_a_post_ends_after_it_began() -> None:
    rules.check_day_span(date(2026, 11, 1), None)
    rules.check_day_span(date(2026, 11, 1), date(2026, 11, 2))

    with pytest.raises(HouseRule, match="离岗"):
        rules.check_day_span(date(2026, 11, 1), date(2026, 11, 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "类" * 31},
        {"stay_minutes": 0},
        {"is_medical": True, "unverified": Unverified.HOLD},
    ],
)
def test_a_faulty_type_is_refused(changes: dict[str, object]) -> None:
    rules.check_type(KIND)

    with pytest.raises(HouseRule):
        rules.check_type(replace(KIND, **changes))  # type: ignore[arg-type]


@given(st.sampled_from(VenueState))
def test_a_closed_venue_goes_nowhere(to: VenueState) -> None:
    with pytest.raises(ForbiddenMove):
        rules.check_move(VenueState.CLOSED, to)


@given(st.sampled_from(VenueState), st.sampled_from(VenueState))
def test_no_venue_goes_back_to_waiting_and_none_stays_where_it_is(old: VenueState, new: VenueState) -> None:
    allowed = new in rules.MOVES[old]

    assert not (allowed and new in {VenueState.PENDING, old})
    if allowed:
        rules.check_move(old, new)


def test_who_runs_venues_reaches_their_own_area_and_sector() -> None:
    town = By(Kind.STAFF, "1", "鲍店镇专班", "a", (Scope(Role.TOWNSHIP_OFFICE, "140428101"),))
    narrow = By(Kind.STAFF, "2", "县商务", "b", (Scope(Role.COUNTY_OFFICE, "140428", frozenset({"commerce"})),))
    looker = By(Kind.STAFF, "3", "行业", "c", (Scope(Role.INDUSTRY, "140428"),))

    assert rules.reaches(town, "140428101201", "market") and not rules.reaches(town, "140428102201", "market")
    assert rules.reaches(narrow, "140428102201", "commerce") and not rules.reaches(narrow, "140428102201", "market")
    assert not rules.reaches(looker, "140428101201", "market") and rules.reaches(system("demo"), "140428101201", "x")
