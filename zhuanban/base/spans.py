"""Half-open spans of time, `[from, until)`: two that touch do not overlap, and no moment is counted twice."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COUNTY_TIME = ZoneInfo("Asia/Shanghai")  # source: one legal time for the whole country
# For languages that name them.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Span:
    """`starts_at <= moment < ends_at`, both aware."""

    starts_at: datetime
    ends_at: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


def day_of(at: datetime) -> date:
    """The county's calendar day of a moment."""
    return at.astimezone(COUNTY_TIME).date()


def span_of(day: date) -> Span:
    """The county's calendar day as a span of UTC moments."""
    start = datetime.combine(day, time.min, COUNTY_TIME)
    return Span(start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC))
