"""A venue is added, changed, suspended, resumed, closed; each reaches the gate and the audit together."""

from dataclasses import replace
from datetime import time

import pytest
from django.db import IntegrityError, transaction

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import Role
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import NotFound
from zhuanban.registry.places import actions, queries
from zhuanban.registry.places.models import Door, Venue
from zhuanban.registry.places.rules import BadVenue, DoorKind, Fault, ForbiddenMove, HouseRule, Setting, VenueState
from zhuanban.registry.places.tests.conftest import COUNTY, NOON, OTHER_TOWN, SHIZHE, SHOP, TOWN, staff

pytestmark = pytest.mark.django_db


def changed_doors(since: int) -> set[str]:
    return {key for _n, kind, key in queries.changes_since(since) if kind == "door"}


def test_a_new_venue_follows_its_type_and_gets_a_unit_and_doors(county: None) -> None:
    venue = actions.add_venue(by=TOWN, facts=replace(SHOP, name=" 福来顺 ", uscc="9111 0000600037341l"), at=NOON)

    assert (venue.name, venue.uscc, venue.sector) == ("福来顺", "91110000600037341L", "commerce")
    assert (venue.stay_minutes, venue.setting, venue.is_key, venue.state) == (40, "CLOSED", True, "ACTIVE")
    assert (venue.organisation.name, venue.organisation.kind) == ("福来顺", "VENUE")
    assert [door.name for door in venue.doors.all()] == ["正门"]


def test_what_the_office_says_itself_goes_before_the_type(county: None) -> None:
    facts = replace(
        SHOP, setting=Setting.OPEN_AIR, stay_minutes=20, is_key=False, opens_at=time(7), closes_at=time(21)
    )

    venue = actions.add_venue(by=TOWN, facts=facts, at=NOON)

    assert (venue.stay_minutes, venue.setting, venue.is_key) == (20, "OPEN_AIR", False)
    assert (venue.opens_at, venue.closes_at) == (time(7), time(21))


def test_a_venue_may_belong_to_a_unit_that_stands(county: None, office: Organisation) -> None:
    venue = actions.add_venue(by=TOWN, facts=SHOP, organisation=office, at=NOON)

    assert venue.organisation == office and list(Organisation.objects.all()) == [office]


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        (replace(SHOP, type="castle"), Fault.TYPE),
        (replace(SHOP, division="999999999999"), Fault.DIVISION),
        (replace(SHOP, division=SHIZHE), Fault.NOT_YOURS),
        (replace(SHOP, uscc="91110000600037341A"), Fault.USCC),
    ],
)
def test_a_faulty_venue_is_refused_and_nothing_is_written(county: None, facts: object, fault: Fault) -> None:
    before = Entry.objects.count()

    with pytest.raises(BadVenue) as refusal:
        actions.add_venue(by=TOWN, facts=facts, at=NOON)  # type: ignore[arg-type]

    assert refusal.value.faults == (fault,)
    assert not Venue.objects.exists() and Entry.objects.count() == before


@pytest.mark.parametrize("doors", [("正门", "正门 "), ("",)])
def test_doors_have_names_of_their_own(county: None, doors: tuple[str, ...]) -> None:
    with pytest.raises((BadVenue, HouseRule)):
        actions.add_venue(by=TOWN, facts=SHOP, doors=doors, at=NOON)

    assert not Venue.objects.exists()


def test_the_gate_and_the_audit_hear_of_a_new_venue(county: None) -> None:
    before = queries.snapshot_version()

    venue = actions.add_venue(by=TOWN, facts=SHOP, doors=("正门", "后门"), at=NOON)

    assert queries.snapshot_version() > before
    assert changed_doors(before) == {str(door.pk) for door in venue.doors.all()}
    verbs = Entry.objects.filter(target=f"venue:{venue.pk}").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["places.add_venue", "places.add_door", "places.add_door"]


