"""The one way a visit comes to be: one thread appends what has queued, commits it, and only then acknowledges.

submit ─┐
append ─┼─> queue ─> BEGIN · which ids are known? · INSERT the rest · COMMIT (fsync) ─> everyone's receipt
aappend ┘
"""

import asyncio
import contextlib
import hashlib
import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue

import apsw

from zhuanban.base.errors import Busy, Refusal
from zhuanban.trail.keys import models as files
from zhuanban.trail.visits import models, rules
from zhuanban.trail.visits.rules import Entry, Receipt, Stored

QUEUE_LIMIT = 4_000  # entries that wait; whoever comes then is told to come again
BATCH_LIMIT = 500  # entries of one commit
OPEN_DAYS = 5  # files held open: three days back, today, and tomorrow in the minutes before midnight

Outcome = Receipt | Exception
Ticket = Future[Receipt] | asyncio.Future[Receipt]
log = logging.getLogger(__name__)


class JournalDown(Refusal):
    """The disk did not take the visit: nothing was acknowledged, and the same id may be sent again."""

    code = "JOURNAL_DOWN"
    status = 503


@dataclass(frozen=True, slots=True)
class _Waiting:
    entry: Entry
    ticket: Ticket


class Journal:
    """The visits of all days in `folder`. One a process, and one process a folder (a second one only waits longer).

    Every way in raises Busy, TooLate and TooEarly at once, and IdTaken, DayClosed and JournalDown once it is known.
    """

    def __init__(self, folder: Path, *, limit: int = QUEUE_LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._files: dict[date, _DayFile] = {}
        self._is_open = True
        self._is_well = True  # the last write reached the disk
        self._door = threading.Lock()  # nothing gets in behind the one who closes
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    def submit(self, entry: Entry) -> Future[Receipt]:
        """For many at once: what comes back is done when the visit is on disk."""
        ticket: Future[Receipt] = Future()
        ticket.set_running_or_notify_cancel()
        self._take(_Waiting(entry, ticket))
        return ticket

    def append(self, entry: Entry) -> Receipt:
        """Waits until the visit is on disk."""
        return self.submit(entry).result()

    async def aappend(self, entry: Entry) -> Receipt:
        """The same for an event loop, which is woken once a commit and not once a visit."""
        ticket: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._take(_Waiting(entry, ticket))
        return await ticket

    def waiting(self) -> int:
        """How many entries stand in the queue."""
        return self._queue.qsize()

    def close(self) -> None:
        """Commits what has queued, then closes the files. A second call does nothing."""
        with self._door:
            if self._is_open:
                self._is_open = False
                self._queue.put(None)
        self._thread.join()

    def _take(self, waiting: _Waiting) -> None:
        rules.check_day(waiting.entry.id.day, at=waiting.entry.at)
        with self._door:
            if not self._is_open:
                raise JournalDown("系统正在停止，请稍后再试")
            if self._queue.qsize() >= self._limit:
                raise Busy("登记的人太多，请稍候再试")
            self._queue.put(waiting)

    # --- the writer's thread ----------------------------------------------------------------------------------------

    def _work(self) -> None:
        while batch := self._gather():
            by_day: dict[date, list[_Waiting]] = defaultdict(list)
            for waiting in batch:
                by_day[waiting.entry.id.day].append(waiting)
            for day, together in by_day.items():
                outcomes = self._write(day, [waiting.entry for waiting in together])
                _hand_out(zip([waiting.ticket for waiting in together], outcomes, strict=True))
        for file in self._files.values():
            file.close()

    def _gather(self) -> list[_Waiting]:
        """Whatever has queued: waits for a first entry, never for a second. Empty once the journal is closed."""
        batch: list[_Waiting] = []
        waiting = self._queue.get()
        with contextlib.suppress(Empty):
            while waiting is not None:
                batch.append(waiting)
                if len(batch) == BATCH_LIMIT:
                    return batch
                waiting = self._queue.get_nowait()
            self._queue.put(None)  # closed: found again when this batch is done
        return batch

    def _write(self, day: date, entries: Sequence[Entry]) -> Sequence[Outcome]:
        try:
            if not any(map(rules.is_writable, entries)) and not models.path_of(self._folder, day).exists():
                return [_settle({}, entry) for entry in entries]  # a day that never was stays one
            outcomes = self._file(day).append(entries)
        except (apsw.Error, OSError) as fault:
            if self._is_well:
                log.error("the journal of %s takes no visits: %s", day, fault)
            self._is_well = False
            outcome: list[Outcome] = [JournalDown("登记暂时存不下来，请稍后再试") for _ in entries]
        except Exception as bug:  # noqa: BLE001 - raised where the receipt is awaited; this thread serves all others
            outcome = [bug for _ in entries]
        else:
            if not self._is_well:
                log.warning("the journal of %s takes visits again", day)
            self._is_well = True
            return outcomes
        if broken := self._files.pop(day, None):
            broken.abandon()
        return outcome

    def _file(self, day: date) -> "_DayFile":
        file = self._files.pop(day, None)
        if file is not None and not file.is_in_place():
            file.abandon()
            file = None
        self._files[day] = file or _DayFile(models.path_of(self._folder, day))  # the last used stands last
        while len(self._files) > OPEN_DAYS:
            self._files.pop(next(iter(self._files))).close()
        return self._files[day]


class _DayFile:
    """One day's file in the writer's hands."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = models.open_writer(path)
        self._inode = path.stat().st_ino

    def is_in_place(self) -> bool:
        """Whether the file under this name is still the one that is open: a deleted one would take visits with it."""
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def append(self, entries: Sequence[Entry]) -> list[Outcome]:
        """One commit. Raises: apsw.Error; then nothing of it counts, and the file must be left."""
        run = self._connection
        run.execute("BEGIN IMMEDIATE")
        stored = models.known(run, tuple(entry.id.random for entry in entries))
        outcomes = [_settle(stored, entry) for entry in entries]
        first = [
            entry
            for entry, outcome in zip(entries, outcomes, strict=True)
            if isinstance(outcome, Receipt) and outcome.first
        ]
        run.executemany(models.INSERT, (cells for entry in first for cells in models.cells(entry)))
        run.executemany(models.POST, ((blob,) for entry in first for blob in entry.outbox))
        run.execute("COMMIT")
        return outcomes

    def close(self) -> None:
        self._connection.close()

    def abandon(self) -> None:
        models.abandon(self._connection)


def _settle(stored: dict[bytes, Stored], entry: Entry) -> Outcome:
    """The entry's outcome; a first one counts as stored for the rest of the batch."""
    try:
        receipt = rules.settle(stored.get(entry.id.random), entry)
    except Refusal as refusal:
        return refusal
    stored[entry.id.random] = Stored(entry.door, receipt.at, receipt.rows)
    return receipt


def _hand_out(pairs: Iterable[tuple[Ticket, Outcome]]) -> None:
    """Every ticket gets its outcome; an event loop all of its own in one call."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[Ticket, Outcome]]] = defaultdict(list)
    for ticket, outcome in pairs:
        if isinstance(ticket, Future):
            _resolve([(ticket, outcome)])
        else:
            loops[ticket.get_loop()].append((ticket, outcome))
    for loop, own in loops.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, own)


def _resolve(pairs: Iterable[tuple[Ticket, Outcome]]) -> None:
    for ticket, outcome in pairs:
        if ticket.done():  # its request was cancelled; the visit stands
            continue
        if isinstance(outcome, Receipt):
            ticket.set_result(outcome)
        else:
            ticket.set_exception(outcome)


# --- the end of a day -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a destroyed day was: proof without content."""

    day: date
    rows: int | None  # None when the file could not be read any more
    sha256: str  # of the database file and its log


def certify(folder: Path, day: date) -> Certificate:
    """What `destroy` is about to take away."""
    digest = hashlib.sha256()
    path = models.path_of(folder, day)
    for part in (path, path.with_name(path.name + "-wal")):
        if part.exists():
            with part.open("rb") as file:
                while chunk := file.read(models.CHUNK):
                    digest.update(chunk)
    return Certificate(day, _rows(path), digest.hexdigest())


def _rows(path: Path) -> int | None:
    try:
        with contextlib.closing(models.open_reader(path)) as connection:
            return int(connection.execute("SELECT count(*) FROM visit").get)
    except apsw.Error:
        return None


def destroy(folder: Path, day: date) -> None:
    """Take a day's file away, its log with it."""
    path = models.path_of(folder, day)
    for part in models.LEFTOVERS:
        path.with_name(path.name + part).unlink(missing_ok=True)
    if folder.exists():
        files.sync_folder(folder)
