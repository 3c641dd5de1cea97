"""Passwords are hashed with argon2id of a stated size, and never more at once than the machine bears."""

from threading import Barrier, BoundedSemaphore, Thread

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from zhuanban.base.accounts.hashers import SLOTS, BoundedArgon2
from zhuanban.base.errors import Busy


class OneAtATime(BoundedArgon2):
    """The hasher on a machine with a single slot, for impatient tests."""

    slots = BoundedSemaphore(1)
    patience = 0.05


class Unbounded(OneAtATime):
    """The control: slots without end."""

    slots = BoundedSemaphore(1000)


def crowd(hasher: BoundedArgon2, size: int) -> list[str]:
    """How `size` sign-ins at the same moment end."""
    ends, start = [], Barrier(size)

    def one() -> None:
        start.wait()
        try:
            hasher.encode("a long enough passphrase", "salt-of-the-tests")
            ends.append("done")
        except Busy:
            ends.append("busy")

    threads = [Thread(target=one) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_a_password_is_stored_as_argon2id_of_19_mib() -> None:
    stored = make_password("a long enough passphrase")

    said = extract_parameters(stored.removeprefix("argon2"))
    assert (said.type, said.time_cost, said.memory_cost, said.parallelism) == (Type.ID, 2, 19 * 1024, 1)
    assert isinstance(identify_hasher(stored), BoundedArgon2)


def test_the_right_password_opens_and_another_does_not() -> None:
    stored = make_password("a long enough passphrase")

    assert check_password("a long enough passphrase", stored)
    assert not check_password("a long enough passphrasE", stored)


def test_who_finds_no_slot_in_time_is_told_to_come_again() -> None:
    hasher = OneAtATime()

    with OneAtATime.slots, pytest.raises(Busy) as refused:
        hasher.verify("x", make_password("a long enough passphrase"))

    assert refused.value.retry_after > 0


def test_a_slot_is_given_back_even_after_an_error() -> None:
    hasher = OneAtATime()

    with pytest.raises(ValueError, match="not enough values"):
        hasher.verify("x", "no hash at all")

    assert hasher.encode("a long enough passphrase", "salt-of-the-tests")


def test_a_crowd_at_the_door_meets_the_limit_and_without_it_would_not() -> None:
    bounded, control = crowd(OneAtATime(), 24), crowd(Unbounded(), 24)

    assert "busy" in bounded and "done" in bounded
    assert set(control) == {"done"}


def test_two_hashings_a_core_run_at_once() -> None:
    taken = 0
    while SLOTS.acquire(blocking=False):
        taken += 1

    for _ in range(taken):
        SLOTS.release()

    assert taken > 0 and taken % 2 == 0
