"""What the parts of a page are made of: steps, moments, crumbs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a stepper. `note` stands below: a time and a role, or what is still to come."""

    title: Any
    note: Any = ""
    state: Literal["done", "now", "near", "late", "todo"] = "todo"


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline. A look at personal data is one too."""

    at: datetime
    who: str
    what: Any
    is_look: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    title: Any
    url: str = ""


class Late(str):
    """A card's note that speaks of something overdue: `note=lambda by: Late("1 条已超 12 分")`."""

    __slots__ = ()
