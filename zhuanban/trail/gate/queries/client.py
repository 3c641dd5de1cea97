"""The desk's line to the gate: HTTP on this machine, each request signed with the key that only our processes have."""

import http.client
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import time
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings

from zhuanban.base import ciphers
from zhuanban.base.errors import Refusal
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.queries.arrivals import Arrival, OwnVisit
from zhuanban.trail.gate.rules import GateDown, Letter
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.rules import Via

TIMEOUT = 5  # seconds; a guard waits no longer
GOOD = 200


@dataclass(frozen=True, slots=True)
class Result:
    """An entry that is on disk. `colours` and `admitted` are of each person, in the order in which they were given."""

    visit: str
    first: bool
    at: datetime
    colours: tuple[Colour, ...]
    admitted: tuple[bool, ...]


class Refused(Refusal):
    """What the gate declined, with the gate's own code and words."""

    def __init__(self, message: str, *, code: str, status: int) -> None:
        super().__init__(message)
        self.code, self.status = code, status


def recent(door: int, *, since: datetime, limit: int = 50) -> list[Arrival]:
    """The last arrivals at a door, newest first. Raises: GateDown."""
    told = _ask("/gate/recent", {"door": door, "since": since.isoformat(), "limit": limit})
    return [
        Arrival(
            row["visit"],
            row["nth"],
            datetime.fromisoformat(row["at"]),
            bytes.fromhex(row["person"]),
            Colour(row["colour"]),
            row["admitted"],
            Via(row["via"]),
        )
        for row in told["arrivals"]
    ]


def own_today(session_token: str) -> list[OwnVisit]:
    """A resident's own visits of today (and of yesterday until 01:00), newest first. Raises: GateDown, Refused."""
    told = _ask("/gate/own", {"session": session_token})
    return [
        OwnVisit(
            datetime.fromisoformat(row["at"]), row["door"], Via(row["via"]), date.fromisoformat(row["day_disappears"])
        )
        for row in told["visits"]
    ]


def enter(  # noqa: PLR0913  (keyword-only: the names are at the call)
    *,
    door: int,
    people: Sequence[bytes],
    via: Via,
    visit: str,
    by: bytes | None = None,
    claimed_at: datetime | None = None,
) -> Result:
    """Enter people at a door whose device or guard has seen them. Sent again under the same `visit`, counted once.

    Raises: GateDown, Refused.
    """
    told = _ask(
        "/gate/enter",
        {
            "door": door,
            "id": visit,
            "people": [person.hex() for person in people],
            "via": via.value,
            "by": by.hex() if by is not None else None,
            "at": claimed_at.isoformat() if claimed_at is not None else None,
        },
    )
    return Result(
        told["id"],
        told["first"],
        datetime.fromisoformat(told["at"]),
        tuple(Colour(one["colour"]) for one in told["people"]),
        tuple(one["admitted"] for one in told["people"]),
    )


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("gate", timeout=TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(self._path)

    def __enter__(self) -> Self:
        return self


def _connection() -> http.client.HTTPConnection:
    if settings.GATE_URL.startswith("unix:"):
        return _UnixConnection(settings.GATE_URL.removeprefix("unix:"))
    parts = urlsplit(settings.GATE_URL)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)


def _ask(path: str, content: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(content).encode()
    at = datetime.fromtimestamp(time(), UTC)  # the wire's clock, to sign with; no decision hangs on it
    proof = rules.sign(Letter("POST", path, body), at=at, key=ciphers.key("shared/internal"))
    connection = _connection()
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", "X-Internal": proof})
        response = connection.getresponse()
        told = json.loads(response.read())
    except (OSError, ValueError, http.client.HTTPException) as fault:
        raise GateDown("登记服务没有回应，请稍后再试") from fault
    finally:
        connection.close()
    if response.status != GOOD:
        raise Refused(told.get("message", ""), code=told.get("code", "REFUSED"), status=response.status)
    return dict(told)
