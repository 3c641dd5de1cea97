"""Times as people write them, in the county's zone."""

from datetime import date, datetime, timedelta

from zhuanban.base.spans import COUNTY_TIME, MONTHS
from zhuanban.trail.gate.http.words import Words


def clock(at: datetime) -> str:
    """10:24:37"""
    return f"{at.astimezone(COUNTY_TIME):%H:%M:%S}"


def minute(at: datetime) -> str:
    """10:24"""
    return f"{at.astimezone(COUNTY_TIME):%H:%M}"


def day(one: date, _: Words) -> str:
    """11 月 23 日"""
    return _("{month} 月 {day} 日").format(month=one.month, day=one.day, mon=MONTHS[one.month - 1])


def weekday(one: date, _: Words) -> str:
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return names[one.weekday()]


def moment(at: datetime, _: Words) -> str:
    """11 月 23 日 06:00; midnight ends the day before: 11 月 22 日 24:00."""
    local = at.astimezone(COUNTY_TIME)
    if (local.hour, local.minute) == (0, 0):
        return f"{day(local.date() - timedelta(days=1), _)} 24:00"
    return f"{day(local.date(), _)} {local:%H:%M}"


def since(at: datetime, now: datetime, _: Words) -> str:
    """10:21 of today, else with its day."""
    same_day = at.astimezone(COUNTY_TIME).date() == now.astimezone(COUNTY_TIME).date()
    return minute(at) if same_day else moment(at, _)


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)
