"""docs/rules.md, written from the constants themselves: `python -m tests.rules_page`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rules.md"
HEAD = """# Numbers of the domain

Every number that decides something stands once, as a constant in a `rules.py`, with where it comes from. This page
lists them; a test compares it with the code (`python -m tests.rules_page` writes it anew). What is marked
*county-set* is a default that the county changes on a page; confirm it before going live.

| where | name | value | what it is, and its source |
|---|---|---|---|
"""


def rows() -> Iterator[str]:
    """A line for every upper-case constant of a rules room that carries a comment."""
    for path in sorted((ROOT / "zhuanban").rglob("*.py")):
        if "tests" in path.parts or not (path.stem == "rules" or path.parent.stem == "rules"):
            continue
        source = path.read_text()
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                line = source.splitlines()[statement.lineno - 1]
                comment = re.search(r"\s#\s(.*)$", line)
                name = statement.targets[0].id
                if comment and name.isupper():
                    value = ast.unparse(statement.value).replace("|", "\\|")
                    place = path.relative_to(ROOT / "zhuanban")
                    yield f"| `{place}` | `{name}` | `{value[:60]}` | {comment[1].replace('|', '/')} |\n"


def text() -> str:
    return HEAD + "".join(rows())


if __name__ == "__main__":
    PAGE.write_text(text())
