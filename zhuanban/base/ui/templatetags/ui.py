"""The small parts of every page: icons, chips, badges, clocks, fields, dates and numbers as people write them."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhuanban.base.spans import COUNTY_TIME, MONTHS
from zhuanban.base.ui import http, rules

register = template.Library()
SPRITE = Path(__file__).resolve().parent.parent / "static" / "ui" / "icons.svg"
SHORT_HALF = 4  # characters on each side of the dash
SVG = "{http://www.w3.org/2000/svg}"
HEALTH = ("green", "yellow", "red", "unverified")


@cache
def drawings() -> dict[str, str]:
    """The inside of every icon of the sprite, by name."""
    ElementTree.register_namespace("", SVG[1:-1])
    sprite = ElementTree.parse(SPRITE).getroot()  # noqa: S314  (our own file)
    return {symbol.attrib["id"]: _inside(symbol) for symbol in sprite.iter(f"{SVG}symbol")}


def _inside(symbol: ElementTree.Element) -> str:
    return "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in symbol).replace(
        f' xmlns="{SVG[1:-1]}"', ""
    )


@register.simple_tag
def icon_names() -> list[str]:
    return list(drawings())


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An inline drawing; decoration unless it has a `label`. `size`: "", "small", "big", "huge"."""
    known_as = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    drawing = mark_safe(drawings()[name])  # noqa: S308  (our own file)
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {}>{}</svg>', f" icon-{size}" if size else "", known_as, drawing
    )


@register.simple_tag
def health(colour: str, size: str = "") -> SafeString:
    """A health chip: colour, its own shape and its word. Anything unknown is 未核验, never green."""
    name = str(colour).lower()
    name = name if name in HEALTH else "unverified"
    words = {"green": _("绿码"), "yellow": _("黄码"), "red": _("红码"), "unverified": _("未核验")}
    big = " health-big" if size == "big" else ""
    return format_html('<span class="health h-{}{}">{}{}</span>', name, big, icon(f"h-{name}"), words[name])


@register.simple_tag
def badge(words: Any, tone: str = "plain", icon_name: str = "") -> SafeString:
    """A work badge, never like a health chip. Tones: on, plain, near, late, off."""
    name = icon_name or {"on": "check", "near": "clock", "late": "warning"}.get(tone, "")
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, icon(name) if name else "", words)


@register.simple_tag
def lamp(colour: str) -> SafeString:
    """A 督办 lamp with its word; left to right red, yellow, green: the position carries the meaning."""
    words = {"red": _("红灯"), "yellow": _("黄灯"), "green": _("绿灯")}
    return format_html(
        '<span class="lamp lamp-{}"><svg viewBox="0 0 36 14" aria-hidden="true"><rect width="36" height="14" rx="7"/>'
        '<circle cx="8" cy="7" r="4.5"/><circle cx="18" cy="7" r="4.5"/><circle cx="28" cy="7" r="4.5"/></svg>'
        "{}</span>",
        colour,
        words[colour],
    )


@register.inclusion_tag("ui/_clock.html")
def clock(deadline: datetime, at: datetime | None = None, started: datetime | None = None) -> dict[str, Any]:
    """A running clock: ring, words and tone as they stand at `at`; the page's script lets it run on."""
    at = at or http.moment()
    made = rules.clock_of(deadline, at=at, started_at=started)
    return {"clock": made, "words": clock_words(made, at=at), "started": started, "at": at}


def clock_words(made: rules.Clock, *, at: datetime) -> str:
    if made.says == "moment":
        return when(made.deadline, at)
    span = span_words(made.parts)
    return _("已超 %(span)s") % {"span": span} if made.says == "over" else _("剩 %(span)s") % {"span": span}


def span_words(parts: tuple[tuple[int, rules.Unit], ...]) -> str:
    """1 小时 36 分."""
    units = {"second": _("%(n)d 秒"), "minute": _("%(n)d 分"), "hour": _("%(n)d 小时"), "day": _("%(n)d 天")}
    return " ".join(units[unit] % {"n": number} for number, unit in parts)


