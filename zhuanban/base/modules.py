"""What a package tells the house about itself; the menu, the first page and the permission test read it.

A package that has pages puts `entry = Module(...)` on its AppConfig, under any name but `module`, which Django takes
for the package itself. One line in INSTALLED_APPS then gives it a menu
entry, its cards on the first page and its rows in the permission table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Card:
    """A figure on the first page. The whole card links to the rows it counts.

    `count(by)` is what `by` would see behind `url_name` + `query`; `note(by)` one line why it matters, or "".
    """

    title: str
    unit: str
    icon: str
    url_name: str
    query: str
    count: Callable[[Any], int]
    note: Callable[[Any], str] = field(default=lambda by: "")
    is_todo: bool = True  # counted into “今天要您办的 N 件”


@dataclass(frozen=True, slots=True)
class Module:
    """One entry of the desk's menu. `roles` are values of accounts.rules.Role; `badge(by)` counts what waits."""

    title: str
    icon: str
    url_name: str
    roles: frozenset[str]
    order: int
    group: int = 1  # entries of one group stand together between two rules
    badge: Callable[[Any], int] | None = None
    cards: tuple[Card, ...] = ()


def installed() -> Iterator[Module]:
    """Every installed package's module, in menu order."""
    declared = [value for config in apps.get_app_configs() for value in vars(type(config)).values()]
    found = [value for value in declared if isinstance(value, Module)]
    yield from sorted(found, key=lambda module: (module.group, module.order))
