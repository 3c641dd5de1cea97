"""POST /gate/…: what our own processes ask, each request signed. Without a valid signature there is no such page."""

import asyncio
import json
from datetime import datetime
from typing import Any

from zhuanban.base.errors import NotFound
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.actions.entering import Arrival, Entered
from zhuanban.trail.gate.http.answers import answer_json
from zhuanban.trail.gate.http.gatehouse import Gatehouse
from zhuanban.trail.gate.http.requests import Receive, Request, Send, body_of
from zhuanban.trail.gate.queries import arrivals
from zhuanban.trail.gate.queries.arrivals import Held
from zhuanban.trail.gate.rules import BadScan, Letter, NoOrder, Register, UnknownDoor
from zhuanban.trail.gate.rules import _ as mark
from zhuanban.trail.visits.rules import WHO_SIZE, Via, parse_id, write_id

GROUP_BODY = 64 * 1024  # bytes; a bus or a class comes as one list
GROUP_MAX = 500  # people of one list
LIST_MAX = 500  # arrivals of one answer
FOUND = 200


async def post_inside(house: Gatehouse, request: Request, receive: Receive, send: Send) -> None:
    at = house.clock()
    body = await body_of(request, receive, most=GROUP_BODY)
    letter = Letter(request.method, request.path, body)
    if not rules.is_ours(request.header(b"x-internal"), letter, at=at, key=house.internal_key):
        raise NotFound(mark("没有这个页面"))
    asked = json.loads(body)
    handlers = {"/gate/enter": _enter, "/gate/recent": _recent, "/gate/own": _own}
    if request.path not in handlers:
        raise NotFound(mark("没有这个页面"))
    await answer_json(send, FOUND, await handlers[request.path](house, asked, at))


async def _recent(house: Gatehouse, asked: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The last arrivals at a door, by person id: the desk masks the names."""
    found = await asyncio.to_thread(
        arrivals.arrivals,
        Held(house.folder, house.desk.keys, at),
        door=int(asked["door"]),
        since=datetime.fromisoformat(asked["since"]),
        limit=min(int(asked["limit"]), LIST_MAX),
    )
    rows = [
        {
            "visit": one.visit,
            "nth": one.nth,
            "at": one.at.isoformat(),
            "person": one.person.hex(),
            "colour": one.colour.value,
            "admitted": one.admitted,
            "via": one.via.value,
        }
        for one in found
    ]
    return {"arrivals": rows}


async def _own(house: Gatehouse, asked: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Somebody's own visits, with their own session as proof. Raises: Register."""
    session = house.session_in(str(asked["session"]), at)
    if session is None:
        raise Register(mark("请重新登录"))
    held = Held(house.folder, house.desk.keys, at)
    found = await asyncio.to_thread(arrivals.own, held, person=session.person, days=house.days)
    rows = [
        {
            "at": one.at.isoformat(),
            "door": one.door,
            "via": one.via.value,
            "day_disappears": one.day_disappears.isoformat(),
        }
        for one in found
    ]
    return {"visits": rows}


async def _enter(house: Gatehouse, asked: dict[str, Any], at: datetime) -> dict[str, Any]:
    """People whom a door's device or guard has seen. Raises: UnknownDoor, NoOrder, BadScan, IdTaken, JournalDown."""
    door = house.snapshot.live_door(int(asked["door"]))
    if door is None:
        raise UnknownDoor(mark("这个门没有场所码，或者还没有启用"))
    if house.snapshot.order_at(at) is None:
        raise NoOrder(mark("现在没有生效的扫码命令，不用登记"))
    party = tuple(bytes.fromhex(text) for text in asked["people"])
    if not 1 <= len(party) <= GROUP_MAX or any(len(person) != WHO_SIZE for person in party):
        raise BadScan(mark("名单是空的，或者太长"), field="people")
    arrival = Arrival(
        id=parse_id(asked["id"]),
        door=door,
        party=party,
        via=(Via(asked["via"]),) * len(party),
        by=bytes.fromhex(asked["by"]) if asked.get("by") else None,
        claimed_at=rules.claim(asked.get("at")),
    )
    return _entered(await house.desk.enter(arrival, at=at))


def _entered(entered: Entered) -> dict[str, Any]:
    rows = entered.receipt.rows
    return {
        "id": write_id(entered.arrival.id),
        "first": entered.receipt.first,
        "at": entered.receipt.at.isoformat(),
        "people": [{"colour": row.colour.value, "admitted": row.admitted} for row in rows],
    }
