from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import models, queries
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.tests.made import DAY, NOON, entry, row

MEI, HUA = bytes(16), bytes(range(16))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Two blocks and a bit of visits at three doors, a minute apart, the writer still running."""
    journal = Journal(tmp_path, limit=100_000)
    for number in range(12):
        colour = Colour.RED if number == 5 else Colour.GREEN
        rows = (row(MEI, colour=colour), row(HUA, by=MEI)) if number % 4 == 0 else (row(colour=colour),)
        outbox = (b"alert",) if colour is Colour.RED else ()
        journal.append(entry(rows=rows, door=number % 3, at=NOON + timedelta(minutes=number), outbox=outbox))
    yield tmp_path
    journal.close()


def test_a_persons_visits_come_oldest_first(folder: Path) -> None:
    with queries.read(folder, DAY) as visits:
        hers = visits.of_who([HUA])

    assert [(visit.door, visit.at) for visit in hers] == [
        (0, NOON),
        (1, NOON + timedelta(minutes=4)),
        (2, NOON + timedelta(minutes=8)),
    ]
    assert {(visit.nth, visit.by, visit.claimed_at) for visit in hers[:1]} == {(1, MEI, NOON - timedelta(hours=1))}


def test_several_people_are_read_at_once_and_nobody_means_nothing(folder: Path) -> None:
    with queries.read(folder, DAY) as visits:
        assert len(visits.of_who([MEI, HUA])) == 6
        assert visits.of_who([]) == visits.of_who([b"nobody known her"]) == []


def test_a_door_shows_its_last_visitors_newest_first(folder: Path) -> None:
    with queries.read(folder, DAY) as visits:
        last = visits.at_door(2, limit=2)
        since = visits.at_door(2, since=NOON + timedelta(minutes=8))

    assert [visit.at for visit in last] == [NOON + timedelta(minutes=11), NOON + timedelta(minutes=8)]
    assert len(since) == 3 and {visit.door for visit in since} == {2}


def test_an_arrival_is_read_by_its_id(folder: Path) -> None:
    with queries.read(folder, DAY) as visits:
        first = visits.of_who([MEI])[0]

        assert [visit.who for visit in visits.of_id(first.id.random)] == [MEI, HUA]


def test_counts_are_of_people_at_all_doors_or_at_some(folder: Path) -> None:
    with queries.read(folder, DAY) as visits:
        assert visits.count() == 15
        assert visits.count_by_door() == {0: 5, 1: 5, 2: 5}
        assert visits.count_by_door([2, 9]) == {2: 5} and visits.count_by_door([]) == {}
        assert visits.count_by_colour() == {
            Colour.GREEN: 14,
            Colour.RED: 1,
            Colour.YELLOW: 0,
            Colour.UNVERIFIED: 0,
        }
        assert visits.count_by_colour([0])[Colour.RED] == 0 and visits.count_by_colour([2])[Colour.RED] == 1


def test_the_outbox_is_read_behind_a_cursor(folder: Path) -> None:
    with queries.read(folder, DAY) as visits:
        [(number, blob)] = visits.outbox()

        assert blob == b"alert" and visits.outbox(number) == [] and visits.outbox(limit=0) == []


def test_a_day_without_a_file_has_no_visits_and_gets_no_file(tmp_path: Path) -> None:
    with queries.read(tmp_path, DAY) as visits:
        assert (visits.count(), visits.at_door(1), visits.of_who([MEI]), visits.outbox()) == (0, [], [], [])
        assert visits.count_by_door([1]) == {}

    assert queries.days(tmp_path) == [] and list(tmp_path.iterdir()) == []


def test_days_are_named_oldest_first(folder: Path) -> None:
    (folder / "notes.db").touch()
    (folder / f"{DAY - timedelta(days=1)}.db").touch()

    assert queries.days(folder) == [DAY - timedelta(days=1), DAY]


def test_a_reader_cannot_write(folder: Path) -> None:
    with queries.read(folder, DAY) as visits, pytest.raises(apsw.ReadOnlyError):
        visits.connection.execute("DELETE FROM outbox")


def test_a_reader_does_not_hold_up_the_writer(folder: Path) -> None:
    journal = Journal(folder)
    with queries.read(folder, DAY) as visits:
        visits.connection.execute("BEGIN")
        before = visits.count()

        journal.append(entry())

        assert visits.count() == before
    with queries.read(folder, DAY) as visits:
        assert visits.count() == before + 1
    journal.close()


def test_searches_use_the_indexes_and_read_every_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that scanned the table would take a second at a day's end."""
    journal = Journal(tmp_path, limit=100_000)
    who = bytes(range(16))
    for future in [
        journal.submit(entry(rows=(row(who if number % 1500 == 0 else None),), door=number % 50))
        for number in range(9_001)
    ]:
        future.result()
    journal.close()

    with queries.read(tmp_path, DAY) as visits:
        assert len(visits.of_who([who])) == 7 and len(visits.at_door(3, limit=1000)) == 180
        plans = [
            visits.connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM visit WHERE {models.IN_ANY_BLOCK} AND {rest}")
            for rest in ("who = x'00'", "door = 1 AND at > 5")
        ]
        texts = [" ".join(str(step[3]) for step in plan) for plan in plans]

    assert "USING INDEX visit_who_at (<expr>=? AND who=?)" in texts[0]
    assert "USING INDEX visit_door_at (<expr>=? AND door=? AND at>?)" in texts[1]
