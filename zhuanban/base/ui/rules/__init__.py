"""Lists and clocks as people read them; plain Python, so that every face shows the same."""

from zhuanban.base.ui.rules.clocks import Clock, Day, Unit, clock_of, day_of_words, parts_of
from zhuanban.base.ui.rules.cursors import Cursor, read_cursor, write_cursor
from zhuanban.base.ui.rules.faces import CARE_COOKIE, Face
from zhuanban.base.ui.rules.lists import (
    Asked,
    BadList,
    Bulk,
    Column,
    Filter,
    ListSpec,
    Option,
    View,
    ask,
    value_of,
)
from zhuanban.base.ui.rules.parts import Crumb, Late, Moment, Step

__all__ = [
    "CARE_COOKIE",
    "Asked",
    "BadList",
    "Bulk",
    "Clock",
    "Column",
    "Crumb",
    "Cursor",
    "Day",
    "Face",
    "Filter",
    "Late",
    "ListSpec",
    "Moment",
    "Option",
    "Step",
    "Unit",
    "View",
    "ask",
    "clock_of",
    "day_of_words",
    "parts_of",
    "read_cursor",
    "value_of",
    "write_cursor",
]
