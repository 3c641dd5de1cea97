"""Taking alerts out of the gate's outbox, and moving them on until they are closed."""

import logging
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By, Role, system
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Forbidden, NotFound
from zhuanban.base.spans import day_of
from zhuanban.registry.people import actions as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.rules import Identity
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts import queries, rules
from zhuanban.trail.alerts.models import Alert, Cursor, Event, Limit, Numbering
from zhuanban.trail.alerts.rules import Kind, Move, Refused
from zhuanban.trail.visits import queries as visits

RELAY = replace(system("relay"), label="自动上报")
BATCH = 50  # blobs of the outbox in one transaction
ALERT, STRANGER = b"A", b"S"  # the first byte of a blob; the rest is a box
log = logging.getLogger("zhuanban.alerts")


# --- the relay ------------------------------------------------------------------------------------------------------


def relay(*, at: datetime) -> int:
    """Take everything new out of the outboxes, each blob once; returns how many.

    The cursor moves in the transaction that writes what the blobs said: a crash between repeats nothing and loses
    nothing. What cannot be read is written to the audit and passed over, so that it holds up nobody.
    """
    taken = 0
    read = queries.cursors()
    for day in visits.days(settings.VISITS):
        with visits.read(settings.VISITS, day) as reader:
            after = read.get(day, 0)
            while blobs := reader.outbox(after, limit=BATCH):
                _take(day, blobs, at=at)
                after = blobs[-1][0]
                taken += len(blobs)
    return taken


@transaction.atomic
def _take(day: date, blobs: list[tuple[int, bytes]], *, at: datetime) -> None:
    for place, blob in blobs:
        try:
            _deliver(blob, at=at)
        except (ciphers.Unreadable, rules.Spoilt) as fault:
            log.error("outbox %s row %s cannot be read: %s", day, place, fault.code)
            audit.record(by=RELAY, verb="alerts.spoilt", at=at, target=f"outbox:{day}:{place}")
    Cursor.objects.update_or_create(day=day, defaults={"last": blobs[-1][0]})


def _deliver(blob: bytes, *, at: datetime) -> None:
    kind, sealed = blob[:1], blob[1:]
    if kind == ALERT:
        _raise(rules.read_refused(ciphers.unbox(sealed, private=ciphers.key("worker/alerts"))), at=at)
    elif kind == STRANGER:
        found = rules.read_stranger(ciphers.unbox(sealed, private=ciphers.key("worker/strangers")))
        people.adopt_stranger(
            person=found.person, name=found.name, phone=found.phone, notice=found.notice, at=found.at
        )
    else:
        raise rules.Spoilt("发件箱里有不认识的内容")


def _raise(refused: Refused, *, at: datetime) -> Alert | None:
    """The alert of a refused entry; None when it was raised before."""
    if Alert.objects.filter(visit=refused.visit).exists():
        return None
    door = Door.objects.select_related("venue").filter(pk=refused.door).first()
    if door is None:
        raise rules.Spoilt("没有这个门")
    person = Person.objects.filter(pk=uuid.UUID(bytes=refused.person)).first()
    limits, kind = queries.limits(), refused.kind
    alert = Alert(
        number=_number(kind, day_of(refused.at)),
        kind=kind,
        visit=refused.visit,
        person=person,
        door=door,
        where=f"{door.venue.name} {door.name}",
        address=door.venue.address,
        division=door.division,
        home_division=person.home_division if person else "",
        sector=door.sector,
        organisation_id=door.organisation_id,
        unit_id=person.unit_id if person else None,
        raised_at=refused.at,
        received_at=at,
        close_by=refused.at + limits[kind, Move.CLOSE],
        purge_at=refused.at + timedelta(days=settings.RETENTION_DAYS),
        state=Move.RAISE,
    )
    alert.due_at = rules.due_after(Move.RAISE, queries.running(alert), at=refused.at, limits=limits)
    alert.save(force_insert=True)
    _write(alert, Move.RAISE, by=RELAY, at=refused.at)
    return alert


def _number(kind: Kind, day: date) -> str:
    Numbering.objects.get_or_create(day=day, kind=kind)
    Numbering.objects.filter(day=day, kind=kind).update(n=F("n") + 1)
    return rules.number(kind, day, Numbering.objects.get(day=day, kind=kind).n)


