"""The keeper's entrance: a socket file, two questions, no database.

POST /own      {"session": "<a resident's session token>"} → {"visits": [[at, door, via, day it disappears], …]}
GET  /health   how many days are held, the oldest, the last purge; 503 when a purge is overdue
"""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuanban.settings")

from zhuanban.base.errors import NotFound, Refusal
from zhuanban.trail.tracing import rules
from zhuanban.trail.tracing.actions import Keeper

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
log = logging.getLogger(__name__)


class BadQuestion(Refusal):
    """Not one of the keeper's two questions, or not put in its form."""

    code = "BAD_QUESTION"
    status = 422


def now() -> datetime:
    return datetime.now(UTC)


class Entrance:
    """The application. Housekeeping begins and ends with the server."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self.keeper: Keeper | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        keeper = self.keeper = Keeper.here()
        keeping = asyncio.create_task(self._keep_house(keeper))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        await send({"type": "lifespan.shutdown.complete"})

    async def _keep_house(self, keeper: Keeper) -> None:
        while True:
            await asyncio.to_thread(keeper.keep_house, at=self.clock())
            if keeper.problem:
                log.error("keeper: housekeeping met %s", keeper.problem)
            await asyncio.sleep(rules.HOUSEKEEPING.total_seconds())

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, content = await self._ask(scope, receive)
        except Refusal as refusal:
            status, content = refusal.status, {"code": refusal.code, "message": str(refusal)}
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(content, ensure_ascii=False).encode()})

    async def _ask(self, scope: Scope, receive: Receive) -> tuple[int, Mapping[str, Any]]:
        """Raises: BadQuestion, NotFound, SignInFirst."""
        keeper, question = self.keeper, (scope["method"], scope["path"])
        if keeper is not None and question == ("GET", "/health"):
            health = await asyncio.to_thread(keeper.health)
            at = self.clock()
            return 200 if health.is_well(at) else 503, rules.write_health(health, at)
        if keeper is not None and question == ("POST", "/own"):
            token = _session_in(await _read(receive))
            visits = await asyncio.to_thread(keeper.own, token, at=self.clock())
            return 200, {"visits": rules.write_visits(visits)}
        raise NotFound("没有这个地址")


def _session_in(body: bytes) -> str:
    try:
        token = json.loads(body)["session"]
    except (ValueError, KeyError, TypeError) as fault:
        raise BadQuestion("请求格式不正确") from fault
    if not isinstance(token, str):
        raise BadQuestion("请求格式不正确")
    return token


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > rules.BODY_LIMIT:
            raise BadQuestion("请求过大")
    return body


application = Entrance()
