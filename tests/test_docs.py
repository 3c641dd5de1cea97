"""What the documents say is so."""

import re
from pathlib import Path

import pytest

from tests import rules_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
CODE_PATH = re.compile(r"`((?:zhuanban|tests|docs|deploy|bench)/[\w./-]+)`")
WANTED = [
    *("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
    *(f"docs/{page}.md" for page in ("check-in", "glossary", "settings", "rules", "promises", "operations")),
]


@pytest.mark.parametrize("name", WANTED)
def test_the_page_exists(name: str) -> None:
    assert (ROOT / name).stat().st_size > 500


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_every_path_leads_somewhere(page: Path) -> None:
    text = page.read_text()

    lost = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    lost += [path for path in CODE_PATH.findall(text) if not (ROOT / path).exists()]

    assert lost == []


def test_the_settings_page_lists_every_setting_and_no_other() -> None:
    sources = [ROOT / "zhuanban" / name for name in ("settings.py", "run.py", "front.py")]
    read = {
        name for path in sources for name in re.findall(r"(?:getenv|environ\.get)\(\s*\"([A-Z_]+)\"", path.read_text())
    }

    listed = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))

    assert listed == read


def test_the_rules_page_is_what_the_rules_say() -> None:
    assert rules_page.PAGE.read_text() == rules_page.text()


def test_make_knows_every_command_that_the_pages_show() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {word for page in PAGES for word in re.findall(r"`make ([a-z-]+)", page.read_text())}

    assert shown <= targets


def test_every_promise_names_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "promises.md").read_text()
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", page)

    lost = [f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text()]

    assert named and lost == []


def test_the_two_readmes_say_the_same_in_two_languages() -> None:
    english, chinese = (ROOT / "README.md").read_text(), (ROOT / "README.zh-CN.md").read_text()

    assert re.findall(r"\]\(([^)]+)\)", english)[1:] == re.findall(r"\]\(([^)]+)\)", chinese)[1:]
    assert re.findall(r"```\w*\n(.*?)```", english, re.DOTALL) == re.findall(r"```\w*\n(.*?)```", chinese, re.DOTALL)
