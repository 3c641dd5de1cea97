"""Every address × every actor × every place, against the table in tests/permissions.py."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import permission_actors as actors
from tests.permission_actors import County
from tests.permission_walk import MAY, NOTHING, Cell, ask, walk
from tests.permissions import OWN, PLACED, PLACES, TABLE, Row, reaches
from zhuanban.base.accounts import actions as accounts
from zhuanban.base.accounts.rules import REAUTHENTICATION, Grant, Role
from zhuanban.base.accounts.tests.signing import BOSS, member, now

CELLS = 5_000  # source: PROMISES 11
ACTS = 200  # of these at least were allowed and done: the walk is not made of refusals
HATS = [  # two roles in one hand: the second must lend the first nothing
    (Role.TOWNSHIP_OFFICE, Role.INDUSTRY),
    (Role.VENUE_MANAGER, Role.INDUSTRY),
    (Role.VENUE_MANAGER, Role.HEALTH_OFFICER),
    (Role.VILLAGE, Role.EPIDEMIOLOGIST),
]


def addresses(patterns: Iterable[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The name of every address that the desk's process answers."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name or one.pattern}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    named, rows = set(addresses(get_resolver().url_patterns)), {row.name for row in TABLE}

    assert sorted(named - rows) == [], "addresses without a row in tests/permissions.py"
    assert sorted(rows - named) == [], "rows without an address"


def test_every_answer_is_as_the_table_says(asked_county: County) -> None:
    walked = walk(TABLE, asked_county)

    assert walked.wrong == [], walked.report()
    assert walked.asked >= CELLS
    assert walked.acted >= ACTS


def test_a_second_role_lends_its_reach_to_nothing_that_only_the_first_may_do(asked_county: County) -> None:
    """What one may read is what any of one's roles may read; what one may do is each role's own."""
    rows = [row for row in TABLE if row.of in PLACED and row.post]

    wrong = [fault for hats in HATS for fault in _lent(hats, rows, asked_county)]

    assert wrong == [], "\n".join(wrong)


def _lent(hats: tuple[Role, Role], rows: Iterable[Row], county: County) -> Iterator[str]:
    """What an account with both roles got where neither of them alone gets it."""
    name = " + ".join(hats)
    county.browsers[name] = _with_both(hats, county)
    for cell in _about(rows, name, county):
        row, may = cell.row, cell.row.get if cell.method == "GET" else cell.row.post
        if any(role in may and reaches(role, row.of, cell.place) for role in hats):
            continue
        answer = ask(cell, county)
        if answer.wrote or (answer.kind == MAY and row.foreign != NOTHING):
            yield f"{cell}: {answer.kind} ({answer.status}), wrote to {sorted(answer.wrote)}"


def _about(rows: Iterable[Row], actor: str, county: County) -> Iterator[Cell]:
    for row in rows:
        for place in county.things[row.of].keys() & PLACES:
            yield from (Cell(row, actor, place, method) for method in ("GET", "POST") if row.is_about(method))


def _with_both(hats: tuple[Role, Role], county: County) -> Client:
    first, second = hats
    own = county.accounts[first].memberships.get()
    account = member(first, division=own.division, at_organisation=own.organisation, username="-".join(hats).lower())
    other = county.accounts[second].memberships.get()
    grant = Grant(second, other.division, tuple(other.sectors))
    accounts.join(by=BOSS, account=account, organisation=other.organisation, grant=grant, at=now())
    return actors.signed_in(account)


def test_what_asks_again_asks_everybody_whose_password_is_older_than_five_minutes(asked_county: County) -> None:
    long_ago = now() - REAUTHENTICATION - timedelta(seconds=1)
    for name, account in asked_county.accounts.items():
        asked_county.browsers[name] = actors.signed_in(account, proved_at=long_ago)

    wrong = [str(cell) for cell in _owns() if _is_asked_again(cell, asked_county) != cell.row.again]

    assert wrong == [], "\n".join(wrong)


def _owns() -> Iterator[Cell]:
    """What each member of staff may do to what is theirs."""
    for row in TABLE:
        for method, may in (("GET", row.get), ("POST", row.post)):
            fit = (role for role in Role if role in may and reaches(role, row.of, OWN))
            yield from (Cell(row, role.value, OWN if row.of else "", method) for role in fit)


def _is_asked_again(cell: Cell, county: County) -> bool:
    if cell.row.name == "accounts:again":
        return False
    answer = ask(cell, county)
    return "again-password" in answer.text or answer.to == reverse("accounts:again")
