"""Where names stand on the map."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuanban.registry.places import rules, sheets
from zhuanban.registry.places.rules import HouseRule, Point

SQUARE = [Point(112.0, 36.0), Point(113.0, 36.0), Point(113.0, 37.0), Point(112.0, 37.0)]
# An L: the upper right quarter is outside.
CORNER = [*SQUARE[:2], Point(113.0, 36.5), Point(112.5, 36.5), Point(112.5, 37.0), Point(112.0, 37.0)]


def test_the_same_outline_gives_the_same_points() -> None:
    assert rules.lay_out(SQUARE, count=5) == rules.lay_out(SQUARE, count=5)


def test_points_lie_inside_and_apart() -> None:
    points = rules.lay_out(CORNER, count=6)

    assert len(set(points)) == 6
    assert all(112 < point.lon < 113 and 36 < point.lat < 37 for point in points)
    assert not [point for point in points if point.lon > 112.5 and point.lat > 36.5]


def test_points_keep_away_from_what_is_measured() -> None:
    middle = Point(112.5, 36.5)

    points = rules.lay_out(SQUARE, count=3, fixed=[middle])

    assert min(abs(point.lon - middle.lon) + abs(point.lat - middle.lat) for point in points) > 0.2


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 12))
def test_as_many_points_as_are_asked_for(count: int) -> None:
    assert len(rules.lay_out([*SQUARE, SQUARE[0]], count=count)) == count  # a ring may repeat its first point


def test_the_shipped_outline_is_taken_from_the_named_source() -> None:
    geometry, source = sheets.read_outline(sheets.OUTLINE.read_text("utf-8"), county="140428")

    assert source == "tianditu" and geometry["type"] == "Polygon" and len(geometry["coordinates"][0]) == 90


@pytest.mark.parametrize(
    "text",
    ["no json", "[]", '{"features": [{"properties": {}}]}', '{"features": []}'],
)
def test_a_file_without_the_county_is_refused(text: str) -> None:
    with pytest.raises(HouseRule, match="轮廓文件"):
        sheets.read_outline(text, county="140428")


def test_a_line_is_no_outline() -> None:
    line = {"properties": {"adcode": 140428}, "geometry": {"type": "LineString", "coordinates": []}}

    with pytest.raises(HouseRule, match="没有 140428 的面"):
        sheets.read_outline(json.dumps({"features": [line]}), county="140428")
