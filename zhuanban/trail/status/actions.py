"""Setting colours: a feed's word is received, a hand's is proposed by one person and confirmed by another.

There is no third way: the table refuses a fact by hand without two identities, an officer's without its proposal, a
feed's whose issuer is no registered feed, and any change of a fact (migrations/0002).
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from zhuanban.base.accounts.rules import By, Kind
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden, Refusal
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules as people_rules
from zhuanban.registry.places import actions as places
from zhuanban.trail.status import queries, rules
from zhuanban.trail.status.models import Correction, Fact, Feed, Proposal
from zhuanban.trail.status.rules import Colour, Source


class UnknownFeed(Refusal):
    code = "UNKNOWN_FEED"
    status = 422


class AlreadyAsked(Refusal):
    code = "CORRECTION_ALREADY_ASKED"


# --- feeds ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_feed(*, by: By, issuer: str, at: datetime, silence: timedelta = rules.FEED_SILENCE) -> Feed:
    """Register an issuing authority whose platform we hear, or set how long it may be silent."""
    _check_process(by)
    minutes = round(silence / timedelta(minutes=1))
    feed, _made = Feed.objects.update_or_create(
        issuer=issuer, defaults={"stale_after_minutes": minutes}, create_defaults=_heard(minutes, at)
    )
    audit.record(by=by, verb="status.open_feed", at=at, target=f"feed:{issuer}", detail={"minutes": minutes})
    return feed


@transaction.atomic
def hear(*, issuer: str, at: datetime) -> None:
    """The platform has answered, whether or not it had anything to say. Raises: UnknownFeed."""
    if not Feed.objects.filter(issuer=issuer).exists():
        raise UnknownFeed("这个平台没有登记，它的颜色不收")
    Feed.objects.filter(issuer=issuer, heard_at__lt=at).update(heard_at=at)


@transaction.atomic
def receive_fact(
    *,
    by: By,
    person: uuid.UUID,
    colour: Colour,
    reason: str,
    issuer: str,
    evidence: str,
    from_at: datetime,
    until_at: datetime,
    at: datetime,
) -> Fact:
    """What an issuing authority's feed says of a person. Saying the same again gives the same row.

    Raises: Forbidden, UnknownFeed, NoEvidence, NotByHand, TooLong.
    """
    _check_process(by)
    rules.check_fact(colour=colour, reason=reason, issuer=issuer, evidence=evidence)
    rules.check_span(from_at, until_at, ceiling=rules.FACT_CEILING)
    hear(issuer=issuer, at=at)
    said = {"person_id": person, "issuer": issuer, "evidence": evidence, "colour": colour, "from_at": from_at}
    more = {"reason": reason, "source": Source.FEED, "until_at": until_at, "entered_at": at, "entered_by": by.identity}
    fact, is_new = Fact.objects.get_or_create(**said, defaults=more)
    if is_new:
        _announce(fact, by=by, verb="status.receive_fact", at=at)
    return fact


def _check_process(by: By) -> None:
    if by.kind != Kind.SYSTEM:
        raise Forbidden("平台的颜色只由接口进程接收，不由人录入")


def _heard(minutes: int, at: datetime) -> dict[str, object]:
    return {"stale_after_minutes": minutes, "heard_at": at}


# --- a health officer and a second person ---------------------------------------------------------------------------


@transaction.atomic
def propose(
    *,
    by: By,
    name: str,
    document: people_rules.Document,
    colour: Colour,
    reason: str,
    issuer: str,
    evidence: str,
    until_at: datetime,
    at: datetime,
) -> Proposal:
    """A colour for the person with this document, from now on; nothing changes until another person confirms.

    The same happens whether we know the document or not: nobody learns by proposing who is in the register.

    Raises: Forbidden, NoEvidence, NotByHand, TooLong.
    """
    queries.check_role(by, queries.PROPOSERS)
    rules.check_fact(colour=colour, reason=reason, issuer=issuer, evidence=evidence)
    rules.check_span(at, until_at, ceiling=rules.HAND_CEILING)
    person = people.register_manual(by=by, name=name, document=document, at=at)
    made = Proposal.objects.create(
        person=person,
        called=f"{people_rules.mask_name(name)} {people_rules.mask_document(document.number)}",
        colour=colour,
        reason=reason.strip(),
        issuer=issuer.strip(),
        evidence=evidence.strip(),
        from_at=at,
        until_at=until_at,
        proposed_at=at,
        proposed_by=by.identity,
        proposed_label=by.label,
    )
    audit.record(
        by=by, verb="status.propose", at=at, subject=person.pk.hex, target=f"proposal:{made.pk}", reason=made.reason
    )
    return made


@transaction.atomic
def confirm(*, by: By, pk: int, at: datetime) -> Fact:
    """The second person's yes: the proposal becomes a fact, and the gates know it within the second.

    Raises: Forbidden, NotFound, SamePerson, AlreadyDecided, TooLong (its end is past).
    """
    proposal = _decide(by=by, pk=pk, is_accepted=True, at=at)
    if proposal.until_at <= at:
        raise rules.TooLong("这条建议的截止时间已过，请重新提出")
    fact = Fact.objects.create(
        proposal=proposal,
        person_id=proposal.person_id,
        colour=proposal.colour,
        reason=proposal.reason,
        issuer=proposal.issuer,
        evidence=proposal.evidence,
        source=Source.OFFICER,
        from_at=proposal.from_at,
        until_at=proposal.until_at,
        entered_at=at,
        entered_by=proposal.proposed_by,
        confirmed_by=by.identity,
    )
    _announce(fact, by=by, verb="status.confirm", at=at)
    return fact


@transaction.atomic
def refuse(*, by: By, pk: int, answer: str, at: datetime) -> Proposal:
    """The second person's no, with a reason for the first.

    Raises: Forbidden, NotFound, SamePerson, AlreadyDecided, NoEvidence.
    """
    _check_words(answer, "请写明为什么不同意")
    proposal = _decide(by=by, pk=pk, is_accepted=False, answer=answer.strip(), at=at)
    audit.record(
        by=by,
        verb="status.refuse",
        at=at,
        subject=proposal.person_id.hex,
        target=f"proposal:{pk}",
        reason=proposal.answer,
    )
    return proposal


def _decide(*, by: By, pk: int, is_accepted: bool, at: datetime, answer: str = "") -> Proposal:
    """Claim an open proposal: of two who decide at once, one is told that it is done."""
    queries.check_role(by, queries.DECIDERS)
    proposal = queries.proposal(by, pk)
    rules.check_second(proposal.proposed_by, by.identity)
    claimed = Proposal.objects.filter(pk=pk, decided_at=None).update(
        decided_at=at, decided_by=by.identity, decided_label=by.label, is_accepted=is_accepted, answer=answer
    )
    if not claimed:
        raise rules.AlreadyDecided("这条建议已经有人处理过")
    proposal.refresh_from_db()
    return proposal


def look(*, by: By, pk: int, reason: str, at: datetime) -> people_rules.Identity:
    """Whom a proposal is about, in clear, for the second person; the person sees who looked and why.

    Raises: Forbidden, NotFound, ReasonNeeded.
    """
    queries.check_role(by, queries.DECIDERS)
    proposal = queries.proposal(by, pk)
    return people.look(by=by, person=proposal.person_id, reason=reason, at=at, target=f"proposal:{pk}")


def _announce(fact: Fact, *, by: By, verb: str, at: datetime) -> None:
    person = fact.person_id.hex
    detail = {"source": fact.source, "issuer": fact.issuer, "evidence": fact.evidence}
    audit.record(by=by, verb=verb, at=at, subject=person, target=f"fact:{fact.pk}", reason=fact.reason, detail=detail)
    places.bump_snapshot(kind="person", key=person, at=at)


# --- who says that a colour is wrong --------------------------------------------------------------------------------


@transaction.atomic
def ask_correction(*, by: By, text: str, at: datetime, person: uuid.UUID | None = None) -> Correction:
    """A resident says that their colour, or that of `person` of their family, is wrong; somebody must answer in time.

    Raises: SignInFirst, NotFound, NoEvidence, AlreadyAsked.
    """
    row = persons.own(by)
    if person is not None:
        row = persons.person(by, person)
    _check_words(text, "请写明哪里不对")
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
    _check_words(answer, "请写明核实的结果，本人会看到")
    claimed = Correction.objects.filter(pk=pk, answered_at=None).update(
        answered_at=at, answered_by=by.identity, answer=answer.strip()
    )
    if not claimed:
        raise rules.AlreadyDecided("这条申请已经有人答复过")
    audit.record(by=by, verb="status.answer_correction", at=at, subject=asked.person_id.hex, target=f"correction:{pk}")
    asked.refresh_from_db()
    return asked


def _check_words(text: str, what: str) -> None:
    if not rules.REASON_MIN <= len(text.strip()) <= rules.CORRECTION_MAX:
        raise rules.NoEvidence(f"{what}（{rules.REASON_MIN} 到 {rules.CORRECTION_MAX} 个字）")


# --- forgetting -----------------------------------------------------------------------------------------------------


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
