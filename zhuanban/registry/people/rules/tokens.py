"""What a resident's browser carries: who is signed in, and the family to tick. Read by the gate without a database.

    zb    b64url( 1 version | 16 person | 6 issued, ms | 1 level | 2 notice version | 16 MAC )      56 characters
    zbf   b64url( AEAD( JSON [[person, masked name, relation, age], …] ) ), oneself first

Both keys are shared/session. The second cookie only saves the gate a look-up of names for its page: who may really be
entered comes from the snapshot (`queries.snapshot_family`).
"""

import base64
import binascii
import hmac
import json
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zhuanban.base import ciphers
from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal

SESSION_COOKIE = "zb"
FAMILY_COOKIE = "zbf"
SESSION_LIFETIME = timedelta(days=180)  # source: county-set; to scan must not mean to sign in
STRANGER_KEPT = SESSION_LIFETIME + timedelta(days=28)  # source: DESIGN §4, the last visit of the last day of a token
RENEW_AFTER = timedelta(
    days=30
)  # source: ours; a token in use is written anew, so that it does not run out under its owner
SESSION_TOKEN_CHARS = 56

VERSION = 1
LAYOUT = struct.Struct(">B16s6sBH")
PURPOSE = b"zhuanban session\n"
FAMILY_BOUND_TO = b"zhuanban family"


class Level(Choice):
    ACCOUNT = "ACCOUNT", "已注册"  # the phone was proved by a one-time code
    STRANGER = "STRANGER", "门口自填"  # name and phone were only typed


LEVELS = (Level.ACCOUNT, Level.STRANGER)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's proof of whom it belongs to. `person` is 16 bytes; `notice` the 告知书 version that was accepted."""

    person: bytes
    issued_at: datetime
    level: Level
    notice: int

    def is_live(self, at: datetime, *, revoked_before: datetime | None = None) -> bool:
        """Neither run out nor signed out: tokens issued at or before `revoked_before` are void."""
        if revoked_before is not None and self.issued_at <= revoked_before:
            return False
        return at < self.issued_at + SESSION_LIFETIME


@dataclass(frozen=True, slots=True)
class Member:
    """One person to tick on the scan page. `person` is 16 bytes; `relation` is shown: 本人, 父母, 孩子 …"""

    person: bytes
    name: str  # masked
    relation: str
    age: int | None = None


def cookie_name(https: bool, *, name: str = SESSION_COOKIE) -> str:  # noqa: FBT001  (part of the gate's contract)
    """Under HTTPS the name itself says: this host only, secure only."""
    return f"__Host-{name}" if https else name


def write_session(person: bytes, *, issued_at: datetime, level: str, notice: int, key: bytes) -> str:
    """`person` is 16 bytes, `level` one of Level; `issued_at` is kept to the millisecond."""
    millis = int(issued_at.timestamp() * 1000).to_bytes(6, "big")
    body = LAYOUT.pack(VERSION, person, millis, LEVELS.index(Level(level)), notice)
    return _encode(body + ciphers.mac(PURPOSE + body, key=key))


def read_session(text: str, *, key: bytes) -> Session | None:
    """The session inside a cookie; None for anything that we did not write. Whether it is live: `Session.is_live`."""
    raw = _decode(text) if len(text) == SESSION_TOKEN_CHARS else b""
    body, mac = raw[: LAYOUT.size], raw[LAYOUT.size :]
    if len(body) != LAYOUT.size or not hmac.compare_digest(mac, ciphers.mac(PURPOSE + body, key=key)):
        return None
    version, person, millis, level, notice = LAYOUT.unpack(body)
    if version != VERSION or level >= len(LEVELS):
        return None
    issued_at = datetime.fromtimestamp(int.from_bytes(millis, "big") / 1000, UTC)
    return Session(person, issued_at, LEVELS[level], notice)


def write_family(members: list[Member], *, key: bytes) -> str:
    """Sealed: the phone's owner cannot rewrite it, and who finds the cookie cannot read it."""
    rows = [[member.person.hex(), member.name, member.relation, member.age] for member in members]
    plain = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return _encode(ciphers.seal(plain, key=key, bound_to=FAMILY_BOUND_TO))


def read_family(text: str, *, key: bytes) -> tuple[Member, ...]:
    """The family, oneself first; empty for anything that we did not write."""
    try:
        plain = ciphers.open_(_decode(text), key=key, bound_to=FAMILY_BOUND_TO)
    except Refusal:
        return ()
    return tuple(Member(bytes.fromhex(row[0]), row[1], row[2], row[3]) for row in json.loads(plain))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """Empty for what is no base64 of ours, the odd spelling of the last sign included."""
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return b""
    return raw if _encode(raw) == text else b""
