"""The strings people see, and the English catalogue: `python -m tests.messages` adds new ones and compiles it.

gettext's own tools need a compiler's worth of packages; the few forms that we use are read here: calls of gettext in
Python, translate tags in templates, the labels of a Choice, the sentences of every kind of Refusal, the titles of a
Module.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "zhuanban"
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "mark", "words"}
DECLARES = {"Module", "Card", "Column", "Filter", "View", "ListSpec", "Choice"}
IN_TEMPLATE = re.compile(r"\b(?:_|gettext|ngettext)\(u?((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\"))")
ELSEWHERE = {"tests", "migrations", "locale", "demo"}
CHINESE = re.compile(r"[一-鿿]")


def messages() -> dict[str, str]:
    """Every msgid, and the first place where it stands."""
    found: dict[str, str] = {}
    paths = [path for path in sorted(ROOT.rglob("*")) if not set(path.relative_to(ROOT).parts) & ELSEWHERE]
    trees = {path: ast.parse(path.read_text()) for path in paths if path.suffix == ".py"}
    refusals = _refusals(trees.values())
    for path in paths:
        for message in _in_python(trees[path], refusals) if path in trees else _in_template(path):
            found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def _in_template(path: Path) -> Iterator[str]:
    if path.suffix in {".html", ".txt"} and "templates" in path.parts:
        yield from (ast.literal_eval(text) for text in IN_TEMPLATE.findall(templatize(path.read_text())))


def _refusals(trees: Iterable[ast.Module]) -> set[str]:
    """The names of all classes that come of Refusal, however far down."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known: set[str] = set()
    while more := {name for name, above in bases.items() if above & (known | {"Refusal"})} - known:
        known |= more
    return known


def _in_python(tree: ast.Module, refusals: set[str]) -> Iterator[str]:
    for text in _said(tree, refusals):
        if not text.isascii():
            yield text


def _said(tree: ast.Module, refusals: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(_name(base) == "Choice" for base in node.bases):
            for statement in node.body:
                if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
                    yield from _strings(statement.value.elts[1:])
        elif isinstance(node, ast.Call) and _name(node.func) in CALLS | refusals:
            yield from _strings(node.args[:1])
        elif isinstance(node, ast.Call) and _name(node.func) in DECLARES:
            yield from _strings([*node.args, *(keyword.value for keyword in node.keywords)])


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _strings([node.body, node.orelse])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def read() -> polib.POFile:
    return polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile(wrapwidth=0)


def main() -> None:
    catalogue, now = read(), messages()
    catalogue.wrapwidth = 0
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    known = {entry.msgid: entry for entry in catalogue}
    for gone in set(known) - set(now):
        catalogue.remove(known[gone])
    for new in sorted(set(now) - set(known)):
        catalogue.append(polib.POEntry(msgid=new, msgstr=""))
    for entry in catalogue:
        entry.occurrences = [(now[entry.msgid], "")]
    catalogue.sort(key=lambda entry: (entry.occurrences[0][0], entry.msgid))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    print(f"{len(catalogue)} strings, {len(catalogue.untranslated_entries())} without English")


if __name__ == "__main__":
    main()
