"""Reading colours. What the gate is told is plain; what an officer is shown depends on who asks."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.errors import Forbidden, NotFound
from zhuanban.registry.people import queries as people
from zhuanban.trail.status import rules
from zhuanban.trail.status.models import Correction, Fact, Feed, Proposal
from zhuanban.trail.status.rules import Colour, FactView, FeedView, Source

PROPOSERS = (Role.HEALTH_OFFICER,)
DECIDERS = (Role.HEALTH_OFFICER, Role.COUNTY_DUTY)  # who may confirm, and answer a correction
FIELDS = ("person_id", "pk", "colour", "from_at", "until_at", "issuer", "reason", "source")
CHUNK = 5_000  # rows fetched at a time


# --- the colour of a person -----------------------------------------------------------------------------------------


def current_facts() -> Iterator[tuple[bytes, FactView]]:
    """Everybody of whom anything is known, with all that may count; for the gate. 16-byte ids.

    One query in the order of an index (person, newest first), read in chunks: 350,000 people need no list. Expired
    facts come along: a later word takes back an earlier one even after it has run out itself.
    """
    rows = Fact.objects.order_by("person_id", "-entered_at", "-pk").values_list(*FIELDS).iterator(chunk_size=CHUNK)
    texts: dict[str, str] = {}
    for person, said in groupby(rows, key=itemgetter(0)):
        known = rules.together([_view(row, texts) for row in said])
        if known is not None:
            yield person.bytes, known


def current_fact(person: uuid.UUID, at: datetime) -> FactView | None:
    """One person's row of `current_facts`; None where nothing said so far can count at `at` or later."""
    known = _known(Fact.objects.filter(person=person))
    if known is None or all(fact.until_at <= at for fact in (known, *known.others)):
        return None
    return known


def standing(person: uuid.UUID, at: datetime) -> Fact | None:
    """The row whose colour the person had at `at`, with its evidence. For the person, and for who handles an alert."""
    counted = rules.in_force(_known(Fact.objects.filter(person=person, entered_at__lte=at)), at=at)
    return None if counted is None else Fact.objects.filter(pk=counted.pk).first()


def feeds() -> list[FeedView]:
    """When each issuing authority was last heard."""
    rows = Feed.objects.order_by("issuer")
    return [FeedView(row.issuer, row.heard_at, timedelta(minutes=row.stale_after_minutes)) for row in rows]


def _known(facts: QuerySet[Fact]) -> FactView | None:
    return rules.together([_view(row, {}) for row in facts.order_by("-entered_at", "-pk").values_list(*FIELDS)])


def _view(row: tuple[Any, ...], texts: dict[str, str]) -> FactView:
    """`texts` shares the few issuers and reasons among all rows."""
    _person, pk, colour, from_at, until_at, issuer, reason, source = row
    issuer, reason = texts.setdefault(issuer, issuer), texts.setdefault(reason, reason)
    return FactView(Colour(colour), from_at, until_at, issuer, reason, Source(source), pk=pk)


# --- proposals and corrections --------------------------------------------------------------------------------------


def check_role(by: By, roles: Iterable[Role]) -> None:
    """Colours are the county's affair: a role for one township or one sector does not reach.

    Raises: Forbidden.
    """
    if not _has_whole_county(by, roles):
        raise Forbidden("核定颜色由县卫健核定员提出，另一人确认")


def proposals(by: By) -> QuerySet[Proposal]:
    """The inbox: what waits for a second person, the oldest first. Nothing for who may not decide."""
    if not _has_whole_county(by, DECIDERS):
        return Proposal.objects.none()
    return Proposal.objects.filter(decided_at=None).order_by("proposed_at", "pk")


def decided(by: By, *, since: datetime) -> QuerySet[Proposal]:
    """What was confirmed or refused lately, the newest first."""
    if not _has_whole_county(by, DECIDERS):
        return Proposal.objects.none()
    rows = Proposal.objects.filter(decided_at__gte=since).select_related("fact")
    return rows.order_by("-decided_at", "-pk")


def proposal(by: By, pk: int) -> Proposal:
    """Raises: NotFound."""
    rows = Proposal.objects.select_related("fact") if _has_whole_county(by, DECIDERS) else Proposal.objects.none()
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这条核定建议")
    return found


def corrections(by: By) -> QuerySet[Correction]:
    """Who says that a colour is wrong and waits for an answer, the most urgent first."""
    if not _has_whole_county(by, DECIDERS):
        return Correction.objects.none()
    rows = Correction.objects.filter(answered_at=None).select_related("fact", "person")
    return rows.order_by("asked_at", "pk")


def waited(by: By, at: datetime) -> timedelta | None:
    """How long the oldest proposal has been waiting; None where none waits."""
    oldest = proposals(by).values_list("proposed_at", flat=True).first()
    return None if oldest is None else at - oldest


def left(by: By, at: datetime) -> timedelta | None:
    """How long is left for the most urgent correction, below nought when overdue; None where none waits."""
    oldest = corrections(by).values_list("asked_at", flat=True).first()
    return None if oldest is None else rules.correction_due(oldest) - at


def with_clocks(asked: Iterable[Correction]) -> list[tuple[Correction, datetime]]:
    """Each with the time by which it must be answered."""
    return [(one, rules.correction_due(one.asked_at)) for one in asked]


def correction(by: By, pk: int) -> Correction:
    """Raises: NotFound."""
    rows = Correction.objects.select_related("fact", "person")
    found = rows.filter(pk=pk).first() if _has_whole_county(by, DECIDERS) else None
    if found is None:
        raise NotFound("没有这条更正申请")
    return found


def corrections_of(by: By, person: uuid.UUID) -> QuerySet[Correction]:
    """What a resident has asked for oneself or for one's family, with the answers, the newest first.

    Raises: NotFound.
    """
    row = people.person(by, person)
    return Correction.objects.filter(person=row).select_related("fact").order_by("-asked_at", "-pk")


def _has_whole_county(by: By, roles: Iterable[Role]) -> bool:
    return any(
        settings.COUNTY.startswith(scope.division) and not scope.sectors and scope.organisation is None
        for scope in by.scopes_of(*roles)
    )
