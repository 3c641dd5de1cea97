"""What the office reads off a venue's days, and how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from zhuanban.base.accounts.rules import Role
from zhuanban.base.choices import Choice

SEES = frozenset(
    {
        Role.COUNTY_OFFICE,
        Role.COUNTY_DUTY,
        Role.TOWNSHIP_OFFICE,
        Role.TOWNSHIP_DUTY,
        Role.VILLAGE,
        Role.GRID_WORKER,
        Role.INDUSTRY,
        Role.VENUE_MANAGER,
    }
)  # who has the pages of venues in the menu
DAYS = 14  # of a venue's picture; source: ui/d3-venue.png, and visits are kept no longer by default
LOW_SHARE = 80  # percent verified under which a day is marked; source: ui/d3-venue.png
SILENT_DAYS = 7  # without a verification a venue in use is listed as 近 7 天无核验; source: ui/d2-venues.png

WIDTH, HEIGHT, HEAD = 716, 160, 20  # px of the picture at 1440, of its bars, and above them for the figure
CHIP = 36  # px, the width of the mark behind a low share
GAP = 0.28  # of a column's width stays free


@dataclass(frozen=True, slots=True)
class Day:
    """A venue's day. `arrivals` is None where no journal of that day is held: 无数据, which is not nought."""

    day: date
    arrivals: int | None
    outcomes: Mapping[str, int] = field(default_factory=dict)  # people by outcome of their verification
    batch: int = 0  # of these, admitted together by one tap

    @property
    def verified(self) -> int:
        return sum(self.outcomes.values())

    @property
    def share(self) -> int | None:
        """Percent of arrivals that were verified; None where nobody came or nothing is held."""
        return share(self.verified, self.arrivals)

    @property
    def is_low(self) -> bool:
        return self.share is not None and self.share < LOW_SHARE


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar, in px from the upper left; no height where nothing is held."""

    day: Day
    x: float
    y: float
    width: float
    height: float
    middle: float
    is_today: bool

    @property
    def figure_y(self) -> float:
        """The baseline of the figure above the bar."""
        return round(self.y - 6, 1)

    @property
    def chip_x(self) -> float:
        """Where the mark behind a low share begins."""
        return round(self.middle - CHIP / 2, 1)


def share(verified: int, arrivals: int | None) -> int | None:
    """Percent, rounded down so that 100 means all; None where nobody came or nothing is held."""
    return min(100, 100 * verified // arrivals) if arrivals else None


def last_days(today: date) -> list[date]:
    """The days of the picture, oldest first, today last."""
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def bars(days: Sequence[Day]) -> list[Bar]:
    """One bar a day; the highest takes the whole height. The last is today's, still growing."""
    top = max((day.arrivals or 0 for day in days), default=0) or 1
    step = WIDTH / max(len(days), 1)
    return [_bar(place, day, step=step, top=top, is_today=place == len(days) - 1) for place, day in enumerate(days)]


def _bar(place: int, day: Day, *, step: float, top: int, is_today: bool) -> Bar:
    height = round(HEIGHT * (day.arrivals or 0) / top, 1)
    x = place * step + step * GAP / 2
    return Bar(
        day,
        x=round(x, 1),
        y=round(HEAD + HEIGHT - height, 1),
        width=round(step * (1 - GAP), 1),
        height=height,
        middle=round(place * step + step / 2, 1),
        is_today=is_today,
    )


class Deed(Choice):
    """What the history says of an audit row's verb."""

    ADD = "places.add_venue", "登记场所"
    CHANGE = "places.change_venue", "修改场所信息"
    SUSPEND = "places.suspend_venue", "暂停场所"
    RESUME = "places.resume_venue", "恢复场所"
    CLOSE = "places.close_venue", "注销场所"
    ADD_DOOR = "places.add_door", "加一个门"
    OPEN_DOOR = "places.open_door", "启用门"
    CLOSE_DOOR = "places.close_door", "停用门"
    ASSIGN = "places.assign", "安排岗位"
    END_POST = "places.end_post", "离岗"
    ISSUE = "codes.issue", "发场所码"
    REVOKE = "codes.revoke", "作废场所码"


def deed_of(verb: str) -> str:
    """The words for a verb; a verb from elsewhere is shown as it is."""
    return Deed(verb).label if verb in set(Deed) else verb
