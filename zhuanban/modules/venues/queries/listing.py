"""The list of venues: what each row shows, what it can be filtered and sorted by."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Substr
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhuanban.base.accounts.rules import By
from zhuanban.base.spans import day_of, span_of
from zhuanban.base.ui import queries as lists
from zhuanban.base.ui.rules import Bulk, Column, Filter, ListSpec, Option, View
from zhuanban.modules.venues import rules
from zhuanban.modules.venues.queries.figures import is_manager
from zhuanban.registry.codes.models import DoorCode
from zhuanban.registry.codes.rules import display_short, parse_short
from zhuanban.registry.places import queries as places
from zhuanban.registry.places.models import Division, Door, Venue
from zhuanban.registry.places.rules import Setting, VenueState
from zhuanban.trail.checks.models import Check
from zhuanban.trail.visits import queries as visits

TOWNSHIP, VILLAGE = 9, 12  # digits of a code


def _short(venue: Any) -> str:
    return display_short(venue.short) if venue.short else ""


def _state(venue: Any) -> str:
    return gettext(VenueState(venue.state).label)


def _setting(venue: Any) -> str:
    return gettext(Setting(venue.setting).label)


SPEC = ListSpec(
    columns=(
        Column("name", _("场所与短码"), sort="name", width=28),
        Column("short", _("短码"), value=_short, in_page=False, width=12),
        Column("area", _("乡镇、村"), sort="division", value="township"),
        Column("village", _("村（社区）"), in_page=False),
        Column("type", _("类型"), sort="type__order", value="type.name"),
        Column("key", _("重点场所"), value="is_key", in_page=False, width=10),
        Column("doors", _("门"), sort="door_count", align="right", unit=_("个"), value="door_count", width=8),
        Column("state", _("状态"), sort="state", value=_state, width=10),
        Column("arrivals", _("今天进门"), align="right", unit=_("人次"), width=12),
        Column("checked", _("今天核验"), sort="checked", align="right", unit=_("人次"), width=12),
        Column("share", _("今天验码率"), align="right", unit="%", width=12),
        Column("last", _("最近核验"), sort="last_check_at", align="right", value="last_check_at", width=18),
        Column("address", _("地址"), in_page=False, width=36),
        Column("uscc", _("统一社会信用代码"), in_page=False, width=22),
        Column("no_uscc_reason", _("无代码原因"), in_page=False, width=18),
        Column("opens_at", _("开门"), in_page=False, width=8),
        Column("closes_at", _("关门"), in_page=False, width=8),
        Column("setting", _("环境"), value=_setting, in_page=False, width=10),
        Column("stay_minutes", _("默认停留"), unit=_("分"), in_page=False, width=12),
    ),
    sort="-last",
    views=(
        View("", _("全部")),
        View("active", _("在用"), where={"state": VenueState.ACTIVE}),
        View("no_code", _("待发码"), where={"state": VenueState.ACTIVE, "lacks_code": True}),
        View("silent", _("近 7 天无核验"), where={"state": VenueState.ACTIVE, "is_silent": True}),
        View("suspended", _("停用"), where={"state": VenueState.SUSPENDED}),
        View("closed", _("已注销"), where={"state": VenueState.CLOSED}),
    ),
    filters=(
        Filter("township", _("乡镇"), lookup="division__startswith"),
        Filter("village", _("村（社区）"), lookup="division__startswith"),
        Filter("type", _("类型"), lookup="type"),
        Filter("state", _("状态"), lookup="state"),
        Filter("key", _("重点场所"), lookup="is_key"),
    ),
    search=("name__icontains", "address__icontains", "uscc", "doors__codes__short"),
    search_hint=_("场所名、地址、短码或统一社会信用代码"),
    bulk=(Bulk("venues:suspend_many", _("暂停扫码"), "pause", "danger"),),
    row_template="venues/_row.html",
    noun=_("个场所"),
)


def listed(by: By, *, at: datetime) -> QuerySet[Venue]:
    """The venues `by` may see, with everything a row shows except what stands in the journal."""
    mine = Door.objects.filter(venue=OuterRef("pk"))
    codes = DoorCode.objects.filter(door__venue=OuterRef("pk"), revoked_at=None)
    checks = Check.objects.filter(door__venue=OuterRef("pk"))
    latest = checks.order_by().values("door__venue").annotate(at_last=Max("at")).values("at_last")
    today = span_of(day_of(at)).starts_at
    uncoded = mine.filter(~Exists(DoorCode.objects.filter(door=OuterRef("pk"), revoked_at=None)), is_open=True)
    return (
        places.venues(by)
        .select_related("type")
        .annotate(
            township=_division(Concat(Substr(OuterRef("division"), 1, TOWNSHIP), Value("000"))),
            village=_division(Substr(OuterRef("division"), 1, VILLAGE)),
            door_count=_count(mine, "venue"),
            short=Subquery(codes.order_by("door_id").values("short")[:1]),
            lacks_code=Exists(uncoded),
            checked=_count(checks.filter(at__gte=today, is_last=True), "door__venue"),
            last_check_at=Subquery(latest),
            is_silent=~Exists(checks.filter(at__gte=at - timedelta(days=rules.SILENT_DAYS))),
        )
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as `by` may see it: its rows, what it is, and what its filters offer."""

    found: QuerySet[Venue]
    spec: ListSpec
    options: lists.Options


