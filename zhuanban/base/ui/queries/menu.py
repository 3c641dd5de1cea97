"""The menu and the figures of the first page, from what the installed packages say of themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from zhuanban.base import modules
from zhuanban.base.accounts.rules import By
from zhuanban.base.ui.rules import Face, Late


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    title: str
    icon: str
    url: str
    badge: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A card with its number: `url` leads to exactly the rows that `count` counts."""

    title: str
    unit: str
    icon: str
    count: int
    note: str
    url: str
    is_todo: bool
    is_late: bool


def menu(by: By, *, path: str, todo: int) -> list[list[Entry]]:
    """The modules `by` may enter, in groups; the current one is the longest address that `path` lies under.

    The first page's own badge is `todo`, the sum of everybody's cards.
    """
    mine = [(module, reverse(module.url_name)) for module in _modules_of(by)]
    home = reverse(Face.DESK.home)
    current = max((url for _module, url in mine if path == url or _is_under(path, url, home)), key=len, default="")
    groups: dict[int, list[Entry]] = {}
    for module, url in mine:
        badge = module.badge(by) if module.badge else todo * (module.url_name == Face.DESK.home)
        entry = Entry(_(module.title), module.icon, url, badge, url == current)
        groups.setdefault(module.group, []).append(entry)
    return list(groups.values())


def _is_under(path: str, url: str, home: str) -> bool:
    """The first page's address begins every other one, and is none of them."""
    return url != home and path.startswith(url)


def figures(by: By) -> list[Figure]:
    """The cards of the modules `by` may enter, counted."""
    return [_figure(card, by) for module in _modules_of(by) for card in module.cards]


def sum_of(counted: Iterable[Figure]) -> int:
    """The N of 今天要您办的 N 件."""
    return sum(figure.count for figure in counted if figure.is_todo)


def _modules_of(by: By) -> list[modules.Module]:
    roles = {scope.role.value for scope in by.scopes}
    return [module for module in modules.installed() if module.roles & roles]


def _figure(card: modules.Card, by: By) -> Figure:
    url = reverse(card.url_name) + (f"?{card.query.removeprefix('?')}" if card.query else "")
    note = card.note(by)
    return Figure(
        _(card.title), _(card.unit), card.icon, card.count(by), note, url, card.is_todo, isinstance(note, Late)
    )
