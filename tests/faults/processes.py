"""Writers in processes of their own, to be killed, starved and given a failing disk. Each tells by a pipe."""

import multiprocessing
import random
import resource
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import apsw

from zhuanban.base.errors import Refusal
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.actions import Journal, JournalDown
from zhuanban.trail.visits.rules import Entry, Receipt, Row, Via, VisitId
from zhuanban.trail.visits.tests.made import DAY, NOON, entry

WINDOW = 64  # entries on their way at once

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.processes"])


def start(work: Callable[..., None], *given: Any) -> tuple[Any, Connection]:
    """(process, the end of the pipe on which it speaks)"""
    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=work, args=(*given, there), daemon=True)
    process.start()
    there.close()
    return process, here


def told(line: Connection) -> list[Any]:
    """All that the process still said, until it ended or was killed; a word cut short is none."""
    said = []
    with suppress(EOFError, OSError):
        while True:
            said.append(line.recv())
    return said


def check_in(seed: int, number: int, times: int = 0) -> Entry:
    """The same for the same numbers; `times` moves only the server's clock."""
    chance = random.Random(seed * 1_000_003 + number)
    rows = (Row(chance.randbytes(16), None, Via.SELF, Colour.GREEN, True),) * chance.randint(1, 2)
    at = NOON + timedelta(milliseconds=number + 50 * times)
    return Entry(VisitId(DAY, chance.randbytes(12)), at, chance.randrange(50), rows)


# --- what the processes do ------------------------------------------------------------------------------------------


def write_for_ever(folder: Path, line: Connection) -> None:
    """Says each visit's id once it is acknowledged, until somebody kills it."""
    journal = Journal(folder)
    waiting: deque[tuple[Entry, Future[Receipt]]] = deque()
    while True:
        while len(waiting) < WINDOW:
            one = entry()
            waiting.append((one, journal.submit(one)))
        one, future = waiting.popleft()
        future.result()
        line.send(one.id.random)


def send_all(folder: Path, seed: int, sends: list[tuple[int, int]], line: Connection) -> None:
    """Sends (number, time) in order; says (number, first, at) for each receipt."""
    journal = Journal(folder)
    waiting: deque[tuple[int, Future[Receipt]]] = deque()
    for number, time in sends:
        waiting.append((number, journal.submit(check_in(seed, number, time))))
        if len(waiting) == WINDOW:
            _say(waiting, line)
    while waiting:
        _say(waiting, line)
    journal.close()


def _say(waiting: deque[tuple[int, Future[Receipt]]], line: Connection) -> None:
    number, future = waiting.popleft()
    receipt = future.result()
    line.send((number, receipt.first, receipt.at))


def fill_the_disk(folder: Path, limit: int, line: Connection) -> None:
    """Writes until no file may grow any more, then gets space. Says (acknowledged, refused, acknowledged after)."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    acknowledged: list[bytes] = []
    refused: list[Entry] = []
    journal = Journal(folder)
    while len(refused) < 20:
        one = entry(outbox=(bytes(4000),))
        try:
            journal.append(one)
            acknowledged.append(one.id.random)
        except JournalDown:
            refused.append(one)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    after = [one.id.random for one in refused if journal.append(one).first]
    journal.close()
    line.send((acknowledged, [one.id.random for one in refused], after))


def write_on_a_failing_disk(folder: Path, fault: str, share: float, line: Connection) -> None:
    """Sends 300 visits until each is taken. Says (acknowledged at first, refusals, acknowledged in the end)."""
    sys.unraisablehook = lambda _: None  # faults where SQLite ignores them, as in a checkpoint
    disk = _FailingDisk(fault, share)
    at_first: list[bytes] = []
    again: list[Entry] = []
    journal, refusals = Journal(folder), 0
    for number in range(300):
        disk.share = share
        one = check_in(17, number)
        try:
            journal.append(one)
            at_first.append(one.id.random)
        except Refusal:
            refusals += 1
            again.append(one)
    disk.share = 0.0
    in_the_end = [one.id.random for one in again if journal.append(one)]
    journal.close()
    line.send((at_first, refusals, in_the_end))


class _FailingDisk(apsw.VFS):
    """Fails a share of one kind of operation, as EIO or ENOSPC."""

    def __init__(self, fault: str, share: float) -> None:
        self.operation, self.error = {
            "EIO on write": ("write", apsw.IOError),
            "EIO on sync": ("sync", apsw.IOError),
            "EIO on truncate": ("truncate", apsw.IOError),
            "ENOSPC on write": ("write", apsw.FullError),
            "ENOSPC on sync": ("sync", apsw.FullError),
        }[fault]
        self.share, self.chance = share, random.Random(3)
        super().__init__("failing", "unix", makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        return _FailingFile(self, name, flags)

    def may(self, operation: str) -> None:
        if operation == self.operation and self.chance.random() < self.share:
            raise self.error("injected")


class _FailingFile(apsw.VFSFile):
    def __init__(self, disk: _FailingDisk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.disk.may("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.may("sync")
        super().xSync(flags)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self.disk.may("truncate")
        super().xTruncate(newsize)
