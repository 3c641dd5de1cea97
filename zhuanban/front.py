"""One address for `make run`: scans go to the gate in this process, everything else is passed on to the desk's.

In production the TLS proxy does this (deploy/). Here it is the simplest thing that keeps the processes apart: when the
desk is down or busy, people are still let in.

    /s/…  /gate/…   the gate, in this process (what comes in under /gate/ must be signed by a process of ours)
    anything else   HTTP/1.1 over the desk's unix socket, one connection a request, streamed both ways
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

from zhuanban.trail.gate.asgi import application as gate
from zhuanban.trail.gate.http import shell
from zhuanban.trail.gate.http.answers import answer_page
from zhuanban.trail.gate.http.gatehouse import LANGUAGE_COOKIE
from zhuanban.trail.gate.http.requests import Receive, Request, Scope, Send
from zhuanban.trail.gate.http.visitors import Visitor
from zhuanban.trail.gate.http.words import chosen

PIECE = 64 * 1024  # bytes passed on at a time
HEAD_LIMIT = 256 * 1024  # bytes of a response's header lines
BODILESS = frozenset({204, 304})
# source: RFC 9110 §7.6.1, headers between two neighbours only; and those that we set ourselves
HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
OURS = frozenset(
    {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-internal", b"forwarded", b"expect"}
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope.get("path", "")
    if scope["type"] != "http" or path == "/s" or path.startswith(("/s/", "/gate/")):
        await gate(scope, receive, send)
        return
    try:
        reader, writer = await asyncio.open_unix_connection(os.environ.get("DESK_SOCKET", ""), limit=HEAD_LIMIT)
    except OSError:
        await _say_down(scope, send)
        return
    upward = asyncio.create_task(_pass_up(scope, receive, writer))
    try:
        await _pass_down(scope, reader, send)
    finally:
        upward.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await upward
        writer.close()


class BadGateway(Exception):
    """What came back from the desk is no HTTP, or ends in the middle."""


@dataclass(frozen=True, slots=True)
class Head:
    status: int
    headers: list[tuple[bytes, bytes]]

    def first(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key == name), b"")

    def onward(self) -> list[tuple[bytes, bytes]]:
        return [(name, value) for name, value in self.headers if name not in HOP]


async def _pass_down(scope: Scope, reader: asyncio.StreamReader, send: Send) -> None:
    """The answer. Raises: BadGateway — the desk went away in the middle; the server then breaks the browser's
    connection too, so that half an export is not taken for a whole one.
    """
    try:
        head = await _head(reader)
    except (OSError, EOFError, asyncio.LimitOverrunError, BadGateway):
        await _say_down(scope, send)
        return
    await send({"type": "http.response.start", "status": head.status, "headers": head.onward()})
    try:
        async for piece in _body(reader, head, is_head=scope["method"] == "HEAD"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except (OSError, EOFError, ValueError) as fault:
        raise BadGateway("the desk went away in the middle of an answer") from fault
    await send({"type": "http.response.body", "body": b""})


async def _pass_up(scope: Scope, receive: Receive, writer: asyncio.StreamWriter) -> None:
    """The request, then nothing until the browser goes away; then the desk need not go on either."""
    writer.write(_request_head(scope))
    way = _way_of_body(scope)
    message = await receive()
    while message["type"] == "http.request":
        piece, more = message.get("body", b""), message.get("more_body", False)
        if way is Way.LENGTH:
            writer.write(piece)
        elif way is Way.CHUNKED:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b"")
            writer.write(b"" if more else b"0\r\n\r\n")
        await writer.drain()
        message = await receive()
    writer.transport.abort()


class Way(Enum):
    """How a request says where its body ends."""

    NONE, LENGTH, CHUNKED = range(3)


def _way_of_body(scope: Scope) -> Way:
    if any(name == b"content-length" for name, _ in scope["headers"]):
        return Way.LENGTH
    return Way.NONE if scope["method"] in ("GET", "HEAD", "OPTIONS") else Way.CHUNKED


def _request_head(scope: Scope) -> bytes:
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = b"?" + scope["query_string"] if scope.get("query_string") else b""
    dropped = HOP | OURS
    headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
    client = (scope.get("client") or ("", 0))[0]
    headers += [
        (b"x-forwarded-for", client.encode()),
        (b"x-forwarded-proto", scope.get("scheme", "http").encode()),
        (b"connection", b"close"),
    ]
    if _way_of_body(scope) is Way.CHUNKED:
        headers.append((b"transfer-encoding", b"chunked"))
    lines = [b"%b %b%b HTTP/1.1" % (scope["method"].encode(), path.partition(b"?")[0], query)]
    lines += [b"%b: %b" % pair for pair in headers]
    return b"\r\n".join([*lines, b"", b""])


async def _head(reader: asyncio.StreamReader) -> Head:
    """Raises: EOFError, BadGateway."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    words = first.split(b" ", 2)
    if not first.startswith(b"HTTP/1.") or not words[1].isdigit():
        raise BadGateway
    pairs = (line.partition(b":") for line in lines)
    head = Head(int(words[1]), [(name.strip().lower(), value.strip()) for name, _sign, value in pairs])
    if 100 <= head.status < 200:  # noqa: PLR2004  (an interim answer: the real one follows)
        return await _head(reader)
    return head


async def _body(reader: asyncio.StreamReader, head: Head, *, is_head: bool) -> AsyncIterator[bytes]:
    """Raises: EOFError, ValueError."""
    if is_head or head.status in BODILESS:
        return
    length = head.first(b"content-length")
    if head.first(b"transfer-encoding").lower().endswith(b"chunked"):
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            async for piece in _exactly(reader, size):
                yield piece
            await reader.readexactly(2)
    elif length:
        async for piece in _exactly(reader, int(length)):
            yield piece
    else:
        while piece := await reader.read(PIECE):
            yield piece


async def _exactly(reader: asyncio.StreamReader, size: int) -> AsyncIterator[bytes]:
    while size:
        piece = await reader.read(min(size, PIECE))
        if not piece:
            raise EOFError
        size -= len(piece)
        yield piece


async def _say_down(scope: Scope, send: Send) -> None:
    request = Request(scope)
    language = chosen(request.cookies.get(LANGUAGE_COOKIE, ""), request.header(b"accept-language"))
    visitor = Visitor(language, request.cookies.get("care") == "1")
    _ = visitor.words
    message = shell.Message(
        _("页面暂时打不开"),
        _("正在恢复，请过几秒再试。扫码进门不受影响，已登记的都在。"),
        button=_("再试一次"),
        href=f"/{quote(request.path.lstrip('/'))}",  # never another host's
    )
    await answer_page(send, 502, shell.message_page(visitor, message), extra=[(b"retry-after", b"3")])
