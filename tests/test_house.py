"""The house rules that no linter knows."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from zhuanban.base import modules
from zhuanban.base.accounts.rules import Role

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path
    for folder in ("zhuanban", "tests", "bench", "docs")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".html", ".css", ".js"} and "__pycache__" not in path.parts
)
LONGEST = 300  # lines
WRITES = {"save", "create", "update", "delete", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
INSTALLED = list(modules.installed())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    lines = path.read_text().count("\n")

    assert lines <= LONGEST or "migrations" in path.parts


def test_views_and_queries_write_nothing() -> None:
    """Every write stands in an action, where its audit row stands beside it (STYLE 2)."""
    rooms = [
        path
        for path in SOURCES
        if path.suffix == ".py" and {path.stem, path.parent.stem} & {"views", "queries", "forms"}
    ]

    found = [
        f"{path.relative_to(ROOT)}:{line}" for path in rooms if "tests" not in path.parts for line in _writes(path)
    ]

    assert found == []


def _writes(path: Path) -> list[int]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [(call, call.func) for call in calls if isinstance(call.func, ast.Attribute)]
    return [call.lineno for call, name in named if name.attr in WRITES and _is_of_rows(name.value)]


def _is_of_rows(node: ast.expr) -> bool:
    """Whether a dotted expression ends in a model's manager or a queryset: `X.objects….delete()`."""
    return "objects" in ast.dump(node)


def test_pages_carry_no_inline_script_or_style() -> None:
    """The content security policy would stop them in the browser; here the page's author is told."""
    templates = [path for path in SOURCES if path.suffix == ".html"]
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+=\"|\sstyle=\"|<style|https?://(?!www\.w3\.org)"
    )

    found = [str(path.relative_to(ROOT)) for path in templates if inline.search(path.read_text())]

    assert found == []


def test_every_hx_get_has_an_href_or_stands_in_a_form() -> None:
    """Without JavaScript the same link must work (STYLE 9)."""
    templates = [path for path in SOURCES if path.suffix == ".html"]
    elements = [
        (path, tag) for path in templates for tag in re.findall(r"<[a-z]+[^>]*\bhx-get=[^>]*>", path.read_text())
    ]

    lost = [
        str(path.relative_to(ROOT))
        for path, tag in elements
        if "href=" not in tag and "action=" not in tag and "data-poll" not in tag
    ]

    assert lost == []


def test_no_package_has_a_grab_bag() -> None:
    bags = {"utils", "helpers", "common", "service", "services", "manager", "managers", "misc"}

    assert [path for path in SOURCES if path.stem in bags] == []


@pytest.mark.parametrize("module", INSTALLED, ids=lambda module: module.url_name)
def test_a_module_keeps_its_contract(module: modules.Module) -> None:
    """One line in INSTALLED_APPS gives a menu entry, cards and a page; each of them must lead somewhere."""
    assert module.title and module.icon and reverse(module.url_name)
    assert module.roles and module.roles <= {role.value for role in Role}
    for card in module.cards:
        assert reverse(card.url_name) and card.title and card.unit


def test_the_menu_has_one_entry_a_place() -> None:
    places = [(module.group, module.order) for module in INSTALLED]

    assert len(places) == len(set(places)) and len(places) >= 2


def test_no_model_has_logic() -> None:
    """No `save` overrides, no managers with logic, no signals (STYLE 5)."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("zhuanban.")]

    assert [model for model in ours if {"save", "delete", "clean"} & set(vars(model))] == []
