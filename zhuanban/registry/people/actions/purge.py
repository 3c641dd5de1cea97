"""Forgetting: what has no purpose any more goes by itself. The worker calls it, every hour or every day alike."""

from datetime import datetime

from django.db import transaction

from zhuanban.base.accounts.rules import system
from zhuanban.base.audit import actions as audit
from zhuanban.base.spans import day_of
from zhuanban.registry.people import rules
from zhuanban.registry.people.models import BondRequest, CodeCount, OneTimeCode, Person


@transaction.atomic
def purge(*, at: datetime) -> int:
    """Codes and counts of the past, requests long lapsed, strangers whose token has run out; how many rows.

    A stranger's row is emptied, not deleted: an alert may still point at it, and then says 已注销.
    """
    gone = CodeCount.objects.filter(day__lt=day_of(at)).delete()[0]
    gone += OneTimeCode.objects.filter(expires_at__lte=at).delete()[0]
    gone += BondRequest.objects.filter(asked_at__lte=at - rules.REQUEST_KEPT).delete()[0]
    strangers = Person.objects.filter(
        origin=rules.Origin.STRANGER,
        account_phone_index=None,
        deleted_at=None,
        created_at__lte=at - rules.STRANGER_KEPT,
    )
    emptied = strangers.update(sealed=b"", phone_index=None, home_division="", deleted_at=at, signed_out_before=at)
    if emptied:
        audit.record(by=system("worker"), verb="people.purge", at=at, detail={"strangers": emptied})
    return gone + emptied
