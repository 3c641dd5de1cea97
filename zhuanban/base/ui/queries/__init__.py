"""Reading for every page: the menu, the figures of the first page, and a page of any list."""

from zhuanban.base.ui.queries.lists import (
    Chip,
    Condition,
    Head,
    ListPage,
    Options,
    Params,
    Tab,
    narrowed,
    page_of,
    sorted_rows,
)
from zhuanban.base.ui.queries.menu import Entry, Figure, figures, menu, sum_of

__all__ = [
    "Chip",
    "Condition",
    "Entry",
    "Figure",
    "Head",
    "ListPage",
    "Options",
    "Params",
    "Tab",
    "figures",
    "menu",
    "narrowed",
    "page_of",
    "sorted_rows",
    "sum_of",
]
