"""What every handler of the gate needs: the desk, the keys that prove who comes, and how to read a visitor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhuanban.base import ciphers
from zhuanban.base.errors import Busy
from zhuanban.registry.codes import rules as codes
from zhuanban.registry.codes.rules import DoorFacts, OrderFacts
from zhuanban.registry.people import rules as people
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.actions.entering import Desk
from zhuanban.trail.gate.http.requests import Request
from zhuanban.trail.gate.http.visitors import Visitor
from zhuanban.trail.gate.http.words import chosen
from zhuanban.trail.gate.queries.snapshot import Snapshot
from zhuanban.trail.gate.rules import NoOrder, UnknownDoor
from zhuanban.trail.gate.rules import _ as mark

CARE_COOKIE, LANGUAGE_COOKIE = "care", "lang"


@dataclass(slots=True)
class Gatehouse:
    """One gate process. `in_flight` counts the entries that wait for the disk."""

    desk: Desk
    folder: Path  # of the journal
    clock: Callable[[], datetime]
    session_key: bytes
    codes_key: bytes
    internal_key: bytes
    is_https: bool
    days: int  # that visits are kept
    in_flight: int = 0
    tokens: dict[str, int] = field(default_factory=dict)  # read before: a door has one token, and there are few doors

    @property
    def snapshot(self) -> Snapshot:
        return self.desk.snapshot

    def cookie(self, name: str) -> str:
        return people.cookie_name(self.is_https, name=name)

    def door(self, token: str) -> DoorFacts:
        """Raises: UnknownDoor, alike for all that is not a door in use; Busy before the first load."""
        if self.snapshot.checked_at is None:
            raise Busy(mark("系统正在启动，请稍候再试"))
        code = self.tokens.get(token)
        found = self.snapshot.door_of(code if code is not None else codes.read_door(token, key=self.codes_key))
        if found is None:
            raise UnknownDoor(mark("这个场所码不能用"))
        self.tokens[token] = found.code
        return found

    def age_of_facts(self, at: datetime) -> float:
        """Seconds since the snapshot was known to be current."""
        return rules.age_of(self.snapshot.checked_at, at)

    def order(self, at: datetime) -> OrderFacts:
        """Raises: NoOrder."""
        found = self.snapshot.order_at(at)
        if found is None:
            raise NoOrder(mark("现在没有生效的扫码命令，不用登记"))
        return found

    def session(self, request: Request, at: datetime) -> people.Session | None:
        """Who scans, by their own proof; None for anything forged, run out or signed out."""
        text = request.cookies.get(self.cookie(people.SESSION_COOKIE), "")
        return self.session_in(text, at)

    def session_in(self, text: str, at: datetime) -> people.Session | None:
        found = people.read_session(text, key=self.session_key) if text.isascii() else None
        if found is None or not found.is_live(at, revoked_before=self.snapshot.revoked.get(found.person)):
            return None
        return found

    def visitor(self, request: Request, at: datetime) -> Visitor:
        """The whole of what the browser says about its owner; the family cookie is opened."""
        session = self.session(request, at)
        family: tuple[people.Member, ...] = ()
        text = request.cookies.get(self.cookie(people.FAMILY_COOKIE), "")
        if session is not None and text:
            family = people.read_family(text, key=self.session_key)
        if family and session is not None and family[0].person != session.person:
            family = ()  # left behind by somebody else in the same browser
        return Visitor(self.language(request), request.cookies.get(CARE_COOKIE) == "1", session, family)

    def language(self, request: Request) -> str:
        return chosen(request.cookies.get(LANGUAGE_COOKIE, ""), request.header(b"accept-language"))


def gatehouse(desk: Desk, *, folder: Path, clock: Callable[[], datetime]) -> Gatehouse:
    """With the keys of this installation. Raises: UnsafeKey."""
    return Gatehouse(
        desk=desk,
        folder=folder,
        clock=clock,
        session_key=ciphers.key("shared/session"),
        codes_key=ciphers.key("shared/codes"),
        internal_key=ciphers.key("shared/internal"),
        is_https=settings.HTTPS,
        days=settings.RETENTION_DAYS,
    )
