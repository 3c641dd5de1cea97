"""The list of alerts: what its address may ask for, and its lines with masked names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhuanban.base.accounts.rules import By, prefix_of
from zhuanban.base.ui import queries as pages
from zhuanban.base.ui.queries import ListPage, Params
from zhuanban.base.ui.rules import Column, Filter, ListSpec, Option, View, parts_of
from zhuanban.base.ui.templatetags.ui import span_words
from zhuanban.registry.people import actions as people
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Division
from zhuanban.trail.alerts import rules
from zhuanban.trail.alerts.models import Alert, Event
from zhuanban.trail.alerts.queries import rows
from zhuanban.trail.alerts.rules import Kind, Move

LIST = "alerts"  # the list's name in the audit
TOWNSHIP = 9  # digits of a township in a division code

LATEST = Prefetch("events", queryset=Event.objects.order_by("-pk"))


def spec(at: datetime) -> ListSpec:
    """The list as it stands at `at`: overdue is asked of the clock, never stored."""
    return ListSpec(
        columns=(
            Column("due", gettext_lazy("时限"), sort="due_at", value="due_at", width=18),
            Column("kind", gettext_lazy("状态"), value=_kind),
            Column("where", gettext_lazy("事情"), value="where", width=36),
            Column("number", gettext_lazy("编号"), sort="number", value="number", in_page=False),
            Column("township", gettext_lazy("乡镇"), value="township_name"),
            Column("holder", gettext_lazy("在谁手里"), value=_held),
            Column("raised", gettext_lazy("上报时间"), sort="raised_at", value="raised_at", width=18),
            Column("next", gettext_lazy("下一步"), align="right", value=_expected),
        ),
        sort="due",
        views=(
            View("", gettext_lazy("处理中"), without={"state": Move.CLOSE}),
            View("red", gettext_lazy("红码待处置"), {"kind": Kind.RED}, {"state": Move.CLOSE}),
            View("yellow", gettext_lazy("黄码待转交"), {"kind": Kind.YELLOW, "state__in": rows.NOT_HANDED}),
            View("closed", gettext_lazy("已销号"), {"state": Move.CLOSE}),
            View("all", gettext_lazy("全部")),
        ),
        filters=(
            Filter("kind", gettext_lazy("颜色"), "kind", _options(Kind.choices())),
            Filter("state", gettext_lazy("走到哪一步"), "state", _options(Move.choices())),
            Filter("overdue", gettext_lazy("时限"), options=_overdue(at)),
            Filter("township", gettext_lazy("乡镇")),
        ),
        search=("number__icontains", "where__icontains"),
        search_hint=gettext_lazy("编号或场所名称"),
        row_template="alerts/_row.html",
        noun=gettext_lazy("条"),
    )


def listed(by: By) -> QuerySet[Alert]:
    """The alerts that `by` may see, with their township and the last of their events."""
    code = Concat(Substr("division", 1, TOWNSHIP), Value("000"))
    township = Division.objects.filter(code=OuterRef("township_code")).values("display")
    found: QuerySet[Alert] = rows.alerts(by).annotate(township_code=code)
    name_of: dict[str, Any] = {"township_name": Coalesce(Subquery(township), Value(""))}
    return found.annotate(**name_of).prefetch_related(LATEST)


def page(by: By, params: Params, *, at: datetime) -> ListPage[Alert]:
    """The page that the address asks for. The look at the masked names is a row of the audit. Raises: BadList."""
    shown = pages.page_of(listed(by), spec(at), params, options=townships())
    name(by, shown.rows, at=at)
    return shown


def urgent(by: By, *, at: datetime, limit: int) -> list[Alert]:
    """The first of `open_alerts`, filled in like the lines of the list: for the desk's first page."""
    found = list(listed(by).exclude(state=Move.CLOSE).order_by("due_at", "pk")[:limit])
    name(by, found, at=at)
    return found


def name(by: By, found: Sequence[Alert], *, at: datetime) -> None:
    """Fill in what a line shows: masked name, who has the person, the next step that `by` may make."""
    ids = [row.person_id.bytes for row in found if row.person_id]
    seen = people.masked_many(by=by, ids=ids, at=at, target=LIST)
    homes = places.area_names(sorted({row.home_division for row in found if row.home_division}))
    for row in found:
        masked = seen.get(row.person_id.bytes) if row.person_id else None
        row.who = masked.name if masked else ""
        row.holder = _handed_to(row) or office(row, homes.get(row.home_division, ""))
        row.started_at = row.events.all()[0].at if row.due_at != row.close_by else row.raised_at
        row.next_step = next_step(by, row)
        row.is_escalated = rules.is_escalated(Move(row.state), row.due_at, at=at)


def next_step(by: By, row: Alert) -> Move | None:
    """None when it is closed, or when `by` can only look on."""
    moves = rules.allowed(Kind(row.kind), Move(row.state))
    return moves[0] if moves and rows.may_act(by, row) else None


def office(row: Alert, home: str) -> str:
    """Who answers for the alert: the venue's township for red, the person's community for yellow (`home`, by name)."""
    township = row.township_name or _("场所所在乡镇")
    if row.kind == Kind.RED or not row.home_division:
        return township
    if rules.is_from_outside(rows.case_of(row), county=settings.COUNTY):
        return _("%(township)s（县外，需协查函）") % {"township": township}
    return home or row.home_division


def _handed_to(row: Alert) -> str:
    return next((event.to for event in row.events.all() if event.to), "")


def _held(row: Alert) -> str:
    return _handed_to(row) or row.township_name


def _kind(row: Alert) -> str:
    return _(row.get_kind_display())


def _expected(row: Alert) -> str:
    moves = rules.allowed(Kind(row.kind), Move(row.state))
    return _(moves[0].label) if moves else ""


def townships() -> dict[str, list[Option]]:
    """The answers of the filter by township."""
    return {
        "township": [
            Option(one.code, one.display, {"division__startswith": prefix_of(one.code)}) for one in places.townships()
        ]
    }


def _overdue(at: datetime) -> tuple[Option, ...]:
    return (
        Option("1", gettext_lazy("已超时"), {"due_at__lte": at}),
        Option("0", gettext_lazy("未超时"), {"due_at__gt": at}),
    )


def _options(choices: list[tuple[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(value, gettext_lazy(label)) for value, label in choices)


def note(found: QuerySet[Alert], *, at: datetime) -> str:
    """One line for a card: how many are overdue, else how long the most urgent has left; "" when there is none."""
    late = found.filter(due_at__lte=at).count()
    if late:
        return _("%(n)d 条已超时") % {"n": late}
    due_at = found.order_by("due_at").values_list("due_at", flat=True).first()
    return _("最近的剩 %(span)s") % {"span": span_words(parts_of(due_at - at))} if due_at else ""
