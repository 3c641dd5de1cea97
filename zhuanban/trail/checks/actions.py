"""Writing verifications down, and forgetting them on their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from zhuanban.base.accounts.rules import By
from zhuanban.registry.places.models import Door
from zhuanban.registry.places.rules import Unverified
from zhuanban.trail.checks import queries, rules
from zhuanban.trail.checks.models import Check
from zhuanban.trail.checks.rules import Outcome
from zhuanban.trail.status.rules import Colour


@dataclass(frozen=True, slots=True)
class Seen:
    """An arrival as the gate recorded it: the colour is never taken from the checker's screen."""

    visit: str
    nth: int
    colour: Colour


@transaction.atomic
def verify(*, by: By, door: Door, seen: Seen, outcome: Outcome, reason: str = "", at: datetime) -> Check:
    """What the checker decided about one arrival. Admitting an unverified person is kept as 目视.

    Raises:
        NotOffered: this colour cannot have this outcome at this door.
        AlreadyChecked: it was verified before, by another or too long ago.
    """
    type_ = door.venue.type
    may_admit = type_.unverified != Unverified.HOLD
    rules.check_offered(outcome, seen.colour, is_medical=type_.is_medical, may_admit_unverified=may_admit)
    before = queries.last_of(seen.visit, seen.nth)
    rules.check_again(_verified(before), checker=checker_of(by), at=at)
    if before is not None:
        Check.objects.filter(pk=before.pk).update(is_last=False)
    turn = before.turn + 1 if before is not None else 0
    return Check.objects.create(
        turn=turn, reason=reason, at=at, outcome=outcome, **_about(by=by, door=door, seen=seen, at=at)
    )


@transaction.atomic
def verify_batch(*, by: By, door: Door, seen: Sequence[Seen], at: datetime) -> list[Check]:
    """One tap for recent greens together: kept as 批量 and counted apart; those already verified are left alone.

    Raises:
        OnlyGreens: one of them is not green; nothing is written.
    """
    if any(one.colour is not Colour.GREEN for one in seen):
        raise rules.OnlyGreens("只有绿码可以一起放行，其他请逐个核验")
    done = queries.verified_of([one.visit for one in seen])
    fresh = [one for one in seen if (one.visit, one.nth) not in done]
    made = [
        Check(outcome=Outcome.ADMIT, in_batch=True, at=at, **_about(by=by, door=door, seen=one, at=at))
        for one in fresh
    ]
    return Check.objects.bulk_create(made)


@transaction.atomic
def purge(*, at: datetime) -> int:
    """Rows whose day has come are gone; returns how many."""
    return Check.objects.filter(purge_at__lte=at).delete()[0]


def checker_of(by: By) -> str:
    """Whose verification it is: the account on shift at a device, else who signed in."""
    return str(by.shift_account) if by.shift_account is not None else by.key


def _verified(check: Check | None) -> rules.Verified | None:
    return None if check is None else rules.Verified(check.checker, check.at)


def _about(*, by: By, door: Door, seen: Seen, at: datetime) -> dict[str, object]:
    return {
        "visit": seen.visit,
        "nth": seen.nth,
        "colour": seen.colour,
        "by_eye": seen.colour is Colour.UNVERIFIED and door.venue.type.unverified == Unverified.LOOK,
        "door": door,
        "division": door.division,
        "sector": door.sector,
        "organisation": door.organisation,
        "checker": checker_of(by),
        "checker_label": by.label,
        "purge_at": at + timedelta(days=settings.RETENTION_DAYS),
    }
