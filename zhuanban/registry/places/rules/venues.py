"""What a venue must say of itself before it gets doors, and who may add or run one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from stdnum.cn import uscc as stdnum_uscc

from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal
from zhuanban.registry.places.rules.kinds import Sector, Setting, Unverified

MAX_NAME = 80  # characters of a venue's name, as the table holds
MAX_ADDRESS = 120  # characters of an address, as the table holds
MAX_DOOR_NAME = 30  # characters of a door's name, as the table holds
MAX_TYPE_NAME = 30  # characters of a type's name, as the table holds
MAX_REASON = 100  # characters of a reason, as it is read out in the history
MIN_STAY, MAX_STAY = 1, 24 * 60  # minutes of a default stay; a day is the most that an estimate may claim
LON, LAT = (73.0, 136.0), (3.0, 54.0)  # degrees; the country's own span catches a swapped pair

MAY_MANAGE = (Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE)  # add, suspend, resume, close; doors and codes
MAY_STAFF = (*MAY_MANAGE, Role.VENUE_MANAGER)  # who stands at the doors

MAY_SET_TYPES = (Role.COUNTY_OFFICE,)
POSTS = (Role.VENUE_MANAGER, Role.CHECKER, Role.GRID_WORKER)  # what somebody may be at a venue
AREA_POSTS = (Role.GRID_WORKER, Role.VILLAGE)  # serve an area, not the venue's own organisation

_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[–—~～-]\s*(\d{1,2}):(\d{2})")


class NoUscc(Choice):
    """Why a venue has no 统一社会信用代码: a stated reason, so that an empty field is never an oversight."""

    UNLICENSED = "个体未办照", "个体未办照"
    COLLECTIVE = "村集体场所", "村集体场所"
    ESTATE = "居民小区", "居民小区"
    VEHICLE = "公交、出租等车辆", "公交、出租等车辆"
    TEMPORARY = "临时场所", "临时场所"
    INSIDE = "内设门点，用上级代码", "内设门点，用上级代码"


class Fault(Choice):
    """What may be wrong with a venue: the value names the field (before the dot), the label says it there."""

    NAME = "name", "请写场所全称，不超过 80 字，与营业执照一致"
    NO_TYPE = "type.missing", "请选一个类型"
    TYPE = "type", "没有这个场所类型"
    NO_DIVISION = "division.missing", "请选场所在哪个村（社区）"
    DIVISION = "division", "没有这个村（社区）"
    NOT_YOURS = "division.scope", "这个村（社区）不在您管的范围内"
    ADDRESS = "address", "请写到路名和门牌，不超过 120 字，居民在扫码页上靠它认门"
    NO_USCC = "uscc.missing", "请填 18 位统一社会信用代码；没有的，请在下面选原因"
    USCC = "uscc.wrong", "统一社会信用代码校验不通过，请对照执照核对 18 位"
    REASON = "no_uscc_reason", "已填统一社会信用代码，这里应留空"
    HALF_HOURS = "closes_at", "开门和关门时间要么都填，要么都不填"
    NO_HOURS = "closes_at.same", "开门和关门是同一时刻；全天营业请两项都不填"
    STAY = "stay_minutes", "默认停留应在 1 到 1440 分钟之间"
    HALF_POINT = "lat", "经度和纬度要么都填，要么都不填"
    POINT = "lon", "经纬度以度为单位，经度 73 到 136，纬度 3 到 54"
    ORGANISATION = "organisation", "您管的范围内没有这个单位；新单位请留空，按场所名登记"
    DOORS = "doors", "每行一个门，不重名，每个不超过 30 字"

    @property
    def field(self) -> str:
        return self.value.partition(".")[0]


class BadVenue(Refusal):
    """What is wrong with a venue, at most one fault a field."""

    code = "BAD_VENUE"
    status = 422

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("；".join(fault.label for fault in faults))


class HouseRule(Refusal):
    """One thing typed is not so: the message says which and why."""

    code = "NOT_SO"
    status = 422


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """What the office types about a venue. `lon` and `lat` in degrees, WGS84; both or neither."""

    name: str
    type: str  # VenueType.code
    division: str
    address: str
    uscc: str = ""
    no_uscc_reason: str = ""
    opens_at: time | None = None
    closes_at: time | None = None  # before opens_at: past midnight
    setting: Setting | None = None  # None: as the type says
    stay_minutes: int | None = None  # None: as the type says
    is_key: bool | None = None  # None: as the type says
    lon: float | None = None
    lat: float | None = None


def check_venue(facts: VenueFacts) -> None:
    """Raises: BadVenue, with every field that is wrong."""
    faults = (fault for fault in (*_of_words(facts), _of_uscc(facts), _of_hours(facts), _of_point(facts)) if fault)
    if found := tuple(faults):
        raise BadVenue(*found)


def _of_words(facts: VenueFacts) -> Iterator[Fault]:
    if not facts.name.strip() or len(facts.name) > MAX_NAME:
        yield Fault.NAME
    if not facts.address.strip() or len(facts.address) > MAX_ADDRESS:
        yield Fault.ADDRESS
    if facts.stay_minutes is not None and not MIN_STAY <= facts.stay_minutes <= MAX_STAY:
        yield Fault.STAY


def _of_uscc(facts: VenueFacts) -> Fault | None:
    if not facts.uscc:
        return None if facts.no_uscc_reason.strip() else Fault.NO_USCC
    if facts.no_uscc_reason.strip():
        return Fault.REASON
    return None if stdnum_uscc.is_valid(facts.uscc) else Fault.USCC


def _of_hours(facts: VenueFacts) -> Fault | None:
    if (facts.opens_at is None) != (facts.closes_at is None):
        return Fault.HALF_HOURS
    return Fault.NO_HOURS if facts.opens_at is not None and facts.opens_at == facts.closes_at else None


def _of_point(facts: VenueFacts) -> Fault | None:
    if facts.lon is None or facts.lat is None:
        return None if facts.lon is facts.lat else Fault.HALF_POINT
    is_here = LON[0] <= facts.lon <= LON[1] and LAT[0] <= facts.lat <= LAT[1]
    return None if is_here else Fault.POINT


def clean_uscc(text: str) -> str:
    """As it is stored: upper case, without the spaces of a copy from a licence."""
    return re.sub(r"\s", "", text).upper()


def check_shift(text: str) -> str:
    """A shift as it is shown, “07:30–14:00”, or "" for the whole day. Raises: HouseRule."""
    if not text.strip():
        return ""
    found = _SHIFT.fullmatch(text.strip())
    hours = [int(part) for part in found.groups()] if found else [99]
    if not found or any(hour > 23 for hour in hours[::2]) or any(minute > 59 for minute in hours[1::2]):  # noqa: PLR2004
        raise HouseRule("班次请写成“07:30–14:00”；全天请留空")
    return f"{hours[0]:02}:{hours[1]:02}–{hours[2]:02}:{hours[3]:02}"


def check_stay(minutes: int) -> int:
    """Raises: HouseRule."""
    if not MIN_STAY <= minutes <= MAX_STAY:
        raise HouseRule("默认停留应在 1 到 1440 分钟之间")
    return minutes


def check_name(name: str) -> str:
    """A door's name, trimmed. Raises: HouseRule."""
    if not name.strip() or len(name.strip()) > MAX_DOOR_NAME:
        raise HouseRule("门的名称要写，不超过 30 字，如“正门”“后门”")
    return name.strip()


