"""Acknowledged, handed over, closed: by whom, in which order, and never by one alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from zhuanban.base.accounts.rules import By, Role, system
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts import actions, queries, rules
from zhuanban.trail.alerts.models import Alert
from zhuanban.trail.alerts.rules import Kind, Move
from zhuanban.trail.alerts.tests import county
from zhuanban.trail.alerts.tests.county import (
    ADMIN,
    DUTY,
    HEALTH,
    HOME_VILLAGE,
    HOUR,
    MINUTE,
    NOW,
    OFFICE,
    OTHER_SECTOR,
    OTHER_TOWN,
    SAME_HUMAN,
    TOWN,
    TOWN_SECOND,
    VILLAGE,
)
from zhuanban.trail.status.rules import Colour

Raise = Callable[..., Alert]


@pytest.fixture
def red(door: Door, folder: Path) -> Alert:
    return county.refuse(folder, door)[0]


@pytest.fixture
def yellow(door: Door, folder: Path) -> Raise:
    def raised(home: str = county.SHIZHE, unit: int | None = None) -> Alert:
        return county.refuse(folder, door, county.person(2, home=home, unit=unit), Colour.YELLOW)[0]

    return raised


def test_the_whole_way_of_a_red(red: Alert) -> None:
    taken = actions.acknowledge(by=TOWN, pk=red.pk, at=NOW + 4 * MINUTE)
    handed = actions.hand_over(by=TOWN, pk=red.pk, to="丹朱镇卫生院", at=NOW + 9 * MINUTE)
    closed = actions.close(by=TOWN_SECOND, pk=red.pk, note="已到隔离点，已消毒", at=NOW + HOUR)

    assert taken.due_at == NOW + 64 * MINUTE and handed.due_at == red.close_by
    assert (closed.state, closed.due_at) == (Move.CLOSE, None)
    assert queries.open_alerts(TOWN).count() == 0
    verbs = Entry.objects.filter(target=f"alert:{red.pk}").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["alerts.raise", "alerts.acknowledge", "alerts.hand_over", "alerts.close"]


def test_a_red_is_not_closed_before_somebody_has_the_person(red: Alert) -> None:
    actions.acknowledge(by=TOWN, pk=red.pk, at=NOW)

    with pytest.raises(rules.ForbiddenMove):
        actions.close(by=TOWN_SECOND, pk=red.pk, note="已核对", at=NOW)

    assert Alert.objects.get().state == Move.ACKNOWLEDGE


@pytest.mark.parametrize("by", [TOWN, SAME_HUMAN], ids=["the same account", "another account of the same human"])
def test_who_acknowledged_does_not_close(red: Alert, by: By) -> None:
    actions.acknowledge(by=TOWN, pk=red.pk, at=NOW)
    actions.hand_over(by=TOWN, pk=red.pk, to="卫生院", at=NOW)

    with pytest.raises(rules.SamePerson):
        actions.close(by=by, pk=red.pk, note="已核对", at=NOW)

    assert actions.close(by=DUTY, pk=red.pk, note="已核对", at=NOW).state == Move.CLOSE


@pytest.mark.parametrize("by", [VILLAGE, HEALTH], ids=lambda by: by.label)
def test_who_may_only_look_on_moves_nothing(red: Alert, by: By) -> None:
    with pytest.raises(rules.NotYours):
        actions.acknowledge(by=by, pk=red.pk, at=NOW)

    assert queries.alert(by, red.pk).state == Move.RAISE


@pytest.mark.parametrize("by", [OTHER_TOWN, OTHER_SECTOR, ADMIN, HOME_VILLAGE], ids=lambda by: by.label)
def test_a_foreign_red_is_not_there(red: Alert, by: By) -> None:
    with pytest.raises(NotFound):
        actions.acknowledge(by=by, pk=red.pk, at=NOW)
    with pytest.raises(NotFound):
        actions.look(by=by, pk=red.pk, reason="核对转运", at=NOW)

    assert queries.alerts(by).count() == 0


def test_a_yellow_goes_to_where_the_person_lives(yellow: Raise) -> None:
    alert = yellow(county.SHIZHE)

    actions.acknowledge(by=HOME_VILLAGE, pk=alert.pk, at=NOW)
    actions.hand_over(by=OTHER_TOWN, pk=alert.pk, to="石哲西村网格员", at=NOW)

    with pytest.raises(rules.NotYours):
        actions.hand_over(by=TOWN, pk=alert.pk, to="卫生院", at=NOW)
    assert queries.waiting_yellows(HOME_VILLAGE).count() == 0 and queries.open_alerts(HOME_VILLAGE).count() == 1


def test_a_yellow_may_be_closed_once_acknowledged(yellow: Raise) -> None:
    alert = yellow()
    actions.acknowledge(by=HOME_VILLAGE, pk=alert.pk, at=NOW)

    closed = actions.close(by=OTHER_TOWN, pk=alert.pk, note="已补做核酸", at=NOW)

    assert closed.state == Move.CLOSE


def test_a_yellow_from_outside_stays_with_the_township_of_the_venue(yellow: Raise) -> None:
    alert = yellow(county.BEIJING)

    actions.acknowledge(by=TOWN, pk=alert.pk, at=NOW)

    shown = queries.detail(TOWN, alert.pk, at=NOW)
    assert shown.is_outside and "协查函" in shown.office
    with pytest.raises(NotFound):
        actions.acknowledge(by=HOME_VILLAGE, pk=alert.pk, at=NOW)


def test_a_yellow_goes_to_the_work_unit_too(yellow: Raise, door: Door) -> None:
    alert = yellow(county.BEIJING, door.organisation_id)
    manager = county.staff("20", Role.VENUE_MANAGER, "", organisation=door.organisation_id)

    assert actions.acknowledge(by=manager, pk=alert.pk, at=NOW).state == Move.ACKNOWLEDGE


def test_a_venue_sees_its_own_alerts_and_moves_none(red: Alert, door: Door) -> None:
    own = county.staff("20", Role.VENUE_MANAGER, "", organisation=door.organisation_id)
    other = county.staff("21", Role.VENUE_MANAGER, "", organisation=door.organisation_id + 1)

    assert (queries.alerts(own).count(), queries.alerts(other).count()) == (1, 0)
    with pytest.raises(rules.NotYours):
        actions.acknowledge(by=own, pk=red.pk, at=NOW)
    with pytest.raises(rules.NotYours):
        actions.look(by=own, pk=red.pk, reason="想知道是谁", at=NOW)


def test_two_at_once_acknowledge_once(red: Alert) -> None:
    actions.acknowledge(by=TOWN, pk=red.pk, at=NOW)

    with pytest.raises(rules.ForbiddenMove):
        actions.acknowledge(by=TOWN_SECOND, pk=red.pk, at=NOW)

    assert Alert.objects.get().events.filter(move=Move.ACKNOWLEDGE).count() == 1


def test_a_hand_over_says_to_whom_and_a_closing_what_was_found(red: Alert) -> None:
    actions.acknowledge(by=TOWN, pk=red.pk, at=NOW)

    for wrong in ("", " ", "甲", "长" * 61):
        with pytest.raises(rules.NoteNeeded):
            actions.hand_over(by=TOWN, pk=red.pk, to=wrong, at=NOW)
    actions.hand_over(by=TOWN, pk=red.pk, to="卫生院", at=NOW)
    with pytest.raises(rules.NoteNeeded):
        actions.close(by=TOWN_SECOND, pk=red.pk, note="", at=NOW)


def test_a_look_is_in_the_audit_and_in_the_history(red: Alert) -> None:
    told = actions.look(by=TOWN, pk=red.pk, reason="打电话核对位置", at=NOW)

    entry = Entry.objects.get(verb="people.look")
    assert (told.name, told.phone) == ("张小强", "16400000001")
    assert (entry.subject, entry.target, entry.reason) == (county.of(red).hex, f"alert:{red.pk}", "打电话核对位置")
    assert any(moment.is_look for moment in queries.detail(DUTY, red.pk, at=NOW).moments)


def test_nobody_is_looked_at_whom_nobody_knows(door: Door, folder: Path) -> None:
    visit = county.new_visit()
    county.commit(folder, county.alert_blob(visit, county.nobody().bytes, door.pk), visit=visit)
    actions.relay(at=NOW)

    with pytest.raises(NotFound):
        actions.look(by=TOWN, pk=Alert.objects.get().pk, reason="打电话核对位置", at=NOW)


def test_what_nobody_acknowledged_in_time_goes_up_to_the_county(red: Alert) -> None:
    in_time = queries.detail(DUTY, red.pk, at=NOW + 9 * MINUTE)
    late = queries.detail(DUTY, red.pk, at=NOW + 10 * MINUTE)

    assert not in_time.row.is_escalated and late.row.is_escalated
    assert late.steps[2].state == "late"
    assert actions.acknowledge(by=DUTY, pk=red.pk, at=NOW + 11 * MINUTE).state == Move.ACKNOWLEDGE


def test_the_county_sets_the_clocks_and_running_ones_keep_theirs(red: Alert, door: Door, folder: Path) -> None:
    minutes = dict(rules.LIMITS) | {(Kind.RED, Move.ACKNOWLEDGE): 5}

    actions.set_limits(by=OFFICE, minutes=minutes, at=NOW)

    later = county.refuse(folder, door)[0]
    assert Alert.objects.get(pk=red.pk).due_at == NOW + 10 * MINUTE and later.due_at == NOW + 5 * MINUTE
    assert queries.first_limits() == {"RED": 5, "YELLOW": 120}
    assert queries.detail(TOWN, red.pk, at=NOW).clocks[0].limit == 10 * MINUTE


def test_only_the_county_office_sets_them(door: Door) -> None:
    with pytest.raises(Forbidden):
        actions.set_limits(by=DUTY, minutes=dict(rules.LIMITS), at=NOW)
    with pytest.raises(rules.BadLimit):
        actions.set_limits(by=OFFICE, minutes={(Kind.RED, Move.CLOSE): 0}, at=NOW)

    assert queries.limits()[Kind.RED, Move.ACKNOWLEDGE] == 10 * MINUTE


def test_who_is_a_moment_too_late_is_told(red: Alert) -> None:
    """Two officers at one moment: the second one's UPDATE finds the state that the first has left."""

    def overtaken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('UPDATE "alerts_alert"') and not done:
            done.append(sql)
            Alert.objects.filter(pk=red.pk).update(state=Move.ACKNOWLEDGE)
        return execute(sql, params, many, context)

    done: list[str] = []
    with connection.execute_wrapper(overtaken), pytest.raises(rules.MovedOn):
        actions.acknowledge(by=TOWN, pk=red.pk, at=NOW)

    assert red.events.count() == 1


def test_a_process_of_ours_sees_every_alert(red: Alert) -> None:
    assert list(queries.alerts(system("demo"))) == [red]
