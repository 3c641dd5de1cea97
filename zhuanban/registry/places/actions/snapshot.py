"""What the gate must read again. It polls the version and asks for what changed since its own."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from zhuanban.registry.places.models import SnapshotChange, SnapshotVersion


def bump_snapshot(*, kind: str, key: str, at: datetime) -> int:
    """The new version. See `bump_snapshot_many`."""
    return bump_snapshot_many(kind=kind, keys=[key], at=at)


@transaction.atomic
def bump_snapshot_many(*, kind: str, keys: Iterable[str], at: datetime) -> int:
    """The new version, under which every one of `keys` changed.

    Call it last in the caller's transaction, after audit.record: both wait for other writers, and who takes the two
    locks in another order may stand across (PostgreSQL then ends one of the two transactions).
    The UPDATE locks the one row until the caller commits, so that versions appear in the order of their commits: a
    reader that has seen version 7 will never find a 6 later.
    """
    if not SnapshotVersion.objects.filter(pk=1).update(n=F("n") + 1):
        SnapshotVersion.objects.bulk_create([SnapshotVersion(pk=1)], ignore_conflicts=True)
        SnapshotVersion.objects.filter(pk=1).update(n=F("n") + 1)
    n = SnapshotVersion.objects.values_list("n", flat=True).get(pk=1)
    SnapshotChange.objects.bulk_create(SnapshotChange(n=n, kind=kind, key=key, at=at) for key in keys)
    return n
