"""What a scan may say, and what several answers at one door come to. The words stand in http/.

| a request says | meaning |
|---|---|
| `id` | the page's own name for this entry: day + 96 random bits; without it the gate makes one |
| `people` | who goes in: `me`, and refs of family members (`ref_of`); without it the owner of the session |
| `at` | when the phone believes it is: a claim, kept and never trusted |
| `name`, `phone` | of somebody without a session |
| `notice` | the version of the 告知书 that the page has shown |
| `page` | whether the answer should carry the texts of the result page |
"""

import hmac
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from zhuanban.base import ciphers
from zhuanban.base.errors import Busy, Refusal
from zhuanban.base.spans import COUNTY_TIME, day_of
from zhuanban.trail.status.rules import SEVERITY, Colour

MAX_BODY = 4096  # bytes; a family of nine with a long name fills 500
MAX_PEOPLE = 9  # oneself and people.rules.FAMILY_MAX
MAX_FIELD = 120  # characters of one typed field that are read at all
IN_FLIGHT = 600  # entries that may wait for the disk at once; source: 4 kB each, and 1 s at 600/s
RETRY_AFTER = (2, 7)  # seconds; drawn between, so that turned-away phones do not come back together
STALE_SNAPSHOT = timedelta(seconds=60)  # older, and the pages say so
ME = "me"
ALONE = [ME]
REF_SIZE = 4  # bytes: one in 4 billion among at most eight relatives
CLAIM_YEARS = range(2000, 2100)  # a phone's year outside is no claim at all


def _(message: str) -> str:
    """Marks a message for the catalogue; the gate's pages translate it."""
    return message


class UnknownDoor(Refusal):
    """No such door, or one whose code was revoked or is out of use: all alike to the public."""

    code = "UNKNOWN_DOOR"
    status = 404


class Register(Refusal):
    """Nobody we know: name and phone are needed once."""

    code = "REGISTER"
    status = 401


class TooLarge(Refusal):
    code = "TOO_LARGE"
    status = 413


class BadType(Refusal):
    code = "BAD_TYPE"
    status = 415


class BadMethod(Refusal):
    code = "BAD_METHOD"
    status = 405

    def __init__(self, message: str, *, allow: str) -> None:
        super().__init__(message)
        self.allow = allow


class BadScan(Refusal):
    """`field` is what cannot be read."""

    code = "BAD_SCAN"
    status = 422

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NoOrder(Refusal):
    code = "NO_ORDER"
    status = 403


class CrossSite(Refusal):
    """Another site's page sent this browser here."""

    code = "CROSS_SITE"
    status = 403


class Overloaded(Busy):
    """Too many entries wait for the disk."""


class GateDown(Refusal):
    """The desk asked and the gate did not answer."""

    code = "GATE_DOWN"
    status = 503


@dataclass(frozen=True, slots=True)
class Scan:
    """What a phone sent, with its shape checked and nothing believed."""

    id: str = ""
    people: tuple[str, ...] = (ME,)
    claimed_at: datetime | None = None
    name: str = ""
    phone: str = ""
    notice: int = 0
    page: bool = False


def parse_json(body: bytes) -> Scan:
    """Raises: BadScan."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadScan(_("扫码数据不是 JSON")) from error
    if not isinstance(data, dict):
        raise BadScan(_("扫码数据不是 JSON 对象"))
    people = data.get("people", ALONE)
    if not isinstance(people, list):
        raise BadScan(_("people 应是一个列表"), field="people")
    return _scan(data, people)


def parse_form(body: bytes) -> Scan:
    """What the page's own form sends without script. Raises: BadScan."""
    try:
        data = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=40)
    except ValueError as error:
        raise BadScan(_("表单读不出来，请重新扫码")) from error
    # A form that shows people says so; its boxes are absent when none is ticked.
    people = data.get("people", [] if "with_people" in data else ALONE)
    return _scan({field: values[-1] for field, values in data.items()}, people)


def _scan(data: Mapping[str, Any], people: list[Any]) -> Scan:
    return Scan(
        _text(data, "id"),
        _people(people),
        claim(data.get("at")),
        _text(data, "name"),
        _text(data, "phone"),
        _version(data.get("notice", 0)),
        page=data.get("page") is True,
    )


def _text(data: Mapping[str, Any], field: str) -> str:
    value = data.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_FIELD or "\x00" in value:
        raise BadScan(_("这一项读不出来"), field=field)
    if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise BadScan(_("这一项读不出来"), field=field)  # half a surrogate pair, which JSON can spell
    return value.strip()


