"""Promise 2: however often a check-in is sent, and whatever dies in between, it is counted once."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.faults import processes
from tests.faults.sizes import CHECK_INS, quick_folder
from zhuanban.trail.visits import models, queries
from zhuanban.trail.visits.actions import Journal, JournalDown
from zhuanban.trail.visits.tests.made import DAY

pytestmark = pytest.mark.faults
SEED = 23
CRASHES = 8


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as made:
        yield made


def sendings(check_ins: int) -> list[tuple[int, int]]:
    """Every check-in one to five times, shuffled."""
    chance = random.Random(SEED)
    sends = [(number, time) for number in range(check_ins) for time in range(chance.randint(1, 5))]
    chance.shuffle(sends)
    return sends


def test_every_check_in_is_one_row_and_every_receipt_of_it_is_the_first(folder: Path) -> None:
    chance, sends = random.Random(SEED), sendings(CHECK_INS)
    receipts: dict[int, set[datetime]] = {}
    firsts: Counter[int] = Counter()
    while sends:
        part = sends[: max(len(sends) // 3, CHECK_INS // CRASHES)]
        process, line = processes.start(processes.send_all, folder, SEED, part)
        assert line.poll(30)
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        answered = processes.told(line)
        process.join()
        for number, first, at in answered:
            receipts.setdefault(number, set()).add(at)
            firsts[number] += first
        sends = sends[len(answered) :]  # what was not answered is sent again

    assert len(receipts) == CHECK_INS and {len(times) for times in receipts.values()} == {1}
    assert max(firsts.values()) == 1  # a first receipt may have died with its process, two never lived
    with queries.read(folder, DAY) as visits:
        for number in range(CHECK_INS):
            one = processes.check_in(SEED, number)
            stored = visits.of_id(one.id.random)
            assert [row.who for row in stored] == [row.who for row in one.rows]
            assert {row.at for row in stored} == receipts[number]
        assert visits.count() == sum(len(processes.check_in(SEED, number).rows) for number in range(CHECK_INS))


def send(folder: Path, check_ins: int) -> int:
    """How many of the sendings the journal refused."""
    journal, refused = Journal(folder), 0
    for number, sending in sendings(check_ins):
        try:
            journal.append(processes.check_in(SEED, number, sending))
        except JournalDown:
            refused += 1
    journal.close()
    return refused


def count(folder: Path) -> tuple[int, int]:
    """(rows, check-ins that they should be)"""
    with queries.read(folder, DAY) as visits:
        ids = visits.connection.execute("SELECT count(DISTINCT id) FROM visit").get
        assert isinstance(ids, int)
        return visits.count(), sum(len(processes.check_in(SEED, number).rows) for number in range(ids))


def test_control_without_the_unique_id_check_ins_are_doubled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "known", lambda connection, ids: {})
    monkeypatch.setattr(models, "SCHEMA", models.SCHEMA.replace("UNIQUE (id, nth)", "CHECK (nth >= 0)"))

    send(folder, 200)

    rows, expected = count(folder)
    assert rows > 2 * expected


def test_the_store_alone_refuses_a_double_when_the_look_before_it_is_blind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "known", lambda connection, ids: {})

    refused = send(folder, 60)

    rows, expected = count(folder)
    assert rows == expected and refused == len(sendings(60)) - 60
