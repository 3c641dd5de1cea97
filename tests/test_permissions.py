"""Every address × every actor × every place, against the table in tests/permissions.py."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.urls import URLPattern, URLResolver, get_resolver

from tests import permission_county
from tests.permission_actors import County
from tests.permission_walk import walk
from tests.permissions import TABLE

CELLS = 5_000  # source: PROMISES 11


@pytest.fixture
def county(db: None, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[County]:
    caplog.set_level(logging.CRITICAL, logger="django.request")  # thousands are turned away here
    with permission_county.standing(settings, tmp_path) as made:
        yield made


def addresses(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The name of every address that the desk's process answers."""
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from addresses(one.url_patterns, inner)
        else:
            yield f"{space}{one.name or one.pattern}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    named, rows = set(addresses(get_resolver().url_patterns)), {row.name for row in TABLE}

    assert sorted(named - rows) == [], "addresses without a row in tests/permissions.py"
    assert sorted(rows - named) == [], "rows without an address"


def test_every_answer_is_as_the_table_says(county: County) -> None:
    walked = walk(TABLE, county)

    assert walked.wrong == [], walked.report()
    assert walked.asked >= CELLS
