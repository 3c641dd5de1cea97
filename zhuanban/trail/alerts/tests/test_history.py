"""The history of an alert stands in the database's own keeping."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts import actions
from zhuanban.trail.alerts.models import Alert, Event, Limit
from zhuanban.trail.alerts.rules import LIMITS, Kind, Move
from zhuanban.trail.alerts.tests import county
from zhuanban.trail.alerts.tests.county import DAY, MINUTE, NOW, TOWN


@pytest.fixture
def taken(door: Door, folder: Path) -> Alert:
    alert = county.refuse(folder, door)[0]
    return actions.acknowledge(by=TOWN, pk=alert.pk, at=NOW)


def is_refused(attempt: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            attempt()
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def event(alert: Alert, move: Move, identity: str = "identity:9", **more: str) -> Callable[[], Event]:
    said = {"by": "9", "by_label": "某人", "at": NOW, "note": "", "to": ""}
    return lambda: Event.objects.create(alert=alert, move=move, identity=identity, **said | more)


def replaced(row: Event) -> None:
    names = [field.column for field in Event._meta.concrete_fields]
    marks, columns = ", ".join(["%s"] * len(names)), ", ".join(f'"{name}"' for name in names)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in Event._meta.concrete_fields]
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with connection.cursor() as cursor:
        cursor.execute(f"{verb} INTO alerts_event ({columns}) VALUES ({marks})", values)


def test_no_event_is_changed_lost_or_made_up(taken: Alert) -> None:
    first = taken.events.get(move=Move.RAISE)
    ways = {
        "changing one": lambda: Event.objects.filter(alert=taken).update(at=NOW - DAY),
        "deleting one": lambda: Event.objects.filter(alert=taken).delete(),
        "saving one again": first.save,
        "putting one over another": lambda: replaced(first),
        "a second acknowledgement": event(taken, Move.ACKNOWLEDGE),
        "closing by who acknowledged": event(taken, Move.CLOSE, TOWN.identity, note="已核对"),
        "closing without a word": event(taken, Move.CLOSE),
        "handing over to nobody": event(taken, Move.HAND_OVER),
        "a move nobody knows": event(taken, "FORGET"),  # type: ignore[arg-type]
    }

    open_ways = [name for name, attempt in ways.items() if not is_refused(attempt)]

    assert open_ways == []
    assert not is_refused(event(taken, Move.CLOSE, note="已核对"))


def test_of_an_alert_only_state_and_due_time_change(taken: Alert) -> None:
    changes = {"purge_at": NOW, "kind": Kind.YELLOW, "raised_at": NOW - DAY, "person": None, "close_by": NOW + 2 * DAY}

    open_ways = [
        name
        for name, value in {**changes, "number": "R-1", "visit": "x", "division": "140428"}.items()
        if not is_refused(partial(Alert.objects.filter(pk=taken.pk).update, **{name: value}))
    ]

    assert open_ways == [] and is_refused(lambda: Alert.objects.filter(pk=taken.pk).delete())
    assert not is_refused(lambda: Alert.objects.filter(pk=taken.pk).update(state=Move.CLOSE, due_at=None))


def test_an_alert_dies_on_its_day_with_its_history_whatever_its_state(door: Door, folder: Path) -> None:
    alert = county.refuse(folder, door)[0]
    fields = {field.attname: getattr(alert, field.attname) for field in Alert._meta.concrete_fields}
    past = {"id": None, "number": "R-0101-001", "visit": "old", "purge_at": NOW - MINUTE}
    old = Alert.objects.create(**fields | past)
    Event.objects.create(alert=old, move=Move.RAISE, at=NOW, by="relay", by_label="自动上报", identity="system:relay")

    gone = actions.purge(at=NOW)

    assert gone == 1 and list(Alert.objects.all()) == [alert]
    assert set(Event.objects.values_list("alert", flat=True)) == {alert.pk}


def test_the_seeded_limits_are_those_of_the_rules(db: None) -> None:
    seeded = {(Kind(row.kind), Move(row.step)): row.minutes for row in Limit.objects.all()}

    assert seeded == LIMITS
