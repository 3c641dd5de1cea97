"""What the resident's pages show: each loads all that it needs, and says which part could not be had."""

from zhuanban.portal.queries.code import Health, Shown, health_of, is_held, shown
from zhuanban.portal.queries.homes import (
    home_words,
    is_unit,
    is_village,
    office_phone,
    townships,
    units,
    villages_of,
)
from zhuanban.portal.queries.own import (
    FamilyPage,
    Looked,
    correction_page,
    data_page,
    export_rest,
    family_page,
    looks,
    notice,
)
from zhuanban.portal.queries.visits import Stay, Stays, door_names, stays

__all__ = [
    "FamilyPage",
    "Health",
    "Looked",
    "Shown",
    "Stay",
    "Stays",
    "correction_page",
    "data_page",
    "door_names",
    "export_rest",
    "family_page",
    "health_of",
    "home_words",
    "is_held",
    "is_unit",
    "is_village",
    "looks",
    "notice",
    "office_phone",
    "shown",
    "stays",
    "townships",
    "units",
    "villages_of",
]
