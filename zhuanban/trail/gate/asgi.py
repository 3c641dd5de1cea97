"""The gate: every entry, in a process of its own. Raw ASGI; Django only loads the snapshot, beside the requests.

/s/<token>    GET the page of a door · POST an entry          /s/?c=SHORT    from a typed code to its door
/s/-/<hash>   the page's script and style                     /s/health      is it well, and how old are its facts
/gate/…       what our own processes ask, signed
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuanban.settings")

import django
from django.apps import apps
from django.conf import settings

if not apps.ready:
    django.setup()

from zhuanban.base import ciphers, safety
from zhuanban.base.errors import NotFound, Refusal
from zhuanban.base.spans import day_of
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.actions.entering import Desk, Seals
from zhuanban.trail.gate.actions.watching import Watch
from zhuanban.trail.gate.http import assets, inside, refusals, scanning
from zhuanban.trail.gate.http.answers import ASSET_HEADERS, answer, answer_json
from zhuanban.trail.gate.http.gatehouse import Gatehouse, gatehouse
from zhuanban.trail.gate.http.requests import Receive, Request, Scope, Send
from zhuanban.trail.gate.http.visitors import Visitor
from zhuanban.trail.gate.queries.snapshot import Snapshot
from zhuanban.trail.keys.actions import GateKeys
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import AHEAD

PATIENCE = 20  # seconds that the first load may take before the gate opens without it, answering 503
HOUSEKEEPING = 60  # seconds between looks at yesterday's key
log = logging.getLogger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


class Gate:
    """The application. It opens the journal and starts to watch the database when the server says that it starts."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self.house: Gatehouse | None = None
        self.watch: Watch | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)

    # --- opening and closing ----------------------------------------------------------------------------------------

    def open(self) -> Gatehouse:
        """Raises: UnsafeKey."""
        desk = Desk(
            Snapshot(),
            Journal(settings.VISITS),
            GateKeys(settings.KEYS, ciphers.key("shared/keeper.pub")),
            Seals(ciphers.key("shared/alerts.pub"), ciphers.key("shared/strangers.pub")),
        )
        self.house = gatehouse(desk, folder=settings.VISITS, clock=self.clock)
        self.watch = Watch(desk.snapshot, self.clock)
        return self.house

    def close(self) -> None:
        if self.house is not None:
            self.house.desk.journal.close()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        safety.refuse_if_unsafe(database=False)
        house, watch = self.open(), self.watch
        assert watch is not None  # noqa: S101  (made with the house)
        watch.start()
        keeping = asyncio.create_task(_keep_house(house))
        await asyncio.to_thread(watch.loaded.wait, PATIENCE)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        await asyncio.to_thread(watch.stop)
        await asyncio.to_thread(self.close)
        await send({"type": "lifespan.shutdown.complete"})

    # --- answering --------------------------------------------------------------------------------------------------

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        house = self.house
        assert house is not None  # noqa: S101  (the server starts the lifespan first)
        request = Request(scope)
        try:
            await _route(house, request, receive, send)
        except Refusal as refusal:
            await refusals.refuse(send, request, refusal, _stranger(house, request))
        except Exception as bug:  # noqa: BLE001  (the one catch-all: a bug's place is logged, never what was sent)
            log.error("gate: %s at %s", type(bug).__name__, _place(bug))
            await answer_json(send, 500, {"code": "BUG", "message": "系统出错了，没有登记成功，请再试一次"})


async def _route(house: Gatehouse, request: Request, receive: Receive, send: Send) -> None:
    """Raises: Refusal."""
    path = request.path
    if path in ("/s/health", "/s/", "/s") or path.startswith("/s/-/"):
        await _look(house, request, send)
    elif path.startswith("/s/"):
        token = path[3:]
        request.need_method("GET", "HEAD", "POST")
        if request.method == "POST":
            await scanning.post_scan(house, request, receive, send, token=token)
        else:
            await scanning.get_scan(house, request, send, token=token)
    elif path.startswith("/gate/") and request.method == "POST":
        await inside.post_inside(house, request, receive, send)
    else:
        raise NotFound("没有这个页面")


async def _look(house: Gatehouse, request: Request, send: Send) -> None:
    request.need_method("GET", "HEAD")
    if request.path == "/s/health":
        await _health(house, send)
    elif request.path.startswith("/s/-/"):
        await _asset(request, send)
    else:
        await scanning.get_short(house, request, send)


async def _asset(request: Request, send: Send) -> None:
    found = assets.by_path().get(request.path)
    if found is None:
        raise NotFound("没有这个页面")
    headers = [*ASSET_HEADERS, (b"content-type", found.kind.encode())]
    if "gzip" in request.header(b"accept-encoding"):
        await answer(send, 200, [*headers, (b"content-encoding", b"gzip")], found.packed)
    else:
        await answer(send, 200, headers, found.plain)


async def _health(house: Gatehouse, send: Send) -> None:
    snapshot = house.snapshot
    age = rules.age_of(snapshot.checked_at, house.clock())
    is_well = age <= rules.STALE_SNAPSHOT.total_seconds()
    content = {
        "well": is_well,
        "facts_age": None if snapshot.checked_at is None else round(age, 1),
        "version": snapshot.version,
        "waiting": house.desk.journal.waiting(),
    }
    await answer_json(send, 200 if is_well else 503, content)


async def _keep_house(house: Gatehouse) -> None:
    """A day's key is there before the first scan needs it, and yesterday's goes at 01:00."""
    while True:
        at = house.clock()
        for day in sorted({day_of(at), day_of(at + AHEAD)}):
            house.desk.keys.of(day, at=at)
        house.desk.keys.drop_past(at)
        await asyncio.sleep(HOUSEKEEPING)


def _stranger(house: Gatehouse, request: Request) -> Visitor:
    """For pages that say no: only the language and the size of type."""
    return Visitor(house.language(request), request.cookies.get("care") == "1")


def _place(bug: BaseException) -> str:
    trace = bug.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"


application = Gate()
