"""CSV and GeoJSON files ↔ rows. Reads text, judges only its shape; what the rows say is judged by the rules."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from zhuanban.registry.places.rules import BadDivisions, DivisionRow, HouseRule, RowError

DATA = Path(__file__).parent / "data"
DIVISIONS, POINTS, OUTLINE = DATA / "zhangzi_divisions.csv", DATA / "zhangzi_points.csv", DATA / "zhangzi.geojson"
SHIPPED_COUNTY = "140428"  # whose data is shipped
TYPES = DATA / "venue_types.csv"

DIVISION_COLUMNS = ("code", "name", "level", "parent")
POINT_COLUMNS = ("code", "lon", "lat")


def read_divisions(text: str) -> list[DivisionRow]:
    """Raises: BadDivisions when a column is missing."""
    return [_division(number, row) for number, row in _rows(text, DIVISION_COLUMNS)]


def _division(number: int, row: dict[str, str]) -> DivisionRow:
    code, name, level, parent = (_cell(row, column) for column in DIVISION_COLUMNS)
    return DivisionRow(number, code, name, level, parent)


def with_points(rows: list[DivisionRow], text: str) -> list[DivisionRow]:
    """The rows with the measured points of a points file, whose codes may be shortened (140428100).

    A county's own label point is left out: its outline says where it is. Raises: BadDivisions.
    """
    points = dict(_points(text))
    return [
        replace(row, lon=points[row.code][0], lat=points[row.code][1]) if row.code in points else row for row in rows
    ]


def _points(text: str) -> Iterator[tuple[str, tuple[float, float]]]:
    for number, row in _rows(text, POINT_COLUMNS):
        try:
            point = float(_cell(row, "lon")), float(_cell(row, "lat"))
        except ValueError as error:
            raise BadDivisions([RowError(number, "经纬度不是数字")]) from error
        code = _cell(row, "code").ljust(12, "0")
        if not code.endswith("000000"):
            yield code, point


def read_outline(text: str, *, county: str, source: str = "tianditu") -> tuple[dict[str, Any], str]:
    """A county's geometry and whose it is; of several outlines of one county, that of `source` is taken.

    Raises: HouseRule.
    """
    try:
        features = json.loads(text)["features"]
        found = [feature for feature in features if str(feature["properties"]["adcode"]) == county]
    except (ValueError, KeyError, TypeError) as error:
        raise HouseRule("轮廓文件不是 GeoJSON FeatureCollection，或要素缺 adcode") from error
    found.sort(key=lambda feature: feature["properties"].get("source") != source)
    if not found or found[0]["geometry"]["type"] not in {"Polygon", "MultiPolygon"}:
        raise HouseRule(f"轮廓文件里没有 {county} 的面")
    return found[0]["geometry"], str(found[0]["properties"].get("source", ""))


def venue_types() -> list[dict[str, Any]]:
    """The shipped table of venue types, as columns of the table that holds them."""
    return [
        {
            **{name: row[name] for name in ("code", "name", "sector", "setting", "unverified")},
            "stay_minutes": int(row["stay_minutes"]),
            "is_key": row["is_key"] == "yes",
            "is_medical": row["is_medical"] == "yes",
            "order": order,
        }
        for order, row in enumerate(csv.DictReader(io.StringIO(TYPES.read_text("utf-8"))), start=1)
    ]


def _rows(text: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a CSV with a head; a byte-order mark, as Excel writes it, is no part of the first name."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        raise BadDivisions([RowError(1, f"缺列：{'、'.join(missing)}")])
    for row in reader:
        yield reader.line_num, row


def _cell(row: dict[str, str], name: str) -> str:
    return (row[name] or "").strip()
