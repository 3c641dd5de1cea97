"""Keeping the snapshot current: one thread, one look every 250 ms, and patience while the database is down."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import Error as DatabaseFault
from django.db import close_old_connections, connections

from zhuanban.base.accounts import actions as accounts
from zhuanban.trail.gate.queries.snapshot import Snapshot

EVERY = 0.25  # seconds; source: DESIGN §4
log = logging.getLogger(__name__)


class Watch:
    """Loads the snapshot, then follows the database until it is stopped. A poll that fails leaves all as it was."""

    def __init__(self, snapshot: Snapshot, clock: Callable[[], datetime]) -> None:
        self.loaded = threading.Event()
        self._snapshot, self._clock = snapshot, clock
        self._stopping = threading.Event()
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, name="snapshot", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def look(self) -> bool:
        """One poll; whether the snapshot is now as current as it can be."""
        try:
            with accounts.system_scope():
                self._snapshot.refresh(at=self._clock())
        except DatabaseFault as fault:
            self._failed(f"the database does not answer: {type(fault).__name__}")
        except Exception as bug:  # noqa: BLE001  (the next look may succeed; meanwhile every answer says how old it is)
            self._failed(f"a bug: {bug!r}")
        else:
            self._is_failing = False
            self.loaded.set()
        return not self._is_failing

    def _failed(self, what: str) -> None:
        if not self._is_failing:
            log.error("the snapshot stays as it is: %s", what)
        self._is_failing = True

    def _run(self) -> None:
        while not self._stopping.wait(EVERY if self.loaded.is_set() or self._is_failing else 0):
            close_old_connections()
            self.look()
        connections.close_all()
