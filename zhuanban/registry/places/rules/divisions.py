"""Divisions: what a code says about its level, and how people say a name that the statistics write out in full."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal

CODE = re.compile(r"\d{12}")  # source: 统计用区划代码, 2+2+2+3+3 digits
MAX_NAME = 60  # characters, as the table holds
MAX_ERRORS = 20  # rows named in a refusal; a wrong file has thousands

_COMMITTEES = re.compile(r"(?:村民委员会|村委会)$")
_RESIDENTS = re.compile(r"(?:居民委员会|居委会)$")
_COMPANY = re.compile(r"^.*集团(?=.)|(?:股份|责任|控股)?有限(?:责任)?公司")


class Level(Choice):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇"
    ZONE = "zone", "开发区"
    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"


PARENTS = {
    Level.PROVINCE: frozenset[Level](),
    Level.CITY: frozenset({Level.PROVINCE}),
    Level.COUNTY: frozenset({Level.CITY, Level.PROVINCE}),
    Level.TOWNSHIP: frozenset({Level.COUNTY}),
    Level.ZONE: frozenset({Level.COUNTY}),
    Level.VILLAGE: frozenset({Level.TOWNSHIP, Level.ZONE}),
    Level.COMMUNITY: frozenset({Level.TOWNSHIP, Level.ZONE}),
}


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One line of a divisions file: `number` counts lines as an editor does, the head is line 1."""

    number: int
    code: str
    name: str
    level: str
    parent: str
    lon: float | None = None  # degrees, WGS84
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    number: int
    message: str


class BadDivisions(Refusal):
    """The file was read and nothing of it was kept: `errors` says row by row what is wrong."""

    code = "BAD_DIVISIONS"
    status = 422

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = tuple(errors)
        shown = "；".join(f"第 {error.number} 行：{error.message}" for error in self.errors[:MAX_ERRORS])
        super().__init__(f"区划表有 {len(self.errors)} 处错误，没有导入任何一行。{shown}")


def display_name(name: str) -> str:
    """As people say it: 鲍店村委会 and 鲍店村村委会 → 鲍店村, 丹康社区居委会 and 丹康居委会 → 丹康社区.

    A committee of a works is named after the works, not the whole group: 山西晋城煤业集团赵庄煤业有限公司社区居委会 →
    赵庄煤业社区. A name that carries no committee stays as it is.
    """
    if _COMMITTEES.search(name):
        short, kind = _COMMITTEES.sub("", name), "村"
    elif _RESIDENTS.search(name):
        short, kind = _COMPANY.sub("", _RESIDENTS.sub("", name)), "社区"
    else:
        return name
    return short if short.endswith(("村", "社区")) else short + kind


def level_of(code: str, level: str) -> Level:
    """The level, corrected by what the code itself says.

    The third group tells what stands at a township's place: 001–099 a 街道, 100–199 a 镇, 200–399 a 乡, 400–599 a unit
    that administers like one, an economic zone or a farm, which is no township (source: GB/T 10114-2003).

    Raises: ValueError for a word that is no level.
    """
    found = Level(level)
    if found is Level.TOWNSHIP and "400" <= code[6:9] <= "599":
        return Level.ZONE
    return found


def prefixes_of(code: str) -> tuple[str, ...]:
    """The codes of every division that may hold `code`, widest first: province, city, county, township.

    A grid's or natural village's code is longer than twelve digits: its village is among them too.
    """
    ends = [2, 4, 6, 9, *([12] if len(code) > 12 else [])]  # noqa: PLR2004  (digits of a full code)
    found = (code[:end].ljust(12, "0") for end in ends)
    return tuple(dict.fromkeys(wide for wide in found if wide != code))


def check_divisions(rows: Iterable[DivisionRow], *, known: dict[str, str]) -> list[RowError]:
    """What is wrong with the rows of a file; `known` maps the codes already held to their levels."""
    levels: dict[str, str] = dict(known)
    seen: dict[str, int] = {}
    errors: list[RowError] = []
    for row in rows:
        errors += [RowError(row.number, message) for message in _faults(row, levels=levels, seen=seen)]
        seen.setdefault(row.code, row.number)
        levels[row.code] = row.level
    return errors


def _faults(row: DivisionRow, *, levels: dict[str, str], seen: dict[str, int]) -> Iterator[str]:
    if not CODE.fullmatch(row.code):
        yield f"代码“{row.code}”不是 12 位数字"
    if row.code in seen:
        yield f"代码 {row.code} 与第 {seen[row.code]} 行重复"
    if not row.name or len(row.name) > MAX_NAME:
        yield f"名称为空或超过 {MAX_NAME} 字"
    if row.level not in set(Level):
        yield f"级别“{row.level}”不认识，应为 {'、'.join(Level)}"
    else:
        yield from _faults_of_parent(row, levels=levels)


def _faults_of_parent(row: DivisionRow, *, levels: dict[str, str]) -> Iterator[str]:
    allowed = PARENTS[level_of(row.code, row.level)]
    if not row.parent:
        if allowed:
            yield "缺上级代码"
        return
    if row.parent not in levels:
        yield f"上级 {row.parent} 不在表中，也不在它的前面"
    elif levels[row.parent] not in allowed:
        yield f"{Level(row.level).label}的上级不能是 {row.parent}"
    if row.parent not in prefixes_of(row.code):
        yield f"代码 {row.code} 不在上级 {row.parent} 之下"
