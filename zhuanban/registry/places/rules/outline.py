"""Where to write a township's name on the map when nobody has measured it: inside the outline, well apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians

GRID = 32  # steps across the outline's box: under a tenth of a second, and no label moves by more than its height
EDGE = 0.6  # how much nearer to the edge than to another label one may stand


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, WGS84."""

    lon: float
    lat: float


def lay_out(ring: Sequence[Point], *, count: int, fixed: Sequence[Point] = ()) -> list[Point]:
    """`count` points inside `ring` for labels, as far from each other, from `fixed` and from the edge as they can be.

    The same ring gives the same points every time. They are schematic (示意): nothing may be measured from them.
    """
    stretch = cos(radians(sum(point.lat for point in ring) / len(ring)))
    flat = [(point.lon * stretch, point.lat) for point in ring]
    taken = [(point.lon * stretch, point.lat) for point in fixed]
    free = {place: _to_edge(place, flat) / EDGE for place in _grid(flat) if _is_inside(place, flat)}
    chosen: list[Point] = []
    for _ in range(count):
        best = max(free, key=lambda place: (min(free[place], _nearest(place, taken)), place))
        taken.append(best)
        chosen.append(Point(round(best[0] / stretch, 5), round(best[1], 5)))
    return chosen


def _grid(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    wide, high = (max(xs) - min(xs)) / GRID, (max(ys) - min(ys)) / GRID
    return [(min(xs) + i * wide, min(ys) + j * high) for i in range(1, GRID) for j in range(1, GRID)]


def _is_inside(place: tuple[float, float], ring: Sequence[tuple[float, float]]) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    x, y = place
    crossed = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed


def _to_edge(place: tuple[float, float], ring: Sequence[tuple[float, float]]) -> float:
    return min(_to_segment(place, start, end) for start, end in zip(ring, [*ring[1:], ring[0]], strict=True))


def _to_segment(place: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((place[0] - start[0]) * dx + (place[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(place[0] - start[0] - along * dx, place[1] - start[1] - along * dy)


def _nearest(place: tuple[float, float], taken: Sequence[tuple[float, float]]) -> float:
    return min((hypot(place[0] - x, place[1] - y) for x, y in taken), default=inf)
