"""What every page must be: readable by all, and walkable without a mouse."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

READABLE = (Path(__file__).parent / "readable.js").read_text()
TOUCH, MOUSE = 44, 30  # pixels that a finger and a mouse need; source: UI.md, tokens

# What has the focus, and whether it looks otherwise than without.
FOCUSED = """
() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const seen = [e, e.parentElement, ...(e.labels ?? []), ...e.children];
  const look = () => seen.flatMap((one) => {
    const s = getComputedStyle(one);
    const around = [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor];
    return [...around, s.backgroundColor, s.stroke, s.strokeWidth];
  }).join();
  const focused = look(), b = e.getBoundingClientRect();
  const x = b.x + b.width / 2, y = b.y + b.height / 2, top = document.elementFromPoint(x, y);
  const labelled = [...(e.labels ?? [])].some((label) => label.contains(top));
  const hidden = b.width > 1 && !(e.contains(top) || top?.contains(e) || labelled);
  e.blur();
  const plain = look();
  e.focus({ preventScroll: true });
  return { name: e.outerHTML.slice(0, 100), shows: focused !== plain, covered: hidden && top?.outerHTML.slice(0, 60) };
}
"""


def check_readable(page: Page, *, touch: int = TOUCH) -> None:
    """Names, labels, contrast, targets big enough, one place an id, nothing beyond the edge."""
    wrong = _evaluated(page, touch)
    assert wrong == [], "\n".join([page.url, *wrong])


def _evaluated(page: Page, touch: int) -> list[str]:
    """Once more where the page was just being replaced by the one its form leads to."""
    page.wait_for_load_state()
    try:
        return list(page.evaluate(READABLE, touch))
    except Error:
        page.wait_for_timeout(1000)
        page.wait_for_load_state()
        return list(page.evaluate(READABLE, touch))


def check_focus(page: Page, *, steps: int = 40) -> None:
    """Tab goes through everything once, showing each time where it is, with nothing lying over it."""
    seen: list[dict[str, Any]] = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        seen.append(focused)
    assert seen, f"{page.url}: Tab reaches nothing"
    silent = [one["name"] for one in seen if not one["shows"]]
    assert silent == [], f"{page.url}: have the focus and do not show it: {silent}"
    covered = [(one["name"], one["covered"]) for one in seen if one["covered"]]
    assert covered == [], f"{page.url}: have the focus and lie under something: {covered}"
