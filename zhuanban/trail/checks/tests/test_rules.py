from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.trail.checks import rules
from zhuanban.trail.checks.rules import AlreadyChecked, NotOffered, Outcome, Verified, check_again, offered
from zhuanban.trail.status.rules import Colour

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
ADMIT, ROUTE, AWAY, HOLD = Outcome.ADMIT, Outcome.ROUTE, Outcome.TURN_AWAY, Outcome.HOLD
TABLE = {  # the table of the module's docstring: at a shop, at a hospital
    Colour.GREEN: ((ADMIT, HOLD), (ADMIT, ROUTE, HOLD)),
    Colour.YELLOW: ((AWAY, HOLD), (ROUTE, HOLD)),
    Colour.RED: ((HOLD,), (ROUTE, HOLD)),
    Colour.UNVERIFIED: ((ADMIT, AWAY, HOLD), (ADMIT, ROUTE, HOLD)),
}


@pytest.mark.parametrize("colour", TABLE)
def test_the_table_of_what_is_offered(colour: Colour) -> None:
    at_a_shop, at_a_hospital = TABLE[colour]

    assert offered(colour, is_medical=False) == at_a_shop
    assert offered(colour, is_medical=True) == at_a_hospital


@given(st.sampled_from(Colour), st.booleans(), st.booleans())
def test_red_and_yellow_are_never_admitted_and_nobody_red_is_sent_off(
    colour: Colour, medical: bool, lax: bool
) -> None:
    found = offered(colour, is_medical=medical, may_admit_unverified=lax)

    assert HOLD in found
    assert not (colour in (Colour.RED, Colour.YELLOW) and ADMIT in found)
    assert not ((medical or colour is Colour.RED) and AWAY in found)


def test_where_the_county_wants_unverified_people_to_wait_they_are_not_admitted() -> None:
    assert ADMIT not in offered(Colour.UNVERIFIED, is_medical=False, may_admit_unverified=False)
    with pytest.raises(NotOffered):
        rules.check_offered(ADMIT, Colour.UNVERIFIED, is_medical=False, may_admit_unverified=False)


def test_a_wrong_tap_is_put_right_by_the_same_checker_and_at_once() -> None:
    before = Verified("7", NOON)

    check_again(None, checker="7", at=NOON)
    check_again(before, checker="7", at=NOON + rules.MIND_CHANGE)
    with pytest.raises(AlreadyChecked):
        check_again(before, checker="8", at=NOON)
    with pytest.raises(AlreadyChecked):
        check_again(before, checker="7", at=NOON + rules.MIND_CHANGE + timedelta(seconds=1))
