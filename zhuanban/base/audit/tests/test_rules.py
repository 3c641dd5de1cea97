"""The chain as plain values: every way of tampering shows, and what the roots are for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.audit.rules import GENESIS, Break, Head, Row, breaks, digest
from zhuanban.base.spans import COUNTY_TIME

AT = datetime(2026, 11, 23, 10, 24, tzinfo=COUNTY_TIME)


def chain(length: int) -> list[Row]:
    rows: list[Row] = []
    for seq in range(1, length + 1):
        previous = rows[-1].hash if rows else GENESIS
        row = Row(
            seq, AT + timedelta(seconds=seq), "STAFF", "7", "值班员", "people.look", reason="查", previous=previous
        )
        rows.append(replace(row, hash=digest(row)))
    return rows


def head(rows: list[Row]) -> Head:
    return Head(len(rows), rows[-1].hash)


def again(rows: list[Row]) -> list[Row]:
    """A forger who computes every number and hash anew."""
    made: list[Row] = []
    for seq, row in enumerate(rows, start=1):
        fresh = replace(row, seq=seq, previous=made[-1].hash if made else GENESIS)
        made.append(replace(fresh, hash=digest(fresh)))
    return made


def test_a_whole_log_has_no_break() -> None:
    rows = chain(5)

    assert list(breaks(rows, [head(rows[:3]), head(rows)])) == []
    assert list(breaks([])) == []


def test_an_edited_row_does_not_fit_its_hash() -> None:
    rows = chain(5)

    rows[2] = replace(rows[2], reason="别的")

    assert list(breaks(rows)) == [Break(3, "内容与指纹不符")]


def test_a_row_edited_with_its_hash_does_not_fit_the_next() -> None:
    rows = chain(5)

    edited = replace(rows[2], reason="别的")
    rows[2] = replace(edited, hash=digest(edited))

    assert list(breaks(rows)) == [Break(4, "与前一条接不上")]


def test_a_deleted_row_leaves_a_gap() -> None:
    rows = chain(5)

    del rows[2]

    assert next(breaks(rows)) == Break(4, "前面缺了第 3 条")


def test_rows_in_another_order_do_not_fit() -> None:
    rows = chain(5)

    rows[1], rows[2] = replace(rows[2], seq=2), replace(rows[1], seq=3)

    assert next(breaks(rows)).seq == 2


def test_a_log_computed_anew_is_caught_by_a_root_and_only_by_a_root() -> None:
    rows = chain(5)
    published = head(rows[:4])

    forged = again([*rows[:1], *rows[2:]])

    assert list(breaks(forged)) == []
    assert list(breaks(forged, [published])) == [Break(4, "与已公布的指纹不符")]


def test_a_log_cut_off_is_caught_since_the_root_holds_the_count() -> None:
    rows = chain(5)

    short = rows[:3]

    assert list(breaks(short)) == []
    assert list(breaks(short, [head(rows)])) == [Break(4, "公布时有 5 条，现在只有 3 条")]


def test_a_log_with_its_last_row_twice_is_caught() -> None:
    rows = chain(5)

    assert next(breaks([*rows, rows[-1]])) == Break(5, "前面缺了第 6 条")
    assert next(breaks([*rows, replace(rows[-1], seq=6)])).seq == 6


def test_the_same_moment_hashes_alike_in_any_zone() -> None:
    row = chain(1)[0]

    assert digest(row) == digest(replace(row, at=row.at.astimezone(UTC)))


@pytest.mark.parametrize("detail", [{"a": 1.0}, {"a": [{"b": 0.5}]}, {1: "a"}, {"a": AT}])
def test_what_a_database_could_give_back_otherwise_is_refused(detail: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        digest(replace(chain(1)[0], detail=detail))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.integers(1, 6), st.data())
def test_any_single_edit_of_any_row_shows(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    published = head(rows)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(
        st.sampled_from(["actor", "actor_label", "verb", "subject", "target", "reason", "previous", "hash"])
    )

    changed: dict[str, Any] = {name: data.draw(st.text("0123456789abcdef", min_size=1, max_size=64))}
    rows[place] = replace(rows[place], **changed)

    assert list(breaks(rows, [published])) != [] or rows == chain(length)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), JSON, max_size=3))
def test_any_detail_of_plain_json_can_be_hashed(detail: dict[str, object]) -> None:
    row = replace(chain(1)[0], detail=detail)

    assert digest(row) == digest(row) != digest(replace(row, detail={**detail, "more": 1}))
