"""Keys are files: made once, whole, for their owner only, and refused when they are anything else."""

import os
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from zhuanban.base import ciphers
from zhuanban.base.ciphers import UnsafeKey


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Path:
    settings.KEYS = tmp_path / "keys"
    return tmp_path / "keys"


def test_the_command_prints_what_it_made_and_makes_nothing_twice(keys: Path) -> None:
    first, second = StringIO(), StringIO()

    call_command("make_keys", stdout=first)
    before = {path: path.read_bytes() for path in keys.rglob("*") if path.is_file()}
    call_command("make_keys", stdout=second)

    assert {Path(line) for line in first.getvalue().split()} == set(before)
    assert {path: path.read_bytes() for path in keys.rglob("*") if path.is_file()} == before
    assert second.getvalue().strip() == "密钥都在，没有新做。"


def test_the_standing_keys_are_there_and_their_owner_s_alone(keys: Path) -> None:
    made = ciphers.make_all()

    assert set(made) == {
        "desk/secret", "desk/people", "desk/people-index", "shared/session", "shared/codes", "shared/internal",
        "worker/alerts", "shared/alerts.pub", "worker/strangers", "shared/strangers.pub",
        "keeper/keeper", "shared/keeper.pub",
    }  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in keys.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in keys.rglob("*") if path.is_dir()} == {0o700}
    assert len((keys / "desk/secret").read_text()) >= 50


def test_no_two_keys_are_alike_and_pairs_belong_together() -> None:
    ciphers.make_all()

    assert len({ciphers.key(name) for name in ciphers.SECRETS}) == len(ciphers.SECRETS)
    for private, public in ciphers.PAIRS:
        assert ciphers.unbox(ciphers.box(b"x", to_public=ciphers.key(public)), private=ciphers.key(private)) == b"x"


def test_a_missing_key_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnsafeKey, match="make_keys"):
        ciphers.key("shared/codes")


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o610, 0o644, 0o666])
def test_a_key_that_others_may_touch_is_refused(keys: Path, mode: int) -> None:
    ciphers.make("gate/today")
    (keys / "gate/today").chmod(mode)

    with pytest.raises(UnsafeKey, match="chmod 600"):
        ciphers.key("gate/today")


def test_a_public_half_may_be_read_by_all_and_written_by_its_owner(keys: Path) -> None:
    ciphers.make_all()

    (keys / "shared/keeper.pub").chmod(0o644)
    (keys / "shared/alerts.pub").chmod(0o664)

    assert len(ciphers.key("shared/keeper.pub")) == 32
    with pytest.raises(UnsafeKey):
        ciphers.key("shared/alerts.pub")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_damaged_key_is_refused(keys: Path, size: int) -> None:
    ciphers.make("gate/today")
    (keys / "gate/today").write_bytes(os.urandom(size))

    with pytest.raises(UnsafeKey, match="32 字节"):
        ciphers.key("gate/today")


def test_of_many_makers_one_wins_and_leaves_no_draft(keys: Path) -> None:
    with ThreadPoolExecutor(8) as makers:
        made = list(makers.map(lambda _: ciphers.make("gate/today"), range(64)))

    assert made.count(True) == 1
    assert [path.name for path in (keys / "gate").iterdir()] == ["today"]


def test_a_lost_public_half_is_made_again_and_a_private_half_elsewhere_is_left_there(keys: Path) -> None:
    ciphers.make_all()
    (keys / "shared/alerts.pub").unlink()
    (keys / "keeper/keeper").unlink()

    assert ciphers.make_all() == ["shared/alerts.pub"]
    assert not (keys / "keeper/keeper").exists()


def test_halves_that_do_not_belong_together_are_refused(keys: Path) -> None:
    ciphers.make_all()
    (keys / "shared/alerts.pub").write_bytes(os.urandom(32))

    with pytest.raises(UnsafeKey, match="不成对"):
        ciphers.make_all()


def test_a_place_that_cannot_be_written_is_no_silent_success(keys: Path) -> None:
    keys.mkdir()
    (keys / "gate").write_text("a file where the folder should be")

    with pytest.raises(OSError, match="gate"):
        ciphers.make("gate/today")


def test_whoever_comes_second_between_looking_and_writing_changes_nothing(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ciphers.make("gate/today")
    before = (keys / "gate/today").read_bytes()

    monkeypatch.setattr(Path, "exists", lambda path: False)

    assert ciphers.make("gate/today") is False
    assert (keys / "gate/today").read_bytes() == before and len(list((keys / "gate").iterdir())) == 1