def check_reason(reason: str) -> str:
    """A reason as the history shows it, trimmed. Raises: HouseRule."""
    if not reason.strip() or len(reason.strip()) > MAX_REASON:
        raise HouseRule("请写原因，不超过 100 字，它会留在经过里")
    return reason.strip()


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """What the county sets for a kind of venue."""

    name: str
    sector: Sector
    setting: Setting
    stay_minutes: int
    unverified: Unverified
    is_key: bool = False
    is_medical: bool = False


def check_type(facts: TypeFacts) -> None:
    """Raises: HouseRule."""
    if not facts.name.strip() or len(facts.name) > MAX_TYPE_NAME:
        raise HouseRule("类型名称要写，不超过 30 字")
    check_stay(facts.stay_minutes)
    if facts.is_medical and facts.unverified is Unverified.HOLD:
        raise HouseRule("医疗场所不得因未核验让病人在门外等候，请改为查看后放行")


@dataclass(frozen=True, slots=True)
class PostFacts:
    """Who serves where: `account` and `door` are keys of their rows; no door means the whole venue."""

    account: int
    role: Role
    from_day: date
    until_day: date | None = None  # the first day no longer served
    door: int | None = None
    shift: str = ""


def check_day_span(from_day: date, until_day: date | None) -> None:
    """Raises: HouseRule."""
    if until_day is not None and until_day <= from_day:
        raise HouseRule("离岗日期应在到岗日期之后")


def reaches(by: By, division: str, sector: str) -> bool:
    """Whether `by` runs venues of `sector` in `division`."""
    return any(
        division.startswith(scope.division) and (not scope.sectors or sector in scope.sectors)
        for scope in by.scopes_of(*MAY_MANAGE)
    )
