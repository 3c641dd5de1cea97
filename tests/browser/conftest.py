"""The living county, started as a newcomer starts it, and a real Chromium to walk it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.people import NOBODY, SIZES, Open, People, Size

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 180  # seconds, on two busy cores
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--use-fake-ui-for-media-stream"]
# A refused request logs an error by itself; everything else on the console is a defect of the page.
OF_THE_NETWORK = re.compile(r"status of (4\d\d|502|503)|ERR_INTERNET_DISCONNECTED")


class County:
    """Where the county answers, and who may sign in: what `manage.py demo --json` prints."""

    def __init__(self, address: str, told: dict[str, Any]) -> None:
        self.address, self.told = address, told

    def door(self, number: int) -> dict[str, Any]:
        door: dict[str, Any] = self.told["doors"][number]
        return door

    def phone(self, number: int) -> str:
        """Of the demo's residents, 0 and 1 are green with a family, 2 to 4 red, 5 to 8 yellow."""
        return str(self.told["residents"][number]["phone"])


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """`python -m zhuanban.run` on a free port, with everything under a temporary directory."""
    port, home = _free_port(), tmp_path_factory.mktemp("county")
    environment = {**os.environ, "DEMO": "1", "PORT": str(port), "VAR_DIR": str(home), "DATABASE_URL": ""}
    for name in ("GATE_URL", "DESK_SOCKET", "KEEPER_SOCKET", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    environment["GATE_URL"] = f"http://127.0.0.1:{port}"
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "zhuanban.run"]
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/", running, home / "log")
        shown = [sys.executable, str(ROOT / "manage.py"), "demo", "--json"]
        told = subprocess.run(shown, env=environment, check=True, capture_output=True, text=True).stdout
        yield County(f"http://127.0.0.1:{port}", json.loads(told))
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if running.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the county did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium.find()
    if found is None:
        if os.getenv("CI"):
            pytest.fail("Chromium is required where CI is set")
        pytest.skip("!! no Chromium on this machine: the browser tests DID NOT RUN")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def crowd(browser: Browser, county: County) -> People:
    return People(browser, county.address, guarded=int(county.door(0)["door"]))


@pytest.fixture(params=list(SIZES.values()), ids=list(SIZES))
def size(request: pytest.FixtureRequest) -> Size:
    chosen: Size = request.param
    return chosen


@pytest.fixture
def open_page(crowd: People) -> Iterator[Open]:
    """`open_page(size, who)`: a page in somebody's hands; one that logs an error fails the test."""
    opened: list[Page] = []
    errors: list[str] = []

    def open_one(size: Size, who: str = NOBODY, **options: Any) -> Page:
        page = crowd.page(who, size, **options)
        opened.append(page)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if _is_ours(said) else None)
        return page

    yield open_one
    for page in opened:
        crowd.leave(page)
    assert errors == []


def _is_ours(said: Any) -> bool:
    return said.type == "error" and not OF_THE_NETWORK.search(said.text)


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """`shot(page, "portal-my")` keeps pictures in the directory that SHOTS names (`make shots`), else nothing."""
    folder = os.getenv("SHOTS", "")

    def taken(page: Page, name: str) -> None:
        if folder:
            keep(page, Path(folder), name)

    return taken


def keep(page: Page, folder: Path, name: str) -> None:
    """What the screen shows; and, where the page is longer, the whole of it."""
    folder.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or next(iter(SIZES.values()))
    page.wait_for_load_state()
    named = f"{name}-{size['width']}x{size['height']}"
    page.screenshot(path=str(folder / f"{named}.png"))
    if page.evaluate("document.documentElement.scrollHeight") > size["height"] + 1:
        page.screenshot(path=str(folder / f"{named}-whole.png"), full_page=True)
