"""From the gate's outbox to the township's desk, each once."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from zhuanban.base import ciphers
from zhuanban.base.audit.models import Entry
from zhuanban.base.spans import day_of
from zhuanban.registry.people import queries as people
from zhuanban.registry.people.models import Person
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts import actions, queries
from zhuanban.trail.alerts.models import Alert, Cursor, Event
from zhuanban.trail.alerts.rules import Move
from zhuanban.trail.alerts.tests import county
from zhuanban.trail.alerts.tests.county import DAY, MINUTE, NOW, TOWN
from zhuanban.trail.status.models import Fact
from zhuanban.trail.status.rules import Colour


def test_a_red_person_at_a_door_becomes_an_alert_of_the_township(door: Door, folder: Path) -> None:
    visit, who = county.new_visit(), county.person(home=county.SHIZHE)
    county.commit(folder, county.alert_blob(visit, who.pk.bytes, door.pk), visit=visit)

    actions.relay(at=NOW + MINUTE)

    alert = queries.open_reds(TOWN).get()
    assert alert.number == f"R-{day_of(NOW):%m%d}-001" and alert.where == "福来顺生活超市 正门"
    assert (alert.raised_at, alert.received_at, alert.due_at) == (NOW, NOW + MINUTE, NOW + 10 * MINUTE)
    assert (alert.division, alert.home_division) == (county.BAODIAN, county.SHIZHE)
    assert [event.move for event in alert.events.all()] == [Move.RAISE]
    assert Entry.objects.filter(verb="alerts.raise", subject=who.pk.hex).count() == 1


def test_coming_again_takes_nothing_twice(door: Door, folder: Path) -> None:
    county.refuse(folder, door)

    again = actions.relay(at=NOW)
    Cursor.objects.all().delete()  # as after a crash between two commits of another engine
    from_the_start = actions.relay(at=NOW)

    assert (again, from_the_start) == (0, 1)
    assert Alert.objects.count() == Event.objects.count() == 1


def test_numbers_are_counted_by_day_and_kind(door: Door, folder: Path) -> None:
    who = county.person()

    reds = county.refuse(folder, door, who, times=3)
    yellows = county.refuse(folder, door, who, Colour.YELLOW, times=2)

    day = f"{day_of(NOW):%m%d}"
    assert [alert.number for alert in reds] == [f"R-{day}-001", f"R-{day}-002", f"R-{day}-003"]
    assert [alert.number for alert in yellows] == [f"Y-{day}-001", f"Y-{day}-002"]


def test_a_number_is_given_once_whoever_gives_it(door: Door, folder: Path) -> None:
    first = county.refuse(folder, door)[0]
    copy = Alert(**{field.attname: getattr(first, field.attname) for field in Alert._meta.concrete_fields})
    copy.pk, copy.visit = None, "another"

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)

    assert Alert.objects.count() == 1


def test_a_stranger_of_the_outbox_becomes_a_person(door: Door, folder: Path) -> None:
    county.commit(folder, county.stranger_blob(b"\x07" * 16))

    actions.relay(at=NOW)

    made = Person.objects.get(pk="07" * 16)
    assert people.masked(made).name == "赵*山"


def test_a_family_with_two_reds_is_two_alerts(door: Door, folder: Path) -> None:
    visit, first, second = county.new_visit(), county.person(1), county.person(2)
    blobs = [county.alert_blob(visit, one.pk.bytes, door.pk, nth=n) for n, one in enumerate((first, second))]

    county.commit(folder, *blobs, visit=visit)
    actions.relay(at=NOW)

    assert {alert.person for alert in Alert.objects.all()} == {first, second}


def test_somebody_we_do_not_know_is_an_alert_without_a_name(door: Door, folder: Path) -> None:
    visit = county.new_visit()
    county.commit(folder, county.alert_blob(visit, county.nobody().bytes, door.pk), visit=visit)

    actions.relay(at=NOW)

    assert Alert.objects.get().person is None


def test_what_cannot_be_read_is_noted_and_holds_up_nobody(
    door: Door, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    visit, who = county.new_visit(), county.person()
    spoilt = [
        b"A" + b"no box at all",
        b"S" + ciphers.box(b"not json", to_public=ciphers.key("shared/strangers.pub")),
        b"?",
        county.seal("A", "shared/alerts.pub", {"kind": "stranger"}),
        county.seal("A", "shared/alerts.pub", ["refused"]),
        county.seal("A", "shared/alerts.pub", {"kind": "refused", "visit": "x"}),
        county.alert_blob(visit, who.pk.bytes, 10**9),
        county.alert_blob(visit, b"short", door.pk),
        county.seal("S", "shared/strangers.pub", {"kind": "stranger", "person": "07" * 16, "at": "2026-11-23"}),
        county.seal("S", "shared/strangers.pub", {"kind": "stranger", "person": "07" * 16, "name": "赵", "phone": "",
                                                  "notice": 1, "at": "2026-11-23T12:00:00"}),
    ]  # fmt: skip

    county.commit(folder, *spoilt, county.alert_blob(visit, who.pk.bytes, door.pk), visit=visit)
    taken = actions.relay(at=NOW)

    assert taken == len(spoilt) + 1 and Alert.objects.count() == 1
    assert Entry.objects.filter(verb="alerts.spoilt").count() == len(spoilt)
    assert len(caplog.records) == len(spoilt) and "张" not in caplog.text


def test_a_batch_whose_transaction_fails_is_taken_again(door: Door, folder: Path) -> None:
    """The cursor moves in the transaction of what it says was read."""
    visit, who = county.new_visit(), county.person()
    county.commit(folder, county.alert_blob(visit, who.pk.bytes, door.pk), visit=visit)

    with transaction.atomic():
        actions.relay(at=NOW)
        transaction.set_rollback(True)
    taken = actions.relay(at=NOW)

    assert taken == 1 and Alert.objects.count() == 1


def test_a_check_in_changes_no_colour(door: Door, folder: Path) -> None:
    county.refuse(folder, door, times=3)
    county.refuse(folder, door, county.person(2), Colour.YELLOW)

    assert Fact.objects.count() == 0


def test_an_alert_dies_on_its_day_whatever_its_state(door: Door, folder: Path) -> None:
    alert = county.refuse(folder, door)[0]

    before = actions.purge(at=alert.purge_at - MINUTE)

    assert before == 0 and alert.purge_at == NOW + 14 * DAY
