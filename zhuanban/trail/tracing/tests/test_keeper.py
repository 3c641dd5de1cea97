"""The keeper from inside: what it answers, what it takes over, what it destroys, and when it refuses to."""

import json
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from zhuanban.base import ciphers
from zhuanban.base.errors import SignInFirst
from zhuanban.trail.keys.actions import GateKeys
from zhuanban.trail.keys.rules import ClockJumped
from zhuanban.trail.tracing.actions import Keeper
from zhuanban.trail.tracing.rules import OwnVisit
from zhuanban.trail.tracing.tests.conftest import DAY, HUA, MEI, NOON, TODAY, enter, session
from zhuanban.trail.visits import queries as visits
from zhuanban.trail.visits.actions import Journal
from zhuanban.trail.visits.rules import Via


def held(keeper: Keeper) -> tuple[list[date], list[date]]:
    return visits.days(keeper.visits), keeper.keys.days()


def test_a_person_sees_their_own_past_days_newest_first_with_the_day_each_disappears(keeper: Keeper) -> None:
    own = keeper.own(session(), at=NOON)

    assert len(own) == 13  # today's key is still the gate's, and the fifteenth day is due
    assert own[0] == OwnVisit(NOON - DAY, 1, Via.SELF, TODAY + 13 * DAY)
    assert own[-1].at == NOON - 13 * DAY and own[-1].day_disappears == TODAY + DAY
    assert {visit.via for visit in keeper.own(session(HUA), at=NOON)} == {Via.FAMILY}
    assert keeper.own(session(b"X" * 16), at=NOON) == []


@pytest.mark.parametrize(
    "token",
    [
        lambda: "",
        lambda: "no session at all",
        lambda: session(key=bytes(32)),
        lambda: session(issued_at=NOON - timedelta(days=400)),
        lambda: session()[:-1] + "A",
    ],
)
def test_without_a_live_session_of_ones_own_nothing_is_read_or_written_down(keeper: Keeper, token: object) -> None:
    with pytest.raises(SignInFirst):
        keeper.own(token(), at=NOON)  # type: ignore[operator]

    assert not (keeper.folder / "asked.log").exists()


def test_every_question_is_written_down_without_naming_anybody(keeper: Keeper) -> None:
    keeper.own(session(), at=NOON)
    keeper.own(session(), at=NOON + DAY)
    keeper.own(session(HUA), at=NOON)

    path = keeper.folder / "asked.log"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["asked"] for line in lines] == ["own"] * 3 and set(lines[0]) == {"at", "asked", "tag"}
    assert lines[0]["tag"] == lines[1]["tag"] != lines[2]["tag"]
    assert MEI.hex() not in path.read_text() and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_due_loses_its_key_and_its_file_and_leaves_a_certificate(keeper: Keeper) -> None:
    due = [TODAY - 15 * DAY, TODAY - 14 * DAY]
    journal_files, keys = held(keeper)
    assert journal_files[:2] == keys[:2] == due

    certificates = keeper.purge(at=NOON)

    assert held(keeper) == (journal_files[2:], keys[2:])
    assert [(one.day, one.rows) for one in certificates] == [(due[0], 2), (due[1], 2)]
    lines = [json.loads(line) for line in (keeper.folder / "certificates.log").read_text().splitlines()]
    assert [(line["day"], line["sha256"]) for line in lines] == [(f"{one.day}", one.sha256) for one in certificates]
    assert keeper.purge(at=NOON) == []


def test_a_destroyed_days_file_in_an_old_backup_names_nobody(keeper: Keeper, tmp_path: Path) -> None:
    due = TODAY - 14 * DAY
    backup = (keeper.visits / f"{due}.db").read_bytes()
    keeper.purge(at=NOON)

    (keeper.visits / f"{due}.db").write_bytes(backup)

    assert keeper.keys.of(due) == [] and MEI not in backup
    assert {visit.at.date() for visit in keeper.own(session(), at=NOON)}.isdisjoint({due})
    assert [one.day for one in keeper.purge(at=NOON)] == [due]


