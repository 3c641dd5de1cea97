"""The rows of a list as an Excel file: typed cells, a frozen head, never a formula from data."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from zhuanban.base.spans import COUNTY_TIME
from zhuanban.base.ui.rules import Column, value_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEVER_LIVE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMATS = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", time: "hh:mm"}


def workbook(columns: Iterable[Column], rows: Iterable[Any], *, about: Iterable[tuple[str, Any]] = ()) -> bytes:
    """An xlsx of `rows` in `columns`; `about` says on a second sheet what was filtered, when and how many."""
    columns = tuple(columns)
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **NEVER_LIVE})
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in FORMATS.items()}
    head = book.add_format({"bold": True, "bg_color": "#F8FAFA", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    sheet = book.add_worksheet(_("台账"))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, _title(column), head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write(sheet, (last, place), value_of(column, row), formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
    _describe(book.add_worksheet(_("说明")), about, formats)
    book.close()
    return file.getvalue()


def _title(column: Column) -> str:
    unit = str(column.unit).strip()  # some languages need no counting word
    return _("%(title)s（%(unit)s）") % {"title": column.title, "unit": unit} if unit else str(column.title)


def _write(sheet: Any, cell: tuple[int, int], value: Any, formats: dict[type, Any]) -> None:
    """A typed cell. Text stays text, whatever it begins with; None is an empty cell; moments are county time."""
    match value:
        case None:
            return
        case bool():
            sheet.write_string(*cell, _("是") if value else _("否"))
        case datetime():
            local = value.astimezone(COUNTY_TIME) if value.tzinfo else value
            sheet.write_datetime(*cell, local.replace(tzinfo=None), formats[datetime])
        case date() | time():
            sheet.write_datetime(*cell, value, formats[type(value)])
        case int() | float() | Decimal():
            sheet.write_number(*cell, value)
        case _:
            sheet.write_string(*cell, str(value))


def _describe(sheet: Any, about: Iterable[tuple[str, Any]], formats: dict[type, Any]) -> None:
    sheet.set_column(0, 1, 28)
    for place, (title, value) in enumerate(about):
        sheet.write_string(place, 0, title)
        _write(sheet, (place, 1), value, formats)
