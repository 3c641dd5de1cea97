"""The log under several processes at once, each with its own connection and real commits, on either engine."""

from collections.abc import Iterator

import pytest

from zhuanban.base.tests.fresh import Fresh, fresh_database

WRITERS, ROWS = 4, 25
WORDS = """
from datetime import UTC, datetime
from django.db import transaction
from zhuanban.base.audit import actions, queries
from zhuanban.base.audit.models import Entry
from zhuanban.base.audit.tests.people import OFFICER, WORKER
AT = datetime(2026, 11, 23, tzinfo=UTC)
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    with fresh_database(tmp_path_factory.mktemp("audit"), apps=("audit",)) as made:
        yield made


def test_rows_of_many_writers_at_once_are_one_chain_without_gaps(fresh: Fresh) -> None:
    write = f"""
for nth in range({ROWS}):
    with transaction.atomic():
        actions.record(by=WORKER, verb="x", at=AT, detail={{"n": nth}})
        if nth % 5 == 4:
            transaction.set_rollback(True)
"""
    writers = [fresh.start(WORDS + write) for _ in range(WRITERS)]
    complaints = [writer.communicate(timeout=120)[1] for writer in writers]

    said = fresh.run(WORDS + "print(Entry.objects.count(), queries.last().seq, queries.first_break())")

    kept = WRITERS * ROWS * 4 // 5
    assert complaints == [""] * WRITERS
    assert said == f"{kept} {kept} None"


def test_a_look_is_on_disk_before_the_process_can_do_anything_with_it(fresh: Fresh) -> None:
    person = "ab" * 16
    killed = fresh.start(
        WORDS + "import os\n"
        f"actions.look(by=OFFICER, verb='people.look', at=AT, subject='{person}', reason='查')\n"
        "os.kill(os.getpid(), 9)"
    )
    killed.communicate(timeout=60)

    said = fresh.run(WORDS + f"print(len(queries.looks_at('{person}')))")

    assert killed.returncode == -9
    assert said == "1"


def test_a_change_outside_and_a_look_inside_a_transaction_are_bugs(fresh: Fresh) -> None:
    said = fresh.run(
        WORDS
        + """
before = Entry.objects.count()
try:
    actions.record(by=WORKER, verb="x", at=AT)
except actions.OutsideTransaction as bug:
    print(bug.verb)
try:
    with transaction.atomic():
        actions.look(by=OFFICER, verb="people.look", at=AT, reason="查")
except RuntimeError as bug:
    print("durable" in str(bug))
print(Entry.objects.count() - before)
"""
    )

    assert said.split() == ["x", "True", "0"]


def test_the_triggers_are_in_a_migration_that_can_be_taken_back(fresh: Fresh) -> None:
    said = fresh.run(
        WORDS
        + """
from django.core.management import call_command
from django.db import connection
using = "owner" if connection.vendor == "postgresql" else "default"

def migrate(*to):
    call_command("migrate", "audit", *to, database=using, verbosity=0, skip_checks=True)

with transaction.atomic():
    actions.record(by=WORKER, verb="x", at=AT)
newest = Entry.objects.filter(seq=queries.last().seq)
migrate("0001")
print(newest.update(reason="x"))
migrate()
try:
    newest.update(reason="y")
except Exception as refused:
    print(type(refused).__module__)
print(queries.first_break().what)
"""
    )

    assert said.split() == ["1", "django.db.utils", "内容与指纹不符"]
