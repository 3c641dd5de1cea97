"""Pages of the venues."""

from zhuanban.modules.venues.views.deeds import deed, door_deed, end_post, suspend_many
from zhuanban.modules.venues.views.pages import add, add_door, assign, change, index, venue
from zhuanban.modules.venues.views.types import add_type, change_type, types

__all__ = [
    "add",
    "add_door",
    "add_type",
    "assign",
    "change",
    "change_type",
    "deed",
    "door_deed",
    "end_post",
    "index",
    "suspend_many",
    "types",
    "venue",
]
