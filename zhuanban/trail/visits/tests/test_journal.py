import asyncio
import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from zhuanban.base.errors import Busy
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import actions, models, queries, rules
from zhuanban.trail.visits.actions import Journal, JournalDown
from zhuanban.trail.visits.rules import Entry
from zhuanban.trail.visits.tests.made import DAY, NOON, entry, keyless, row, visit_id


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path)
    yield journal
    journal.close()


def stored(folder: Path, one: Entry) -> int:
    with queries.read(folder, one.id.day) as visits:
        return len(visits.of_id(one.id.random))


def test_a_visit_is_on_disk_when_its_receipt_comes(journal: Journal, tmp_path: Path) -> None:
    family = entry(rows=(row(), row(colour=Colour.RED)), at=NOON + timedelta(microseconds=1234))

    receipt = journal.append(family)

    assert receipt == rules.Receipt(first=True, at=NOON + timedelta(milliseconds=1), rows=family.rows)
    with queries.read(tmp_path, DAY) as visits:
        mei, hua = visits.of_id(family.id.random)
    assert (mei.at, mei.door, mei.who, mei.nth, mei.admitted) == (receipt.at, 7, family.rows[0].who, 0, True)
    assert (hua.nth, hua.colour, hua.admitted) == (1, Colour.RED, False)


def test_what_is_sent_again_is_stored_once_and_answered_alike(journal: Journal, tmp_path: Path) -> None:
    first = entry(outbox=(b"alert",))
    again = Entry(first.id, NOON + timedelta(hours=2), first.door, first.rows, None, (b"alert",))

    receipts = [journal.append(one) for one in (first, first, again)]

    assert [receipt.first for receipt in receipts] == [True, False, False]
    assert {(receipt.at, receipt.rows) for receipt in receipts} == {(NOON, first.rows)}
    with queries.read(tmp_path, DAY) as visits:
        assert visits.count() == 1 and len(visits.outbox()) == 1


def test_resends_that_wait_in_one_batch_are_one_visit(tmp_path: Path) -> None:
    one, journal = entry(), Journal(tmp_path)
    futures = [journal.submit(one) for _ in range(300)]

    assert sum(future.result().first for future in futures) == 1
    journal.close()
    assert stored(tmp_path, one) == 1


def test_an_id_with_other_content_is_refused_and_the_others_of_its_batch_are_kept(
    journal: Journal, tmp_path: Path
) -> None:
    one, other = entry(), entry()
    futures = [journal.submit(each) for each in (one, entry(one.id), entry(one.id, rows=(*one.rows, row())), other)]

    assert futures[0].result().first and futures[3].result().first
    for taken in futures[1:3]:
        assert isinstance(taken.exception(), rules.IdTaken)
    assert (stored(tmp_path, one), stored(tmp_path, other)) == (1, 1)


def test_a_late_visit_goes_to_its_own_day(journal: Journal, tmp_path: Path) -> None:
    late = entry(visit_id(DAY - timedelta(days=2)))

    assert journal.append(late).first and not journal.append(late).first
    assert queries.days(tmp_path) == [DAY - timedelta(days=2)]
    for day, refusal in ((DAY - timedelta(days=4), rules.TooLate), (DAY + timedelta(days=1), rules.TooEarly)):
        with pytest.raises(refusal):
            journal.append(entry(visit_id(day)))


def test_when_the_days_key_is_gone_a_resend_gets_its_receipt_and_nothing_new_is_written(
    journal: Journal, tmp_path: Path
) -> None:
    known, yesterday = entry(visit_id(DAY - timedelta(days=1))), DAY - timedelta(days=1)
    journal.append(known)

    assert journal.append(entry(known.id, rows=keyless())).rows == known.rows
    with pytest.raises(rules.DayClosed):
        journal.append(entry(visit_id(yesterday), rows=keyless()))
    with pytest.raises(rules.IdTaken):
        journal.append(entry(known.id, rows=keyless(), door=8))
    with queries.read(tmp_path, yesterday) as visits:
        assert visits.count() == 1


def test_asking_after_a_day_that_never_was_makes_no_file(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(rules.DayClosed):
        journal.append(entry(visit_id(DAY - timedelta(days=1)), rows=keyless()))

    assert queries.days(tmp_path) == []


def test_a_refused_entrys_alert_lies_in_the_same_commit(journal: Journal, tmp_path: Path) -> None:
    journal.append(entry(rows=(row(colour=Colour.RED),), outbox=(b"A1", b"A2")))
    journal.append(entry(outbox=(b"A3",)))

    with queries.read(tmp_path, DAY) as visits:
        assert [blob for _, blob in visits.outbox()] == [b"A1", b"A2", b"A3"]


def test_an_event_loop_awaits_many_and_a_cancelled_request_harms_nobody(journal: Journal, tmp_path: Path) -> None:
    entries = [entry() for _ in range(200)]

    async def scan() -> int:
        tasks = [asyncio.create_task(journal.aappend(one)) for one in entries]
        await asyncio.sleep(0)
        tasks[3].cancel()
        receipts = await asyncio.gather(*tasks, return_exceptions=True)
        with pytest.raises(rules.IdTaken):
            await journal.aappend(entry(entries[0].id))
        return sum(isinstance(receipt, rules.Receipt) and receipt.first for receipt in receipts)

    assert asyncio.run(scan()) == 199
    journal.close()
    assert sum(stored(tmp_path, one) for one in entries) == 200  # it was sent, so it stands


def test_a_loop_that_is_gone_does_not_stop_the_writer(journal: Journal, tmp_path: Path) -> None:
    one = entry()

    async def leave() -> None:
        asyncio.get_running_loop().create_task(journal.aappend(one))
        await asyncio.sleep(0)

    holder = sqlite3.connect(":memory:")  # any other library: the writer must not depend on it
    asyncio.run(leave())
    holder.close()
    assert journal.append(entry()).first
    journal.close()
    assert stored(tmp_path, one) == 1


def test_who_comes_when_the_queue_is_full_is_told_to_come_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path, limit=0)

    with pytest.raises(Busy) as refused:
        journal.append(entry())

    assert (refused.value.status, refused.value.retry_after, journal.waiting()) == (503, 2, 0)
    journal.close()


