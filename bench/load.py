"""A load generator small enough not to be what is measured: sockets, epoll, one request in flight on each."""

import random
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CONNECTIONS = 256
PATIENCE = 5  # seconds without any answer after which a run is broken


@dataclass(slots=True)
class Run:
    """What came back: how many, how fast, and whatever was not a 200."""

    seconds: float = 0
    answered: int = 0
    others: dict[bytes, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)  # seconds

    @property
    def rate(self) -> float:
        return self.answered / self.seconds

    def quantile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def full(port: int, request: Callable[[], bytes], *, seconds: float, connections: int = CONNECTIONS) -> Run:
    """As fast as the answers come."""
    return _drive(port, request, seconds=seconds, connections=connections, per_second=0)


def offered(port: int, request: Callable[[], bytes], *, seconds: float, per_second: int) -> Run:
    """At a steady rate with random gaps; an answer's latency counts from when its request was due."""
    return _drive(port, request, seconds=seconds, connections=CONNECTIONS * 4, per_second=per_second)


def _drive(port: int, request: Callable[[], bytes], *, seconds: float, connections: int, per_second: int) -> Run:
    poll, run = selectors.DefaultSelector(), Run()
    idle = [_connect(port) for _ in range(connections)]
    sent: dict[Any, float] = {}
    for sock in idle:
        poll.register(sock, selectors.EVENT_READ)
    begin = last = time.perf_counter()
    due = begin
    while True:
        now = time.perf_counter()
        if now > begin + seconds:
            break
        while idle and (not per_second or due <= now):
            sock = idle.pop()
            sent[sock] = due if per_second else time.perf_counter()
            sock.send(request())
            due += random.expovariate(per_second) if per_second else 0
        for key, _ in poll.select(0.001 if per_second else 1):
            run_one(run, key.fileobj, sent)
            idle.append(key.fileobj)  # type: ignore[arg-type]
            last = time.perf_counter()
        if time.perf_counter() - last > PATIENCE:
            raise TimeoutError("the server does not answer")
    run.seconds = time.perf_counter() - begin
    for key in list(poll.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    return run


def run_one(run: Run, sock: Any, sent: dict[Any, float]) -> None:
    answer = sock.recv(65536)
    while not _is_whole(answer):
        answer += sock.recv(65536)
    run.latencies.append(time.perf_counter() - sent[sock])
    status = answer[9:12]
    if status == b"200":
        run.answered += 1
    else:
        run.others[status] = run.others.get(status, 0) + 1


def _is_whole(answer: bytes) -> bool:
    head, gap, body = answer.partition(b"\r\n\r\n")
    if not gap:
        return False
    place = head.find(b"content-length: ")
    if place < 0:
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(head[place + 16 : place + 26].split(b"\r", 1)[0])


def _connect(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
