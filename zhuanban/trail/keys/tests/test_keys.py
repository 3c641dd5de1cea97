"""The life of a day's key, from the gate's first use to its destruction, and every place where it may be cut short."""

import os
import stat
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from zhuanban.base import ciphers
from zhuanban.base.ciphers import Unreadable, UnsafeKey
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.trail.keys import models, queries
from zhuanban.trail.keys.actions import GateKeys, KeeperKeys

PRIVATE = X25519PrivateKey.generate().private_bytes_raw()
PERSON = bytes(range(16))
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=COUNTY_TIME)
TOMORROW = NOON + timedelta(days=1)


def gate(folder: Path) -> GateKeys:
    return GateKeys(folder, ciphers.public_of(PRIVATE))


def keeper(folder: Path, private: bytes = PRIVATE) -> KeeperKeys:
    return KeeperKeys(folder, lambda: private)


def used(keys: GateKeys, day: date = DAY, *, at: datetime = NOON) -> bytes:
    key = keys.of(day, at=at)
    assert key is not None
    return key


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_key_is_random_stays_the_same_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = used(gate(tmp_path))

    assert used(gate(tmp_path)) == key and len(key) == 32
    assert used(gate(tmp_path / "elsewhere")) != key
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {0o600, 0o700}


def test_a_sealed_copy_lies_there_before_the_key_is_used(tmp_path: Path) -> None:
    key = used(gate(tmp_path))

    print_ = models.fingerprint(key)
    assert files(tmp_path) == [f"gate/{DAY}.key", f"handover/{DAY}.{print_}.sealed"]
    sealed = (tmp_path / "handover" / f"{DAY}.{print_}.sealed").read_bytes()
    assert key not in sealed and ciphers.unbox(sealed, private=PRIVATE) == key


def test_a_person_has_another_name_each_day_and_only_the_key_leads_back(tmp_path: Path) -> None:
    keys = gate(tmp_path)
    today, tomorrow = used(keys), used(keys, DAY + timedelta(days=1), at=TOMORROW)

    names = [queries.who(PERSON, key=key) for key in (today, tomorrow)]

    assert len({PERSON, *names}) == 3 and all(len(name) == 16 for name in names)
    assert queries.person_of(names[0], key=today) == PERSON


def names_over(days: list[bytes], people: int = 200) -> set[bytes]:
    """Everybody's name on every day, by that day's key."""
    return {queries.who(number.to_bytes(16, "big"), key=key) for key in days for number in range(people)}


def test_no_name_is_shared_between_days_so_a_stolen_store_shows_nobodys_way(tmp_path: Path) -> None:
    """Promise 8; the control is one key for all days, under which a fortnight has no more names than a day."""
    keys = [
        used(gate(tmp_path), (NOON + n * timedelta(days=1)).date(), at=NOON + n * timedelta(days=1)) for n in range(14)
    ]

    assert len(names_over(keys)) == 14 * 200
    assert len(names_over(keys[:1] * 14)) == 200


def test_the_gate_makes_no_key_for_a_past_day_or_a_day_to_come(tmp_path: Path) -> None:
    keys = gate(tmp_path)

    assert keys.of(DAY - timedelta(days=1), at=NOON.replace(hour=0)) is None
    assert keys.of(DAY - timedelta(days=1), at=NOON) is None
    assert keys.of(DAY + timedelta(days=1), at=NOON) is None
    assert files(tmp_path) == []


def test_after_one_in_the_morning_the_keeper_has_it_and_the_gate_has_not(tmp_path: Path) -> None:
    at_the_gate, with_the_keeper = gate(tmp_path), keeper(tmp_path)
    key = used(at_the_gate)

    before = at_the_gate.drop_past(TOMORROW.replace(hour=0, minute=59)), with_the_keeper.take_over(NOON)
    after = at_the_gate.drop_past(TOMORROW.replace(hour=1)), with_the_keeper.take_over(TOMORROW)

    assert before == ([], []) and after == ([DAY], [DAY])
    assert at_the_gate.of(DAY, at=TOMORROW) is None and with_the_keeper.of(DAY) == [key]
    assert files(tmp_path) == [f"keeper/{DAY}.{models.fingerprint(key)}.key"]


