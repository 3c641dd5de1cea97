"""A guard at the supermarket's front door, with an enrolled phone and an open shift, and a real gate behind it."""

from dataclasses import dataclass

import pytest
from django.conf import settings as configured
from django.test import Client

from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.queries.devices import cookie_name
from zhuanban.base.accounts.rules import Binding, By, Grant, Kind, Role, Scope, system
from zhuanban.registry.places.models import Door
from zhuanban.trail.gate.tests.conftest import NOW, County, county  # noqa: F401  (fixtures)
from zhuanban.trail.gate.tests.test_inside import line  # noqa: F401

PIN = "4826"
BY = system("test")


@dataclass(slots=True)
class Guard:
    """The guard's browser, and the county whose gate it asks."""

    browser: Client
    county: County
    door: Door


@pytest.fixture
def guard(line: County) -> Guard:  # noqa: F811
    return guard_at(line, "福来顺生活超市")


@pytest.fixture
def nurse(line: County) -> Guard:  # noqa: F811
    return guard_at(line, "人民医院")


def guard_at(town: County, venue: str) -> Guard:
    door = Door.objects.select_related("venue", "organisation").get(pk=town.codes[venue].door_id)
    shop = door.organisation
    account = _account(f"manager-{shop.pk}", f"{venue} 管理人")
    accounts.join(by=BY, account=account, organisation=shop, grant=Grant(Role.VENUE_MANAGER, door.division), at=NOW)
    manager = By(
        Kind.STAFF,
        str(account.pk),
        venue,
        account.identity,
        (Scope(Role.VENUE_MANAGER, door.division, organisation=shop.pk),),
    )
    binding = Binding(door.name, door.division, door=door.pk, organisation=shop.pk)
    invitation = accounts.invite_device(by=manager, binding=binding, at=NOW)
    enrolment = accounts.enrol_device(secret=invitation.secret, at=NOW)
    checker = accounts.add_checker(by=manager, organisation=shop, label="值守刘*芳", pin=PIN, at=NOW)
    accounts.open_shift(device=enrolment.device, account=checker.pk, pin=PIN, at=NOW)
    browser = Client()
    browser.cookies[cookie_name()] = enrolment.secret
    return Guard(browser, town, door)


def _account(username: str, label: str) -> Account:
    configured.DEMO, before = True, configured.DEMO
    account = accounts.open_demo_account(username=username, label=label, identity=username, at=NOW)
    configured.DEMO = before
    return account
