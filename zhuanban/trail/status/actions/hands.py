"""A health officer proposes, another person confirms or refuses."""

from datetime import datetime

from django.db import transaction

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit import actions as audit
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import rules as people_rules
from zhuanban.trail.status import queries, rules
from zhuanban.trail.status.actions.said import announce
from zhuanban.trail.status.models import Fact, Proposal
from zhuanban.trail.status.rules import Colour, Source


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
    announce(fact, by=by, verb="status.confirm", at=at)
    return fact


@transaction.atomic
def refuse(*, by: By, pk: int, answer: str, at: datetime) -> Proposal:
    """The second person's no, with a reason for the first.

    Raises: Forbidden, NotFound, SamePerson, AlreadyDecided, NoEvidence.
    """
    rules.check_words(answer, "请写明为什么不同意")
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
