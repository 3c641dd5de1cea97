"""`manage.py load_divisions`: all rows or none, and twice is once."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from zhuanban.base.audit.models import Entry
from zhuanban.registry.places import queries
from zhuanban.registry.places.models import Division, Outline

pytestmark = pytest.mark.django_db
HEAD = "code,name,level,parent\n"
OTHER = (
    HEAD
    + "140000000000,山西省,province,\n"
    + "140400000000,长治市,city,140000000000\n"
    + "140423000000,襄垣县,county,140400000000\n"
    + "140423100000,古韩镇,township,140423000000\n"
    + "140423100001,新建社区居委会,community,140423100000\n"
)


def load(*args: Any) -> str:
    out = io.StringIO()
    call_command("load_divisions", *args, stdout=out)
    return out.getvalue()


def test_the_shipped_county_is_there_with_one_command() -> None:
    said = load()

    assert "区划 309 行，新增或更新 309 行" in said
    assert queries.division("140428101000").display == "鲍店镇"
    assert queries.townships().count() == 12 and queries.villages("140428101").count() > 20
    assert queries.division("140428100000").lon == 112.86101


def test_loading_again_changes_nothing_and_writes_no_audit() -> None:
    load()
    written = Entry.objects.count()

    said = load()

    assert "新增或更新 0 行" in said and Entry.objects.count() == written


def test_another_county_comes_from_its_own_file(tmp_path: Path, settings: Any) -> None:
    file, points, outline = tmp_path / "a.csv", tmp_path / "p.csv", tmp_path / "o.geojson"
    settings.COUNTY, settings.COUNTY_NAME = "140423", "襄垣县"
    file.write_text(OTHER)
    points.write_text("code,lon,lat\n140423100,113.05,36.53\n")
    outline.write_text(
        '{"features": [{"properties": {"adcode": "140423", "source": "own"}, "geometry": {"type": "MultiPolygon",'
        ' "coordinates": [[[[112.8, 36.4], [113.2, 36.4], [113.2, 36.7], [112.8, 36.7]]]]}}]}'
    )

    load(file, "--points", points, "--outline", outline)

    county, township = queries.outline()["features"]
    assert queries.area_name("140423100001") == "古韩镇 新建社区"
    assert county["properties"]["source"] == "own" and township["properties"]["schematic"] is False


def test_a_file_with_faults_is_refused_whole_and_every_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(OTHER + "14042310000X,坏,village,140423100000\n140423100001,重,community,140423100000\n")

    with pytest.raises(CommandError, match=r"第 7 行：.*不是 12 位数字.*第 8 行：.*与第 6 行重复"):
        load(file)

    assert not Division.objects.exists()


def test_a_fault_in_the_outline_undoes_the_divisions_too(tmp_path: Path) -> None:
    file, outline = tmp_path / "a.csv", tmp_path / "o.geojson"
    file.write_text(OTHER)
    outline.write_text('{"features": []}')

    with pytest.raises(CommandError, match="没有 140428 的面"):
        load(file, "--outline", outline)

    assert not Division.objects.exists() and not Outline.objects.exists()


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不了这个文件"):
        load(tmp_path / "none.csv")


def test_rows_that_a_later_file_leaves_out_stay(tmp_path: Path) -> None:
    load()
    file = tmp_path / "a.csv"
    file.write_text(OTHER)

    said = load(file)

    assert "表外保留 307 行" in said and queries.division("140428101000")
    assert queries.division("140428100000").lon == 112.86101


def test_the_map_marks_every_township_that_nobody_measured() -> None:
    load()

    county, *townships = queries.outline()["features"]

    assert county["geometry"]["type"] == "Polygon" and county["properties"]["name"] == "长子县"
    assert len(townships) == 11
    measured = [one["properties"]["name"] for one in townships if not one["properties"]["schematic"]]
    assert measured == ["丹朱镇"]
    assert queries.outline() == queries.outline()


def test_without_an_outline_the_map_has_only_what_is_measured(county: None) -> None:
    assert queries.outline() == {"type": "FeatureCollection", "features": []}
