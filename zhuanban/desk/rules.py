"""Drawing the county: degrees to pixels, and a side for each name so that no two lie on each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sqrt
from typing import Any, Literal

WIDTH, HEIGHT = 720, 600  # of the drawing, in its own units
MARGIN = 28
RADIUS_MIN, RADIUS_MAX = 11, 26
LABEL_HIGH = 40  # two lines
CHARACTER = 16  # of a name
COUNT_WIDE = 66  # of the second line: 57 个场所
GAP = 6

Side = Literal["right", "left", "below", "above"]
Anchor = Literal["start", "end", "middle"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A township on the drawing. `label` is where its two lines of text stand."""

    code: str
    name: str
    x: float
    y: float
    radius: float = RADIUS_MIN
    label_x: float = 0
    label_y: float = 0
    anchor: Anchor = "start"
    is_schematic: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """The county's edge as an SVG path, and its townships."""

    path: str
    spots: tuple[Spot, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_schematic(self) -> bool:
        return any(spot.is_schematic for spot in self.spots)


def sketch(outline: Mapping[str, Any], *, weights: Mapping[str, int]) -> Sketch:
    """The drawing of `places.outline()`: a circle's area follows its weight (venues of the township)."""
    features = outline["features"]
    rings = [ring for feature in features for ring in _rings(feature["geometry"])]
    points = [feature for feature in features if feature["geometry"]["type"] == "Point"]
    scale = _scale([*(pair for ring in rings for pair in ring), *(one["geometry"]["coordinates"] for one in points)])
    heaviest = max([1, *weights.values()])
    spots = [_spot(feature, scale, weights.get(feature["properties"]["code"], 0) / heaviest) for feature in points]
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(scale, ring)) + "Z" for ring in rings)
    return Sketch(path, tuple(labelled(spots)))


def labelled(spots: Iterable[Spot]) -> list[Spot]:
    """Each name at the first side where it meets no circle, no other name and no edge; else at the least bad one."""
    spots = list(spots)
    taken = [
        (spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius) for spot in spots
    ]
    placed = []
    for spot in spots:
        sides = [_at(spot, side) for side in ("right", "left", "below", "above")]
        chosen, box = min(sides, key=lambda side: _overlap(side[1], taken))
        taken.append(box)
        placed.append(chosen)
    return placed


Box = tuple[float, float, float, float]  # left, top, right, bottom


def _at(spot: Spot, side: Side) -> tuple[Spot, Box]:
    wide, away = max(len(spot.name) * CHARACTER, COUNT_WIDE), spot.radius + GAP
    x, y, anchor = {
        "right": (spot.x + away, spot.y, "start"),
        "left": (spot.x - away, spot.y, "end"),
        "below": (spot.x, spot.y + away + LABEL_HIGH / 2, "middle"),
        "above": (spot.x, spot.y - away - LABEL_HIGH / 2, "middle"),
    }[side]
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
    placed = replace(spot, label_x=round(x, 1), label_y=round(y, 1), anchor=anchor)  # type: ignore[arg-type]
    return placed, (left, y - LABEL_HIGH / 2, left + wide, y + LABEL_HIGH / 2)


def _overlap(box: Box, taken: Sequence[Box]) -> float:
    """How much of a box lies on others or beyond the drawing, in square units."""
    beyond = (box[2] - box[0]) * (box[3] - box[1]) - _shared(box, (0, 0, WIDTH, HEIGHT))
    return round(beyond + sum(_shared(box, other) for other in taken), 3)


def _shared(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0


class _Scale:
    """Degrees to the drawing's units, north up, a degree of longitude as short as it is there."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.west, self.north, self.stretch = west, north, cos(radians((south + north) / 2))
        wide, high = (east - west) * self.stretch or 1, north - south or 1
        self.per_degree = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        self.left = (WIDTH - wide * self.per_degree) / 2
        self.top = (HEIGHT - high * self.per_degree) / 2

    def __call__(self, pair: Sequence[float]) -> tuple[float, float]:
        x = self.left + (pair[0] - self.west) * self.stretch * self.per_degree
        return x, self.top + (self.north - pair[1]) * self.per_degree


def _scale(pairs: Sequence[Sequence[float]]) -> _Scale:
    lons, lats = [pair[0] for pair in pairs] or [0], [pair[1] for pair in pairs] or [0]
    return _Scale(min(lons), min(lats), max(lons), max(lats))


def _spot(feature: Mapping[str, Any], scale: _Scale, share: float) -> Spot:
    facts = feature["properties"]
    x, y = scale(feature["geometry"]["coordinates"])
    radius = RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * sqrt(share)
    return Spot(
        facts["code"], facts["name"], round(x, 1), round(y, 1), round(radius, 1), is_schematic=bool(facts["schematic"])
    )


def _rings(geometry: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    match geometry["type"]:
        case "Polygon":
            return [*geometry["coordinates"]]
        case "MultiPolygon":
            return [ring for polygon in geometry["coordinates"] for ring in polygon]
        case _:
            return []
