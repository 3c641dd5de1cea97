"""Pages without a framework: HTML files with `$name` in them, filled with escaped text, read once a process."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "gate"
SLOT = re.compile(r"\$([a-z_0-9]+)")
FOR_AUTHORS = re.compile(r"<!--.*?-->\n?|(?<=\n)\s+", re.DOTALL)  # comments and indentation
BOLD = str.maketrans({"⟦": "<b>", "⟧": "</b>"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def fill(template: str, values: Mapping[str, object]) -> Html:
    """`templates/gate/<template>.html` with every `$name` replaced; whatever is not Html is escaped.

    Raises: KeyError — the page has a slot that nobody fills.
    """
    pieces = _pieces(template)
    filled = [piece if turn % 2 == 0 else _shown(values[piece]) for turn, piece in enumerate(pieces)]
    return Html("".join(filled))


def each(template: str, rows: list[dict[str, object]]) -> Html:
    return Html("".join(fill(template, row) for row in rows))


def rich(text: str) -> Html:
    """Escaped, with ⟦…⟧ in bold: the one emphasis a translated sentence may carry."""
    return Html(escape(text).translate(BOLD))


def when(condition: object, text: str) -> Html:
    """An attribute or a class that is there or not."""
    return Html(text if condition else "")


@cache
def _pieces(template: str) -> tuple[str, ...]:
    """Literal, slot, literal, slot, …, literal."""
    source = (FOLDER / f"{template}.html").read_text()
    return tuple(SLOT.split(FOR_AUTHORS.sub("", source)))


def _shown(value: object) -> str:
    return value if isinstance(value, Html) else escape(str(value))
