"""Row-level security and append-only tables, as operations for migrations.

The second wall behind `accounts.queries.visible`: on PostgreSQL the application runs as a role that owns nothing, and
each request names in `app.scope` what its asker may see. Entries are separated by commas:

    %                      everything: our own processes
    d:140428100            every row whose division begins so
    d:140428|s:catering    of these, one sector
    o:17                   the rows of one organisation

Without a scope there are no rows. SQLite has no such wall; there the queries stand alone.
"""

from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Step = Callable[[BaseDatabaseSchemaEditor], list[str]]

_SEES = """
CREATE OR REPLACE FUNCTION app_sees(division text, sector text, organisation bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(bool_or(CASE
    WHEN entry = '%' THEN true
    WHEN starts_with(entry, 'o:') THEN organisation = substr(entry, 3)::bigint
    WHEN starts_with(entry, 'd:') THEN
      starts_with(division, split_part(substr(entry, 3), '|', 1))
      AND (strpos(entry, '|s:') = 0 OR sector = split_part(entry, '|s:', 2))
  END), false)
  FROM unnest(string_to_array(nullif(current_setting('app.scope', true), ''), ',')) AS entry
$$
"""

_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} NOLOGIN;
  END IF;
  IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
    GRANT {role} TO CURRENT_USER;
  END IF;
END $$
"""
_MAY = "SELECT, INSERT, UPDATE, DELETE"


def application_role() -> migrations.RunPython:
    """The role that every process but the migration runs as: it may read and write all tables, and owns none."""
    role = settings.APP_ROLE
    return _on_postgresql(
        _ROLE.format(role=role),
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT {_MAY} ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {_MAY} ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    )


def sees() -> migrations.RunPython:
    """The SQL function that every policy asks."""
    return _on_postgresql(_SEES, reverse=["DROP FUNCTION IF EXISTS app_sees(text, text, bigint) CASCADE"])


def wall(
    table: str, *, division: str = "division", sector: str | None = None, organisation: str | None = None
) -> migrations.RunPython:
    """Only rows within `app.scope` can be read or written, by whomever; FORCE binds the tables' owner too.

    The three name columns of `table`; None where it has none.
    """
    asks = f'app_sees("{division}", {_column(sector, "text")}, {_column(organisation, "bigint")})'
    test = f"nullif(current_setting('app.scope', true), '') = '%' OR {asks}"
    return _on_postgresql(
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY scope ON "{table}" FOR ALL TO PUBLIC USING ({test}) WITH CHECK ({test})',
        reverse=[
            f'DROP POLICY IF EXISTS scope ON "{table}"',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ],
    )


def open_to(table: str) -> migrations.RunPython:
    """The application's role may read and write the whole table."""
    return _on_postgresql(f'GRANT {_MAY} ON TABLE "{table}" TO {settings.APP_ROLE}')


def append_only(table: str) -> migrations.RunPython:
    """Rows can be added and read; changing or deleting one fails on either engine, for the owner too."""
    return migrations.RunPython(_stepper(_refuse_changes(table)), _stepper(_allow_changes(table)))


def _column(name: str | None, kind: str) -> str:
    return f'"{name}"' if name else f"NULL::{kind}"


def _refuse_changes(table: str) -> Step:
    def statements(editor: BaseDatabaseSchemaEditor) -> list[str]:
        if editor.connection.vendor == "sqlite":
            return [
                f'CREATE TRIGGER "{table}_no_{verb}" BEFORE {verb} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for verb in ("UPDATE", "DELETE")
            ]
        return [
            f'CREATE OR REPLACE FUNCTION "{table}_append_only"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END $$",
            f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{table}_append_only"()',
            f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {settings.APP_ROLE}',
        ]

    return statements


def _allow_changes(table: str) -> Step:
    def statements(editor: BaseDatabaseSchemaEditor) -> list[str]:
        if editor.connection.vendor == "sqlite":
            return [f'DROP TRIGGER IF EXISTS "{table}_no_{verb}"' for verb in ("UPDATE", "DELETE")]
        return [
            f'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"',
            f'DROP FUNCTION IF EXISTS "{table}_append_only"()',
            f'GRANT UPDATE, DELETE ON "{table}" TO {settings.APP_ROLE}',
        ]

    return statements


def _on_postgresql(*statements: str, reverse: list[str] | None = None) -> migrations.RunPython:
    def only_there(wanted: list[str]) -> Step:
        return lambda editor: wanted if editor.connection.vendor == "postgresql" else []

    return migrations.RunPython(_stepper(only_there(list(statements))), _stepper(only_there(reverse or [])))


def _stepper(step: Step) -> Any:
    def run(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in step(schema_editor):
            schema_editor.execute(statement, params=None)

    return run
