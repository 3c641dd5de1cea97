"""The journal alone: acknowledged visits a second, beside a bare apsw loop writing such rows into the same store.

    python -m bench.journal [--stored 500000] [--rounds 3] [--visits 40000] [--folder DIR]

Turn about in one run and one file, so that a slow machine slows all. "bare" is executemany of 100 rows a commit, with
no thread, no queue, no look whether an id is known and no receipt: what SQLite on this disk can do at most.
"""

import argparse
import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zhuanban.base.errors import Busy
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import models
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Row, Via, VisitId

AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
DOORS = 8_000
BARE_BATCH = 100
WAITING = 64  # requests on their way at once
OFFERED = 600  # a second; source: issue “the visit log and the gate”


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--stored", type=int, default=500_000)
    words.add_argument("--visits", type=int, default=40_000)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--folder", default=None)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhuanban-bench-", dir=asked.folder) as folder:
        path = models.path_of(Path(folder), AT.date())
        bare(path, entries(asked.stored))
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
        for _ in range(asked.rounds):
            for name, way in WAYS.items():
                runs[name].append(measured(way, path, list(entries(asked.visits))))
        show(runs, asked.stored)
        print(asyncio.run(latency(Path(folder))))


def entries(number: int) -> Iterator[Entry]:
    for count in range(number):
        row = Row(secrets.token_bytes(16), None, Via.SELF, Colour.GREEN, True)
        yield Entry(
            VisitId(AT.date(), secrets.token_bytes(12)), AT + timedelta(milliseconds=count), count % DOORS, (row,)
        )


def measured(way: Callable[[Path, list[Entry]], None], path: Path, made: list[Entry]) -> tuple[float, float]:
    """(visits a second, microseconds of processor time a visit)"""
    started, worked = time.perf_counter(), time.process_time()
    way(path, made)
    return len(made) / (time.perf_counter() - started), (time.process_time() - worked) / len(made) * 1e6


def bare(path: Path, made: Iterator[Entry] | list[Entry]) -> None:
    connection, rows = models.open_writer(path), [row for entry in made for row in models.cells(entry)]
    for start in range(0, len(rows), BARE_BATCH):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(models.INSERT, rows[start : start + BARE_BATCH])
        connection.execute("COMMIT")
    connection.close()


def threads(path: Path, made: list[Entry]) -> None:
    journal = Journal(path.parent)
    futures = []
    for entry in made:
        while True:
            try:
                futures.append(journal.submit(entry))
                break
            except Busy:
                time.sleep(0.001)
    assert all(future.result().first for future in futures)
    journal.close()


def loop(path: Path, made: list[Entry]) -> None:
    async def send() -> None:
        journal = Journal(path.parent)

        async def one_of_many(own: list[Entry]) -> None:
            for entry in own:
                assert (await journal.aappend(entry)).first

        await asyncio.gather(*[one_of_many(made[number::WAITING]) for number in range(WAITING)])
        journal.close()

    asyncio.run(send())


WAYS = {"bare apsw": bare, "Journal.submit": threads, f"Journal.aappend, {WAITING} at once": loop}


async def latency(folder: Path, seconds: float = 10) -> str:
    """Milliseconds until a visit is acknowledged, at a steady rate."""
    journal, took, started = Journal(folder), [], time.perf_counter()

    async def one(entry: Entry) -> None:
        sent = time.perf_counter()
        await journal.aappend(entry)
        took.append((time.perf_counter() - sent) * 1e3)

    tasks = []
    for number, entry in enumerate(entries(int(OFFERED * seconds))):
        await asyncio.sleep(max(0.0, started + number / OFFERED - time.perf_counter()))
        tasks.append(asyncio.create_task(one(entry)))
    await asyncio.gather(*tasks)
    journal.close()
    took.sort()
    p50, p99, most = (took[min(int(len(took) * share), len(took) - 1)] for share in (0.5, 0.99, 1))
    return f"at {OFFERED}/s: p50 {p50:.2f} ms, p99 {p99:.2f} ms, longest {most:.1f} ms"


def show(runs: dict[str, list[tuple[float, float]]], stored: int) -> None:
    yardstick = statistics.median(rate for rate, _ in runs["bare apsw"])
    print(f"| on top of {stored:,} stored | visits/s | of bare | processor µs a visit |\n|---|---|---|---|")
    for name, found in runs.items():
        rate, work = statistics.median(rate for rate, _ in found), statistics.median(work for _, work in found)
        print(f"| {name} | {rate:,.0f} | {rate / yardstick:.2f} | {work:.0f} |")


if __name__ == "__main__":
    main()