def test_closing_commits_what_waits_and_lets_nobody_in_behind(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    futures = [journal.submit(entry()) for _ in range(1200)]

    journal.close()
    journal.close()

    assert all(future.result().first for future in futures)
    with pytest.raises(JournalDown):
        journal.submit(entry())
    assert not (tmp_path / f"{DAY}.db-wal").exists()


def test_a_journal_that_was_not_closed_is_found_again(tmp_path: Path) -> None:
    one, first = entry(), Journal(tmp_path)
    first.append(one)

    second = Journal(tmp_path)

    assert not second.append(one).first
    second.close()
    first.close()


def test_a_file_taken_away_under_the_writer_takes_no_visit_with_it(journal: Journal, tmp_path: Path) -> None:
    journal.append(entry())
    actions.destroy(tmp_path, DAY)
    after = entry()

    assert journal.append(after).first

    assert stored(tmp_path, after) == 1


def test_only_a_few_days_are_open_at_once(journal: Journal, tmp_path: Path) -> None:
    for number in range(9):
        at = NOON + timedelta(days=number)
        journal.append(entry(visit_id(at.date()), at=at))

    assert len(queries.days(tmp_path)) == 9
    assert len(list(tmp_path.glob("*-wal"))) == actions.OPEN_DAYS


def test_a_disk_that_fails_is_said_once_and_a_mended_one_is_used(
    journal: Journal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, one = models.path_of(tmp_path, DAY), entry()
    path.mkdir()

    for _ in range(3):
        with pytest.raises(JournalDown) as refused:
            journal.append(one)

    path.rmdir()
    assert (refused.value.code, refused.value.status) == ("JOURNAL_DOWN", 503)
    assert journal.append(one).first and stored(tmp_path, one) == 1
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_a_bug_reaches_who_waits_and_the_next_one_is_served(journal: Journal, tmp_path: Path) -> None:
    nonsense = Entry(visit_id(), NOON, "no number", (row(),))  # type: ignore[arg-type]
    overlong = Entry(visit_id(), NOON, 1 << 70, (row(),))

    for wrong in (nonsense, overlong):
        assert isinstance(journal.submit(wrong).exception(), (JournalDown, OverflowError))
    assert journal.append(entry()).first


def test_a_second_writer_by_mistake_waits_and_doubles_nothing(tmp_path: Path) -> None:
    entries = [entry() for _ in range(400)]
    firsts: list[int] = []

    def run() -> None:
        journal = Journal(tmp_path)
        firsts.append(sum(future.result().first for future in [journal.submit(one) for one in entries]))
        journal.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(firsts) == 400
    with queries.read(tmp_path, DAY) as visits:
        assert visits.count() == 400


def test_the_store_itself_refuses_a_double_a_change_and_a_deletion(journal: Journal, tmp_path: Path) -> None:
    one = entry()
    journal.append(one)
    raw = apsw.Connection(str(models.path_of(tmp_path, DAY)))

    for text in ("UPDATE visit SET door = 9", "DELETE FROM visit", "INSERT INTO visit SELECT 99, id, nth, at, door,"
                 " who, by, via, colour, admitted, claimed_at FROM visit"):  # fmt: skip
        with pytest.raises(apsw.ConstraintError):
            raw.execute(text)
    raw.close()


def test_the_file_is_kept_as_the_design_says(journal: Journal, tmp_path: Path) -> None:
    journal.append(entry())
    raw = models.open_writer(models.path_of(tmp_path, DAY))

    pragmas = {name: raw.execute(f"PRAGMA {name}").get for name in ("journal_mode", "synchronous", "secure_delete")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
    assert (raw.execute("PRAGMA trusted_schema").get, raw.execute("PRAGMA mmap_size").get) == (0, 0)
    raw.close()
    assert apsw.sqlite_lib_version() >= "3.51.3"


# --- the end of a day -------------------------------------------------------------------------------------------


def test_a_destroyed_day_leaves_a_certificate_and_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(entry(rows=(row(), row())))
    journal.close()
    digest = hashlib.sha256(models.path_of(tmp_path, DAY).read_bytes()).hexdigest()

    certificate = actions.certify(tmp_path, DAY)
    actions.destroy(tmp_path, DAY)
    actions.destroy(tmp_path, DAY)

    assert certificate == actions.Certificate(DAY, 2, digest)
    assert list(tmp_path.iterdir()) == []


def test_a_day_that_cannot_be_read_is_destroyed_all_the_same(tmp_path: Path) -> None:
    models.path_of(tmp_path, DAY).write_bytes(b"no database, only noise" * 100)

    certificate = actions.certify(tmp_path, DAY)
    actions.destroy(tmp_path, DAY)

    assert certificate.rows is None and queries.days(tmp_path) == []
    actions.destroy(tmp_path / "never was", DAY)
