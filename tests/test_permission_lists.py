"""Lists, figures and searches show each role its own rows, and nobody else's."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from tests.permission_actors import County
from tests.permissions import MANAGERS, NONE, PLACES, REACH, SEE_ALERTS, SEE_VENUES, STAFF

ROLES = sorted(STAFF)
# address, who opens it, and whose rows it lists: to the others it is a page without rows, or none at all
LISTS = [
    ("venues:index", "", SEE_VENUES),
    ("venues:index", "?view=active", SEE_VENUES),
    ("venues:index", "?export=xlsx", SEE_VENUES),
    ("alerts:list", "", SEE_ALERTS),
    ("alerts:list", "?view=red", SEE_ALERTS),
    ("alerts:list", "?view=all&export=xlsx", SEE_ALERTS),
    ("accounts:devices", "", MANAGERS),
    ("desk:today", "", SEE_ALERTS),
    ("desk:search", "?q=门前", STAFF),
]


@pytest.mark.parametrize(("name", "query", "listed"), LISTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_list_shows_each_role_its_own_rows_and_no_others(
    asked_county: County, name: str, query: str, listed: frozenset[str]
) -> None:
    wrong = []

    for role in ROLES:
        shown = _shown(asked_county.browsers[role].get(reverse(name) + query), asked_county)
        wanted = REACH.get(role, NONE) if role in listed else NONE
        wrong += [f"{role} does not see the row of {place}" for place in sorted(wanted - shown)]
        wrong += [f"{role} sees the row of {place}" for place in sorted(shown - wanted)]

    assert wrong == []


def test_the_map_counts_for_each_role_its_own_rows_and_no_others(asked_county: County) -> None:
    wrong = []

    for role in ROLES:
        page = asked_county.browsers[role].get(reverse("desk:map")).content.decode()
        venues = len(REACH.get(role, NONE))
        alerts = venues if role in SEE_ALERTS else 0
        if f"{venues} 个场所在用，{alerts} 条预警处理中" not in page:
            wrong.append(f"{role} should read {venues} and {alerts}")

    assert wrong == []


def test_a_search_by_number_or_short_code_leads_to_ones_own_row_only(asked_county: County) -> None:
    wrong = []

    for role in ROLES:
        for place in PLACES:
            name, short, _shown_short, number = asked_county.marks[place]
            for words, may in ((short, STAFF), (number, SEE_ALERTS)):
                found = asked_county.browsers[role].get(reverse("desk:search"), {"q": words})
                is_found = found.status_code == 302 or name in found.content.decode()
                if is_found != (role in may and place in REACH.get(role, NONE)):
                    wrong.append(f"{role}, {place}: {words} leads to {found.status_code}")

    assert wrong == []


def _shown(response: Any, county: County) -> set[str]:
    """The places whose venue is named in a page or a workbook; nothing where the page is not for this role."""
    if response.status_code != 200:
        return set()
    text = "\n".join(_cells(response)) if "sheet" in response.headers["Content-Type"] else response.content.decode()
    return {place for place in PLACES if county.marks[place][0] in text}


def _cells(response: Any) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    yield from (str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