def listing(by: By, params: QueryDict, *, at: datetime) -> Listing:
    """The list without the filters that offer nothing to choose, and without deeds for who only looks."""
    offered = _options(by, params)
    filters = tuple(one for one in SPEC.filters if offered[one.key])
    spec = replace(SPEC, filters=filters, bulk=SPEC.bulk if is_manager(by) else ())
    return Listing(listed(by, at=at), spec, offered)


def page(made: Listing, params: QueryDict, *, at: datetime) -> lists.ListPage[Venue]:
    """The page that the address asks for, its rows with today's arrivals. Raises: BadList."""
    found = lists.page_of(made.found, made.spec, params, options=made.options)
    held = arrivals_today(at=at, venues=[venue.pk for venue in found.rows])
    for venue in found.rows:
        _measure(venue, held)
    return found


def for_export(made: Listing, *, at: datetime) -> ListSpec:
    """The list's description for all its rows at once: today's arrivals of every venue are read beforehand."""
    held = arrivals_today(at=at)

    def arrived(venue: Any) -> int | None:
        return None if held is None else held.get(venue.pk, 0)

    def share(venue: Any) -> int | None:
        return rules.share(venue.checked, arrived(venue))

    measured: dict[str, Callable[[Any], Any]] = {"arrivals": arrived, "share": share}
    columns = (replace(one, value=measured.get(one.key, one.value)) for one in made.spec.columns)
    return replace(made.spec, columns=tuple(columns))


def arrivals_today(*, at: datetime, venues: Iterable[int] | None = None) -> dict[int, int] | None:
    """venue → people written down at its doors today; None when no journal of today is held."""
    today = day_of(at)
    if today not in visits.days(settings.VISITS):
        return None
    doors = Door.objects.all() if venues is None else Door.objects.filter(venue__in=venues)
    of = dict(doors.values_list("pk", "venue"))
    with visits.read(settings.VISITS, today) as journal:
        counts = journal.count_by_door(of)
    found = dict.fromkeys(of.values(), 0)
    for door, count in counts.items():
        found[of[door]] += count
    return found


def plain_search(params: QueryDict) -> str:
    """The address with the short codes in its search as they are stored, or "" when they are: B7K4-M2Q9 → B7K4M2Q9."""
    typed = params.get("q", "").split()
    plain = " ".join(parse_short(word) or word for word in typed)
    if plain == " ".join(typed):
        return ""
    changed = params.copy()
    changed["q"] = plain
    return changed.urlencode()


def _measure(venue: Any, held: Mapping[int, int] | None) -> None:
    venue.arrivals = None if held is None else held.get(venue.pk, 0)
    venue.share = rules.share(venue.checked, venue.arrivals)


def _options(by: By, params: QueryDict) -> dict[str, list[Option]]:
    """Only places within reach of `by`; villages once a single township is in play."""
    towns = [town for town in places.townships() if _reaches(by, town.code[:TOWNSHIP])]
    asked = set(params.getlist("township"))
    chosen = [town for town in towns if town.code[:TOWNSHIP] in asked] or towns
    villages = list(places.villages(chosen[0].code[:TOWNSHIP])) if len(chosen) == 1 else []
    return {
        "township": [Option(town.code[:TOWNSHIP], town.display) for town in towns],
        "village": [Option(village.code, village.display) for village in villages],
        "type": [Option(type_.code, type_.name) for type_ in places.types()],
        "state": [Option(state.value, gettext(state.label)) for state in VenueState],
        "key": [
            Option("yes", gettext("重点"), where={"is_key": True}),
            Option("no", gettext("非重点"), where={"is_key": False}),
        ],
    }


def _reaches(by: By, prefix: str) -> bool:
    """Whether a township may hold rows of `by`; whoever sees one organisation's rows may have them anywhere."""
    return any(
        scope.organisation is not None or prefix.startswith(scope.division) or scope.division.startswith(prefix)
        for scope in by.scopes
    )


def _division(code: Any) -> Coalesce:
    return Coalesce(Subquery(Division.objects.filter(code=code).values("display")[:1]), Value(""))


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
