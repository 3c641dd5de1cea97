"""Scopes, sessions, grants and PINs, as plain values."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuanban.base.accounts import rules
from zhuanban.base.accounts.rules import Binding, By, Ended, Grant, Kind, Role, Scope
from zhuanban.base.spans import COUNTY_TIME

AT = datetime(2026, 11, 23, 10, 24, tzinfo=COUNTY_TIME)


def staff(*scopes: Scope) -> By:
    return By(Kind.STAFF, "7", "鲍店镇专班 值班员", "zs007", scopes)


@pytest.mark.parametrize(
    ("division", "prefix"),
    [
        ("140428000000", "140428"),
        ("140428101000", "140428101"),
        ("140428101001", "140428101001"),
        ("140428101001-03", "140428101001-03"),
    ],
)
def test_a_division_is_the_prefix_of_all_below_it(division: str, prefix: str) -> None:
    assert rules.prefix_of(division) == prefix


def test_an_asker_has_the_roles_of_all_scopes() -> None:
    office, duty = Scope(Role.TOWNSHIP_OFFICE, "140428101"), Scope(Role.TOWNSHIP_DUTY, "140428101")

    by = staff(office, duty)

    assert by.has(Role.TOWNSHIP_DUTY) and not by.has(Role.AUDITOR)
    assert by.scopes_of(Role.TOWNSHIP_DUTY, Role.AUDITOR) == (duty,)


@pytest.mark.parametrize(
    ("by", "text"),
    [
        (None, ""),
        (rules.system("worker"), "%"),
        (staff(), ""),
        (staff(Scope(Role.TOWNSHIP_OFFICE, "140428101")), "d:140428101"),
        (
            staff(Scope(Role.INDUSTRY, "140428", frozenset({"market", "health"}))),
            "d:140428|s:health,d:140428|s:market",
        ),
        (staff(Scope(Role.VENUE_MANAGER, "140428101001", organisation=17)), "o:17"),
        (staff(Scope(Role.CHECKER, "140428101001")), ""),
        (staff(Scope(Role.SYSTEM_ADMIN, "")), ""),
        (staff(Scope(Role.SECURITY_ADMIN, ""), Scope(Role.GRID_WORKER, "140428101001")), "d:140428101001"),
        (staff(Scope(Role.VILLAGE, "140428101001"), Scope(Role.GRID_WORKER, "140428101001")), "d:140428101001"),
    ],
)
def test_the_database_is_told_what_an_asker_may_see(by: By | None, text: str) -> None:
    assert rules.scope_text(by) == text


@pytest.mark.parametrize("division", ["140428,%", "140428|s:x", "%", "1404 28", "１４０４２８"])
def test_a_scope_that_could_say_more_than_it_means_is_a_bug(division: str) -> None:
    with pytest.raises(ValueError, match="not a division"):
        rules.scope_text(staff(Scope(Role.VILLAGE, division)))


@pytest.mark.parametrize(
    ("signed_in", "seen", "reason"),
    [
        (timedelta(hours=7, minutes=59), timedelta(minutes=14, seconds=59), None),
        (timedelta(hours=8), timedelta(0), Ended.OVER),
        (timedelta(hours=1), timedelta(minutes=15), Ended.IDLE),
        (timedelta(hours=9), timedelta(hours=1), Ended.OVER),
    ],
)
def test_a_sign_in_ends_after_eight_hours_or_fifteen_quiet_minutes(
    signed_in: timedelta, seen: timedelta, reason: Ended | None
) -> None:
    assert rules.ended(signed_in_at=AT - signed_in, seen_at=AT - seen, at=AT) is reason


def test_password_and_code_stand_for_five_minutes() -> None:
    assert rules.is_fresh(AT - timedelta(minutes=4, seconds=59), AT)
    assert not rules.is_fresh(AT - timedelta(minutes=5), AT)
    assert not rules.is_fresh(None, AT)


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        (Role.SYSTEM_ADMIN, {Role.SECURITY_ADMIN}),
        (Role.AUDITOR, {Role.COUNTY_OFFICE}),
        (Role.COUNTY_OFFICE, {Role.SYSTEM_ADMIN}),
        (Role.VILLAGE, {Role.VENUE_MANAGER, Role.AUDITOR}),
        (Role.AUDITOR, {Role.SYSTEM_ADMIN}),
    ],
)
def test_an_administrator_or_auditor_is_nothing_else(wanted: Role, held: set[Role]) -> None:
    with pytest.raises(rules.Inseparable):
        rules.check_grant(Grant(wanted, "140428"), held)


def test_one_may_hold_several_working_roles_and_one_role_twice() -> None:
    rules.check_grant(Grant(Role.VILLAGE, "140428101001"), {Role.GRID_WORKER, Role.VILLAGE})
    rules.check_grant(Grant(Role.AUDITOR, ""), {Role.AUDITOR})


@pytest.mark.parametrize(
    "grant", [Grant(Role.VILLAGE, "140428,%"), Grant(Role.VILLAGE, ""), Grant(Role.INDUSTRY, "140428", ("a|b",))]
)
def test_a_grant_cannot_mean_more_than_it_says(grant: Grant) -> None:
    with pytest.raises(rules.BadGrant):
        rules.check_grant(grant, ())


@pytest.mark.parametrize(
    ("scope", "binding", "may"),
    [
        (Scope(Role.VENUE_MANAGER, "1404281", organisation=17), Binding("东门", "140428101001", 3, 17), True),
        (Scope(Role.VENUE_MANAGER, "1404281", organisation=17), Binding("东门", "140428101001", 3, 18), False),
        (Scope(Role.VENUE_MANAGER, "1404281"), Binding("东门", "140428101001", 3, None), False),
        (Scope(Role.TOWNSHIP_OFFICE, "140428101"), Binding("东门", "140428101001", 3, 17), True),
        (Scope(Role.TOWNSHIP_OFFICE, "140428101"), Binding("东门", "140428103001", 3, 17), False),
        (Scope(Role.TOWNSHIP_DUTY, "140428101"), Binding("东门", "140428101001", 3, 17), False),
    ],
)
def test_who_may_bind_a_device_to_a_door(scope: Scope, binding: Binding, may: bool) -> None:
    assert rules.may_invite(staff(scope), binding) is may


@pytest.mark.parametrize("pin", ["123", "1234567", "12a4", "１２３５", "1111", "1234", "987654", ""])
def test_a_pin_that_is_easily_guessed_is_refused(pin: str) -> None:
    with pytest.raises(rules.WeakPin):
        rules.check_pin(pin)


@pytest.mark.parametrize("pin", ["1357", "2580", "112233", "9080"])
def test_an_ordinary_pin_will_do(pin: str) -> None:
    rules.check_pin(pin)


@given(st.lists(st.sampled_from(list(Role)), max_size=4), st.text("0123456789", max_size=12))
def test_no_scope_of_an_administrator_reaches_the_database(roles: list[Role], division: str) -> None:
    scopes = [Scope(role, division, organisation=5) for role in roles]
    with_admin = staff(*scopes, Scope(Role.SYSTEM_ADMIN, division))

    assert rules.scope_text(with_admin) == rules.scope_text(staff(*scopes))
    assert "%" not in rules.scope_text(with_admin)
