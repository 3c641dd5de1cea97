"""PROMISES 11: a township sees only itself, a bank only its own.

The walk over the permission table (test_permissions) is the proof of both walls together. Here each wall is taken
away in turn: without the queries' scope row-level security alone must hold, and without either the walk must turn red.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.db import connection
from django.db.models import Q

from tests.permission_actors import County
from tests.permission_walk import Walk, walk
from tests.permissions import TABLE, Row
from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.queries import visible
from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.accounts.tests.signing import by_of
from zhuanban.registry.places.models import Venue
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.alerts.queries import rows as alerts
from zhuanban.trail.alerts.tests import county as street
from zhuanban.trail.status.rules import Colour

needs_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no row-level security: run `python -m tests.postgres`"
)
WALLED = {"alerts_alert", "checks_check", "places_door", "places_venue"}
BEHIND = [
    row for row in TABLE if row.of in {"venue", "door", "code", "alert", "post"} and row.name != "accounts:invite"
]
LISTS = [row for row in TABLE if row.name in {"venues:index", "alerts:list", "desk:today", "desk:map"}]


@pytest.fixture
def no_first_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query gives all rows, whoever asks: as if each had forgotten its scope."""
    for module in list(sys.modules.values()):
        for name in [name for name, value in vars(module).items() if value is visible]:
            monkeypatch.setattr(module, name, lambda queryset, by, **fields: queryset)
    monkeypatch.setattr(alerts, "_of_home", lambda by: Q())


# --- row-level security alone ---------------------------------------------------------------------------------------


@pytest.mark.postgres
@needs_postgres
def test_row_level_security_alone_hides_every_foreign_row(asked_county: County, no_first_wall: None) -> None:
    assert _value("SELECT current_user") == settings.APP_ROLE
    assert _value("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'places_venue'") != settings.APP_ROLE

    walked = walk([*BEHIND, *LISTS], asked_county)

    assert walked.wrong == [], walked.report()


@pytest.mark.postgres
@needs_postgres
def test_a_connection_without_a_scope_sees_no_row(asked_county: County) -> None:
    with accounts.scope_for(None):
        hidden = _counts()

    assert hidden == dict.fromkeys(WALLED, 0)
    assert all(_counts().values())


@pytest.mark.postgres
@needs_postgres
@pytest.mark.django_db
def test_every_table_with_a_place_and_an_organisation_is_walled_for_its_owner_too() -> None:
    scoped = {
        model._meta.db_table
        for model in apps.get_models()
        if {"division", "sector", "organisation"} <= {field.name for field in model._meta.get_fields()}
    }

    assert scoped == WALLED
    assert _tables("relrowsecurity") == WALLED
    assert _tables("relforcerowsecurity") == WALLED


@pytest.mark.postgres
@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_a_reused_connection_hands_no_scope_on(asked_county: County) -> None:
    """Committed rows, requests one after another on one connection (CONN_MAX_AGE), with no scope around them."""
    asked = [("COUNTY_OFFICE", "own", 200), ("VILLAGE", "other township", 404), ("NOBODY", "own", 302)]
    asked += [("VILLAGE", "own", 200), ("SYSTEM_ADMIN", "own", 403), ("COUNTY_DUTY", "missing", 404)]
    backend = _value("SELECT pg_backend_pid()")

    with accounts.scope_for(None):
        for actor, place, status in asked:
            key = asked_county.things["venue"][place]

            answer = asked_county.browsers[actor].get(f"/desk/venues/{key}")

            assert answer.status_code == status
            assert _value("SELECT current_setting('app.scope', true)") == ""
            assert _counts() == dict.fromkeys(WALLED, 0)
    assert _value("SELECT pg_backend_pid()") == backend


