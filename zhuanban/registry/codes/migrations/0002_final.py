"""The database itself knows no way back: a revoked code stays revoked, an ended order stays ended."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER {name} BEFORE UPDATE ON {table}
WHEN OLD.{column} IS NOT NULL AND NEW.{column} IS NOT OLD.{column}
BEGIN SELECT RAISE(ABORT, '{table}.{column} is final'); END
"""
POSTGRESQL = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table}.{column} is final' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW
WHEN (OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}) EXECUTE FUNCTION {name}()
"""
FINAL = [
    {"name": "door_code_revoked_for_good", "table": "codes_doorcode", "column": "revoked_at"},
    {"name": "scan_order_ended_for_good", "table": "codes_scanorder", "column": "ended_at"},
]


def hold(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    statement = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]
    for names in FINAL:
        editor.execute(statement.format(**names))


def release(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for names in FINAL:
        if editor.connection.vendor == "postgresql":
            editor.execute("DROP FUNCTION {name} CASCADE".format(**names))
        else:
            editor.execute("DROP TRIGGER {name}".format(**names))


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_initial")]
    operations = [migrations.RunPython(hold, release)]
