"""The strings people see, and the English catalogue: `python -m tests.messages` adds new ones and compiles it.

gettext's own tools need a compiler's worth of packages; the few forms that we use are read here: calls of gettext in
Python, translate tags in templates, the labels of a Choice, the sentences of every kind of Refusal, the titles of a
Module.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "zhuanban"
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "mark", "words"}
DECLARES = {"Module", "Card", "Column", "Filter", "View", "ListSpec", "Choice"}
TEXT = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATE = re.compile(rf"\b(_|n?p?gettext)\(((?:{TEXT},?\s*)+)")
ELSEWHERE = {"tests", "migrations", "locale", "demo"}
CHINESE = re.compile(r"[一-鿿]")


class Message(NamedTuple):
    """What the catalogue finds a translation by."""

    text: str
    context: str = ""
    plural: str = ""

    @classmethod
    def of(cls, call: str, texts: Iterable[str]) -> Self:
        """`npgettext` says a context first and a plural last."""
        said = list(texts)
        context = said.pop(0) if "pgettext" in call else ""
        return cls(said[0], context, said[1] if call.startswith("n") else "")


def messages() -> dict[Message, str]:
    """Every message, and the first place where it stands."""
    found: dict[Message, str] = {}
    paths = [path for path in sorted(ROOT.rglob("*")) if not set(path.relative_to(ROOT).parts) & ELSEWHERE]
    trees = {path: ast.parse(path.read_text()) for path in paths if path.suffix == ".py"}
    refusals = _refusals(trees.values())
    for path in paths:
        for message in _in_python(trees[path], refusals) if path in trees else _in_template(path):
            found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def _in_template(path: Path) -> Iterator[Message]:
    if path.suffix in {".html", ".txt"} and "templates" in path.parts:
        for call in IN_TEMPLATE.finditer(templatize(path.read_text())):
            yield Message.of(call[1], map(ast.literal_eval, re.findall(TEXT, call[2])))


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


def _in_python(tree: ast.Module, refusals: set[str]) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in {"pgettext", "ngettext", "npgettext"}:
            yield Message.of(_name(node.func), _strings(node.args))
    yield from (Message(text) for text in _said(tree, refusals) if not text.isascii())


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


def key(entry: polib.POEntry | polib.MOEntry) -> Message:
    return Message(entry.msgid, entry.msgctxt or "", entry.msgid_plural or "")


def english(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    """Its translation; one and many where it has both."""
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def _entry(message: Message) -> polib.POEntry:
    both = {"msgid_plural": message.plural, "msgstr_plural": {0: "", 1: ""}} if message.plural else {}
    return polib.POEntry(msgid=message.text, msgctxt=message.context or None, **both)


def read() -> polib.POFile:
    return polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile(wrapwidth=0)


def main() -> None:
    catalogue, now = read(), messages()
    catalogue.wrapwidth = 0
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    known = {key(entry): entry for entry in catalogue}
    for gone in set(known) - set(now):
        catalogue.remove(known[gone])
    for new in sorted(set(now) - set(known)):
        catalogue.append(_entry(new))
    for entry in catalogue:
        entry.occurrences = [(now[key(entry)], "")]
    catalogue.sort(key=lambda entry: (entry.occurrences[0][0], entry.msgid))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    print(f"{len(catalogue)} strings, {len(catalogue.untranslated_entries())} without English")


if __name__ == "__main__":
    main()