def _people(refs: list[Any]) -> tuple[str, ...]:
    if refs == ALONE:
        return (ME,)
    if not refs:
        raise BadScan(_("请至少勾选一个人"), field="people")
    if len(refs) > MAX_PEOPLE or not all(isinstance(ref, str) and ref for ref in refs):
        raise BadScan(_("同行的人读不出来"), field="people")
    if len(set(refs)) != len(refs):
        raise BadScan(_("同一个人只能登记一次"), field="people")
    return tuple(refs)


def _version(value: object) -> int:
    if type(value) is int:
        return value if 0 <= value < 10_000 else 0  # noqa: PLR2004  (four digits)
    text = value if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0  # noqa: PLR2004  (digits)


def claim(value: object) -> datetime | None:
    """When the phone says it is. Its clock may be wrong and its spelling too: then it claims nothing."""
    if not isinstance(value, str) or not value:
        return None
    try:
        said = datetime.fromisoformat(value)
    except ValueError:
        return None
    if said.year not in CLAIM_YEARS:
        return None
    return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=COUNTY_TIME).astimezone(UTC)


# --- people ---------------------------------------------------------------------------------------------------------


def ref_of(person: bytes, member: bytes, *, key: bytes) -> str:
    """What a page calls a member of a person's family: lasting for the two, and no id."""
    return ciphers.mac(b"family ref\n" + person + member, key=key, size=REF_SIZE).hex()


def party_of(refs: Sequence[str], *, person: bytes, family: Iterable[bytes], key: bytes) -> tuple[bytes, ...]:
    """The people behind `refs`, of those whom `person` may enter today.

    Raises: BadScan — one of them is not (or no longer) family.
    """
    if refs == (ME,):
        return (person,)
    known = {ref_of(person, member, key=key): member for member in family}
    known[ME] = person
    if not all(ref in known for ref in refs):
        raise BadScan(_("勾选的人里有不是您家人的，请刷新页面再试"), field="people")
    return tuple(known[ref] for ref in refs)


def stranger_id(entry: str, name: str, phone: str, *, key: bytes) -> bytes:
    """16 bytes for somebody who typed name and phone: the same when this entry is sent again, else new each time."""
    return ciphers.mac("\n".join(("stranger", entry, name, phone)).encode(), key=key)


def worst(colours: Sequence[Colour]) -> int:
    """Which of those who came together stands for all: the first of the worst."""
    if len(colours) == 1:
        return 0
    return max(range(len(colours)), key=lambda nth: SEVERITY[colours[nth]])


# --- days -----------------------------------------------------------------------------------------------------------


def searched(day: date, at: datetime) -> tuple[date, ...]:
    """Where an entry whose day is out of reach may lie already: under its own day, or taken in as yesterday's."""
    today = day_of(at)
    return tuple(one for one in dict.fromkeys((day, today - timedelta(days=1))) if one != today)


def age_of(moment: datetime | None, at: datetime) -> float:
    """Seconds since `moment`; infinite for never."""
    return math.inf if moment is None else max(0.0, (at - moment).total_seconds())


# --- the desk's word to the gate ------------------------------------------------------------------------------------

INTERNAL_SKEW = 30  # seconds between our own processes


@dataclass(frozen=True, slots=True)
class Letter:
    """A request between our own processes, as far as it is signed."""

    method: str
    path: str
    body: bytes


def sign(letter: Letter, *, at: datetime, key: bytes) -> str:
    """The X-Internal header of one of our own processes."""
    moment = str(int(at.timestamp()))
    return f"{moment}:{_internal_mac(letter, moment, key).hex()}"


def is_ours(header: str, letter: Letter, *, at: datetime, key: bytes) -> bool:
    """Whether a header was signed with our key for just this request, within `INTERNAL_SKEW`."""
    moment, _sign, proof = header.partition(":")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12 and proof.isascii()):  # noqa: PLR2004  (digits)
        return False
    expected = _internal_mac(letter, moment, key).hex()
    return hmac.compare_digest(proof, expected) and abs(at.timestamp() - int(moment)) <= INTERNAL_SKEW


def _internal_mac(letter: Letter, moment: str, key: bytes) -> bytes:
    signed = f"{letter.method}\n{letter.path}\n{moment}\n".encode() + letter.body
    return ciphers.mac(signed, key=key, size=32)
