"""Which alerts there are for whom, and the county's clocks."""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from zhuanban.base.accounts import queries as accounts
from zhuanban.base.accounts.rules import By
from zhuanban.base.accounts.rules import Kind as Asker
from zhuanban.base.errors import NotFound
from zhuanban.trail.alerts import rules
from zhuanban.trail.alerts.models import Alert, Cursor, Limit
from zhuanban.trail.alerts.rules import Case, Done, Kind, Limits, Move, Running

NOT_HANDED = [Move.RAISE, Move.ACKNOWLEDGE]


def alerts(by: By) -> QuerySet[Alert]:
    """Those of the area, sector or organisation of `by`; and yellows who live in the area, or work or learn there."""
    everything = Alert.objects.all()
    if by.kind is Asker.SYSTEM:
        return everything
    return accounts.visible(everything, by, roles=rules.SEEING) | everything.filter(_of_home(by))


def _of_home(by: By) -> Q:
    found = Q(pk__in=())
    for scope in by.scopes:
        if scope.organisation is not None and scope.role in rules.UNIT:
            found |= Q(kind=Kind.YELLOW, unit=scope.organisation)
        elif scope.role in rules.COMMUNITY and not scope.sectors:
            found |= Q(kind=Kind.YELLOW, home_division__startswith=scope.division) & ~Q(home_division="")
    return found


def open_alerts(by: By) -> QuerySet[Alert]:
    """What is not closed yet, the most urgent first: the menu's badge and the desk's first page."""
    return alerts(by).exclude(state=Move.CLOSE).order_by("due_at", "pk")


def open_reds(by: By) -> QuerySet[Alert]:
    """红码待处置: the rows behind `?view=red`."""
    return open_alerts(by).filter(kind=Kind.RED)


def waiting_yellows(by: By) -> QuerySet[Alert]:
    """黄码待转交: the rows behind `?view=yellow`."""
    return open_alerts(by).filter(kind=Kind.YELLOW, state__in=NOT_HANDED)


def alert(by: By, pk: int) -> Alert:
    """Raises: NotFound, also for one that is not `by`'s to see."""
    found = alerts(by).select_related("person", "organisation", "unit").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这条预警")
    return found


def case_of(row: Alert) -> Case:
    return Case(Kind(row.kind), row.division, row.home_division, row.unit_id)


def running(row: Alert) -> Running:
    return Running(Kind(row.kind), row.raised_at, row.close_by)


def may_act(by: By, row: Alert) -> bool:
    return rules.may_act(by.scopes, case_of(row), county=settings.COUNTY)


def history(row: Alert) -> list[Done]:
    """Its moves, oldest first."""
    return [Done(Move(one.move), one.at, one.identity, one.due_at) for one in row.events.order_by("pk")]


# --- clocks ---------------------------------------------------------------------------------------------------------


def limits() -> Limits:
    """The county's clocks; a step that the table lacks runs by its default."""
    standard = {step: timedelta(minutes=minutes) for step, minutes in rules.LIMITS.items()}
    rows = Limit.objects.values_list("kind", "step", "minutes")
    return standard | {(Kind(kind), Move(step)): timedelta(minutes=minutes) for kind, step, minutes in rows}


def first_limits() -> dict[str, int]:
    """Colour → minutes until somebody must have called the person: for the result page at the gate.

    Who acknowledges a red calls at once; the community calls a yellow before it hands over.
    """
    found = limits()
    steps = {Kind.RED: Move.ACKNOWLEDGE, Kind.YELLOW: Move.HAND_OVER}
    return {kind.value: round(found[kind, step] / timedelta(minutes=1)) for kind, step in steps.items()}


def cursors() -> dict[date, int]:
    """How far the relay has read each day's outbox."""
    return dict(Cursor.objects.values_list("day", "last"))
