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
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
STARTS_WITHIN = 150  # seconds, on two busy cores
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream"]


class County:
    """Where the county answers, and who may sign in: what `manage.py demo --json` prints."""

    def __init__(self, address: str, told: dict[str, Any], environment: dict[str, str]) -> None:
        self.address, self.told, self.environment = address, told, environment

    def login(self, role: str, division: str = "") -> dict[str, str]:
        return next(
            login for login in self.told["logins"] if login["role"] == role and login["division"].startswith(division)
        )

    def manage(self, *words: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout


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
        yield County(f"http://127.0.0.1:{port}", json.loads(told), environment)
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


@pytest.fixture
def open_page(browser: Browser, county: County) -> Iterator[Callable[..., Page]]:
    """`open_page(size, **options)`: a new person at a new device; a page that logs an error fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(size: dict[str, int], **options: Any) -> Page:
        context = browser.new_context(viewport=size, base_url=county.address, locale="zh-CN", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if _is_ours(said) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def _is_ours(said: Any) -> bool:
    """A refused request logs an error by itself; everything else on the console is a defect of the page."""
    return said.type == "error" and not re.search(r"status of (4\d\d|503)|ERR_INTERNET_DISCONNECTED", said.text)


@pytest.fixture
def shot(tmp_path: Path) -> Callable[[Page, str], Path]:
    """`shot(page, "portal-my")` keeps a picture under the directory that SHOTS names (`make shots`)."""
    folder = Path(os.getenv("SHOTS", str(tmp_path)))

    def taken(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        size = page.viewport_size or PHONE
        path = folder / f"{name}-{size['width']}x{size['height']}.png"
        page.screenshot(path=str(path))
        return path

    return taken
