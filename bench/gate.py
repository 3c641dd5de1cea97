"""Acknowledged check-ins a second over HTTP, beside an empty ASGI application on the same server and settings.

    python -m bench.gate [--doors 40] [--residents 2000] [--seconds 4] [--rounds 3]

One gate process pinned to one core, the load on another, loopback only. An acknowledged check-in is decided, written
and synced to disk. Turn about, so that a machine that slows down slows both.
"""

import argparse
import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path

from bench import load

PORTS = {"gate": 8611, "empty": 8612}
APPS = {"gate": "zhuanban.trail.gate.asgi:application", "empty": "bench.empty:application"}
OFFERED = 600  # a second; source: issue “the visit log and the gate”, p99 ≤ 40 ms
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--doors", type=int, default=40)
    words.add_argument("--residents", type=int, default=2000)
    words.add_argument("--seconds", type=float, default=4)
    words.add_argument("--rounds", type=int, default=3)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhuanban-bench-") as folder:
        os.environ |= {"VAR_DIR": folder, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "zhuanban.settings"}
        pairs = _county(asked.doors, asked.residents)
        with _server("gate") as gate, _server("empty") as empty:
            _measure(pairs, {"gate": gate, "empty": empty}, seconds=asked.seconds, rounds=asked.rounds)


def _measure(pairs: list[tuple[str, str]], servers: dict[str, int], *, seconds: float, rounds: int) -> None:
    _pin(os.getpid(), last=True)
    plain, paged = _requests(pairs), _requests(pairs, page=True)
    kinds = {"empty": ("empty", plain), "gate": ("gate", plain), "gate, page texts": ("gate", paged)}
    for port in PORTS.values():
        load.full(port, plain, seconds=1)  # warm
    runs: dict[str, list[tuple[load.Run, float]]] = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind, (name, request) in kinds.items():
            before = _cpu(servers[name])
            run = load.full(PORTS[name], request, seconds=seconds)
            runs[kind].append((run, (_cpu(servers[name]) - before) / max(run.answered, 1) * 1e6))
    middles = {kind: sorted(found, key=lambda pair: pair[0].rate)[len(found) // 2] for kind, found in runs.items()}
    yardstick = middles["empty"][0].rate
    print(f"| {load.CONNECTIONS} connections | answered/s | of empty | CPU µs each | p50 ms | p99 ms | not 200 |")
    print("|---|---|---|---|---|---|---|")
    for kind, (run, cost) in middles.items():
        cells = (f"{run.rate:,.0f}", f"{run.rate / yardstick:.2f}", f"{cost:.0f}", *_milliseconds(run), _others(run))
        print(f"| {kind} | {' | '.join(cells)} |")
    steady = load.offered(PORTS["gate"], plain, seconds=seconds, per_second=OFFERED)
    p50, p99 = _milliseconds(steady)
    print(f"\nat {OFFERED}/s offered: {steady.rate:,.0f}/s acknowledged,")
    print(f"p50 {p50} ms, p99 {p99} ms, not 200: {_others(steady)}")


def _cpu(pid: int) -> float:
    """Seconds that a server and its workers have computed so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(stat.parent.name) == pid or int(fields[1]) == pid:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _milliseconds(run: load.Run) -> tuple[str, str]:
    return f"{run.quantile(0.5):.1f}", f"{run.quantile(0.99):.1f}"


def _others(run: load.Run) -> str:
    return str(sum(run.others.values()))


def _requests(pairs: list[tuple[str, str]], *, page: bool = False) -> Callable[[], bytes]:
    """Each a check-in of its own: the next pair of door and resident, a fresh id."""
    day, numbers = f"{datetime.now(UTC).astimezone():%Y%m%d}", count(int.from_bytes(secrets.token_bytes(8)))
    tail = ',"page":true' if page else ""
    heads = cycle(
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {{}}\r\n\r\n"
        for path, cookie in pairs
    )
    length = len(f'{{"id":"{day}-{0:024x}","people":["me"]{tail}}}')

    def request() -> bytes:
        body = f'{{"id":"{day}-{next(numbers):024x}","people":["me"]{tail}}}'
        return (next(heads).format(length) + body).encode()

    return request


@contextlib.contextmanager
def _server(name: str) -> Iterator[int]:
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--log-level", "warning"]
    process = subprocess.Popen([*command, "--port", str(PORTS[name]), APPS[name]], cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError, TimeoutError):
                load.full(
                    PORTS[name], lambda: b"GET /s/health HTTP/1.1\r\nHost: x\r\n\r\n", seconds=0.1, connections=1
                )
                break
            time.sleep(0.1)
        _pin(process.pid, last=False)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _pin(pid: int, *, last: bool) -> None:
    """The servers on the first core, the load on the last: with all their threads and children."""
    cores = sorted(os.sched_getaffinity(0))
    core = {cores[-1] if last else cores[0]}
    if last:
        os.sched_setaffinity(pid, core)
        return
    for task in Path("/proc").glob("[0-9]*/task/[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if pid in _family(int(task.parent.parent.name)):
                os.sched_setaffinity(int(task.name), core)


def _family(pid: int) -> set[int]:
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return {pid, parent}


def _county(doors: int, residents: int) -> list[tuple[str, str]]:
    """(path, cookie) pairs of a county with that many doors and residents, all of them green."""
    import django  # noqa: PLC0415  (the settings are read when it is first imported)

    from zhuanban.base import ciphers  # noqa: PLC0415

    ciphers.make_all()
    django.setup()
    from bench.county import make  # noqa: PLC0415  (models need the apps)

    return make(doors, residents, until=datetime.now(UTC) + timedelta(days=2))


if __name__ == "__main__":
    main()
