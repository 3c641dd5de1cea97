"""A page of any list: filtered, searched, sorted and paged by key as its address says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from zhuanban.base.ui.rules import Asked, BadList, Column, Cursor, Filter, ListSpec, Option, View, ask, write_cursor

Row = TypeVar("Row", bound=Model)
Params = QueryDict | Mapping[str, Iterable[str]]
Options = Mapping[str, Iterable[Option]]


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: `url` sorts by it, the other way round when it is sorted already."""

    column: Column
    url: str
    order: str  # "ascending", "descending", or "" when the list is sorted by another


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that holds, and the address without it."""

    title: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter as the form offers it: (option, is chosen)."""

    filter: Filter
    options: tuple[tuple[Option, bool], ...]
    value: str


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """Everything `ui/_list.html` shows. `first` is the place of the first row in the whole list, from 1."""

    spec: ListSpec
    asked: Asked
    rows: list[Row]
    total: int
    first: int
    tabs: tuple[Tab, ...]
    heads: tuple[Head, ...]
    chips: tuple[Chip, ...]
    conditions: tuple[Condition, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def next_url(self) -> str:
        return self._beside(self.rows[-1], "after") if self.last < self.total and self.rows else ""

    @property
    def previous_url(self) -> str:
        return self._beside(self.rows[0], "before") if self.first > 1 else ""

    @property
    def plain_url(self) -> str:
        """The same view and sort without any condition."""
        return self.asked.but(chosen=(), q="").address(self.spec)

    @property
    def export_url(self) -> str:
        return self.asked.but().address(self.spec, export="xlsx")

    @property
    def sorted_by(self) -> str:
        return str(self.spec.column(self.asked.sort_key).title)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form on the page sends along so that nothing is lost."""
        sort = "" if self.asked.sort == self.spec.sort else self.asked.sort
        return [pair for pair in (("view", self.asked.view), ("sort", sort)) if pair[1]]

    def _beside(self, row: Row, way: str) -> str:
        return self.asked.but().address(self.spec, **{way: write_cursor(row.sort_value, row.pk)})  # type: ignore[attr-defined]


def page_of(
    queryset: QuerySet[Row], spec: ListSpec, params: Params, *, options: Options | None = None
) -> ListPage[Row]:
    """The page that `params` (request.GET) asks for, of the rows that `queryset` already narrows to who asks.

    `options` adds the answers of filters that depend on who asks. Four queries: tabs, total, rows, place.

    Raises: BadList.
    """
    spec = _with_options(spec, options or {})
    asked = ask(spec, _lists(params))
    found = _sortable(narrowed(queryset, spec, asked), spec.column(asked.sort_key))
    rows = _rows(found, spec, asked)
    before = _count_before(found, asked, rows[0]) if rows and asked.cursor else 0
    return ListPage(
        spec,
        asked,
        rows,
        found.count(),
        before + 1 if rows else 0,
        _tabs(queryset, spec, asked),
        tuple(_head(column, spec, asked) for column in spec.shown),
        _chips(spec, asked),
        tuple(_condition(one, asked) for one in spec.filters),
    )


def sorted_rows(
    queryset: QuerySet[Row], spec: ListSpec, params: Params, *, options: Options | None = None
) -> QuerySet[Row]:
    """Every row that the same address shows over all its pages, in the same order: for the export."""
    spec = _with_options(spec, options or {})
    asked = ask(spec, _lists(params))
    return _ordered(_sortable(narrowed(queryset, spec, asked), spec.column(asked.sort_key)), asked.is_down)


def narrowed(queryset: QuerySet[Row], spec: ListSpec, asked: Asked) -> QuerySet[Row]:
    """The rows of the view that meet every filter (one of its values is enough) and the search."""
    queryset = queryset.filter(_meets(next((one for one in spec.views if one.key == asked.view), spec.views[0])))
    for one in spec.filters:
        if values := asked.values_of(one.key):
            any_of = Q()
            for value in values:
                any_of |= Q(**one.where_of(value, one.options))
            queryset = queryset.filter(any_of)
    for word in asked.q.split():
        anywhere = Q()
        for lookup in spec.search:
            anywhere |= Q(**{lookup: word})
        queryset = queryset.filter(pk__in=QuerySet(model=queryset.model).filter(anywhere).values("pk"))
    return queryset


def _meets(view: View) -> Q:
    return Q(**view.where) & ~Q(**view.without) if view.without else Q(**view.where)


def _sortable(queryset: QuerySet[Row], column: Column) -> QuerySet[Row]:
    return cast("QuerySet[Row]", queryset.annotate(sort_value=F(column.sort)))


def _ordered(queryset: QuerySet[Row], is_down: bool) -> QuerySet[Row]:  # noqa: FBT001
    """Rows without a value come last either way, on both databases; the key decides between equals."""
    value, key = F("sort_value"), F("pk")
    if is_down:
        return queryset.order_by(value.desc(nulls_last=True), key.desc())
    return queryset.order_by(value.asc(nulls_last=True), key.asc())


def _rows(found: QuerySet[Row], spec: ListSpec, asked: Asked) -> list[Row]:
    """A page; the first one when the place in the address has no full page before it, or nothing after it."""
    ordered = _ordered(found, asked.is_down)
    if asked.cursor is None:
        return list(ordered[: spec.page_size])
    beyond = _beyond(ordered, asked.cursor, is_down=asked.is_down)
    rows = list((beyond if asked.cursor.is_forward else beyond.reverse())[: spec.page_size])
    if not rows or (len(rows) < spec.page_size and not asked.cursor.is_forward):
        return list(ordered[: spec.page_size])
    return rows if asked.cursor.is_forward else rows[::-1]


def _beyond(queryset: QuerySet[Row], cursor: Cursor, *, is_down: bool) -> QuerySet[Row]:
    """Rows strictly after the cursor, or before it, where rows without a value stand last."""
    way = "gt" if cursor.is_forward != is_down else "lt"
    tied = Q(sort_value=cursor.value) if cursor.value is not None else Q(sort_value__isnull=True)
    beyond = tied & Q(**{f"pk__{way}": cursor.key})
    if cursor.value is not None:
        beyond |= Q(**{f"sort_value__{way}": cursor.value})
        if cursor.is_forward:
            beyond |= Q(sort_value__isnull=True)
    elif not cursor.is_forward:
        beyond |= Q(sort_value__isnull=False)
    try:
        return queryset.filter(beyond)
    except (TypeError, ValueError, ValidationError) as error:
        raise BadList(_("这一页的地址不完整，请回到列表第一页。")) from error


def _count_before(found: QuerySet[Row], asked: Asked, row: Row) -> int:
    here = Cursor(row.sort_value, row.pk, is_forward=False)  # type: ignore[attr-defined]
    return _beyond(found, here, is_down=asked.is_down).count()


def _tabs(queryset: QuerySet[Row], spec: ListSpec, asked: Asked) -> tuple[Tab, ...]:
    """Saved views with how many rows each holds before any filter: one query for all."""
    if len(spec.views) == 1:
        return ()
    counts = queryset.order_by().aggregate(
        **{f"view_{place}": Count("pk", filter=_meets(view)) for place, view in enumerate(spec.views)}
    )
    plain = Asked(sort=asked.sort)
    return tuple(
        Tab(str(view.title), counts[f"view_{place}"], _view_url(plain, view, spec), _is_current(view, spec, asked))
        for place, view in enumerate(spec.views)
    )


def _view_url(plain: Asked, view: View, spec: ListSpec) -> str:
    return plain.but(view="" if view is spec.views[0] else view.key).address(spec)


def _is_current(view: View, spec: ListSpec, asked: Asked) -> bool:
    return view.key == asked.view or (not asked.view and view is spec.views[0])


def _head(column: Column, spec: ListSpec, asked: Asked) -> Head:
    if not column.sort:
        return Head(column, "", "")
    is_sorted = column.key == asked.sort_key
    turned = column.key if asked.is_down or not is_sorted else f"-{column.key}"
    order = ("descending" if asked.is_down else "ascending") if is_sorted else ""
    return Head(column, asked.but(sort=turned).address(spec), order)


def _chips(spec: ListSpec, asked: Asked) -> tuple[Chip, ...]:
    chips = [
        Chip(str(one.title), "、".join(_label(one, value) for value in values), asked.without(one.key).address(spec))
        for one in spec.filters
        if (values := asked.values_of(one.key))
    ]
    if asked.q:
        chips.append(Chip(_("含有"), asked.q, asked.but(q="").address(spec)))
    return tuple(chips)


def _label(one: Filter, value: str) -> str:
    return next((str(option.label) for option in one.options if option.value == value), value)


def _condition(one: Filter, asked: Asked) -> Condition:
    values = asked.values_of(one.key)
    options = tuple((option, option.value in values) for option in one.options)
    return Condition(one, options, values[0] if values else "")


def _with_options(spec: ListSpec, options: Options) -> ListSpec:
    filled = (replace(one, options=tuple(options.get(one.key, one.options))) for one in spec.filters)
    return replace(spec, filters=tuple(filled))


def _lists(params: Params) -> Mapping[str, Iterable[str]]:
    return dict(params.lists()) if isinstance(params, QueryDict) else params
