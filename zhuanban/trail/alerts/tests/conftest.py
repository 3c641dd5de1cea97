"""A door in 鲍店 and an empty journal."""

from pathlib import Path

import pytest
from pytest_django import Settings

from zhuanban.registry.places.models import Door
from zhuanban.trail.alerts.tests import county


@pytest.fixture
def door(db: None) -> Door:
    return county.build()


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    made = tmp_path / "visits"
    made.mkdir()
    settings.VISITS = made
    return made
