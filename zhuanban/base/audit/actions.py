"""Writing the log. A change records itself in its own transaction; a look is on disk before anything is deciphered."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from zhuanban.base.audit import queries
from zhuanban.base.audit.models import Entry, Root
from zhuanban.base.audit.rules import GENESIS, REASON_MAX, Asker, Row, digest

CHAIN = 0x7A68_7561_6E62_616E  # the advisory lock that every writer of the log takes in turn; “zhuanban”


@dataclass(frozen=True, slots=True)
class OutsideTransaction(Exception):
    """A bug: a change must record itself in its own transaction, else one can be kept without the other."""

    verb: str


def record(
    *,
    by: Asker,
    verb: str,
    at: datetime,
    subject: str = "",
    target: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add a row inside the caller's transaction. Call it last: other writers wait until that transaction ends.

    Raises: OutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(verb)
    said = Row(0, at, by.kind, by.key, by.label, verb, subject, target, reason[:REASON_MAX], detail=detail or {})
    return _append(said)


@transaction.atomic(durable=True)
def look(
    *,
    by: Asker,
    verb: str,
    at: datetime,
    subject: str = "",
    target: str = "",
    reason: str,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add a row and commit it; only then may the caller decipher. Raises: RuntimeError inside a transaction."""
    said = Row(0, at, by.kind, by.key, by.label, verb, subject, target, reason[:REASON_MAX], True, detail or {})
    return _append(said)


@transaction.atomic
def publish_root(*, at: datetime) -> Root:
    """The root of the log as it stands; when nothing was added since the last, that one again."""
    _take_turn()
    newest = queries.last()
    count, hash_ = (newest.seq, newest.hash) if newest else (0, GENESIS)
    root, _ = Root.objects.get_or_create(count=count, defaults={"hash": hash_, "at": at})
    return root


def _append(said: Row) -> Entry:
    _take_turn()
    newest = queries.last()
    row = replace(said, seq=newest.seq + 1 if newest else 1, previous=newest.hash if newest else GENESIS)
    return Entry.objects.create(**asdict(replace(row, hash=digest(row))))


def _take_turn() -> None:
    """One writer at a time, until the end of its transaction. On SQLite every transaction is (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN])
