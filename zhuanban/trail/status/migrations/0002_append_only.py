"""What must always be true of colours, whoever writes: SQL by hand included.

| table    | refused on both databases |
|---|---|
| fact     | UPDATE; DELETE before it has run out; putting a row over another (SQLite's INSERT OR REPLACE) |
| fact     | INSERT of a feed's colour whose issuer is no registered feed |
| fact     | INSERT of an officer's colour unless its proposal says the same and another person has accepted it |
| fact     | INSERT of a colour that runs longer than 28 days, by hand 14 (status/rules.py) |
| proposal | INSERT with its decision; UPDATE of anything but the one decision; DELETE before it has run out |

Two identities, evidence, issuer and reason are constraints of the table itself (models.py).
"""

from collections.abc import Iterator

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SAID = ("person_id", "colour", "reason", "issuer", "evidence", "from_at", "until_at")
PROPOSED = (*SAID, "id", "called", "proposed_at", "proposed_by", "proposed_label")

NO_FEED = "NEW.source = 'FEED' AND NOT EXISTS (SELECT 1 FROM status_feed f WHERE f.issuer = NEW.issuer)"
SAYS_THE_SAME = " AND ".join(f"p.{column} = NEW.{column}" for column in SAID)
NOT_PROPOSED = (
    "NEW.source = 'OFFICER' AND NOT EXISTS (SELECT 1 FROM status_proposal p WHERE p.id = NEW.proposal_id"  # noqa: S608
    " AND p.proposed_by = NEW.entered_by AND p.decided_by = NEW.confirmed_by AND p.is_accepted"
    f" AND {SAYS_THE_SAME})"
)
IS_TAKEN = "EXISTS (SELECT 1 FROM status_fact f WHERE f.id = NEW.id OR f.proposal_id = NEW.proposal_id)"
SAID_BEFORE = (
    "EXISTS (SELECT 1 FROM status_fact f WHERE f.person_id = NEW.person_id AND f.issuer = NEW.issuer"
    " AND f.evidence = NEW.evidence AND f.colour = NEW.colour AND f.from_at = NEW.from_at)"
)
IS_DECIDED = "NEW.decided_at IS NOT NULL OR NEW.decided_by <> ''"
IS_OVER_ANOTHER = "EXISTS (SELECT 1 FROM status_proposal p WHERE p.id = NEW.id)"
TOO_LONG = {
    "sqlite": "julianday(NEW.until_at) - julianday(NEW.from_at) > CASE NEW.source WHEN 'FEED' THEN 28 ELSE 14 END",
    "postgresql": "NEW.until_at - NEW.from_at > CASE NEW.source WHEN 'FEED' THEN interval '28 days' "
    "ELSE interval '14 days' END",
}
STILL_RUNS = {
    "sqlite": "OLD.until_at > strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "OLD.until_at > clock_timestamp()",
}


def _differs(columns: tuple[str, ...], vendor: str) -> str:
    unlike = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"NEW.{column} {unlike} OLD.{column}" for column in columns)


def _triggers(vendor: str) -> Iterator[tuple[str, str, str, str, str]]:
    """(name, table, event, when, message)."""
    yield "fact_never_changes", "status_fact", "UPDATE", "1 = 1", "a fact is never changed"
    yield "fact_stays", "status_fact", "DELETE", STILL_RUNS[vendor], "a fact stays until it has run out"
    yield "fact_of_known_feed", "status_fact", "INSERT", NO_FEED, "the issuer is no registered feed"
    yield "fact_as_proposed", "status_fact", "INSERT", NOT_PROPOSED, "the proposal does not say so"
    yield "fact_not_too_long", "status_fact", "INSERT", TOO_LONG[vendor], "the colour runs too long"
    decided = f"OLD.decided_at IS NOT NULL OR {_differs(PROPOSED, vendor)}"
    yield "proposal_never_changes", "status_proposal", "UPDATE", decided, "only one decision is added to a proposal"
    yield "proposal_stays", "status_proposal", "DELETE", STILL_RUNS[vendor], "a proposal stays until it has run out"
    yield "proposal_is_open", "status_proposal", "INSERT", IS_DECIDED, "a proposal is decided afterwards"
    if vendor == "sqlite":  # where REPLACE deletes rows without asking a trigger
        yield "fact_not_over", "status_fact", "INSERT", f"{IS_TAKEN} OR {SAID_BEFORE}", "UNIQUE: a fact is there"
        yield "proposal_not_over", "status_proposal", "INSERT", IS_OVER_ANOTHER, "UNIQUE: a proposal is there"


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


class Migration(migrations.Migration):
    dependencies = [("status", "0001_initial")]
    operations = [migrations.RunPython(_raise, _lower)]
