"""The journal against a plain dict: whatever comes in whatever order, both know the same visits."""

import contextlib
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from zhuanban.base.errors import Refusal
from zhuanban.base.spans import day_of
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits import actions, queries, rules
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Entry, Receipt, Row, Via, VisitId
from zhuanban.trail.visits.tests.made import NOON

WHOS = [bytes([number]) * 16 for number in range(4)]
ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from(WHOS),
        st.none() | st.sampled_from(WHOS),
        st.sampled_from(Via),
        st.sampled_from(Colour),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
).map(tuple)


class JournalMachine(RuleBasedStateMachine):
    """`stored` is the dict; `outbox` what was committed with first receipts, in order, by day."""

    sent = Bundle("sent")

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.journal = Journal(self.folder)
        self.at = NOON
        self.stored: dict[VisitId, Receipt] = {}
        self.doors: dict[VisitId, int] = {}
        self.outbox: dict[object, list[bytes]] = {}

    @rule(target=sent, random=st.binary(min_size=12, max_size=12), late=st.integers(-1, 5), door=st.integers(1, 3),
          rows=ROWS, outbox=st.lists(st.binary(max_size=8), max_size=2).map(tuple))  # fmt: skip
    def arrives(self, random: bytes, late: int, door: int, rows: tuple[Row, ...], outbox: tuple[bytes, ...]) -> Entry:
        entry = Entry(VisitId(day_of(self.at) - timedelta(days=late), random), self.at, door, rows, None, outbox)
        self._send(entry)
        return entry

    @rule(entry=sent)
    def is_sent_again(self, entry: Entry) -> None:
        self._send(replace(entry, at=self.at))

    @rule(entry=sent, door=st.integers(1, 3), rows=ROWS)
    def comes_with_other_content(self, entry: Entry, door: int, rows: tuple[Row, ...]) -> None:
        self._send(replace(entry, at=self.at, door=door, rows=rows))

    @rule(entry=sent)
    def is_sent_again_when_the_key_is_gone(self, entry: Entry) -> None:
        rows = tuple(replace(row, who=None, by=None) for row in entry.rows)
        self._send(replace(entry, at=self.at, rows=rows))

    @rule(entries=st.lists(sent, min_size=2, max_size=6))
    def come_all_at_once(self, entries: list[Entry]) -> None:
        batch = [replace(entry, at=self.at) for entry in entries]
        futures = []
        for entry in batch:
            with contextlib.suppress(Refusal):
                futures.append((entry, self.journal.submit(entry)))
        for entry, future in futures:
            self._compare(entry, future.exception() or future.result())

    @rule()
    def the_process_starts_again(self) -> None:
        self.journal.close()
        self.journal = Journal(self.folder)

    @rule()
    def the_process_dies(self) -> None:
        """What a kill leaves behind: the files as they are, the log not copied."""
        copy = Path(tempfile.mkdtemp())
        shutil.copytree(self.folder, copy, dirs_exist_ok=True)
        self.journal.close()
        shutil.rmtree(self.folder)
        self.folder, self.journal = copy, Journal(copy)

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(days=st.integers(4, 8))
    def old_days_are_destroyed(self, days: int) -> None:
        for day in queries.days(self.folder):
            if day <= day_of(self.at) - timedelta(days=days):
                actions.destroy(self.folder, day)
                self.outbox.pop(day, None)
                self.stored = {id_: receipt for id_, receipt in self.stored.items() if id_.day != day}

    @invariant()
    def both_know_the_same(self) -> None:
        known = {}
        for day in queries.days(self.folder):
            with queries.read(self.folder, day) as visits:
                for id_ in [id_ for id_ in self.stored if id_.day == day]:
                    found = visits.of_id(id_.random)
                    known[id_] = (found[0].door, found[0].at, tuple((one.who, one.by, one.via) for one in found))
                assert visits.count() == sum(len(r.rows) for id_, r in self.stored.items() if id_.day == day)
                assert [blob for _, blob in visits.outbox()] == self.outbox.get(day, [])
        assert known == {
            id_: (self.doors[id_], receipt.at, tuple((row.who, row.by, row.via) for row in receipt.rows))
            for id_, receipt in self.stored.items()
        }

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
            for day in queries.days(self.folder):
                with queries.read(self.folder, day) as visits:
                    assert visits.connection.execute("PRAGMA integrity_check").get == "ok"
            shutil.rmtree(self.folder)

    def _send(self, entry: Entry) -> None:
        try:
            outcome: Receipt | Exception = self.journal.append(entry)
        except Refusal as refusal:
            outcome = refusal
        self._compare(entry, outcome)

    def _compare(self, entry: Entry, outcome: Receipt | BaseException) -> None:
        expected = self._expected(entry)
        if isinstance(expected, Receipt):
            assert outcome == expected
            self.stored.setdefault(entry.id, replace(expected, first=False))
            self.doors.setdefault(entry.id, entry.door)
            if expected.first:
                self.outbox.setdefault(entry.id.day, []).extend(entry.outbox)
        else:
            assert type(outcome) is expected

    def _expected(self, entry: Entry) -> Receipt | type[Refusal]:
        """The specification, in the plainest words."""
        days_late = (day_of(entry.at) - entry.id.day).days
        first, keyless = self.stored.get(entry.id), entry.rows[0].who is None
        if days_late > 3:
            return rules.TooLate
        if days_late < 0:
            return rules.TooEarly
        if first is None:
            return rules.DayClosed if keyless else Receipt(first=True, at=entry.at, rows=entry.rows)
        sent = [(None, None, row.via) if keyless else (row.who, row.by, row.via) for row in entry.rows]
        there = [(None, None, row.via) if keyless else (row.who, row.by, row.via) for row in first.rows]
        return first if sent == there and self.doors[entry.id] == entry.door else rules.IdTaken


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
