"""The worker: what it does at each beat, and that it outlives a database that does not answer."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from zhuanban.base.audit.models import Root
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts.management.commands import worker
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.alerts.tests import county

pytestmark = pytest.mark.django_db


def test_one_round_relays_purges_and_publishes(door: Door, folder: Path) -> None:
    visit, who = county.new_visit(), county.person()
    county.commit(folder, county.alert_blob(visit, who.pk.bytes, door.pk), visit=visit)

    call_command("worker", once=True)

    assert Alert.objects.count() == 1 and Root.objects.count() == 1


def test_each_job_has_its_own_turn() -> None:
    done: list[str] = []
    fast = worker.Job("fast", 1, lambda at: done.append("fast"))
    slow = worker.Job("slow", 10, lambda at: done.append("slow"))

    for now in (0.0, 0.5, 1.0, 2.0):
        worker.beat([fast, slow], 1000 + now)

    assert done == ["fast", "slow", "fast", "fast"]


def test_a_database_that_does_not_answer_is_one_line_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([OperationalError("database is locked"), OperationalError("database is locked"), None, None])

    def run(at: datetime) -> None:
        fault = next(answers)
        if fault:
            raise fault

    job = worker.Job("purge", 0, run)
    for _ in range(4):
        job.due = 0
        worker.beat([job], time.monotonic())

    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "database is locked" in caplog.records[0].message and job.fault == ""


def test_what_is_missed_for_an_hour_is_made_up_for_soon() -> None:
    def run(at: datetime) -> None:
        raise OperationalError("no connection")

    job = worker.Job("root", 3600, run)
    worker.beat([job], time.monotonic())

    assert job.due < time.monotonic() + 10


def test_it_waits_for_a_database_that_is_not_there_and_ends_on_sigterm(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path / "none"),
        "DATABASE_URL": "",
        "SECRET_KEY": "x" * 60,
        "DEMO": "1",
    }
    command = [sys.executable, str(settings.ROOT / "manage.py"), "worker", "--skip-checks"]
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None

    said = running.stderr.readline()
    time.sleep(1.5)
    is_alive = running.poll() is None
    running.send_signal(signal.SIGTERM)
    _out, rest = running.communicate(timeout=20)

    assert is_alive and running.returncode == 0
    assert "does not get through" in said and "Traceback" not in said + rest and len(rest.splitlines()) < 6
