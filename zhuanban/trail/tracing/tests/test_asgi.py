"""The keeper's entrance, and the faces' line to it: once through the ASGI application, once through a real socket."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from zhuanban.base.errors import SignInFirst
from zhuanban.trail.tracing import queries
from zhuanban.trail.tracing.actions import Keeper
from zhuanban.trail.tracing.asgi import Entrance
from zhuanban.trail.tracing.asgi import now as clock
from zhuanban.trail.tracing.queries import KeeperDown
from zhuanban.trail.tracing.tests.conftest import DAY, NOON, session

Answer = tuple[int, dict[str, Any]]


def ask(entrance: Entrance, method: str, path: str, *parts: bytes) -> Answer:
    sent: list[Mapping[str, Any]] = []
    bodies = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    bodies.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Mapping[str, Any]:
        return bodies.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(entrance({"type": "http", "method": method, "path": path}, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.fixture
def entrance(keeper: Keeper) -> Entrance:
    entrance = Entrance(clock=lambda: NOON)
    entrance.keeper = keeper
    return entrance


def test_a_resident_asks_with_their_session(entrance: Entrance) -> None:
    body = json.dumps({"session": session()}).encode()

    status, content = ask(entrance, "POST", "/own", body[:9], body[9:])

    assert status == 200 and len(content["visits"]) == 13
    assert content["visits"][0][1:] == [1, "SELF", "2026-12-06"]


def test_without_a_session_nobody_is_answered(entrance: Entrance) -> None:
    assert ask(entrance, "POST", "/own", b'{"session": "x"}') == (
        401,
        {"code": "SIGN_IN_FIRST", "message": "请先登录"},
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'"x"', b'{"session": 5}', b"\xff", b'{"session": "' + b"x" * 2000 + b'"}']
)
def test_a_question_in_another_form_is_refused(entrance: Entrance, body: bytes) -> None:
    status, content = ask(entrance, "POST", "/own", body)

    assert (status, content["code"]) == (422, "BAD_QUESTION")


@pytest.mark.parametrize(("method", "path"), [("GET", "/own"), ("POST", "/health"), ("GET", "/"), ("POST", "/open")])
def test_there_is_no_other_question(entrance: Entrance, method: str, path: str) -> None:
    assert ask(entrance, method, path)[0] == 404


def test_health_turns_red_until_the_purge_has_run(entrance: Entrance) -> None:
    status, content = ask(entrance, "GET", "/health")
    assert (status, content["well"], content["days"], content["oldest"]) == (503, False, 16, "2026-11-08")

    assert entrance.keeper is not None
    entrance.keeper.keep_house(at=NOON)

    status, content = ask(entrance, "GET", "/health")
    assert (status, content["well"], content["days"], content["oldest"]) == (200, True, 14, "2026-11-10")
    assert content["last_purge"] == NOON.isoformat() and content["problem"] == ""


def test_housekeeping_begins_and_ends_with_the_server(keeper: Keeper, caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = []
    entrance = Entrance(clock=lambda: NOON + 3 * DAY)

    async def live() -> None:
        stop = asyncio.Event()
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Mapping[str, Any]:
            if said:
                await stop.wait()
            return next(messages)

        async def send(message: Mapping[str, Any]) -> None:
            said.append(message["type"])

        living = asyncio.create_task(entrance({"type": "lifespan"}, receive, send))
        await asyncio.to_thread(wait_for, lambda: entrance.keeper is not None and bool(entrance.keeper.problem))
        stop.set()
        await living

    asyncio.run(live())

    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert "CLOCK_JUMPED" in caplog.text  # the fixture's days against a clock three days on


def test_before_it_has_started_it_knows_nothing() -> None:
    assert ask(Entrance(), "GET", "/health")[0] == 404


# --- through a real socket ------------------------------------------------------------------------------------------


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_open() -> bool:
    try:
        queries.own_visits("")
    except KeeperDown:
        return False
    except SignInFirst:
        return True
    raise AssertionError("an empty session was answered")


@pytest.fixture
def served(keeper: Keeper, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The keeper as `make run` starts it, on this machine's clock."""
    address = str(tmp_path / "keeper.sock")
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--uds", address]
    places = {"VAR_DIR": settings.VAR, "KEYS_DIR": settings.KEYS, "VISITS_DIR": settings.VISITS}
    words = [*command, "--log-level", "critical", "zhuanban.trail.tracing.asgi:application"]
    with override_settings(KEEPER_SOCKET=address):
        process = subprocess.Popen(words, env={**os.environ, **{name: str(path) for name, path in places.items()}})
        wait_for(is_open)
        yield process
        process.terminate()
        process.wait()


def test_the_portal_asks_over_the_socket_and_is_told_when_nobody_answers(
    served: subprocess.Popen[bytes], keeper: Keeper
) -> None:
    with pytest.raises(SignInFirst):
        queries.own_visits("nobody's session")
    now = clock()
    assert queries.own_visits(session(issued_at=now - DAY)) == keeper.own(session(issued_at=now - DAY), at=now)

    served.terminate()
    served.wait()

    with pytest.raises(KeeperDown) as refused:
        queries.own_visits(session())
    assert (refused.value.code, refused.value.status) == ("KEEPER_DOWN", 503)


def test_an_answer_that_is_no_answer_is_a_keeper_that_is_down(tmp_path: Path) -> None:
    """A server that says 500: the page says that past days are missing."""
    address = str(tmp_path / "odd.sock")
    with socket.socket(socket.AF_UNIX) as listening, override_settings(KEEPER_SOCKET=address):
        listening.bind(address)
        listening.listen()
        threading.Thread(target=answer_500, args=[listening]).start()

        with pytest.raises(KeeperDown):
            queries.own_visits("x")


def answer_500(listening: socket.socket) -> None:
    line, _ = listening.accept()
    with line:
        line.recv(9999)
        line.sendall(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n")
