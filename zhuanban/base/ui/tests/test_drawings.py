"""What templates and stylesheets name exists, and what the tokens promise of contrast holds."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from zhuanban.base import modules
from zhuanban.base.ui.templatetags import ui

HOUSE = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
STATIC = Path(ui.SPRITE).parent


def test_every_icon_a_template_names_is_drawn() -> None:
    named = {
        (str(path.relative_to(HOUSE)), name)
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([a-z-]+)"', path.read_text())
    }

    assert {pair for pair in named if pair[1] not in ui.drawings()} == set()


def test_every_icon_a_module_names_is_drawn() -> None:
    named = chain.from_iterable((one.icon, *(card.icon for card in one.cards)) for one in modules.installed())

    assert set(named) <= set(ui.drawings())


def test_every_static_file_a_template_names_is_there() -> None:
    named = {
        (str(path.relative_to(HOUSE)), name)
        for path in TEMPLATES
        for name in re.findall(r"{% static ['\"]([^'\"]+)['\"]", path.read_text())
    }

    assert {pair for pair in named if finders.find(pair[1]) is None} == set()


def test_every_picture_a_stylesheet_names_is_there() -> None:
    named = {name for path in STATIC.glob("*.css") for name in re.findall(r'url\("([^")]+)"\)', path.read_text())}

    assert {name for name in named if not (STATIC / name).exists()} == set() and named


def test_every_token_a_stylesheet_uses_is_defined() -> None:
    text = "\n".join(path.read_text() for path in STATIC.glob("*.css"))

    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) <= set(re.findall(r"(--[a-z0-9-]+):", text))


# --- contrast -------------------------------------------------------------------------------------------------------

TEXT, EDGE = 4.5, 3.0  # source: WCAG 2.2, 1.4.3 and 1.4.11
LIGHT = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "ink-2", "ink-3", "accent", "late", "near")
        for ground in ("surface", "bg")
    ),
    *(("accent", ground, TEXT) for ground in ("accent-50", "surface-2")),
    *(("accent-h", ground, TEXT) for ground in ("accent-50", "accent-100")),
    ("ink-2", "rest", TEXT),
    ("ink-3", "rest", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-late", "late", TEXT),
    ("near", "near-bg", TEXT),
    ("late", "late-bg", TEXT),
    ("offline-ink", "offline-bg", TEXT),
    ("toast-ink", "toast", TEXT),
    ("toast-link", "toast", TEXT),
    *((f"on-{name}", name, TEXT) for name in ("green", "yellow", "red", "unverified")),
    *((name, "surface", EDGE) for name in ("edge", "data", "data-meter", "data-low")),
]
DARK = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "ink-2", "ink-3", "accent", "near", "late")
        for ground in ("surface", "bg")
    ),
    ("on-accent", "accent", TEXT),
    ("on-late", "late", TEXT),
    ("toast-ink", "toast", TEXT),
    ("toast-link", "toast", TEXT),
    ("edge", "surface", EDGE),
    ("edge", "bg", EDGE),
    *((f"on-{name}", name, TEXT) for name in ("green", "yellow", "red", "unverified")),
]


def _tokens() -> tuple[dict[str, str], dict[str, str]]:
    light, dark = (STATIC / "tokens.css").read_text().split('[data-theme="dark"]')
    read = re.compile(r"--([a-z0-9-]+): #([0-9a-f]{3}|[0-9a-f]{6});")
    plain = dict(read.findall(light))
    return plain, plain | dict(read.findall(dark))


def _luminance(colour: str) -> float:
    full = "".join(digit * 2 for digit in colour) if len(colour) == 3 else colour
    parts = (int(full[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("theme", "ink", "ground", "least"), [("light", *pair) for pair in LIGHT] + [("dark", *pair) for pair in DARK]
)
def test_a_pair_of_tokens_has_its_contrast(theme: str, ink: str, ground: str, least: float) -> None:
    tokens = _tokens()[theme == "dark"]

    bright, dim = sorted((_luminance(tokens[ink]), _luminance(tokens[ground])), reverse=True)

    assert (bright + 0.05) / (dim + 0.05) >= least