# --- moves ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def acknowledge(*, by: By, pk: int, at: datetime, note: str = "") -> Alert:
    """接单: somebody has it in hand. Raises: NotFound, NotYours, ForbiddenMove, NoteNeeded, MovedOn."""
    return _move(by=by, pk=pk, move=Move.ACKNOWLEDGE, at=at, to="", note=note)


@transaction.atomic
def hand_over(*, by: By, pk: int, to: str, at: datetime, note: str = "") -> Alert:
    """转交: the person is with `to` now. May be repeated. Raises: as `acknowledge`."""
    return _move(by=by, pk=pk, move=Move.HAND_OVER, at=at, to=to, note=note)


@transaction.atomic
def close(*, by: By, pk: int, note: str, at: datetime) -> Alert:
    """销号: checked by another person than the one who acknowledged. Raises: as `acknowledge`, SamePerson."""
    return _move(by=by, pk=pk, move=Move.CLOSE, at=at, to="", note=note)


def _move(*, by: By, pk: int, move: Move, at: datetime, to: str, note: str) -> Alert:
    alert = queries.alert(by, pk)
    kind, state = Kind(alert.kind), Move(alert.state)
    rules.check_actor(by.scopes, queries.case_of(alert), county=settings.COUNTY)
    rules.check_move(kind, state, move)
    rules.check_second(queries.history(alert), move, by.identity)
    rules.check_words(move, to=to, note=note)
    due_at = rules.due_after(move, queries.running(alert), at=at, limits=queries.limits())
    if not Alert.objects.filter(pk=pk, state=state).update(state=move, due_at=due_at):
        raise rules.MovedOn("这条刚刚有人处理过，请看最新情况")
    alert.state, alert.due_at = move, due_at
    _write(alert, move, by=by, at=at, to=to.strip(), note=note.strip())
    return alert


def _write(alert: Alert, move: Move, *, by: By, at: datetime, to: str = "", note: str = "") -> Event:
    event = Event.objects.create(
        alert=alert,
        move=move,
        at=at,
        due_at=alert.due_at,
        by=by.key,
        by_label=by.label,
        identity=by.identity,
        to=to,
        note=note,
    )
    subject = alert.person_id.hex if alert.person_id else ""
    verb = f"alerts.{move.lower()}"
    audit.record(by=by, verb=verb, at=at, subject=subject, target=f"alert:{alert.pk}", reason=note)
    return event


def look(*, by: By, pk: int, reason: str, at: datetime) -> Identity:
    """The person's name and telephone for who must reach them; they see that it was looked at, by whom and why.

    Raises: NotFound, NotYours, ReasonNeeded.
    """
    alert = queries.alert(by, pk)
    rules.check_actor(by.scopes, queries.case_of(alert), county=settings.COUNTY)
    if alert.person_id is None:
        raise NotFound("这个人没有登记姓名电话")
    return people.look(by=by, person=alert.person_id, reason=reason, at=at, target=f"alert:{pk}")


# --- the county's clocks --------------------------------------------------------------------------------------------


@transaction.atomic
def set_limits(*, by: By, minutes: dict[tuple[Kind, Move], int], at: datetime) -> list[Limit]:
    """The county office sets how long each step may take; clocks that run keep their time.

    Raises: Forbidden, BadLimit.
    """
    if not by.has(Role.COUNTY_OFFICE):
        raise Forbidden("时限由县专班办公室设置")
    for one in minutes.values():
        rules.check_limit(one)
    made = [
        Limit.objects.update_or_create(kind=kind, step=step, defaults={"minutes": one})[0]
        for (kind, step), one in minutes.items()
    ]
    detail = {f"{kind}.{step}": one for (kind, step), one in minutes.items()}
    audit.record(by=by, verb="alerts.set_limits", at=at, detail=detail)
    return made


# --- forgetting -----------------------------------------------------------------------------------------------------


@transaction.atomic
def purge(*, at: datetime) -> int:
    """Alerts whose day has come are gone with their history, whatever their state; returns how many."""
    gone = list(Alert.objects.filter(purge_at__lte=at).values_list("pk", flat=True)[:500])
    Event.objects.filter(alert__in=gone).delete()
    Alert.objects.filter(pk__in=gone).delete()
    before = day_of(at - timedelta(days=settings.RETENTION_DAYS))
    Numbering.objects.filter(day__lt=before).delete()
    Cursor.objects.filter(day__lt=before).exclude(day__in=visits.days(settings.VISITS)).delete()
    return len(gone)
