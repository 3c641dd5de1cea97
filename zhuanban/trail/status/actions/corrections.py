"""Who says that a colour is wrong, and the answer."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Refusal
from zhuanban.registry.people import queries as persons
from zhuanban.trail.status import queries, rules
from zhuanban.trail.status.models import Correction


class AlreadyAsked(Refusal):
    code = "CORRECTION_ALREADY_ASKED"


@transaction.atomic
def ask_correction(*, by: By, text: str, at: datetime, person: uuid.UUID | None = None) -> Correction:
    """A resident says that their colour, or that of `person` of their family, is wrong; somebody must answer in time.

    Raises: SignInFirst, NotFound, NoEvidence, AlreadyAsked.
    """
    row = persons.own(by)
    if person is not None:
        row = persons.person(by, person)
    rules.check_words(text, "请写明哪里不对")
    asked = Correction(person=row, fact=queries.standing(row.pk, at), text=text.strip(), asked_at=at)
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyAsked("您已申请更正，正在核实，不用再交一次") from error
    audit.record(by=by, verb="status.ask_correction", at=at, subject=row.pk.hex, target=f"correction:{asked.pk}")
    return asked


@transaction.atomic
def answer_correction(*, by: By, pk: int, answer: str, at: datetime) -> Correction:
    """The answer, which the person reads. It changes no colour: that goes its own way, by feed or by two people.

    Raises: Forbidden, NotFound, NoEvidence, SamePerson, AlreadyDecided.
    """
    queries.check_role(by, queries.DECIDERS)
    asked = queries.correction(by, pk)
    if asked.fact is not None:
        rules.check_second(asked.fact.entered_by, by.identity)
    rules.check_words(answer, "请写明核实的结果，本人会看到")
    claimed = Correction.objects.filter(pk=pk, answered_at=None).update(
        answered_at=at, answered_by=by.identity, answer=answer.strip()
    )
    if not claimed:
        raise rules.AlreadyDecided("这条申请已经有人答复过")
    audit.record(by=by, verb="status.answer_correction", at=at, subject=asked.person_id.hex, target=f"correction:{pk}")
    asked.refresh_from_db()
    return asked
