"""Who serves at a venue, and what the county sets for its kind."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from zhuanban.base.accounts.models import Account, Membership, Organisation
from zhuanban.base.accounts.rules import Role
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound
from zhuanban.registry.places import actions, queries, sheets
from zhuanban.registry.places.models import Door, Post, Venue, VenueType
from zhuanban.registry.places.rules import HouseRule, PostFacts, Sector, Setting, TypeFacts, Unverified, VenueFacts
from zhuanban.registry.places.tests.conftest import BAODIAN, COUNTY, NOON, OTHER_TOWN, TOWN, staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PHARMACY = TypeFacts("药店", Sector.HEALTH, Setting.CLOSED, 20, Unverified.HOLD, is_key=True)


def account(name: str, organisation: Organisation, *, role: Role = Role.CHECKER, division: str = BAODIAN) -> Account:
    made = Account.objects.create(username=name, label=f"{name} 值守", identity=name)
    Membership.objects.create(account=made, organisation=organisation, role=role, division=division)
    return made


@pytest.fixture
def guard(shop: Venue) -> Account:
    return account("guard", shop.organisation)


def test_a_checker_stands_at_a_door_with_a_shift(shop: Venue, guard: Account) -> None:
    door = shop.doors.get(name="正门")
    facts = PostFacts(guard.pk, Role.CHECKER, TODAY, door=door.pk, shift="7:30-14:00")

    post = actions.assign(by=TOWN, venue=shop.pk, facts=facts, at=NOON)

    assert (post.door, post.shift) == (door, "07:30–14:00")
    assert list(queries.posts(TOWN, shop, day=TODAY)) == [post]
    assert not queries.posts(OTHER_TOWN, shop, day=TODAY).exists()


def test_one_person_may_serve_at_many_venues_and_doors(shop: Venue, guard: Account) -> None:
    front, back = shop.doors.order_by("pk")
    Membership.objects.create(account=guard, organisation=shop.organisation, role=Role.VENUE_MANAGER, division=BAODIAN)

    for door in (front, back):
        actions.assign(by=TOWN, venue=shop.pk, facts=PostFacts(guard.pk, Role.CHECKER, TODAY, door=door.pk), at=NOON)
    actions.assign(by=TOWN, venue=shop.pk, facts=PostFacts(guard.pk, Role.VENUE_MANAGER, TODAY), at=NOON)

    assert Post.objects.count() == 3


def test_a_venues_own_manager_places_its_people(shop: Venue, guard: Account) -> None:
    manager = staff(Role.VENUE_MANAGER, "140428", organisation=shop.organisation_id)

    post = actions.assign(by=manager, venue=shop.pk, facts=PostFacts(guard.pk, Role.CHECKER, TODAY), at=NOON)

    assert post.venue == shop


def test_a_grid_worker_of_the_village_may_be_placed(shop: Venue, office: Organisation) -> None:
    grid = account("grid", office, role=Role.GRID_WORKER, division=BAODIAN)
    far = account("far", office, role=Role.GRID_WORKER, division="140428102201")

    assert list(queries.candidates(shop)) == [grid]
    with pytest.raises(HouseRule, match="成员"):
        actions.assign(by=TOWN, venue=shop.pk, facts=PostFacts(far.pk, Role.GRID_WORKER, TODAY), at=NOON)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": Role.AUDITOR}, "没有这种岗位"),
        ({"door": 999_999}, "没有这个门"),
        ({"until_day": TODAY}, "离岗日期"),
        ({"shift": "白班"}, "班次"),
    ],
)
def test_a_faulty_post_is_refused(shop: Venue, guard: Account, changes: dict[str, object], words: str) -> None:
    facts = replace(PostFacts(guard.pk, Role.CHECKER, TODAY), **changes)  # type: ignore[arg-type]

    with pytest.raises(HouseRule, match=words):
        actions.assign(by=TOWN, venue=shop.pk, facts=facts, at=NOON)


def test_nobody_holds_the_same_post_twice_until_it_has_ended(shop: Venue, guard: Account) -> None:
    facts = PostFacts(guard.pk, Role.CHECKER, TODAY)
    post = actions.assign(by=TOWN, venue=shop.pk, facts=facts, at=NOON)
    with pytest.raises(HouseRule, match="已在这个岗位"):
        actions.assign(by=TOWN, venue=shop.pk, facts=facts, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(venue=shop, account=guard, role=Role.CHECKER, from_day=TODAY)

    actions.end_post(by=TOWN, post=post.pk, until_day=TODAY, reason="换人", at=NOON)

    assert not queries.posts(TOWN, shop, day=TODAY).exists()
    assert actions.assign(by=TOWN, venue=shop.pk, facts=facts, at=NOON).pk != post.pk


def test_a_post_that_has_ended_or_is_anothers_is_not_found(shop: Venue, guard: Account) -> None:
    post = actions.assign(by=TOWN, venue=shop.pk, facts=PostFacts(guard.pk, Role.CHECKER, TODAY), at=NOON)
    with pytest.raises(NotFound):
        actions.end_post(by=OTHER_TOWN, post=post.pk, until_day=TODAY, reason="换人", at=NOON)

    actions.end_post(by=TOWN, post=post.pk, until_day=TODAY - timedelta(days=3), reason="换人", at=NOON)

    post.refresh_from_db()
    assert post.until_day == TODAY
    with pytest.raises(NotFound):
        actions.end_post(by=TOWN, post=post.pk, until_day=TODAY, reason="换人", at=NOON)


def test_a_changed_type_is_followed_by_venues_without_values_of_their_own(shop: Venue) -> None:
    own = actions.change_venue(by=COUNTY, venue=shop.pk, facts=_facts(shop, stay=7), at=NOON)
    follower = actions.add_venue(by=COUNTY, facts=_facts(shop), at=NOON)
    before = queries.snapshot_version()

    actions.change_type(by=COUNTY, code="pharmacy", facts=PHARMACY, at=NOON)

    stays = dict(Venue.objects.values_list("pk", "stay_minutes"))
    assert stays == {own.pk: 7, follower.pk: 20}
    assert set(Door.objects.values_list("sector", flat=True)) == {"health"}
    assert {key for _n, _kind, key in queries.changes_since(before)} == {str(door.pk) for door in Door.objects.all()}
    assert Entry.objects.latest("seq").target == "type:pharmacy"


def _facts(shop: Venue, *, stay: int | None = None) -> VenueFacts:
    return VenueFacts("鲍店药店", "pharmacy", BAODIAN, "南街 1 号", uscc=shop.uscc, stay_minutes=stay)


def test_the_county_adds_a_type_of_its_own(county: None) -> None:
    made = actions.add_type(by=COUNTY, facts=replace(PHARMACY, name=" 澡堂 "), at=NOON)

    assert (made.name, made.order) == ("澡堂", 43) and list(queries.types())[-1] == made


def test_a_type_has_a_name_of_its_own_and_only_the_county_sets_it(county: None) -> None:
    with pytest.raises(HouseRule, match="同名"):
        actions.add_type(by=COUNTY, facts=PHARMACY, at=NOON)
    with pytest.raises(HouseRule, match="同名"):
        actions.change_type(by=COUNTY, code="school", facts=PHARMACY, at=NOON)
    with pytest.raises(Forbidden):
        actions.add_type(by=TOWN, facts=PHARMACY, at=NOON)


def test_seeding_keeps_what_the_county_has_set(county: None) -> None:
    actions.change_type(by=COUNTY, code="pharmacy", facts=PHARMACY, at=NOON)
    VenueType.objects.filter(code="school").delete()

    assert actions.seed_types(rows=sheets.venue_types()) == 1

    assert queries.venue_type("pharmacy").stay_minutes == 20 and queries.venue_type("school").is_key
