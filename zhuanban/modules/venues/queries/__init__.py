"""Reading venues for the office: the list, one venue's page, and the figures of the first page."""

from zhuanban.modules.venues.queries.detail import DoorRow, VenuePage, venue_page
from zhuanban.modules.venues.queries.figures import (
    count_without_code,
    is_manager,
    note_without_code,
    sets_types,
    types_in_use,
)
from zhuanban.modules.venues.queries.listing import SPEC, Listing, for_export, listing, page, plain_search

__all__ = [
    "SPEC",
    "DoorRow",
    "Listing",
    "VenuePage",
    "count_without_code",
    "for_export",
    "is_manager",
    "listing",
    "note_without_code",
    "page",
    "plain_search",
    "sets_types",
    "types_in_use",
    "venue_page",
]
