"""The county drawn: north up, everything inside the sheet, no name on another."""

from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from zhuanban.desk.rules import HEIGHT, LABEL_HIGH, WIDTH, Spot, labelled, sketch

COUNTY = {
    "type": "Polygon",
    "coordinates": [[[112.5, 36.0], [113.0, 36.0], [113.0, 36.3], [112.5, 36.3], [112.5, 36.0]]],
}


def outline(*points: tuple[str, float, float], geometry: dict[str, Any] | None = None) -> dict[str, Any]:
    features = [{"geometry": geometry or COUNTY, "properties": {"code": "140428000000", "name": "长子县"}}]
    for name, lon, lat in points:
        facts = {"code": name, "name": name, "schematic": name == "石哲镇"}
        features.append({"geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": facts})
    return {"type": "FeatureCollection", "features": features}


def test_north_is_up_and_east_is_right() -> None:
    drawn = sketch(outline(("鲍店镇", 112.9, 36.25), ("石哲镇", 112.6, 36.05)), weights={})

    north_east, south_west = drawn.spots
    assert north_east.x > south_west.x and north_east.y < south_west.y


def test_a_circle_grows_with_the_venues_and_a_guessed_place_is_said_to_be_one() -> None:
    drawn = sketch(outline(("鲍店镇", 112.9, 36.25), ("石哲镇", 112.6, 36.05)), weights={"鲍店镇": 64, "石哲镇": 16})

    big, small = drawn.spots
    assert big.radius > small.radius and drawn.is_schematic and small.is_schematic and not big.is_schematic


def test_every_ring_of_every_part_is_drawn() -> None:
    parts = {"type": "MultiPolygon", "coordinates": [COUNTY["coordinates"], COUNTY["coordinates"]]}

    drawn = sketch(outline(geometry=parts), weights={})

    assert drawn.path.count("M") == drawn.path.count("Z") == 2 and drawn.spots == ()


def test_a_county_without_an_outline_is_an_empty_sheet() -> None:
    drawn = sketch({"features": []}, weights={})

    assert (drawn.path, drawn.spots, drawn.is_schematic) == ("", (), False)


PLACES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), unique=True, max_size=11)


@given(places=PLACES)
def test_names_of_places_apart_never_meet(places: list[tuple[int, int]]) -> None:
    spots = [Spot(str(at), "大堡头镇", 90 + 108 * x, 60 + 120 * y) for at, (x, y) in enumerate(places)]

    boxes = [_box(spot) for spot in labelled(spots)]

    assert all(not _meet(one, other) for one, other in combinations(boxes, 2))
    assert all(left >= 0 and right <= WIDTH and top >= 0 and bottom <= HEIGHT for left, top, right, bottom in boxes)


def _box(spot: Spot) -> tuple[float, float, float, float]:
    left = {"start": 0, "middle": -32, "end": -64}[spot.anchor] + spot.label_x
    return left, spot.label_y - LABEL_HIGH / 2, left + 64, spot.label_y + LABEL_HIGH / 2


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
