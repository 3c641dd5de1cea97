"""The second wall on a real PostgreSQL: rows exist only within `app.scope`, for application and owner alike."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from zhuanban.base.tests.fresh import Fresh, fresh_database

pytestmark = pytest.mark.postgres
APPS = ("contenttypes", "accounts", "audit", "sessions", "axes")
ROWS = [
    ("茶馆", "140428101001", "catering", 17),
    ("澡堂", "140428101002", "health", 18),
    ("药店", "140428103001", "health", 19),
]
BUILD = """
from django.db import connections
from zhuanban.base import walls
with connections["owner"].schema_editor() as editor:
    editor.execute("CREATE TABLE probe (name text, division text, sector text, organisation bigint)", params=None)
    editor.execute("CREATE TABLE plain (name text, area text)", params=None)
    walls.wall("probe", sector="sector", organisation="organisation").code(None, editor)
    walls.wall("plain", division="area").code(None, editor)
    walls.open_to("probe").code(None, editor)
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    if not os.getenv("DATABASE_URL"):
        pytest.skip("needs PostgreSQL: python -m tests.postgres pytest …")
    with fresh_database(tmp_path_factory.mktemp("walls"), apps=APPS) as made:
        made.run(BUILD)
        with asking(made, "%") as connection:
            for row in ROWS:
                connection.execute("INSERT INTO probe VALUES (%s, %s, %s, %s)", row)
                connection.execute("INSERT INTO plain VALUES (%s, %s)", row[:2])
        yield made


@contextmanager
def asking(fresh: Fresh, scope: str | None, *, role: str = "zhuanban_app") -> Iterator[psycopg.Connection]:
    """A connection of the application (or, with no role, of the tables' owner) that has named its scope."""
    options = f"-c role={role}" if role else ""
    with psycopg.connect(fresh.url, autocommit=True, options=options) as connection:
        if scope is not None:
            connection.execute("SELECT set_config('app.scope', %s, false)", [scope])
        yield connection


def names(connection: psycopg.Connection, table: str = "probe") -> set[str]:
    return {name for (name,) in connection.execute(f"SELECT name FROM {table}")}


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (None, set()),
        ("", set()),
        ("%", {"茶馆", "澡堂", "药店"}),
        ("d:", {"茶馆", "澡堂", "药店"}),
        ("d:140428101", {"茶馆", "澡堂"}),
        ("d:140428103001", {"药店"}),
        ("d:140428|s:health", {"澡堂", "药店"}),
        ("d:140428101|s:health", {"澡堂"}),
        ("o:17", {"茶馆"}),
        ("o:17,d:140428103", {"茶馆", "药店"}),
        ("o:99", set()),
        ("x:140428", set()),
    ],
)
def test_a_scope_shows_exactly_its_rows(fresh: Fresh, scope: str | None, seen: set[str]) -> None:
    with asking(fresh, scope) as connection:
        assert names(connection) == seen


@pytest.mark.parametrize(("scope", "seen"), [(None, set()), ("d:140428101", {"茶馆", "澡堂"}), ("o:17", set())])
def test_a_table_without_sector_and_organisation_is_seen_by_area_only(
    fresh: Fresh, scope: str | None, seen: set[str]
) -> None:
    with asking(fresh, scope) as connection:
        assert names(connection, "plain") == seen


def test_a_row_outside_the_scope_can_be_neither_made_nor_moved_nor_removed(fresh: Fresh) -> None:
    with asking(fresh, "d:140428101") as connection:
        for statement in (
            "INSERT INTO probe VALUES ('新店', '140428103001', 'health', 1)",
            "UPDATE probe SET division = '140428103001'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)

        removed = connection.execute("DELETE FROM probe WHERE name = '药店'").rowcount

    assert removed == 0


def test_the_owner_is_bound_too_and_only_by_force(fresh: Fresh) -> None:
    with asking(fresh, None, role="") as owner:
        bound = names(owner)
        owner.execute("ALTER TABLE probe NO FORCE ROW LEVEL SECURITY")
        unbound = names(owner)
        owner.execute("ALTER TABLE probe FORCE ROW LEVEL SECURITY")

    assert bound == set()
    assert unbound == {"茶馆", "澡堂", "药店"}


def test_the_application_owns_nothing_and_takes_no_wall_down(fresh: Fresh) -> None:
    with asking(fresh, "%") as connection:
        for statement in (
            "ALTER TABLE probe DISABLE ROW LEVEL SECURITY",
            "DROP POLICY scope ON probe",
            "UPDATE audit_entry SET reason = 'x'",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry",
            "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_application_may_use_the_tables_made_before_its_role_and_after(fresh: Fresh) -> None:
    with asking(fresh, None) as connection:
        for table in ("django_content_type", "django_session", "accounts_account", "axes_accessattempt", "audit_root"):
            connection.execute(f"SELECT count(*) FROM {table}")


def test_a_wall_can_be_taken_down_and_put_up_again_by_migrations(fresh: Fresh) -> None:
    words = "from django.db import connections\nfrom zhuanban.base import walls\n"
    step = "with connections['owner'].schema_editor() as editor: walls.wall('plain', division='area').{}(None, editor)"

    fresh.run(words + step.format("reverse_code"))
    with asking(fresh, None) as connection:
        down = names(connection, "plain")
    fresh.run(words + step.format("code"))

    with asking(fresh, None) as connection:
        assert len(down) == 3 and names(connection, "plain") == set()


def test_a_connection_used_again_keeps_nothing_of_the_request_before(fresh: Fresh) -> None:
    said = fresh.run(
        """
from django.db import connection
from zhuanban.base.accounts import actions
from zhuanban.base.accounts.rules import By, Kind, Role, Scope

def count():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM probe")
        return cursor.fetchone()[0]

by = By(Kind.STAFF, "1", "x", "x", (Scope(Role.TOWNSHIP_OFFICE, "140428101"),))
print(count())
with actions.scope_for(by):
    print(count())
print(count())
try:
    with actions.scope_for(by):
        raise ValueError
except ValueError:
    print(count())
with actions.scope_for(by), actions.system_scope():
    print(count())
print(count())
"""
    )

    assert said.split() == ["0", "2", "0", "0", "3", "0"]


def test_a_connection_that_cannot_be_told_any_more_is_closed(fresh: Fresh) -> None:
    said = fresh.run(
        """
from django.db import connection, transaction
from zhuanban.base.accounts import actions

with actions.system_scope():
    transaction.set_autocommit(False)
    try:
        connection.cursor().execute("SELECT nonsense")
    except Exception:
        pass
print(connection.connection)
"""
    )

    assert said == "None"
