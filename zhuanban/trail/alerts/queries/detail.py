"""One alert: its clocks, its steps, where the colour comes from, what has happened, and what `by` may do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from zhuanban.base.accounts.rules import By
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Refusal
from zhuanban.base.spans import day_of
from zhuanban.base.ui.rules import Moment, Step, clock_of
from zhuanban.base.ui.templatetags.ui import clock_time, when
from zhuanban.registry.places import queries as places
from zhuanban.trail.alerts import rules
from zhuanban.trail.alerts.models import Alert, Event
from zhuanban.trail.alerts.queries import lists, rows
from zhuanban.trail.alerts.rules import Done, Kind, Move, StepClock
from zhuanban.trail.checks import queries as checks
from zhuanban.trail.status import queries as status
from zhuanban.trail.status.models import Correction, Fact

LOOK = "people.look"


@dataclass(frozen=True, slots=True)
class Detail:
    """What the page of one alert shows. `offers` are the moves `by` may make, the expected one first.

    `blocked` says why a move that would come next is not `by`'s to make, or "".
    """

    row: Alert
    office: str
    is_outside: bool
    clocks: tuple[StepClock, ...]
    steps: tuple[Step, ...]
    fact: Fact | None
    correction: Correction | None
    moments: tuple[Moment, ...]
    offers: tuple[Move, ...]
    may_act: bool
    blocked: str


def detail(by: By, pk: int, *, at: datetime) -> Detail:
    """Raises: NotFound."""
    rows.alert(by, pk)
    row = lists.listed(by).select_related("person", "organisation", "unit").get(pk=pk)
    lists.name(by, [row], at=at)
    events = list(row.events.all())[::-1]  # oldest first
    done = [Done(Move(one.move), one.at, one.identity, one.due_at) for one in events]
    clocks = rules.clocks(rows.running(row), done, limits=rows.limits())
    offers, blocked = _offers(by, row, done)
    home = places.area_name(row.home_division) if row.home_division else ""
    return Detail(
        row=row,
        office=lists.office(row, home),
        is_outside=rules.is_from_outside(rows.case_of(row), county=settings.COUNTY),
        clocks=clocks,
        steps=tuple(_steps(row, events, clocks, at)),
        fact=status.standing(row.person_id, row.raised_at) if row.person_id else None,
        correction=_correction(row),
        moments=tuple(sorted(_moments(row, events), key=lambda moment: moment.at, reverse=True)),
        offers=offers,
        may_act=rows.may_act(by, row),
        blocked=blocked,
    )


def _offers(by: By, row: Alert, done: Sequence[Done]) -> tuple[tuple[Move, ...], str]:
    moves = rules.allowed(Kind(row.kind), Move(row.state))
    offers, blocked = [], ""
    for move in moves:
        try:
            rules.check_actor(by.scopes, rows.case_of(row), county=settings.COUNTY)
            rules.check_second(done, move, by.identity)
            offers.append(move)
        except Refusal as no:
            blocked = blocked or str(no)
    return tuple(offers), blocked


def _correction(row: Alert) -> Correction | None:
    if row.person_id is None:
        return None
    asked = Correction.objects.filter(person=row.person_id, asked_at__gte=row.raised_at).order_by("-asked_at")
    return asked.first()


# --- the way it goes ------------------------------------------------------------------------------------------------


def _steps(row: Alert, events: Sequence[Event], clocks: Sequence[StepClock], at: datetime) -> Iterator[Step]:
    made = {event.move: event for event in reversed(events)}
    yield Step(_("拦下"), f"{short_time(row.raised_at, at)}，{row.where}", "done")
    yield Step(_("自动上报"), short_time(row.received_at, at), "done")
    for clock in clocks:
        yield _step(row, made.get(clock.step), clock, at)


def _step(row: Alert, event: Event | None, clock: StepClock, at: datetime) -> Step:
    title = title_of(Kind(row.kind), clock.step)
    if event is not None:
        return Step(title, f"{short_time(event.at, at)}，{event.to or event.by_label}", "done")
    if clock.stopped_at is not None:
        return Step(title, _("没有转交，直接销号"), "done")
    if not _is_next(row, clock) or clock.due_at is None:
        return Step(title, _("接单的人不能自己销号") if clock.step is Move.CLOSE else "")
    tone = clock_of(clock.due_at, at=at).tone
    note = _("最迟 %(time)s") % {"time": short_time(clock.due_at, at)}
    return Step(title, note, "now" if tone == "calm" else tone)


def _is_next(row: Alert, clock: StepClock) -> bool:
    order = [Move.RAISE, *rules.STEPS]
    return order.index(clock.step) == order.index(Move(row.state)) + 1


def title_of(kind: Kind, step: Move) -> str:
    """What people call a step of this kind of alert."""
    if step is Move.ACKNOWLEDGE:
        return _("乡镇接单") if kind is Kind.RED else _("社区接单")
    if step is Move.HAND_OVER:
        return _("点对点转交") if kind is Kind.RED else _("转交落实")
    return _("核对销号")


def short_time(moment: datetime, at: datetime) -> str:
    """10:24 on the same day, else with the day: 昨天 10:24."""
    return clock_time(moment) if day_of(moment) == day_of(at) else when(moment, at)


# --- what has happened ----------------------------------------------------------------------------------------------


def _moments(row: Alert, events: Sequence[Event]) -> Iterator[Moment]:
    for event in events:
        yield Moment(event.at, _(event.by_label), _what(row, event), note=event.note)
    for entry in Entry.objects.filter(target=f"alert:{row.pk}", verb=LOOK):
        yield Moment(entry.at, entry.actor_label, _("看过姓名电话，本人可见"), is_look=True, note=entry.reason)
    visit, _dot, nth = row.visit.rpartition(".")
    check = checks.last_of(visit, int(nth))
    if check is not None:
        yield Moment(check.at, check.checker_label, _(check.get_outcome_display()), note=check.reason)


def _what(row: Alert, event: Event) -> str:
    if event.move == Move.RAISE:
        return _("在%(where)s被拦下，自动上报") % {"where": row.where}
    if event.move == Move.HAND_OVER:
        return _("转交给%(to)s") % {"to": event.to}
    return title_of(Kind(row.kind), Move(event.move))
