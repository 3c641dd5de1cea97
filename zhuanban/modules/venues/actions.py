"""Deeds on many venues at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhuanban.base.accounts.rules import By
from zhuanban.registry.places import actions as places
from zhuanban.registry.places.models import Venue


@transaction.atomic
def suspend_many(*, by: By, venues: Sequence[int], reason: str, at: datetime) -> list[Venue]:
    """All of them or none. Raises: what `places.suspend_venue` raises."""
    return [places.suspend_venue(by=by, venue=pk, reason=reason, at=at) for pk in sorted(set(venues))]
