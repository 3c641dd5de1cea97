"""Issuing, replacing and revoking what hangs on doors, and what the gate is told of it."""

import pytest
from django.conf import settings as configured
from django.db import DatabaseError, IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import system
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound
from zhuanban.registry.codes import actions, queries, rules
from zhuanban.registry.codes.models import DoorCode
from zhuanban.registry.codes.tests import (
    BAODIAN_GRID,
    BAODIAN_OFFICE,
    COUNTY_OFFICE,
    HELPER,
    NOON,
    SHIZHE,
    SHIZHE_OFFICE,
    add_door,
    add_office,
)
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import queries as snapshot
from zhuanban.registry.places.models import Door

pytestmark = pytest.mark.django_db


def test_an_issued_code_can_be_read_from_its_own_address() -> None:
    code = actions.issue(door=add_door(), by=BAODIAN_OFFICE, at=NOON)

    url = queries.url_of(code)

    assert url.startswith(f"{configured.PUBLIC_URL}/s/")
    assert rules.read_door(url.rsplit("/", 1)[1], key=ciphers.key("shared/codes")) == code.pk
    assert (code.version, code.issued_by) == (1, BAODIAN_OFFICE.key) and rules.parse_short(code.short) == code.short


def test_one_door_never_carries_two_codes() -> None:
    door = add_door()
    first = actions.issue(door=door, by=BAODIAN_OFFICE, at=NOON)

    with pytest.raises(actions.HasCode):
        actions.issue(door=door, by=COUNTY_OFFICE, at=NOON)

    assert queries.code_of(door) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        DoorCode.objects.create(id=1, door=door, version=2, short="AAAAAAAA", issued_at=NOON, issued_by="sql")


def test_replacing_a_code_revokes_the_old_and_counts_up() -> None:
    old = actions.issue(door=add_door(), by=BAODIAN_OFFICE, at=NOON)

    new = actions.reissue(code=old, by=BAODIAN_OFFICE, reason="海报被撕", at=NOON)

    old.refresh_from_db()
    assert (old.revoked_at, old.revoked_reason) == (NOON, "海报被撕")
    assert new.version == 2 and new.pk != old.pk and new.short != old.short
    assert queries.codes_on(old.door) == queries.DoorCodes((new, old), new)


def test_a_revoked_code_stays_revoked() -> None:
    code = actions.issue(door=add_door(), by=BAODIAN_OFFICE, at=NOON)
    actions.revoke(code=code, by=BAODIAN_OFFICE, reason="一门两码", at=NOON)

    with pytest.raises(actions.AlreadyRevoked):
        actions.revoke(code=code, by=BAODIAN_OFFICE, reason="再来一次", at=NOON)

    assert queries.code_of(code.door) is None
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        DoorCode.objects.filter(pk=code.pk).update(revoked_at=None)


def test_a_refused_replacement_leaves_the_old_code_standing() -> None:
    code = actions.issue(door=add_door(), by=BAODIAN_OFFICE, at=NOON)
    places.close_venue(by=COUNTY_OFFICE, venue=code.door.venue_id, reason="注销", at=NOON)

    with pytest.raises(actions.VenueIsClosed):
        actions.reissue(code=code, by=BAODIAN_OFFICE, reason="换新", at=NOON)

    assert queries.code_of(code.door) == code


def test_only_an_office_of_the_place_may_code_its_doors() -> None:
    door = add_door()

    for foreign in (SHIZHE_OFFICE,):
        with pytest.raises(NotFound):
            actions.issue(door=door, by=foreign, at=NOON)
    for onlooker in (BAODIAN_GRID, HELPER):
        with pytest.raises(Forbidden):
            actions.issue(door=door, by=onlooker, at=NOON)

    assert actions.issue(door=door, by=system("demo"), at=NOON).version == 1


