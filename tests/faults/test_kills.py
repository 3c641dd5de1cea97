"""Promise 1 against kill -9, a full disk and a failing one: acknowledged is kept, refused is not acknowledged."""

import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.faults import processes
from tests.faults.sizes import KILLS, quick_folder
from zhuanban.trail.visits import queries
from zhuanban.trail.visits.tests.made import DAY

pytestmark = pytest.mark.faults


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as made:
        yield made


def missing(folder: Path, ids: Iterable[bytes]) -> list[bytes]:
    with queries.read(folder, DAY) as visits:
        assert visits.connection.execute("PRAGMA integrity_check").get == "ok"
        return [random_id for random_id in ids if not visits.of_id(random_id)]


def test_no_kill_takes_an_acknowledged_visit(folder: Path) -> None:
    chance, acknowledged = random.Random(1), set()
    for _ in range(KILLS):
        process, line = processes.start(processes.write_for_ever, folder)
        assert line.poll(30)
        time.sleep(chance.uniform(0, 0.03))
        process.kill()
        said = processes.told(line)
        process.join()

        assert said and missing(folder, said) == []
        acknowledged.update(said)

    assert missing(folder, acknowledged) == [] and len(acknowledged) > 10 * KILLS


def test_a_full_disk_is_said_and_nothing_acknowledged_is_missing(folder: Path) -> None:
    process, line = processes.start(processes.fill_the_disk, folder, 3_000_000)
    [(acknowledged, refused, after)] = processes.told(line)
    process.join()

    assert len(acknowledged) > 50 and len(refused) == 20
    assert after == refused  # none of them had been stored in secret
    assert missing(folder, [*acknowledged, *after]) == []


FAULTS = ["EIO on write", "EIO on sync", "EIO on truncate", "ENOSPC on write", "ENOSPC on sync"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_disk_is_said_and_nothing_acknowledged_is_missing_or_doubled(fault: str, folder: Path) -> None:
    process, line = processes.start(processes.write_on_a_failing_disk, folder, fault, 0.03)
    [(at_first, refusals, in_the_end)] = processes.told(line)
    process.join()

    assert len(at_first) + refusals == 300 == len({*at_first, *in_the_end})
    assert refusals > 3 or fault == "EIO on truncate"  # a log is cut only when the last connection closes
    assert missing(folder, [*at_first, *in_the_end]) == []
    with queries.read(folder, DAY) as visits:
        assert visits.count() == sum(len(processes.check_in(17, number).rows) for number in range(300))
