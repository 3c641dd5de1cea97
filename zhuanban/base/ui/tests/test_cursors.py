"""A cursor is exact: what comes out of the address is what went in."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.ui.rules import Cursor, read_cursor, write_cursor

VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.text(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
)


@given(value=VALUES, key=st.one_of(st.integers(), st.text(), st.uuids()))
def test_a_cursor_survives_the_address(value: object, key: object) -> None:
    text = write_cursor(value, key)

    assert read_cursor(text, is_forward=True) == Cursor(value, key, is_forward=True)
    assert text.isascii() and not set(text) & set("+/=&?")


@pytest.mark.parametrize(
    "value",
    [datetime(2026, 11, 23, 10, 24, 37, 123456, UTC), date(2026, 11, 23), time(7, 30), Decimal("1.10"), UUID(int=7)],
)
def test_a_cursor_keeps_the_kind_of_its_value(value: object) -> None:
    back = read_cursor(write_cursor(value, 1), is_forward=False).value

    assert type(back) is type(value) and back == value


@pytest.mark.parametrize(
    "text", ["", "x", "%%%", "W10", "WzFd", "eyJhIjoxfQ", "W3sieCI6ICIxIn0sIDFd", "é", "W3t9LDFd"]
)
def test_anything_else_is_not_a_cursor(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_cursor(text, is_forward=True)
