"""What a visit is, which days still take one, and when two messages are the same visit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from zhuanban.base import spans
from zhuanban.base.choices import Choice
from zhuanban.base.errors import Refusal
from zhuanban.trail.status.rules import Colour

LATE = timedelta(hours=72)  # source: DESIGN §4, how late a queued visit is still accepted
AHEAD = timedelta(minutes=5)  # source: DESIGN §4, how far a clock may run ahead
RANDOM_SIZE = 12  # bytes; source: DESIGN §4, 96 random bits
WHO_SIZE = 16  # bytes; one cipher block
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Via(Choice):
    """How a person came to be written down."""

    SELF = "SELF", "本人扫码"
    FAMILY = "FAMILY", "家人代扫"
    DOOR = "DOOR", "门口扫码"
    PAPER = "PAPER", "纸质码"
    MANUAL = "MANUAL", "手工登记"
    GROUP = "GROUP", "团体名单"
    TURNSTILE = "TURNSTILE", "闸机"
    IMPORT = "IMPORT", "批量导入"
    STRANGER = "STRANGER", "未注册登记"


class BadVisitId(Refusal):
    """The text is no visit id."""

    code = "BAD_VISIT_ID"
    status = 422


class IdTaken(Refusal):
    """The id belongs to a visit with other content."""

    code = "ID_TAKEN"
    status = 409


class TooLate(Refusal):
    """The id's day lies further back than visits are accepted."""

    code = "TOO_LATE"
    status = 422


class TooEarly(Refusal):
    """The id's day has not begun."""

    code = "TOO_EARLY"
    status = 422


class DayClosed(Refusal):
    """The id is not known and its day's key is no longer here: the sender makes an id of today and sends again."""

    code = "DAY_CLOSED"
    status = 409


@dataclass(frozen=True, slots=True)
class VisitId:
    """The sender's own name for one arrival; `day` says which file keeps it."""

    day: date
    random: bytes  # RANDOM_SIZE


@dataclass(frozen=True, slots=True)
class Row:
    """One person of an arrival. `who` is None when the day's key is gone: such a row is recognised, never written."""

    who: bytes | None  # WHO_SIZE: the pseudonym of the day (keys.queries.who)
    by: bytes | None  # the pseudonym of the one who scanned for them
    via: Via
    colour: Colour
    admitted: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One arrival at a door, of one person or several, as it is handed to the journal.

    `at` is the server's time; `claimed_at` what the sender's clock said. Each blob of `outbox` is committed with the
    visit, or not at all.
    """

    id: VisitId
    at: datetime
    door: int
    rows: tuple[Row, ...]
    claimed_at: datetime | None = None
    outbox: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is stored. A repeated message gets the first one's time and rows; only `first` differs."""

    first: bool
    at: datetime  # cut to the millisecond
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the journal knows of an id."""

    door: int
    at: datetime
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's row, as it is read back."""

    id: VisitId
    nth: int  # which person of the arrival, from 0
    at: datetime
    door: int
    who: bytes
    by: bytes | None
    via: Via
    colour: Colour
    admitted: bool
    claimed_at: datetime | None


def parse_id(text: str) -> VisitId:
    """`20261123-<24 hex digits>`, lower case, one spelling only. Raises: BadVisitId."""
    day, dash, random = text[:8], text[8:9], text[9:]
    try:
        parsed = VisitId(date.fromisoformat(day), bytes.fromhex(random))
    except ValueError as fault:
        raise BadVisitId("登记编号格式不正确") from fault
    if dash != "-" or write_id(parsed) != text or len(parsed.random) != RANDOM_SIZE:
        raise BadVisitId("登记编号格式不正确")
    return parsed


def write_id(visit: VisitId) -> str:
    return f"{visit.day.isoformat().replace('-', '')}-{visit.random.hex()}"


def check_day(day: date, *, at: datetime) -> None:
    """Whether a visit with an id of `day` is still, or already, accepted at `at`. Raises: TooLate, TooEarly.

    |      day before the one 72 h ago | ... | yesterday | today | tomorrow, from 23:55 on | later |
    |                         TooLate  |              accepted                             | TooEarly |
    """
    if day < spans.day_of(at - LATE):
        raise TooLate("这条登记超过 72 小时，请重新扫码")
    if day > spans.day_of(at + AHEAD):
        raise TooEarly("这条登记的日期还没到，请核对手机时间后重新扫码")


def settle(stored: Stored | None, entry: Entry) -> Receipt:
    """The receipt of an entry whose id the journal knows as `stored`. Raises: IdTaken, DayClosed.

    | id known | content      | key of the day | answer |
    |----------|--------------|----------------|--------|
    | no       |              | here           | a first receipt; the caller writes the rows |
    | no       |              | gone           | DayClosed |
    | yes      | same         | here           | the first receipt again |
    | yes      | other        | here           | IdTaken |
    | yes      | same door, as many people | gone | the first receipt again |
    """
    if stored is None:
        if not is_writable(entry):
            raise DayClosed("这条登记的日期已封存，请重新扫码")
        return Receipt(first=True, at=whole_ms(entry.at), rows=entry.rows)
    if stored.door != entry.door or not _same(stored.rows, entry.rows):
        raise IdTaken("登记编号已被另一条登记使用")
    return Receipt(first=False, at=stored.at, rows=stored.rows)


def is_writable(entry: Entry) -> bool:
    """Whether it could become a visit: its day's key was still there to name everybody."""
    return all(row.who is not None for row in entry.rows)


def _same(stored: tuple[Row, ...], sent: tuple[Row, ...]) -> bool:
    """The same people, brought by the same ones, in the same way. The verdict may have changed meanwhile."""
    if len(stored) != len(sent):
        return False
    pairs = zip(stored, sent, strict=True)
    return all(a.via == b.via and (b.who is None or (a.who, a.by) == (b.who, b.by)) for a, b in pairs)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970, cut off: what the store keeps of a time."""
    return (at - EPOCH) // MILLISECOND


def from_ms(ms: int) -> datetime:
    return EPOCH + ms * MILLISECOND


def whole_ms(at: datetime) -> datetime:
    return from_ms(to_ms(at))