def test_every_change_is_in_the_audit_and_told_to_the_gate() -> None:
    door = add_door()
    before = snapshot.snapshot_version()

    first = actions.issue(door=door, by=BAODIAN_OFFICE, at=NOON)
    second = actions.reissue(code=first, by=BAODIAN_OFFICE, reason="海报被撕", at=NOON)

    rows = Entry.objects.filter(verb__startswith="codes.").order_by("seq").values_list("verb", "target", "reason")
    assert list(rows) == [
        ("codes.issue", f"code:{first.pk}", ""),
        ("codes.revoke", f"code:{first.pk}", "海报被撕"),
        ("codes.issue", f"code:{second.pk}", ""),
    ]
    assert {(kind, key) for _, kind, key in snapshot.changes_since(before)} == {("door", str(door.pk))}


def test_the_gate_is_told_of_every_code_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    add_office("140428000000", "县专班办公室", "0355-8320000")
    add_office("140428101000", "鲍店镇值班室", "0355-8321234")
    old = actions.issue(door=add_door(), by=COUNTY_OFFICE, at=NOON)
    new = actions.reissue(code=old, by=COUNTY_OFFICE, reason="换新", at=NOON)
    far = actions.issue(door=add_door(SHIZHE, venue="石哲卫生院", kind="medical"), by=COUNTY_OFFICE, at=NOON)

    with django_assert_num_queries(1):
        facts = {found.code: found for found in queries.doors_for_snapshot()}

    assert set(facts) == {old.pk, new.pk, far.pk}
    assert (facts[old.pk].is_live, facts[old.pk].is_revoked) == (False, True)
    assert facts[new.pk] == rules.DoorFacts(
        code=new.pk, door=new.door_id, short=new.short, venue_name="福来顺生活超市", door_name="正门",
        address="鲍店南街 18 号", division="140428101001", is_live=True, is_revoked=False,
        type_name=new.door.venue.type.name, unverified=new.door.venue.type.unverified, is_medical=False,
        office_name="鲍店镇值班室", office_phone="0355-8321234",
    )  # fmt: skip
    assert facts[far.pk].is_medical and facts[far.pk].office_name == "县专班办公室"


def test_the_gate_reads_one_door_again() -> None:
    code, other = (actions.issue(door=add_door(venue=name), by=COUNTY_OFFICE, at=NOON) for name in ("甲店", "乙店"))

    found = [facts.code for facts in queries.door_for_snapshot(code.door_id)]

    assert found == [code.pk] and other.pk not in found


@pytest.mark.parametrize("deed", ["suspend_venue", "close_venue", "close_door"])
def test_a_code_lives_only_at_an_open_door_of_a_venue_in_use(deed: str) -> None:
    code = actions.issue(door=add_door(), by=COUNTY_OFFICE, at=NOON)
    target = {"door": code.door_id} if deed == "close_door" else {"venue": code.door.venue_id}

    getattr(places, deed)(by=COUNTY_OFFICE, reason="停业", at=NOON, **target)

    (facts,) = queries.door_for_snapshot(code.door_id)
    assert not facts.is_live and not facts.is_revoked


def test_without_any_office_nobody_is_named() -> None:
    code = actions.issue(door=add_door(), by=COUNTY_OFFICE, at=NOON)

    sheet = queries.sheet(code)

    assert (sheet.office_name, sheet.office_phone) == ("", "")
    assert (sheet.venue, sheet.short, sheet.version) == ("福来顺生活超市", rules.display_short(code.short), 1)


def test_a_list_gets_its_codes_with_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    codes = [actions.issue(door=add_door(venue=f"{n} 号店"), by=COUNTY_OFFICE, at=NOON) for n in range(3)]
    bare = add_door(venue="无码店")

    with django_assert_num_queries(1):
        found = queries.codes_of([*(code.door_id for code in codes), bare.pk])

    assert found == {code.door_id: code for code in codes}


def test_a_door_that_is_gone_has_no_code() -> None:
    with pytest.raises(NotFound):
        queries.code(COUNTY_OFFICE, 7)
    with pytest.raises(NotFound):
        actions.issue(door=Door(pk=7), by=COUNTY_OFFICE, at=NOON)
