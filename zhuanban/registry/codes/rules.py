"""What a code says and how it is proved genuine: on doors, short to type, and a resident's own for a minute.

| code | bytes | text |
|---|---|---|
| door | 8 random id + 10 MAC | 24 characters in the URL `/s/<token>` |
| short | none: looked up | `B7K4-M2Q9`, eight of 31 characters |
| personal | sealed: 16 person id + 7 time | `ZB1.` + 68 characters |

A door's version, its revocation and its place are in its row, not in the token: a sheet on a wall never changes.
"""

import base64
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import Role
from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal
from zhuanban.base.spans import Span

ID_SIZE = 8  # bytes, 63 random bits: fits a signed 64-bit column
MAC_SIZE = 10  # bytes; source: 80 bits, one guess in 1.2e24 (NIST SP 800-107 §5.3.3 asks for 32 and more)
TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")  # 18 bytes fill 24 characters to the bit: one token, one spelling

SHORT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # source: DESIGN §4; no 0 O 1 I L, which people confuse
SHORT_SIZE = 8  # characters: 8.5e11 codes
SHORT_NOISE = re.compile(r"[\s\-‐‑‒–—―−_.·]+")  # what people and input methods put between the halves

ISSUERS = (Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE)  # who issues, replaces and revokes what hangs on doors

PERSONAL_PREFIX = "ZB1."
PERSONAL = re.compile(r"ZB1\.[A-Za-z0-9_-]{68}")  # 12 nonce + 23 + 16 tag = 51 bytes
PERSONAL_LIFETIME = timedelta(seconds=60)  # source: UI.md, “my code (60 s, signed)”
CLOCK_SKEW = timedelta(seconds=5)  # between our own machines, either way
PERSON_SIZE, TIME_SIZE = 16, 7  # bytes; time in microseconds since 1970
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownCode(Refusal):
    """Not a code of ours. Unknown and revoked look alike to the public (PROMISES 13)."""

    code = "UNKNOWN_CODE"
    status = 404


class CodeExpired(Refusal):
    """A resident's own code older than its minute: perhaps a picture of it."""

    code = "CODE_EXPIRED"
    status = 410


# --- doors ----------------------------------------------------------------------------------------------------------


def door_id(random: bytes) -> int:
    """A door code's id from eight random bytes: 63 bits of them."""
    return int.from_bytes(random[:ID_SIZE]) >> 1


def write_door(code_id: int, *, key: bytes) -> str:
    """The 24 characters behind `/s/`."""
    body = code_id.to_bytes(ID_SIZE)
    return base64.urlsafe_b64encode(body + _door_mac(body, key)).decode()


def read_door(token: str, *, key: bytes) -> int | None:
    """The id in a token, or None whatever is wrong with it. Compares in constant time."""
    if not TOKEN.fullmatch(token):
        return None
    content = base64.urlsafe_b64decode(token)
    body, proof = content[:ID_SIZE], content[ID_SIZE:]
    return int.from_bytes(body) if _is_genuine(proof, _door_mac(body, key)) else None


def _door_mac(body: bytes, key: bytes) -> bytes:
    return ciphers.mac(b"door 1" + body, key=key, size=MAC_SIZE)


def _is_genuine(proof: bytes, expected: bytes) -> bool:
    return hmac.compare_digest(proof, expected)


# --- short codes ----------------------------------------------------------------------------------------------------


def short_code(random: bytes) -> str:
    """Eight characters from sixteen random bytes (so many that no character is likelier than another)."""
    number = int.from_bytes(random)
    characters = []
    for _ in range(SHORT_SIZE):
        number, place = divmod(number, len(SHORT_ALPHABET))
        characters.append(SHORT_ALPHABET[place])
    return "".join(characters)


def display_short(short: str) -> str:
    """B7K4M2Q9 → B7K4-M2Q9"""
    return f"{short[:4]}-{short[4:]}"


def parse_short(text: str) -> str | None:
    """What somebody typed, as stored: any case, full-width letters, spaces and dashes. None if it cannot be one.

    0, O, 1, I and L stand on no sheet, so there is nothing they could be meant for.
    """
    plain = SHORT_NOISE.sub("", unicodedata.normalize("NFKC", text[:64])).upper()
    is_short = len(plain) == SHORT_SIZE and all(character in SHORT_ALPHABET for character in plain)
    return plain if is_short else None


# --- a resident's own code ------------------------------------------------------------------------------------------


def write_personal(person: bytes, *, at: datetime, key: bytes) -> str:
    """A code for the guard's camera; two of one person share no character but the prefix."""
    made = (at - EPOCH) // timedelta(microseconds=1)
    sealed = ciphers.seal(person + made.to_bytes(TIME_SIZE), key=_personal_key(key), bound_to=b"personal 1")
    return PERSONAL_PREFIX + base64.urlsafe_b64encode(sealed).decode()


def read_personal(text: str, *, at: datetime, key: bytes) -> bytes:
    """The 16-byte id of the person who shows it. Raises: UnknownCode, CodeExpired.

    Accepted from 5 s before it was made (clocks differ) until 65 s after.
    """
    if not PERSONAL.fullmatch(text):
        raise UnknownCode("不是本系统的个人码，请核对后重扫")
    try:
        sealed = base64.urlsafe_b64decode(text.removeprefix(PERSONAL_PREFIX))
        content = ciphers.open_(sealed, key=_personal_key(key), bound_to=b"personal 1")
    except ciphers.Unreadable as fault:
        raise UnknownCode("不是本系统的个人码，请核对后重扫") from fault
    made_at = EPOCH + timedelta(microseconds=int.from_bytes(content[PERSON_SIZE:]))
    if at not in Span(made_at - CLOCK_SKEW, made_at + PERSONAL_LIFETIME + CLOCK_SKEW):
        raise CodeExpired("个人码已过期：每个码只用 60 秒，请对方刷新后再出示")
    return content[:PERSON_SIZE]


def _personal_key(key: bytes) -> bytes:
    """A key of its own, so that no MAC on a door ever meets the same key as a person's code."""
    return ciphers.mac(b"personal 1 key", key=key, size=ciphers.KEY_SIZE)


# --- what the gate and the printer are told -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """All that the gate must know of one code of one door; a reprinted door has several, all but one revoked."""

    code: int
    door: int
    short: str
    venue_name: str
    door_name: str
    address: str
    division: str
    is_live: bool  # the code stands, the door is open and its venue in use
    is_revoked: bool
    type_name: str
    unverified: str  # places.rules.Unverified
    is_medical: bool
    office_name: str  # of the township, else of the county; "" when there is none
    office_phone: str


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order and the time in which it carries scanning: until its end, or until it was ended early."""

    number: str
    title: str
    issuer: str
    runs: Span


def in_force(orders: tuple[OrderFacts, ...], *, at: datetime) -> OrderFacts | None:
    """The order under which a scan at `at` stands; of several, the one that began last. None: no scanning."""
    running = [order for order in orders if at in order.runs]
    return max(running, key=lambda order: order.runs.starts_at, default=None)


class OrderState(Choice):
    """Derived, never stored."""

    AHEAD = "AHEAD", "未开始"
    RUNNING = "RUNNING", "执行中"
    OVER = "OVER", "已结束"


def order_state(runs: Span, *, at: datetime) -> OrderState:
    if at in runs:
        return OrderState.RUNNING
    return OrderState.AHEAD if at < runs.starts_at < runs.ends_at else OrderState.OVER


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed on the sheet for a door."""

    county: str
    venue: str
    door: str
    address: str
    url: str
    short: str
    version: int
    issued_at: datetime
    office_name: str
    office_phone: str
    retention_days: int
