"""How a row of the audit is hashed: canonical JSON of the row, chained to the row before.

The same bytes come out of either database: times as UTC with microseconds, keys sorted, no floats.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

GENESIS = "0" * 64  # what stands before the first row
REASON_MAX = 200  # characters
PAGE = 50  # rows of the list


class Asker(Protocol):
    """What the audit needs to know of accounts.rules.By."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Row:
    """What is hashed of an entry. `subject` is the person looked at or changed, as hex."""

    seq: int
    at: datetime
    actor_kind: str
    actor: str
    actor_label: str
    verb: str
    subject: str = ""
    target: str = ""
    reason: str = ""
    is_look: bool = False
    detail: dict[str, Any] = field(default_factory=dict)
    previous: str = GENESIS
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A published root: how many rows there were, and the hash of the last."""

    count: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the log stops being what was written: the first row concerned, and what is wrong with it."""

    seq: int
    what: str


def digest(row: Row) -> str:
    """SHA-256 over the previous hash and everything the row says. Raises: TypeError for a float in `detail`."""
    _check(row.detail)
    said = asdict(row) | {"at": row.at.astimezone(UTC).isoformat(timespec="microseconds")}
    del said["hash"]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _check(value: object) -> None:
    """A float comes back from one database as it went in, and from the other as a number it equals."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"detail needs text as keys, not {key!r}")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif not isinstance(value, str | int | None):
        raise TypeError(f"detail takes text, whole numbers, true, false and null, not {value!r}")


def breaks(rows: Iterable[Row], heads: Iterable[Head] = ()) -> Iterator[Break]:
    """What is wrong with the log, in the order of the rows; nothing when it is whole.

    | somebody …                 | shows as                                        |
    |----------------------------|-------------------------------------------------|
    | edits a row                | its hash                                        |
    | edits it and its hash      | the next row's `previous`, or a root            |
    | deletes or inserts a row   | the gap in `seq`, or the next row's `previous`  |
    | rewrites from a row to the end | every root published since                  |
    | cuts off the end           | every root that counts more rows                |
    """
    published = {head.count: head.hash for head in heads}
    last, previous = 0, GENESIS
    for row in rows:
        wrong = _wrong(row, last + 1, previous, published.pop(row.seq, row.hash))
        if wrong:
            yield Break(row.seq, wrong)
        last, previous = row.seq, row.hash
    for count in sorted(count for count in published if count > last):
        yield Break(last + 1, f"公布时有 {count} 条，现在只有 {last} 条")


def _wrong(row: Row, seq: int, previous: str, published: str) -> str:
    if row.seq != seq:
        return f"前面缺了第 {seq} 条"
    if row.previous != previous:
        return "与前一条接不上"
    if row.hash != digest(row):
        return "内容与指纹不符"
    return "" if row.hash == published else "与已公布的指纹不符"