@pytest.mark.postgres
@needs_postgres
def test_a_scope_ends_with_the_request_that_crashes(asked_county: County) -> None:
    office = by_of(asked_county.accounts[Role.COUNTY_OFFICE])

    def crash() -> None:
        with accounts.scope_for(office):
            raise ZeroDivisionError(Venue.objects.count())

    with accounts.scope_for(None):
        with pytest.raises(ZeroDivisionError, match="5"):
            crash()
        assert Venue.objects.count() == 0


@pytest.mark.postgres
@needs_postgres
@pytest.mark.parametrize(
    ("colour", "by", "is_seen"),
    [
        (Colour.YELLOW, street.HOME_VILLAGE, True),
        (Colour.YELLOW, street.OTHER_TOWN, True),  # the township of the home
        (Colour.YELLOW, street.VILLAGE, True),  # of the venue
        (Colour.YELLOW, street.staff("20", Role.VILLAGE, "140428102202"), False),
        (Colour.YELLOW, street.staff("21", Role.VENUE_MANAGER, organisation=9_999_999), False),
        (Colour.RED, street.HOME_VILLAGE, False),
        (Colour.RED, street.VILLAGE, True),
    ],
    ids=lambda value: value.label if isinstance(value, By) else str(value),
)
@pytest.mark.django_db
def test_a_yellow_reaches_the_persons_home_and_a_red_does_not(
    settings: LazySettings, tmp_path: Path, colour: Colour, by: By, is_seen: bool
) -> None:
    settings.VISITS = tmp_path
    street.refuse(tmp_path, street.build(), street.person(home=street.SHIZHE), colour)

    with accounts.scope_for(by):
        assert Alert.objects.exists() == is_seen


# --- controls: what must turn red -----------------------------------------------------------------------------------


def test_without_the_queries_scope_the_walk_turns_red_on_sqlite(asked_county: County, no_first_wall: None) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("there the second wall stands: test_row_level_security_alone_hides_every_foreign_row")

    walked = walk(_some(), asked_county)

    assert _has_leaked(walked)


@pytest.mark.postgres
@needs_postgres
def test_a_policy_without_force_lets_the_owner_see_everything(asked_county: County, no_first_wall: None) -> None:
    """What happens when the product runs as the tables' owner: with FORCE nothing, without it the walk turns red."""
    with _as_owner(), accounts.scope_for(None):
        forced = _counts()
        _alter("NO FORCE ROW LEVEL SECURITY")
        open_ = _counts()
        walked = walk(_some(), asked_county)
        _alter("FORCE ROW LEVEL SECURITY")
        forced_again = _counts()

    assert forced == forced_again == dict.fromkeys(WALLED, 0)
    assert all(open_.values())
    assert _has_leaked(walked)


def _some() -> list[Row]:
    return [row for row in TABLE if row.name in {"venues:venue", "codes:door", "alerts:alert", "venues:index"}]


def _has_leaked(walked: Walk) -> bool:
    shown = any("TOWNSHIP_OFFICE · other township: got may (200), wanted hidden" in line for line in walked.wrong)
    named = any("venues:index · VILLAGE · —: names the thing of: other township" in line for line in walked.wrong)
    return shown and named


# --- asking PostgreSQL ----------------------------------------------------------------------------------------------


def _value(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _counts() -> dict[str, object]:
    return {table: _value(f"SELECT count(*) FROM {table}") for table in WALLED}


def _tables(which: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT relname FROM pg_class WHERE relkind = 'r' AND {which}")
        return {name for (name,) in cursor.fetchall()}


def _alter(what: str) -> None:
    with connection.cursor() as cursor:
        for table in sorted(WALLED):
            cursor.execute(f"ALTER TABLE {table} {what}")


@contextmanager
def _as_owner() -> Iterator[None]:
    """Inside the test's transaction the connection is its login, who owns the tables, not the application's role."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks waiting cannot be altered
        cursor.execute("SET LOCAL ROLE NONE")
        yield
        cursor.execute(f"SET LOCAL ROLE {settings.APP_ROLE}")