def test_a_file_without_its_key_and_a_key_without_its_file_are_destroyed_too(keeper: Keeper) -> None:
    (keeper.visits / f"{TODAY - 15 * DAY}.db").unlink()
    keeper.keys.destroy(TODAY - 14 * DAY)

    assert {one.day: one.rows for one in keeper.purge(at=NOON)} == {TODAY - 15 * DAY: 0, TODAY - 14 * DAY: 2}


def test_a_clock_that_jumps_destroys_nothing_live(keeper: Keeper) -> None:
    keeper.purge(at=NOON)
    before = held(keeper)

    for jump in (3, 30, 4000):
        with pytest.raises(ClockJumped):
            keeper.purge(at=NOON + jump * DAY)
    keeper.purge(at=NOON - 4000 * DAY)

    assert held(keeper) == before
    keeper.purge(at=NOON + 2 * DAY)
    assert len(held(keeper)[0]) == len(before[0]) - 2


def test_visits_written_under_a_wrong_clock_do_not_vouch_for_it(keeper: Keeper) -> None:
    keeper.purge(at=NOON)
    before, wrong = held(keeper), NOON + 30 * DAY
    journal = Journal(keeper.visits)
    enter(GateKeys(keeper.visits.parent / "keys", ciphers.key("shared/keeper.pub")), journal, wrong)
    journal.close()

    with pytest.raises(ClockJumped):
        keeper.purge(at=wrong)

    assert held(keeper) == ([*before[0], wrong.date()], before[1])


def test_a_first_start_under_a_wrong_clock_asks_the_visits(keeper: Keeper) -> None:
    with pytest.raises(ClockJumped):
        keeper.purge(at=NOON + 3 * DAY)

    assert len(held(keeper)[0]) == 16


def test_the_clock_is_believed_again_after_a_person_says_so(keeper: Keeper) -> None:
    keeper.purge(at=NOON)

    assert len(keeper.purge(at=NOON + 5 * DAY, force=True)) == 5
    keeper.purge(at=NOON + 6 * DAY)


def test_housekeeping_goes_on_past_what_it_cannot_do_and_says_so(keeper: Keeper) -> None:
    fresh = Keeper.here()
    assert not fresh.health().is_well(NOON)
    sealed = keeper.visits.parent / "keys" / "handover" / f"{TODAY - DAY}.00000000.sealed"
    sealed.write_bytes(b"not sealed to this keeper at all, and long enough to look like it")

    fresh.keep_house(at=NOON)

    assert fresh.health().problem == "UNREADABLE" and len(visits.days(fresh.visits)) == 14
    sealed.unlink()
    fresh.keep_house(at=NOON)
    assert fresh.health().is_well(NOON) and not fresh.health().is_well(NOON + timedelta(minutes=16))
    fresh.keep_house(at=NOON + 9 * DAY)
    assert fresh.health().problem == "CLOCK_JUMPED" and not fresh.health().is_well(NOON)


def test_a_day_whose_gate_lost_its_key_shows_both_halves(keeper: Keeper) -> None:
    keys = keeper.visits.parent / "keys"
    (keys / "gate" / f"{TODAY}.key").unlink()
    journal = Journal(keeper.visits)
    enter(GateKeys(keys, ciphers.key("shared/keeper.pub")), journal, NOON + timedelta(hours=1))
    journal.close()

    keeper.take_over(at=NOON + DAY)

    assert [visit.at for visit in keeper.own(session(), at=NOON + DAY)][:2] == [NOON + timedelta(hours=1), NOON]


def test_the_command_destroys_what_is_due_and_prints_the_certificates(
    keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command reads the real clock, which nobody has vouched for against these days."""
    keeper.purge(at=NOON - 400 * DAY, force=True)
    with pytest.raises(CommandError, match="核对时间"):
        call_command("purge")

    call_command("purge", "--force")

    assert "已清除" in capsys.readouterr().out
