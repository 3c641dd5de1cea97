"""A shop with a manager and a guard, and the two administrators, each at their screen."""

import pytest
from django.test import Client
from pytest_django import Settings

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.models import Account, Organisation
from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests import doors
from zhuanban.base.accounts.tests.doors import VILLAGE, Door, Venue
from zhuanban.base.accounts.tests.signing import BOSS, member, now, organisation, sign_in


@pytest.fixture
def shop(db: None) -> Organisation:
    return organisation("福来顺超市", division=VILLAGE, kind="VENUE")


@pytest.fixture
def manager(shop: Organisation) -> Account:
    return member(Role.VENUE_MANAGER, division=VILLAGE, username="manager", at_organisation=shop)


@pytest.fixture
def guard(shop: Organisation) -> Account:
    return actions.add_checker(by=BOSS, organisation=shop, label="东门早班", pin="2580", at=now())


@pytest.fixture
def desk(client: Client, manager: Account, shop: Organisation, settings: Settings) -> Client:
    settings.DOOR_OF, settings.HTTPS = "zhuanban.base.accounts.tests.doors.door", False
    doors.DOORS.clear()
    doors.DOORS[7] = Door(7, "东门", Venue("福来顺超市"), VILLAGE, shop.pk)
    doors.DOORS[8] = Door(8, "正门", Venue("别人家"), VILLAGE, shop.pk + 1)
    sign_in(client, manager)
    return client


@pytest.fixture
def system(db: None, client: Client) -> Client:
    sign_in(client, member(Role.SYSTEM_ADMIN, division="", username="system"))
    return client


@pytest.fixture
def security(db: None) -> Client:
    client = Client()
    sign_in(client, member(Role.SECURITY_ADMIN, division="", username="security"))
    return client
