"""The visit store: one SQLite file a day, not a Django table. Nothing outside this package opens it.

Every connection goes through `apsw`: a process must never open one file through two SQLite libraries, since closing
one drops the locks of the other.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import apsw

from zhuanban.trail.keys import models as files
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import rules
from zhuanban.trail.visits.rules import Row, Stored, Via, Visit, VisitId

FORMAT = 1  # PRAGMA user_version
BUSY_MS = 5_000  # how long one writer waits for another, where two were started by mistake
CHUNK = 1 << 20  # bytes
LEFTOVERS = ("", "-wal", "-shm", "-journal")  # what belongs to a day's file

VIA = {
    Via.SELF: 1,
    Via.FAMILY: 2,
    Via.DOOR: 3,
    Via.PAPER: 4,
    Via.MANUAL: 5,
    Via.GROUP: 6,
    Via.TURNSTILE: 7,
    Via.IMPORT: 8,
    Via.STRANGER: 9,
}
COLOUR = {Colour.UNVERIFIED: 0, Colour.GREEN: 1, Colour.YELLOW: 2, Colour.RED: 3}
VIA_OF = {number: via for via, number in VIA.items()}
COLOUR_OF = {number: colour for colour, number in COLOUR.items()}

LOG_SIZE = "wal_autocheckpoint=4000"  # pages; rarer and longer than the default of 1000: a third of its p99
WRITER: tuple[str, ...] = (
    "synchronous=FULL",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "mmap_size=0",
    "cache_size=-65536",
    "wal_autocheckpoint=4000",
)
READER: tuple[str, ...] = ("trusted_schema=OFF", "mmap_size=0", "query_only=ON")

# Pseudonyms are random: an index over all of them dirties one page a row, each of which goes to disk twice. Grouped by
# blocks of consecutive rows the few pages of the newest block stay hot (half the processor, a third of the time at
# 600,000 rows); a search asks every block, which takes about a microsecond each.
BLOCK = 4096  # rows
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS visit (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL CHECK (length(id) = {rules.RANDOM_SIZE}),
    nth INTEGER NOT NULL,                                        -- which person of the arrival, from 0
    at INTEGER NOT NULL,                                         -- ms since 1970, the server's clock
    door INTEGER NOT NULL,
    who BLOB NOT NULL CHECK (length(who) = {rules.WHO_SIZE}),    -- pseudonym of the day
    by BLOB CHECK (length(by) = {rules.WHO_SIZE}),
    via INTEGER NOT NULL,
    colour INTEGER NOT NULL,
    admitted INTEGER NOT NULL,
    claimed_at INTEGER,                                          -- ms since 1970, the sender's clock
    UNIQUE (id, nth)
) STRICT;
CREATE INDEX IF NOT EXISTS visit_door_at ON visit (n / {BLOCK}, door, at);
CREATE INDEX IF NOT EXISTS visit_who_at ON visit (n / {BLOCK}, who, at);
CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY, blob BLOB NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS visit_is_never_changed BEFORE UPDATE ON visit
BEGIN SELECT RAISE(ABORT, 'a visit is never changed'); END;
CREATE TRIGGER IF NOT EXISTS visit_is_never_deleted BEFORE DELETE ON visit
BEGIN SELECT RAISE(ABORT, 'a visit goes with its day'); END;
PRAGMA user_version={FORMAT};
"""
COLUMNS = "id, nth, at, door, who, by, via, colour, admitted, claimed_at"
_EVERY_BLOCK = f"SELECT 0 UNION ALL SELECT b + 1 FROM block WHERE b < (SELECT max(n) / {BLOCK} FROM visit)"  # noqa: S608
IN_ANY_BLOCK = f"n / {BLOCK} IN (WITH RECURSIVE block (b) AS ({_EVERY_BLOCK}) SELECT b FROM block)"  # noqa: S608
INSERT = f"INSERT INTO visit ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - no outside text
KNOWN = "SELECT id, door, at, who, by, via, colour, admitted FROM visit WHERE id IN carray(?) ORDER BY id, nth"
POST = "INSERT INTO outbox (blob) VALUES (?)"


def path_of(folder: Path, day: date) -> Path:
    return folder / f"{day}.db"


def open_writer(path: Path) -> apsw.Connection:
    """The day's file, made when it was not there, its name on disk before anything is written into it."""
    files.make_folder(path.parent)
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_MS)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)  # until the log is known to be on disk
    connection.execute("PRAGMA journal_mode=WAL")
    for pragma in WRITER:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    _write_again(path.with_name(path.name + "-wal"))
    connection.execute(SCHEMA)
    connection.execute("COMMIT")
    files.sync_folder(path.parent)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
    return connection


def abandon(connection: apsw.Connection) -> None:
    """Close a connection whose last write failed, without copying its log into the database."""
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.close(True)


def _write_again(log: Path) -> None:
    """Write a log that an earlier writer left over itself and wait for the disk, under the write lock.

    After a failed fsync the kernel may call pages clean that never reached the disk; the next fsync succeeds, commits
    follow behind the gap, and a power cut loses them (source: Rebello et al., Can Applications Recover from fsync
    Failures?, USENIX ATC 2020). Written again, the pages are dirty again.
    """
    handle = os.open(log, os.O_RDWR)
    try:
        offset = 0
        while chunk := os.pread(handle, CHUNK, offset):
            offset += os.pwrite(handle, chunk, offset)
        os.fsync(handle)
    finally:
        os.close(handle)


def open_reader(path: Path) -> apsw.Connection:
    """The day's file, read-only; an empty store when there is none."""
    if not path.exists():
        empty = apsw.Connection(":memory:")
        empty.execute(SCHEMA)
        return empty
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(BUSY_MS)
    for pragma in READER:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def cells(entry: rules.Entry) -> Iterable[tuple[Any, ...]]:
    """The entry's rows, in the order of COLUMNS."""
    at, claimed_at = rules.to_ms(entry.at), entry.claimed_at and rules.to_ms(entry.claimed_at)
    for nth, row in enumerate(entry.rows):
        via, colour = VIA[row.via], COLOUR[row.colour]
        yield (entry.id.random, nth, at, entry.door, row.who, row.by, via, colour, int(row.admitted), claimed_at)


def known(connection: apsw.Connection, ids: Sequence[bytes]) -> dict[bytes, Stored]:
    """What is stored under each of `ids`, in one statement."""
    found: dict[bytes, Stored] = {}
    for id_, door, at, who, by, via, colour, admitted in connection.execute(KNOWN, (apsw.carray(ids),)):
        row = Row(who, by, VIA_OF[via], COLOUR_OF[colour], bool(admitted))
        earlier = found.get(id_)
        found[id_] = Stored(door, rules.from_ms(at), (*earlier.rows, row) if earlier else (row,))
    return found


def visit(day: date, stored: Sequence[Any]) -> Visit:
    """A row in the order of COLUMNS, read back."""
    id_, nth, at, door, who, by, via, colour, admitted, claimed_at = stored
    return Visit(
        VisitId(day, id_),
        nth,
        rules.from_ms(at),
        door,
        who,
        by,
        VIA_OF[via],
        COLOUR_OF[colour],
        bool(admitted),
        None if claimed_at is None else rules.from_ms(claimed_at),
    )