def test_at_half_past_midnight_both_sides_work(tmp_path: Path) -> None:
    key, early = used(gate(tmp_path)), TOMORROW.replace(hour=0, minute=30)
    keeper(tmp_path).take_over(early)

    restarted = gate(tmp_path)

    assert used(restarted, DAY, at=early) == key and keeper(tmp_path).of(DAY) == [key]
    restarted.drop_past(TOMORROW)
    keeper(tmp_path).take_over(TOMORROW)
    assert keeper(tmp_path).of(DAY) == [key] and len(files(tmp_path)) == 1


def test_a_keeper_that_was_down_for_days_finds_every_key(tmp_path: Path) -> None:
    keys: dict[date, bytes] = {}
    for number in range(5):
        at = NOON + timedelta(days=number)
        at_the_gate = gate(tmp_path)
        keys[at.date()] = used(at_the_gate, at.date(), at=at)
        at_the_gate.drop_past(at)

    taken = keeper(tmp_path).take_over(at)

    assert taken == sorted(keys)[:4] == keeper(tmp_path).days()
    assert {day: keeper(tmp_path).of(day) for day in taken} == {day: [keys[day]] for day in taken}


def sealed_copy_never_came(folder: Path) -> None:
    for path in (folder / "handover").iterdir():
        path.unlink()


def keeper_took_it_but_left_the_copy(folder: Path) -> None:
    assert keeper(folder).take_over(TOMORROW) == [DAY]
    used(gate(folder))


def draft_was_left_half_written(folder: Path) -> None:
    (folder / "gate" / f".{DAY}.key.00ff").write_bytes(b"half")


CUTS = [sealed_copy_never_came, keeper_took_it_but_left_the_copy, draft_was_left_half_written]


@pytest.mark.parametrize("cut", CUTS)
def test_a_crash_in_between_loses_no_key_and_leaves_no_copy(cut: Callable[[Path], None], tmp_path: Path) -> None:
    key = used(gate(tmp_path))
    cut(tmp_path)

    used(gate(tmp_path), DAY, at=NOON)
    gate(tmp_path).drop_past(TOMORROW)
    keeper(tmp_path).take_over(TOMORROW)

    assert files(tmp_path) == [f"keeper/{DAY}.{models.fingerprint(key)}.key"]


def test_a_gate_that_lost_its_directory_makes_a_second_key_and_the_first_stays_readable(tmp_path: Path) -> None:
    first = used(gate(tmp_path))
    (tmp_path / "gate" / f"{DAY}.key").unlink()

    second = used(gate(tmp_path))

    assert first != second
    assert keeper(tmp_path).take_over(TOMORROW) == [DAY, DAY]
    assert sorted(keeper(tmp_path).of(DAY)) == sorted([first, second])


def test_two_gates_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    one, other = gate(tmp_path), gate(tmp_path)

    assert used(one) == used(other)
    models.place(tmp_path / "gate" / f"{DAY}.key", bytes(32))
    assert used(gate(tmp_path)) == used(one)


def test_a_copy_sealed_to_another_keeper_stays_and_the_others_are_taken(tmp_path: Path) -> None:
    stranger = X25519PrivateKey.generate().public_key().public_bytes_raw()
    used(GateKeys(tmp_path, stranger), DAY, at=NOON)
    used(gate(tmp_path), DAY + timedelta(days=1), at=TOMORROW)

    with pytest.raises(Unreadable):
        keeper(tmp_path).take_over(TOMORROW + timedelta(days=1))

    assert keeper(tmp_path).days() == [DAY + timedelta(days=1)] and len(list((tmp_path / "handover").iterdir())) == 1


def test_a_destroyed_day_leaves_no_byte_of_its_key_and_other_days_stay(tmp_path: Path) -> None:
    key = used(gate(tmp_path))
    used(gate(tmp_path), DAY + timedelta(days=1), at=TOMORROW)
    keeper(tmp_path).take_over(TOMORROW + timedelta(days=1))
    models.place(tmp_path / "keeper" / f".{DAY}.left-over", key)

    keeper(tmp_path).destroy(DAY)
    keeper(tmp_path).destroy(DAY)

    assert keeper(tmp_path).of(DAY) == [] and keeper(tmp_path).days() == [DAY + timedelta(days=1)]
    (tmp_path / "gate" / f"{DAY}.key").unlink()
    assert not any(key in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize("damage", [lambda path: path.chmod(0o644), lambda path: os.truncate(path, 5)])
def test_a_key_that_others_read_or_that_is_cut_short_is_not_used(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    used(gate(tmp_path))
    damage(tmp_path / "gate" / f"{DAY}.key")

    with pytest.raises(UnsafeKey):
        gate(tmp_path).of(DAY, at=NOON)
