"""Keyset paging against a plain sorted list: the same rows, none twice, none missing, there and back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhuanban.base.accounts.models import Account
from zhuanban.base.ui import queries
from zhuanban.base.ui.tests.accounts_list import SPEC

EPOCH = datetime(2026, 11, 1, tzinfo=UTC)
ROWS = st.lists(st.tuples(st.integers(0, 4) | st.none(), st.sampled_from(["甲", "乙", ""])), max_size=14)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, sort=st.sampled_from(["seen", "-seen", "label", "-label", "username", "-username"]))
def test_paging_walks_the_sorted_list_there_and_back(rows: list[tuple[int | None, str]], sort: str) -> None:
    with transaction.atomic():
        _make(rows)

        there, backwards = _walk(sort)

        assert [row for page in there for row in page] == _sorted(sort)
        assert backwards == there
        transaction.set_rollback(True)


def _make(rows: list[tuple[int | None, str]]) -> None:
    Account.objects.bulk_create(
        Account(
            username=f"u{(place * 7) % 15:02}",
            label=label,
            identity="x",
            last_seen_at=None if days is None else EPOCH + timedelta(days=days),
        )
        for place, (days, label) in enumerate(rows)
    )


def _walk(sort: str) -> tuple[list[list[str]], list[list[str]]]:
    """The pages from first to last by `next`, and again from the last by `previous`, put into the same order."""
    there, shown = [], _page(f"sort={sort}")
    while True:
        there.append([row.username for row in shown.rows])
        assert shown.first == sum(len(page) for page in there[:-1]) + 1 or not shown.rows
        if not shown.next_url:
            break
        shown = _page(shown.next_url[1:])
    back = [there[-1]]
    while shown.previous_url:
        shown = _page(shown.previous_url[1:])
        back.insert(0, [row.username for row in shown.rows])
    return there, back


def _page(address: str) -> queries.ListPage[Account]:
    return queries.page_of(Account.objects.all(), SPEC, QueryDict(address))


def _sorted(sort: str) -> list[str]:
    """In plain Python: by value, then by key in the same direction, rows without a value last either way."""
    is_down, name = sort.startswith("-"), SPEC.column(sort.removeprefix("-")).sort
    rows = list(Account.objects.all())
    known = [row for row in rows if getattr(row, name) is not None]
    unknown = [row for row in rows if getattr(row, name) is None]
    known.sort(key=lambda row: (getattr(row, name), row.pk), reverse=is_down)
    unknown.sort(key=lambda row: row.pk, reverse=is_down)
    return [row.username for row in [*known, *unknown]]
