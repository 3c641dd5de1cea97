"""What a list is, and what an address asks of it. The whole state of a list is in its address.

`?view=pending&type=PHARMACY&type=MARKET&q=福来顺&sort=-latest&after=…` is a saved view, a filter with two values, a
search, a sort and a place; any of them may be absent, in any order.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, Self
from urllib.parse import urlencode

from zhuanban.base.errors import Refusal
from zhuanban.base.spans import span_of
from zhuanban.base.ui.rules.cursors import Cursor, read_cursor

PAGE_SIZE = 12  # rows; source: ui/d2-venues.png, a screen of 900 px without scrolling
RESERVED = frozenset({"view", "q", "sort", "after", "before"})

Words = Any  # a str, or a lazy translation of one
Where = Mapping[str, Any]  # lookups of the ORM: {"state": "ACTIVE", "latest__isnull": False}


class BadList(Refusal):
    """The address asks for a view, a sort, a filter or a page that the list does not have."""

    code = "BAD_LIST"
    status = 400


@dataclass(frozen=True, slots=True)
class Column:
    """`sort` is the field it sorts by, "" for none; `value` an attribute path or a function of the row.

    What `value` gives is what the export writes, typed; `in_page=False` is for the export only.
    """

    key: str
    title: Words
    sort: str = ""
    align: Literal["", "right"] = ""
    unit: Words = ""
    value: str | Callable[[Any], Any] = ""
    in_page: bool = True
    width: int = 14  # characters, in the export


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a filter; `where` instead of the filter's lookup when it is not a plain comparison."""

    value: str
    label: Words
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition that the address may add. `options` may be given later, at `page_of(…, options={key: …})`."""

    key: str
    title: Words
    lookup: str = ""
    options: tuple[Option, ...] = ()
    kind: Literal["choice", "from_day", "until_day"] = "choice"

    def where_of(self, value: str, options: Iterable[Option]) -> Where:
        """Raises: BadList when the value is none of its options or not a day."""
        if self.kind == "choice":
            chosen = next((option for option in options if option.value == value), None)
            if chosen is None:
                raise BadList(f"列表没有这个筛选条件：{self.key}={value}")
            return chosen.where if chosen.where is not None else {self.lookup: value}
        span = span_of(_day(self.key, value))
        moment = span.starts_at if self.kind == "from_day" else span.ends_at
        return {f"{self.lookup}__{'gte' if self.kind == 'from_day' else 'lt'}": moment}


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: a tab with its own count. The first of a list is its plain one, usually 全部."""

    key: str
    title: Words
    where: Where = field(default_factory=dict)
    without: Where = field(default_factory=dict)  # rows that match are left out


@dataclass(frozen=True, slots=True)
class Bulk:
    """A deed on the chosen rows: a POST to `url_name` with their keys as `pick`."""

    url_name: str
    title: Words
    icon: str = ""
    tone: Literal["", "danger"] = ""


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list as its module describes it. `sort` is the first order: a column's key, `-` in front for downwards."""

    columns: tuple[Column, ...]
    sort: str
    views: tuple[View, ...] = (View("", "全部"),)
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] = ()  # lookups that `q` is looked for in: ("name__icontains", "doors__codes__short")
    search_hint: Words = ""
    bulk: tuple[Bulk, ...] = ()
    page_size: int = PAGE_SIZE
    row_template: str = ""  # one <tr> with `row`; without it every cell is its column's value
    noun: Words = "行"  # 共 47 行

    def column(self, key: str) -> Column:
        """Raises: BadList when there is none, or it does not sort."""
        found = next((column for column in self.columns if column.key == key and column.sort), None)
        if found is None:
            raise BadList(f"列表不能按这一列排序：{key}")
        return found

    @property
    def shown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.in_page)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a list. `but` gives another address; it starts again at the first page."""

    view: str = ""
    chosen: tuple[tuple[str, str], ...] = ()  # (filter, value), in the order of the filters
    q: str = ""
    sort: str = ""
    cursor: Cursor | None = None

    @property
    def is_down(self) -> bool:
        return self.sort.startswith("-")

    @property
    def sort_key(self) -> str:
        return self.sort.removeprefix("-")

    def values_of(self, key: str) -> tuple[str, ...]:
        return tuple(value for name, value in self.chosen if name == key)

    def but(self, **changes: Any) -> Self:
        return replace(self, **({"cursor": None} | changes))

    def without(self, key: str) -> Self:
        return self.but(chosen=tuple(pair for pair in self.chosen if pair[0] != key))

    def address(self, spec: ListSpec, **more: str) -> str:
        """`?…`, and "?" alone for the plain list, so that a link always leaves an earlier query behind."""
        pairs = [("view", self.view), *self.chosen, ("q", self.q)]
        pairs += [("sort", "" if self.sort == spec.sort else self.sort), *more.items()]
        return "?" + urlencode([(key, value) for key, value in pairs if value])


def ask(spec: ListSpec, params: Mapping[str, Iterable[str]]) -> Asked:
    """Read an address: `params` are lists of values by name. Empty values and strange names ask nothing.

    Raises: BadList for a view, sort or page the list does not have.
    """
    given = {key: [value.strip() for value in values if value.strip()] for key, values in params.items()}
    view, q, sort = (_last(given, key) for key in ("view", "q", "sort"))
    if view not in {one.key for one in spec.views} | {""}:
        raise BadList(f"列表没有这个视图：{view}")
    spec.column((sort or spec.sort).removeprefix("-"))
    chosen = tuple((one.key, value) for one in spec.filters for value in dict.fromkeys(given.get(one.key, ())))
    return Asked(view, chosen, q, sort or spec.sort, _cursor(given))


def value_of(column: Column, row: Any) -> Any:
    """A cell's value: the function's, or the attribute path's (None anywhere on the way is None)."""
    if callable(column.value):
        return column.value(row)
    value = row
    for name in (column.value or column.key).split("."):
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
        if value is None:
            return None
        value = value() if callable(value) else value
    return value


def _last(given: Mapping[str, list[str]], key: str) -> str:
    return (given.get(key) or [""])[-1]


def _cursor(given: Mapping[str, list[str]]) -> Cursor | None:
    for key in ("after", "before"):
        if text := _last(given, key):
            try:
                return read_cursor(text, is_forward=key == "after")
            except ValueError as error:
                raise BadList("这一页的地址不完整，请回到列表第一页。") from error
    return None


def _day(key: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadList(f"日期要写成 2026-11-23 这样：{key}={value}") from error
