"""The fourth process: empties the gate's outbox, publishes the audit's root, forgets on time.

It holds the keys worker/alerts and worker/strangers, and asks nobody: every row is its to see.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import apsw
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseFault
from django.db import connection
from django.utils import timezone

from zhuanban.base import safety
from zhuanban.base.accounts import actions as accounts
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Refusal
from zhuanban.registry.people import actions as people
from zhuanban.trail.alerts import actions as alerts
from zhuanban.trail.checks import actions as checks
from zhuanban.trail.status import actions as status

BEAT = 0.5  # seconds between two looks into the outbox
log = logging.getLogger("zhuanban.worker")


@dataclass(slots=True)
class Job:
    """One thing to do every so many seconds. `fault` is what went wrong last, so that a long outage is one line."""

    name: str
    every: float
    run: Callable[[datetime], object]
    due: float = 0.0
    fault: str = ""


def purge(at: datetime) -> int:
    """Everything whose day has come; how many rows."""
    return alerts.purge(at=at) + checks.purge(at=at) + status.purge(at=at) + people.purge(at=at)


def jobs() -> list[Job]:
    return [
        Job("relay", BEAT, lambda at: alerts.relay(at=at)),
        Job("purge", 60, purge),
        Job("root", 3600, lambda at: audit.publish_root(at=at)),
    ]


class Command(BaseCommand):
    help = "Relays alerts, purges what is due, publishes the audit's root; ends on SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due once, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        safety.refuse_if_unsafe(database=False)  # it may be away; the desk looks at it
        stop = threading.Event()
        if options["once"]:
            beat(jobs(), time.monotonic())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        waiting = jobs()
        while not stop.is_set():
            beat(waiting, time.monotonic())
            stop.wait(BEAT)


def beat(waiting: list[Job], now: float) -> None:
    """Do what is due. A database or journal that does not answer is tried again at the job's next turn."""
    for job in waiting:
        if now < job.due:
            continue
        job.due = now + job.every
        try:
            with accounts.system_scope():
                job.run(timezone.now())
        except (DatabaseFault, apsw.Error, OSError, Refusal) as fault:
            _note(job, fault)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
        else:
            _recovered(job)


def _note(job: Job, fault: Exception) -> None:
    """Once for each new fault, not twice a second. A missed hour or minute is made up for soon."""
    job.due = min(job.due, time.monotonic() + 5 * BEAT)
    said = f"{type(fault).__name__}: {fault}".splitlines()[0]
    if said != job.fault:
        log.error("%s does not get through, trying again: %s", job.name, said)
    job.fault = said


def _recovered(job: Job) -> None:
    if job.fault:
        log.warning("%s gets through again", job.name)
    job.fault = ""
