import contextlib
import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.spans import COUNTY_TIME, day_of
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import models, rules
from zhuanban.trail.visits.rules import Row, Stored, Via, VisitId
from zhuanban.trail.visits.tests.made import DAY, NOON, entry, keyless, row

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))


@given(st.dates(), st.binary(min_size=12, max_size=12))
def test_an_id_is_read_back_as_it_was_written(day: date, random: bytes) -> None:
    id_ = VisitId(day, random)

    assert rules.parse_id(rules.write_id(id_)) == id_


def test_an_id_has_one_spelling() -> None:
    assert rules.write_id(VisitId(DAY, bytes(12))) == "20261123-000000000000000000000000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20261123",
        "20261123-",
        "20261123-00000000000000000000000",
        "20261123-0000000000000000000000000000",
        "20261123-00000000000000000000000G",
        "20261123-00000000000000000000000A",
        "20261123-00 00 00000000000000000000",
        "2026-11-23-000000000000000000000000",
        "20261123_000000000000000000000000",
        "20261323-000000000000000000000000",
        "2026W481-000000000000000000000000",
        "２０２６１１２３-000000000000000000000000",
        "20261123-000000000000000000000000\n",
    ],
)
def test_another_spelling_is_no_id(text: str) -> None:
    with pytest.raises(rules.BadVisitId):
        rules.parse_id(text)


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_is_refused(text: str) -> None:
    with contextlib.suppress(rules.BadVisitId):
        assert rules.write_id(rules.parse_id(text)) == text


@given(MOMENTS, st.timedeltas(timedelta(0), rules.LATE))
def test_what_is_at_most_72_hours_late_is_accepted(at: datetime, late: timedelta) -> None:
    rules.check_day(day_of(at - late), at=at)


def test_a_day_before_that_is_too_late_and_tomorrow_too_early() -> None:
    rules.check_day(DAY - timedelta(days=3), at=NOON)
    with pytest.raises(rules.TooLate):
        rules.check_day(DAY - timedelta(days=4), at=NOON)

    rules.check_day(DAY + timedelta(days=1), at=datetime(2026, 11, 23, 23, 55, tzinfo=COUNTY_TIME))
    with pytest.raises(rules.TooEarly):
        rules.check_day(DAY + timedelta(days=1), at=datetime(2026, 11, 23, 23, 54, 59, tzinfo=COUNTY_TIME))


@given(MOMENTS)
def test_a_time_is_kept_to_the_millisecond(at: datetime) -> None:
    whole = rules.whole_ms(at)

    assert timedelta(0) <= at - whole < timedelta(milliseconds=1) and rules.whole_ms(whole) == whole


# --- the table of rules.settle ---------------------------------------------------------------------------------------

MEI, HUA = row(), row(by=bytes(16))
STORED = Stored(7, rules.whole_ms(NOON), (MEI, HUA))
SAME = entry(rows=(MEI, HUA), at=NOON + timedelta(hours=3))


def test_an_unknown_id_gets_a_first_receipt() -> None:
    receipt = rules.settle(None, SAME)

    assert (receipt.first, receipt.at, receipt.rows) == (True, rules.whole_ms(SAME.at), SAME.rows)


def test_an_unknown_id_of_a_day_whose_key_is_gone_is_refused() -> None:
    with pytest.raises(rules.DayClosed):
        rules.settle(None, dataclasses.replace(SAME, rows=keyless(2)))


def test_the_same_message_gets_its_first_receipt_again_whatever_the_colour_is_now() -> None:
    redder = tuple(dataclasses.replace(one, colour=Colour.RED, admitted=False) for one in SAME.rows)

    receipt = rules.settle(STORED, dataclasses.replace(SAME, rows=redder))

    assert (receipt.first, receipt.at, receipt.rows) == (False, STORED.at, STORED.rows)


def test_when_the_key_is_gone_the_id_the_door_and_the_number_of_people_suffice() -> None:
    gone = dataclasses.replace(SAME, rows=keyless(2))

    assert rules.settle(STORED, gone).rows == STORED.rows
    for other in (dataclasses.replace(gone, door=8), dataclasses.replace(gone, rows=keyless(3))):
        with pytest.raises(rules.IdTaken):
            rules.settle(STORED, other)


@pytest.mark.parametrize(
    "other",
    [
        {"door": 8},
        {"rows": (MEI,)},
        {"rows": (HUA, MEI)},
        {"rows": (MEI, HUA, HUA)},
        {"rows": (MEI, row())},
        {"rows": (MEI, dataclasses.replace(HUA, by=None))},
        {"rows": (MEI, dataclasses.replace(HUA, via=Via.PAPER))},
    ],
)
def test_the_same_id_with_other_content_is_taken(other: dict[str, int | tuple[Row, ...]]) -> None:
    with pytest.raises(rules.IdTaken) as refused:
        rules.settle(STORED, dataclasses.replace(SAME, **other))  # type: ignore[arg-type]

    assert (refused.value.code, refused.value.status) == ("ID_TAKEN", 409)


def test_every_way_and_every_colour_has_a_number_of_its_own_in_the_store() -> None:
    assert set(models.VIA) == set(Via) and len(models.VIA_OF) == len(Via)
    assert set(models.COLOUR) == set(Colour) and len(models.COLOUR_OF) == len(Colour)