@register.filter
def when(moment: datetime | date | None, at: datetime | None = None) -> str:
    """今天 10:24, 昨天 18:40, 明天 12:00, 11月21日 09:12; a plain date without a time; — for none."""
    if moment is None:
        return "—"
    at = at or http.moment()
    if not isinstance(moment, datetime):
        return _day(datetime.combine(moment, time(12), COUNTY_TIME), at)
    return f"{_day(moment, at)} {moment.astimezone(COUNTY_TIME):%H:%M}"


@register.filter
def day(moment: datetime | date | None, at: datetime | None = None) -> str:
    """今天, 昨天, 11月21日; without the time."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(COUNTY_TIME).date()
    return when(moment, at)


@register.filter
def clock_time(moment: datetime | None) -> str:
    """10:24, county time."""
    return f"{moment.astimezone(COUNTY_TIME):%H:%M}" if moment else "—"


@register.filter
def long_day(moment: datetime) -> str:
    """11月23日 星期一."""
    local = moment.astimezone(COUNTY_TIME)
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return f"{_month_day(local)} {names[local.weekday()]}"


def _day(moment: datetime, at: datetime) -> str:
    local = moment.astimezone(COUNTY_TIME)
    match rules.day_of_words(moment, at=at):
        case "today":
            return _("今天")
        case "yesterday":
            return _("昨天")
        case "tomorrow":
            return _("明天")
        case "this_year":
            return _month_day(local)
        case _:
            return _("%(year)d年%(month)d月%(day)d日") % {"year": local.year, **_month_and_day(local)}


def _month_day(local: datetime) -> str:
    return _("%(month)d月%(day)d日") % _month_and_day(local)


def _month_and_day(local: datetime) -> dict[str, Any]:
    """`mon` is for languages that name their months."""
    return {"month": local.month, "mon": MONTHS[local.month - 1], "day": local.day}


@register.filter
def short(code: str) -> str:
    """B7K4M2Q9 → B7K4-M2Q9."""
    text = str(code or "")
    return f"{text[:SHORT_HALF]}-{text[SHORT_HALF:]}" if len(text) > SHORT_HALF else text


@register.filter
def number(value: float | Decimal | None) -> str:
    """3,547; — for none, which is not nought."""
    if value is None:
        return "—"
    return f"{value:,}"


@register.simple_tag
def share(percent: float | None, low: int = 80, reported: bool = False) -> SafeString:  # noqa: FBT001, FBT002
    """A coverage cell. Under `low` bold ochre; striped and marked 报 when others counted it; None is 无数据."""
    if percent is None:
        return format_html('<span class="share share-none">{}</span>', _("无数据"))
    kind = (" share-low" if percent < low else "") + (" share-reported" if reported else "")
    mark = format_html('<abbr class="reported" title="{}">{}</abbr>', _("对方上报"), _("报")) if reported else ""
    return format_html(
        '<span class="share{}">{}<svg class="meter" viewBox="0 0 36 6" aria-hidden="true"><rect width="36" height="6" '
        'rx="3"/><rect class="meter-fill" width="{}" height="6" rx="3"/></svg><b>{}</b><small>%</small></span>',
        kind,
        mark,
        round(36 * min(max(percent, 0), 100) / 100, 1),
        round(percent),
    )


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, saved: datetime | None = None, size: str = "") -> dict[str, Any]:
    """Label above, control, hint or what is wrong. `saved` is when it was stored on leaving: ✓ 10:24 已存."""
    kind = bound.widget_type  # text, select, checkbox, radioselect, …
    return {"field": bound, "kind": kind, "saved": saved, "size": size, "is_group": bound.use_fieldset}


@register.simple_tag
def cell(column: rules.Column, row: Any, at: datetime | None = None) -> Any:
    """A list's plain cell: the column's value as people write it."""
    value = rules.value_of(column, row)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime | date):
        return when(value, at)
    if value is None or isinstance(value, int | float | Decimal):
        unit = format_html("<small>{}</small>", column.unit) if column.unit and value is not None else ""
        return format_html("{}{}", number(value), unit)
    return str(value)
