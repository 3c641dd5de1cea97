"""The second wall, on PostgreSQL: the same rows hidden by the database itself, whatever the query."""

import pytest
from django.db import connection

from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.rules import By, Role
from zhuanban.registry.places.models import Door, Venue
from zhuanban.registry.places.tests.conftest import COUNTY, OTHER_TOWN, TOWN, staff

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (COUNTY, (1, 2)),
        (TOWN, (1, 2)),
        (staff(Role.INDUSTRY, "140428", sectors=("commerce",)), (1, 2)),
        (OTHER_TOWN, (0, 0)),
        (staff(Role.INDUSTRY, "140428", sectors=("health",)), (0, 0)),
        (None, (0, 0)),
    ],
    ids=["county", "township", "industry", "other township", "other industry", "no scope"],
)
def test_a_connection_sees_the_rows_of_its_scope(shop: Venue, by: By | None, rows: tuple[int, int]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row-level security")

    with accounts.scope_for(by):
        found = Venue.objects.count(), Door.objects.count()

    assert found == rows
