"""The export: exactly the rows of the address, typed, frozen, and never a formula."""

from datetime import UTC, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from zhuanban.base.accounts.models import Account
from zhuanban.base.ui import http, sheets
from zhuanban.base.ui.rules import Column
from zhuanban.base.ui.tests.accounts_list import NOON, SPEC, make


@pytest.mark.django_db
def test_an_export_holds_every_row_of_the_address_over_all_pages() -> None:
    for place, name in enumerate("abcde"):
        make(name, days_ago=place)
    make("other", label="乙")
    request = RequestFactory().get("/x?label=甲&sort=username&export=xlsx")

    answer = http.export(request, SPEC, Account.objects.all(), "账号")

    book = load_workbook(BytesIO(answer.content))
    rows = list(book["台账"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["账号", "a", "b", "c", "d", "e"]
    assert rows[1][2] == datetime(2026, 11, 23, 12) and rows[1][3:] == ("是", "a")  # county time
    assert book["台账"].freeze_panes == "B2" and book["台账"].auto_filter.ref == "A1:E6"
    assert list(book["说明"].iter_rows(values_only=True, min_row=2)) == [("行数", 5), ("称呼", "甲")]
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%B4%A6%E5%8F%B7_2")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://example.invalid/", "007", "\t=1"])
def test_text_stays_text_whatever_it_begins_with(text: str) -> None:
    book = load_workbook(BytesIO(sheets.workbook([Column("x", "名", value="x")], [{"x": text}])))

    cell = book["台账"]["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_cells_are_typed_and_nothing_is_an_empty_cell() -> None:
    columns = [Column(key, key, unit="次" if key == "n" else "") for key in ("n", "d", "t", "day", "none", "no")]
    row = {"n": 3, "d": Decimal("1.5"), "t": time(7, 30), "day": NOON.date(), "none": None, "no": False}

    sheet = load_workbook(BytesIO(sheets.workbook(columns, [row])))["台账"]

    assert [cell.value for cell in sheet[1]] == ["n（次）", "d", "t", "day", "none", "no"]
    assert [cell.value for cell in sheet[2]] == [3, 1.5, time(7, 30), datetime(2026, 11, 23), None, "否"]


def test_a_moment_without_a_zone_is_written_as_it_is_and_an_empty_list_is_still_a_sheet() -> None:
    made = sheets.workbook([Column("at", "时")], [{"at": datetime(2026, 1, 1, 8)}])
    empty = sheets.workbook([], [], about=[("行数", 0), ("时", datetime(2026, 1, 1, tzinfo=UTC))])

    assert load_workbook(BytesIO(made))["台账"]["A2"].value == datetime(2026, 1, 1, 8)
    assert load_workbook(BytesIO(empty)).sheetnames == ["台账", "说明"]
