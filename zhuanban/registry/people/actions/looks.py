"""Looking at people. The row that says so is on disk before anything is deciphered."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from zhuanban.base.accounts.rules import ABSOLUTE_SESSION, By
from zhuanban.base.audit import actions as audit
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import NotFound, Refusal
from zhuanban.registry.people import queries, rules
from zhuanban.registry.people.models import Person

REASON_MIN = 4  # characters: “看看” is no reason
LISTED = "people.list"


class ReasonNeeded(Refusal):
    code = "REASON_NEEDED"
    status = 422


def look(*, by: By, person: uuid.UUID, reason: str, at: datetime, target: str = "") -> rules.Identity:
    """Name, phone and document in clear, after the person looked at can find out. Call it outside a transaction.

    The caller has already found the person through a row that `by` may see (an alert, a case), named by `target`.

    Raises: ReasonNeeded, NotFound.
    """
    if len(reason.strip()) < REASON_MIN:
        raise ReasonNeeded(_("请写明为什么要看（至少 4 个字），本人会看到"))
    row = Person.objects.filter(pk=person, deleted_at=None).first()
    if row is None:
        raise NotFound(_("没有这个人，或已注销"))
    audit.look(by=by, verb="people.look", at=at, subject=person.hex, target=target, reason=reason.strip())
    return queries.open_card(row).identity()


def masked_many(
    *, by: By, ids: Iterable[bytes], at: datetime, target: str, since: datetime | None = None
) -> dict[bytes, rules.Masked]:
    """Masked names for a list, by 16-byte id; whom we do not know is absent.

    Leaves one row for each sign-in (`since`, by default as long as one can last) and list (`target`: "door:17").
    """
    begin = since or at - ABSOLUTE_SESSION
    seen = Entry.objects.filter(actor=by.key, verb=LISTED, target=target, at__gte=begin)
    if not seen.exists():
        audit.look(by=by, verb=LISTED, at=at, target=target, reason="名单（姓名已遮盖）")
    rows = Person.objects.filter(pk__in={uuid.UUID(bytes=one) for one in ids})
    return {row.pk.bytes: queries.masked(row, at) for row in rows}
