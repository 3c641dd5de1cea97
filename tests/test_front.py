"""One address for all: what is no scan goes to the desk and back unchanged; a desk that is down harms no scan."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from zhuanban import front

Desk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def scope(
    method: str = "GET", path: str = "/my/", *headers: tuple[bytes, bytes], query: bytes = b""
) -> dict[str, Any]:
    named = [(b"host", b"county.test"), *headers]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": named,
        "client": ("10.0.0.9", 5555),
        "scheme": "http",
    }


class Browser:
    """Sends `pieces` as the request's body, then waits; keeps what comes back."""

    def __init__(self, *pieces: bytes, leaves: bool = False) -> None:
        self.pieces, self.leaves = list(pieces) or [b""], leaves
        self.sent: list[Any] = []

    async def receive(self) -> dict[str, Any]:
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}
        if not self.leaves:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


@pytest.fixture
def relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Browser]:
    """One request through the front to a desk that behaves as told."""
    path = str(tmp_path / "desk.sock")
    monkeypatch.setenv("DESK_SOCKET", path)

    def run(asked: dict[str, Any], browser: Browser, desk: Desk) -> Browser:
        async def both() -> None:
            async with await asyncio.start_unix_server(desk, path):
                await asyncio.wait_for(front.application(asked, browser.receive, browser.send), 5)

        asyncio.run(both())
        return browser

    return run


def answering(*pieces: bytes, seen: list[bytes] | None = None, until: bytes = b"\r\n\r\n") -> Desk:
    async def desk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got = await reader.readuntil(until)
        if seen is not None:
            seen.append(got)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.close()

    return desk


def test_a_page_of_the_desk_comes_through_with_the_address_of_its_reader(relay: Callable[..., Browser]) -> None:
    seen: list[bytes] = []
    spoofed = (
        (b"x-forwarded-for", b"6.6.6.6"),
        (b"x-internal", b"1:ff"),
        (b"connection", b"upgrade"),
        (b"cookie", b"a=b"),
    )
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: 9\r\n\r\nhello"
    )

    got = relay(scope("GET", "/我的/", *spoofed, query=b"q=1"), Browser(), answering(answer, seen=seen))

    assert (got.status, got.body) == (200, b"hello") and b"keep-alive" not in got.headers
    assert [value for name, value in got.sent[0]["headers"] if name == b"set-cookie"] == [b"a=1", b"b=2"]
    lines = seen[0].split(b"\r\n")
    assert (
        lines[0] == b"GET /%E6%88%91%E7%9A%84/?q=1 HTTP/1.1"
        and b"cookie: a=b" in lines
        and b"host: county.test" in lines
    )
    assert b"x-forwarded-for: 10.0.0.9" in lines and b"connection: close" in lines
    assert b"6.6.6.6" not in seen[0] and b"x-internal" not in seen[0]


def test_a_long_answer_is_passed_on_piece_by_piece(relay: Callable[..., Browser]) -> None:
    large = b"x" * 200_000
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;a=b\r\ndefg\r\n0\r\n\r\n"
    counted = b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n" + large
    to_the_end = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\n\r\n" + large

    found = [relay(scope(), Browser(), answering(answer)) for answer in (chunked, counted, to_the_end)]

    assert [got.body for got in found] == [b"abcdefg", large, large] and found[2].status == 201
    assert len(found[1].sent) > 4 and b"transfer-encoding" not in found[0].headers


def test_an_upload_is_passed_on_with_its_length_or_in_chunks(relay: Callable[..., Browser]) -> None:
    seen: list[bytes] = []
    done = b"HTTP/1.1 204 No Content\r\n\r\n"
    length = (b"content-length", b"6")

    relay(scope("POST", "/a", length), Browser(b"abc", b"def"), answering(done, seen=seen, until=b"abcdef"))
    relay(scope("POST", "/b"), Browser(b"abc", b"def"), answering(done, seen=seen, until=b"0\r\n\r\n"))

    assert seen[0].endswith(b"\r\n\r\nabcdef") and b"chunked" not in seen[0]
    assert seen[1].endswith(b"\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n") and b"transfer-encoding: chunked" in seen[1]


def test_a_head_request_has_no_body_whatever_its_length_says(relay: Callable[..., Browser]) -> None:
    got = relay(scope("HEAD"), Browser(), answering(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n"))

    assert got.status == 200 and got.body == b"" and got.headers[b"content-length"] == b"500"


def test_a_desk_that_is_down_is_said_so_and_scans_are_not_touched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DESK_SOCKET", str(tmp_path / "nobody.sock"))
    browser, calls = Browser(), []

    async def gate(asked: Any, *_: Any) -> None:
        calls.append(asked.get("path"))

    monkeypatch.setattr(front, "gate", gate)
    asyncio.run(front.application(scope(path="//evil.example/x"), browser.receive, browser.send))
    for path in ("/s/abc", "/s", "/s/-/x.css", "/gate/enter"):
        asyncio.run(front.application(scope("POST", path), browser.receive, browser.send))
    asyncio.run(front.application({"type": "lifespan"}, browser.receive, browser.send))

    assert browser.status == 502 and "扫码进门不受影响" in browser.body.decode()
    assert b'href="/evil.example/x"' in browser.body
    assert browser.headers[b"retry-after"] == b"3" and calls == ["/s/abc", "/s", "/s/-/x.css", "/gate/enter", None]


def test_a_desk_that_says_nothing_or_nonsense_is_down_too(relay: Callable[..., Browser]) -> None:
    for nonsense in (b"", b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\na: " + b"x" * 400_000):
        assert relay(scope(), Browser(), answering(nonsense)).status == 502


def test_half_an_answer_is_not_taken_for_a_whole_one(relay: Callable[..., Browser]) -> None:
    halves = (
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhalf",
    )

    for half in halves:
        browser = Browser()
        with pytest.raises(front.BadGateway):
            relay(scope(), browser, answering(half))
        assert browser.status == 200 and browser.sent[-1].get("more_body", True) is True


def test_a_browser_that_leaves_lets_the_desk_go(relay: Callable[..., Browser]) -> None:
    left: list[bytes] = []

    async def desk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        left.append(await reader.read())
        writer.close()

    got = relay(scope(), Browser(leaves=True), desk)

    assert left == [b""] and got.status == 502
