"""What must always be true of alerts, whoever writes; and on PostgreSQL who sees them.

| table | refused on both databases |
|---|---|
| event | UPDATE; DELETE before its alert's day has come; putting a row over another (SQLite's INSERT OR REPLACE) |
| event | INSERT of a closing by the identity that acknowledged |
| alert | UPDATE of anything but its state and due time; DELETE before its day has come |

A second policy lets the community of the person's home, and their work unit or school, see their yellows.
"""

from collections.abc import Iterator

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from zhuanban.base import walls

FIXED = (
    *("id", "number", "kind", "visit", "person_id", "door_id", "where", "address", "division", "home_division"),
    *("sector", "organisation_id", "unit_id", "raised_at", "received_at", "close_by", "purge_at"),
)
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}
SAME_HUMAN = (
    "NEW.move = 'CLOSE' AND EXISTS (SELECT 1 FROM alerts_event e WHERE e.alert_id = NEW.alert_id"
    " AND e.move = 'ACKNOWLEDGE' AND e.identity = NEW.identity)"
)
IS_TAKEN = (
    "EXISTS (SELECT 1 FROM alerts_event e WHERE e.id = NEW.id"
    " OR (e.alert_id = NEW.alert_id AND e.move = NEW.move AND NEW.move <> 'HAND_OVER'))"
)
HOME = "kind = 'YELLOW' AND app_sees(nullif(home_division, ''), NULL, unit_id)"


def _triggers(vendor: str) -> Iterator[tuple[str, str, str, str, str]]:
    """(name, table, event, when, message)."""
    now, unlike = NOW[vendor], "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    is_kept = f"NOT EXISTS (SELECT 1 FROM alerts_alert a WHERE a.id = OLD.alert_id AND a.purge_at <= {now})"  # noqa: S608
    differs = " OR ".join(f'NEW."{column}" {unlike} OLD."{column}"' for column in FIXED)
    yield "event_never_changes", "alerts_event", "UPDATE", "1 = 1", "an event is never changed"
    yield "event_stays", "alerts_event", "DELETE", is_kept, "an event stays until its alert is purged"
    yield "event_closed_by_another", "alerts_event", "INSERT", SAME_HUMAN, "who acknowledged does not close"
    yield "alert_is_moved_only", "alerts_alert", "UPDATE", differs, "only state and due time of an alert change"
    yield "alert_stays", "alerts_alert", "DELETE", f"OLD.purge_at > {now}", "an alert stays until its day"
    if vendor == "sqlite":  # where REPLACE deletes rows without asking a trigger
        yield "event_not_over", "alerts_event", "INSERT", IS_TAKEN, "UNIQUE: an event is there"


def _raise(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    for name, table, event, when, message in _triggers(vendor):
        if vendor == "sqlite":
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
                params=None,
            )
        else:
            editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF ({when}) THEN "
                f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$",
                params=None,
            )
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()", params=None
            )


def _lower(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    for name, table, _event, _when, _message in _triggers(vendor):
        editor.execute(f"DROP TRIGGER {name}" + ("" if vendor == "sqlite" else f" ON {table}"))
        if vendor != "sqlite":
            editor.execute(f"DROP FUNCTION {name}()")


def _let_home_see(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE POLICY home ON alerts_alert FOR ALL TO PUBLIC USING ({HOME}) WITH CHECK ({HOME})", params=None
        )


def _hide_from_home(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP POLICY IF EXISTS home ON alerts_alert")


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_limits"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunPython(_raise, _lower),
        walls.wall("alerts_alert", sector="sector", organisation="organisation_id"),
        migrations.RunPython(_let_home_see, _hide_from_home),
    ]
