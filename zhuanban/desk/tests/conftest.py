"""A county with a shop and its door, an empty journal, and somebody at the desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests import signing
from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts.tests import county

SignIn = Callable[..., Client]


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Where the day files lie."""
    made = tmp_path / "visits"
    made.mkdir()
    settings.VISITS = made
    return made


@pytest.fixture
def door(db: None, folder: Path) -> Door:
    return county.build()


@pytest.fixture
def sign_in(client: Client, door: Door) -> SignIn:
    """`sign_in()` is the county office; `sign_in(Role.TOWNSHIP_OFFICE, "140428102")` a township's."""

    def signed_in(role: Role = Role.COUNTY_OFFICE, division: str = "140428") -> Client:
        signing.sign_in(client, signing.member(role, division=division))
        return client

    return signed_in
