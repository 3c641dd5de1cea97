"""The version that the gate polls, and what changed since the one it has."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from zhuanban.registry.places import actions, queries
from zhuanban.registry.places.models import SnapshotVersion
from zhuanban.registry.places.tests.conftest import NOON


@pytest.mark.django_db
def test_every_change_has_the_next_number() -> None:
    begin = queries.snapshot_version()

    first = actions.bump_snapshot(kind="door", key="7", at=NOON)
    second = actions.bump_snapshot_many(kind="person", keys=["a", "b"], at=NOON)

    assert (first, second) == (begin + 1, begin + 2) and queries.snapshot_version() == second
    assert queries.changes_since(begin) == [
        (first, "door", "7"),
        (second, "person", "a"),
        (second, "person", "b"),
    ]
    assert queries.changes_since(second) == []


@pytest.mark.django_db
def test_a_change_that_is_undone_leaves_no_number() -> None:
    begin = queries.snapshot_version()

    with transaction.atomic():
        actions.bump_snapshot(kind="door", key="7", at=NOON)
        transaction.set_rollback(True)

    assert queries.snapshot_version() == begin and queries.changes_since(begin) == []


@pytest.mark.django_db
def test_the_row_is_made_where_there_is_none_and_there_is_only_one() -> None:
    SnapshotVersion.objects.all().delete()
    assert queries.snapshot_version() == 0

    assert actions.bump_snapshot(kind="order", key="1", at=NOON) == 1

    with pytest.raises(IntegrityError), transaction.atomic():
        SnapshotVersion.objects.create(pk=2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_appear_in_the_order_of_their_commits() -> None:
    """A second writer waits for the first: a reader that has seen n will never find a smaller one later."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    begin = queries.snapshot_version()
    seen: list[int] = []

    def write() -> None:
        seen.append(actions.bump_snapshot(kind="door", key="second", at=NOON + timedelta(seconds=1)))
        connection.close()

    with transaction.atomic():
        first = actions.bump_snapshot(kind="door", key="first", at=NOON)
        other = threading.Thread(target=write)
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join()

    assert seen == [first + 1] == [begin + 2]
    assert [key for _n, _kind, key in queries.changes_since(begin)] == ["first", "second"]
