"""What the gate has left in the outbox, and how it is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhuanban.base.errors import Refusal
from zhuanban.trail.alerts.rules.moves import Kind

PERSON_SIZE = 16  # bytes of a person's id


class Spoilt(Refusal):
    """A blob of the outbox that says nothing we understand."""

    code = "SPOILT_OUTBOX"
    status = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """A red or yellow person at a door, as the gate committed it with the visit."""

    visit: str  # visit id and nth
    person: bytes
    door: int
    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who typed name and phone at a door."""

    person: bytes
    name: str
    phone: str
    notice: int
    at: datetime


def read_refused(plain: bytes) -> Refused:
    """Raises: Spoilt."""
    said = _said(plain, "refused")
    try:
        visit = f"{said['visit']}.{int(said['nth'])}"
        return Refused(visit, _person(said), int(said["door"]), Kind(said["colour"]), _moment(said))
    except (KeyError, TypeError, ValueError) as fault:
        raise Spoilt("预警发件内容不完整") from fault


def read_stranger(plain: bytes) -> Stranger:
    """Raises: Spoilt."""
    said = _said(plain, "stranger")
    try:
        return Stranger(_person(said), str(said["name"]), str(said["phone"]), int(said["notice"]), _moment(said))
    except (KeyError, TypeError, ValueError) as fault:
        raise Spoilt("登记发件内容不完整") from fault


def _said(plain: bytes, kind: str) -> dict[str, Any]:
    try:
        said = json.loads(plain)
    except ValueError as fault:
        raise Spoilt("发件内容读不出来") from fault
    if not isinstance(said, dict) or said.get("kind") != kind:
        raise Spoilt("发件内容的种类不对")
    return said


def _person(said: Mapping[str, Any]) -> bytes:
    person = bytes.fromhex(said["person"])
    if len(person) != PERSON_SIZE:
        raise ValueError(said["person"])
    return person


def _moment(said: Mapping[str, Any]) -> datetime:
    at = datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        raise ValueError(said["at"])
    return at
