"""The county of the permission table, for every test that asks it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests import permission_county
from tests.permission_actors import County


@pytest.fixture
def asked_county(
    db: None, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[County]:
    """Its actors and things, and its gate behind a socket; thousands are turned away here, without a line each."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    with permission_county.standing(settings, tmp_path) as county:
        yield county
