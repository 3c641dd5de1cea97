"""Sending an answer: status, the headers that every answer carries, one body."""

import json
import random
from collections.abc import Iterable
from typing import Any

from zhuanban.trail.gate import rules
from zhuanban.trail.gate.http.requests import Send

Header = tuple[bytes, bytes]
Headers = list[Header]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
COMMON: Headers = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # the address of a scan page names a door
]
JSON_HEADERS: Headers = [(b"content-type", b"application/json; charset=utf-8"), *COMMON]
PAGE_HEADERS: Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"vary", b"Cookie, Accept-Language"),
    *COMMON,
]
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ASSET_HEADERS: Headers = [
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept-Encoding"),
]


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer_json(send: Send, status: int, content: dict[str, Any], *, extra: Iterable[Header] = ()) -> None:
    await answer_text(send, status, compact(content), extra=extra)


async def answer_text(send: Send, status: int, text: str, *, extra: Iterable[Header] = ()) -> None:
    """JSON that is written already."""
    body = text.encode()
    await answer(send, status, [*JSON_HEADERS, (b"content-length", b"%d" % len(body)), *extra], body)


async def answer_page(send: Send, status: int, page: str, *, extra: Iterable[Header] = ()) -> None:
    body = page.encode()
    await answer(send, status, [*PAGE_HEADERS, (b"content-length", b"%d" % len(body)), *extra], body)


async def redirect(send: Send, path: str, *, extra: Iterable[Header] = ()) -> None:
    await answer(send, 303, [(b"location", path.encode()), (b"content-length", b"0"), *COMMON, *extra], b"")


def cookie(name: str, value: str, *, max_age: int, secure: bool, is_open: bool = False) -> tuple[bytes, bytes]:
    """A Set-Cookie header. `is_open`: the page's script may read it (language, care mode); never a session."""
    parts = [f"{name}={value}", "Path=/", f"Max-Age={max_age}", "SameSite=Lax"]
    parts += ["Secure"] if secure else []
    parts += [] if is_open else ["HttpOnly"]
    return b"set-cookie", "; ".join(parts).encode()


def retry_after() -> int:
    """Seconds; drawn, so that those turned away together do not come back together."""
    return random.randint(*rules.RETRY_AFTER)  # noqa: S311  (no secret)
