"""Names and codes of divisions, as the rules read them."""

import csv
from collections import Counter

import pytest

from zhuanban.registry.places import rules, sheets
from zhuanban.registry.places.rules import BadDivisions, DivisionRow, Level

COUNTY = DivisionRow(2, "140428000000", "长子县", "county", "140400000000")
TOWN = DivisionRow(3, "140428101000", "鲍店镇", "township", "140428000000")
VILLAGE = DivisionRow(4, "140428101200", "鲍店村委会", "village", "140428101000")
KNOWN = {"140400000000": "city"}


@pytest.mark.parametrize(
    ("full", "said"),
    [
        ("鲍店村委会", "鲍店村"),
        ("鲍店东街村村委会", "鲍店东街村"),
        ("王村村委会", "王村"),
        ("邓家坪村民委员会", "邓家坪村"),
        ("丹康社区居委会", "丹康社区"),
        ("丹康社区居民委员会", "丹康社区"),
        ("北街居委会", "北街社区"),
        ("向阳社区村委会", "向阳社区"),
        ("山西晋城煤业集团赵庄煤业有限公司社区居委会", "赵庄煤业社区"),
        ("长子经济技术开发区虚拟社区", "长子经济技术开发区虚拟社区"),
        ("鲍店镇", "鲍店镇"),
    ],
)
def test_a_name_is_shown_as_people_say_it(full: str, said: str) -> None:
    assert rules.display_name(full) == said


def test_the_shipped_county_has_its_eleven_townships_and_a_zone_that_is_none() -> None:
    rows = sheets.read_divisions(sheets.DIVISIONS.read_text("utf-8"))

    levels = Counter(rules.level_of(row.code, row.level) for row in rows)

    assert levels[Level.TOWNSHIP] == 11 and levels[Level.VILLAGE] == 286
    assert levels[Level.COMMUNITY] == 8 and levels[Level.ZONE] == 1
    assert rules.level_of("140428400000", "township") is Level.ZONE


def test_the_shipped_county_is_without_fault_and_no_shown_name_ends_in_a_committee() -> None:
    rows = sheets.read_divisions(sheets.DIVISIONS.read_text("utf-8"))

    assert rules.check_divisions(rows, known={}) == []
    assert not [row for row in rows if rules.display_name(row.name).endswith("委会")]
    assert not [row for row in rows if "村村" in rules.display_name(row.name)]


def test_a_code_lies_in_its_township_county_city_and_province() -> None:
    assert rules.prefixes_of("140428101200") == ("140000000000", "140400000000", "140428000000", "140428101000")
    assert rules.prefixes_of("140428000000") == ("140000000000", "140400000000")
    assert rules.prefixes_of("140428101200007")[-1] == "140428101200"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (DivisionRow(9, "1404", "短", "village", "140428101000"), "不是 12 位数字"),
        (DivisionRow(9, "140428101200", "又一个", "village", "140428101000"), "与第 4 行重复"),
        (DivisionRow(9, "140428101201", "", "village", "140428101000"), "名称为空"),
        (DivisionRow(9, "140428101201", "名", "hamlet", "140428101000"), "不认识"),
        (DivisionRow(9, "140428101201", "名", "village", ""), "缺上级代码"),
        (DivisionRow(9, "140428109201", "名", "village", "140428109000"), "不在表中"),
        (DivisionRow(9, "140428000201", "名", "village", "140428000000"), "上级不能是"),
        (DivisionRow(9, "140428102201", "名", "village", "140428101000"), "不在上级"),
    ],
)
def test_a_faulty_row_is_named_with_its_line(row: DivisionRow, words: str) -> None:
    errors = rules.check_divisions([COUNTY, TOWN, VILLAGE, row], known=KNOWN)

    assert {error.number for error in errors} == {9}
    assert words in "；".join(error.message for error in errors)


def test_a_province_needs_nothing_above_it() -> None:
    rows = [DivisionRow(2, "140000000000", "山西省", "province", "")]

    assert rules.check_divisions(rows, known={}) == []


def test_a_refusal_names_the_first_rows_and_counts_all() -> None:
    rows = [DivisionRow(number, "x", "名", "hamlet", "") for number in range(2, 42)]

    refusal = BadDivisions(rules.check_divisions(rows, known={}))

    assert "第 2 行" in str(refusal) and "没有导入任何一行" in str(refusal)
    assert len(refusal.errors) > 40


def test_the_shipped_points_know_one_township() -> None:
    rows = sheets.read_divisions(sheets.DIVISIONS.read_text("utf-8"))

    placed = sheets.with_points(rows, sheets.POINTS.read_text("utf-8"))

    assert [(row.name, row.lon, row.lat) for row in placed if row.lon] == [("丹朱镇", 112.86101, 36.1245)]


@pytest.mark.parametrize("text", ["", "code,name\n1,2\n"])
def test_a_file_without_its_columns_is_refused(text: str) -> None:
    with pytest.raises(BadDivisions, match="缺列"):
        sheets.read_divisions(text)


def test_a_file_from_excel_may_begin_with_a_mark_and_have_short_rows() -> None:
    rows = sheets.read_divisions("\ufeffcode,name,level,parent\r\n140000000000, 山西省 ,province\r\n")

    assert rows == [DivisionRow(2, "140000000000", "山西省", "province", "")]


def test_points_that_are_no_numbers_are_refused_with_their_line() -> None:
    with pytest.raises(BadDivisions, match="第 2 行：经纬度不是数字"):
        sheets.with_points([TOWN], "code,lon,lat\n140428101,东,北\n")


def test_the_shipped_types_are_the_provinces_39_and_three_of_the_countys_own() -> None:
    types = sheets.venue_types()

    stays = {row["name"]: row["stay_minutes"] for row in types}
    assert len(types) == 42 and len(stays) == 42
    assert [row["name"] for row in types[39:]] == ["学校", "加油站", "民政机构"]
    assert (stays["药店"], stays["商场超市"], stays["餐厅"], stays["棋牌室"], stays["上网服务"]) == (
        15,
        40,
        75,
        180,
        180,
    )
    assert [row["name"] for row in types if row["is_medical"]] == ["医疗机构"]


def test_every_shipped_type_uses_words_that_the_rules_know() -> None:
    columns = csv.DictReader(sheets.TYPES.read_text("utf-8").splitlines())

    for row in columns:
        rules.check_type(
            rules.TypeFacts(
                name=row["name"],
                sector=rules.Sector(row["sector"]),
                setting=rules.Setting(row["setting"]),
                stay_minutes=int(row["stay_minutes"]),
                unverified=rules.Unverified(row["unverified"]),
                is_medical=row["is_medical"] == "yes",
            )
        )