@pytest.mark.parametrize(
    ("deed", "state"),
    [(actions.suspend_venue, VenueState.SUSPENDED), (actions.close_venue, VenueState.CLOSED)],
)
def test_stopping_a_venue_tells_the_gate_all_its_doors(shop: Venue, deed: object, state: VenueState) -> None:
    before = queries.snapshot_version()

    venue = deed(by=TOWN, venue=shop.pk, reason=" 停业 ", at=NOON)  # type: ignore[operator]

    assert venue.state == state
    assert changed_doors(before) == {str(door.pk) for door in shop.doors.all()}
    entry = Entry.objects.filter(target=f"venue:{shop.pk}").latest("seq")
    assert (entry.reason, entry.detail) == ("停业", {"from": "ACTIVE", "to": state})


def test_a_suspended_venue_is_resumed_and_a_closed_one_never(shop: Venue) -> None:
    actions.suspend_venue(by=TOWN, venue=shop.pk, reason="停业", at=NOON)
    assert actions.resume_venue(by=TOWN, venue=shop.pk, reason="复业", at=NOON).state == VenueState.ACTIVE

    actions.close_venue(by=TOWN, venue=shop.pk, reason="拆除", at=NOON)

    for deed in (actions.resume_venue, actions.suspend_venue):
        with pytest.raises(ForbiddenMove):
            deed(by=TOWN, venue=shop.pk, reason="再来", at=NOON)
    with pytest.raises(ForbiddenMove):
        actions.add_door(by=TOWN, venue=shop.pk, name="侧门", at=NOON)
    with pytest.raises(ForbiddenMove):
        actions.change_venue(by=TOWN, venue=shop.pk, facts=SHOP, at=NOON)


def test_whoever_does_not_run_a_venue_does_not_find_it(shop: Venue) -> None:
    manager = staff(Role.VENUE_MANAGER, "140428", organisation=shop.organisation_id)
    door = shop.doors.first()
    assert door is not None

    for by in (OTHER_TOWN, manager):
        with pytest.raises(NotFound):
            actions.suspend_venue(by=by, venue=shop.pk, reason="停业", at=NOON)
        with pytest.raises(NotFound):
            actions.close_door(by=by, door=door.pk, reason="修路", at=NOON)


def test_changed_facts_reach_the_doors_and_say_what_changed(shop: Venue) -> None:
    before = queries.snapshot_version()
    facts = replace(SHOP, name="福来顺大超市", division=SHIZHE, type="pharmacy")

    venue = actions.change_venue(by=COUNTY, venue=shop.pk, facts=facts, at=NOON)

    assert {(door.division, door.sector) for door in Door.objects.all()} == {(SHIZHE, "market")}
    assert len(changed_doors(before)) == 2 and venue.stay_minutes == 15
    detail = Entry.objects.latest("seq").detail
    assert detail["name"] == "福来顺大超市" and "address" not in detail


def test_a_door_is_added_once(shop: Venue) -> None:
    door = actions.add_door(by=TOWN, venue=shop.pk, name=" 东区 ", kind=DoorKind.ZONE, at=NOON)

    assert (door.name, door.kind, door.organisation) == ("东区", "ZONE", shop.organisation)
    with pytest.raises(HouseRule, match="同名"):
        actions.add_door(by=TOWN, venue=shop.pk, name="东区", at=NOON)


def test_a_door_is_closed_and_opened_with_a_reason(shop: Venue) -> None:
    door = shop.doors.get(name="后门")
    before = queries.snapshot_version()

    assert not actions.close_door(by=TOWN, door=door.pk, reason="修路", at=NOON).is_open
    assert actions.open_door(by=TOWN, door=door.pk, reason="路通了", at=NOON).is_open

    assert changed_doors(before) == {str(door.pk)}
    with pytest.raises(HouseRule, match="原因"):
        actions.close_door(by=TOWN, door=door.pk, reason=" ", at=NOON)


def test_the_database_itself_wants_a_code_or_a_reason(shop: Venue) -> None:
    for uscc, reason in (("", ""), (SHOP.uscc, "个体未办照")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Venue.objects.filter(pk=shop.pk).update(uscc=uscc, no_uscc_reason=reason)
