"""What has run out is forgotten, and nothing before."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from zhuanban.trail.status.models import Correction, Fact, Proposal


@transaction.atomic
def purge(*, at: datetime) -> int:
    """Facts that ran out RETENTION_DAYS ago are gone, with what hangs on them; returns how many facts.

    A fact stays while an earlier word of its issuer still runs: without it that word would count again. One whose
    correction waits for an answer stays too.
    """
    before = at - timedelta(days=settings.RETENTION_DAYS)
    same = Fact.objects.filter(person=OuterRef("person"), issuer=OuterRef("issuer"), until_at__gt=before)
    waiting = Correction.objects.filter(fact=OuterRef("pk"), answered_at=None)
    gone = list(
        Fact.objects.filter(~Exists(same), ~Exists(waiting), until_at__lte=before).values_list("pk", flat=True)[:500]
    )
    Correction.objects.filter(fact__in=gone).delete()
    Fact.objects.filter(pk__in=gone).delete()
    Correction.objects.filter(fact=None, answered_at__lte=before).delete()
    Proposal.objects.filter(until_at__lte=before, fact=None).delete()
    return len(gone)
