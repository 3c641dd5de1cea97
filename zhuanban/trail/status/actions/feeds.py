"""What issuing authorities' platforms say. Only a process of ours receives it; nobody types it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from zhuanban.base.accounts.rules import By, Kind
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden, Refusal
from zhuanban.registry.places import actions as places
from zhuanban.trail.status import rules
from zhuanban.trail.status.actions.said import announce
from zhuanban.trail.status.models import Fact, Feed
from zhuanban.trail.status.rules import Colour, Source

MANY = 500  # people looked up at once


@dataclass(frozen=True, slots=True)
class Word:
    """What a feed says of one person."""

    person: uuid.UUID
    colour: Colour
    reason: str
    evidence: str
    from_at: datetime
    until_at: datetime


class UnknownFeed(Refusal):
    code = "UNKNOWN_FEED"
    status = 422


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
        announce(fact, by=by, verb="status.receive_fact", at=at)
    return fact


@transaction.atomic
def receive_facts(*, by: By, issuer: str, said: Iterable[Word], at: datetime) -> int:
    """A whole message of a feed: all of it or nothing, as `receive_fact` takes one; returns how many were new.

    The audit gets one row with their number, the gates one word with all the names.

    Raises: Forbidden, UnknownFeed, NoEvidence, NotByHand, TooLong.
    """
    _check_process(by)
    facts = [_fact(word, issuer, by, at) for word in said]
    hear(issuer=issuer, at=at)
    known = _known(facts)
    fresh = list({_same(fact): fact for fact in facts if _same(fact) not in known}.values())
    Fact.objects.bulk_create(fresh, batch_size=500)
    audit.record(
        by=by,
        verb="status.receive_facts",
        at=at,
        target=f"feed:{issuer}",
        detail={"issuer": issuer, "count": len(fresh)},
    )
    places.bump_snapshot_many(kind="person", keys=[fact.person_id.hex for fact in fresh], at=at)
    return len(fresh)


def _fact(word: Word, issuer: str, by: By, at: datetime) -> Fact:
    rules.check_fact(colour=word.colour, reason=word.reason, issuer=issuer, evidence=word.evidence)
    rules.check_span(word.from_at, word.until_at, ceiling=rules.FACT_CEILING)
    return Fact(
        person_id=word.person,
        colour=word.colour,
        reason=word.reason,
        issuer=issuer,
        evidence=word.evidence,
        source=Source.FEED,
        from_at=word.from_at,
        until_at=word.until_at,
        entered_at=at,
        entered_by=by.identity,
    )


def _same(fact: Fact) -> tuple[object, ...]:
    """What makes two words one: the unique constraint of the table, within one issuer."""
    return fact.person_id, fact.evidence, str(fact.colour), fact.from_at


def _known(facts: list[Fact]) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for start in range(0, len(facts), MANY):
        part = facts[start : start + MANY]
        rows = Fact.objects.filter(issuer=part[0].issuer, person__in={fact.person_id for fact in part})
        found |= set(rows.values_list("person_id", "evidence", "colour", "from_at"))
    return found


def _check_process(by: By) -> None:
    if by.kind != Kind.SYSTEM:
        raise Forbidden("平台的颜色只由接口进程接收，不由人录入")


def _heard(minutes: int, at: datetime) -> dict[str, object]:
    return {"stale_after_minutes": minutes, "heard_at": at}
