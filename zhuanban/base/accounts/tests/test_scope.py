"""`visible` narrows any table to what an asker may see; these try it on memberships, which have both columns."""

from typing import cast

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.http import Request, WhoAsks, needs
from zhuanban.base.accounts.models import Membership, Organisation
from zhuanban.base.accounts.queries import visible
from zhuanban.base.accounts.rules import By, Kind, Role, Scope, system
from zhuanban.base.accounts.tests.signing import BAODIAN, COUNTY, SHIZHE, by_of, member, organisation, sign_in
from zhuanban.base.errors import Forbidden, SignInFirst

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> dict[str, Membership]:
    """One row each in a village of 鲍店, in 石哲, and of a shop in 石哲."""
    shop = organisation("福来顺", kind="VENUE")
    made = {
        "baodian": member(Role.VILLAGE, division=f"{BAODIAN}001"),
        "shizhe": member(Role.VILLAGE, division=f"{SHIZHE}001"),
        "shop": member(Role.CHECKER, division=f"{SHIZHE}001", at_organisation=shop),
    }
    return {name: Membership.objects.get(account=account) for name, account in made.items()}


def by(*scopes: Scope) -> By:
    return By(Kind.STAFF, "1", "x", "x", scopes)


def seen(asker: By, **columns: str | None) -> set[int]:
    names: dict[str, str | None] = {"sector": "role", "organisation": "organisation", **columns}
    return set(visible(Membership.objects.all(), asker, **names).values_list("pk", flat=True))  # type: ignore[arg-type]


def test_an_area_is_seen_with_all_below_it(rows: dict[str, Membership]) -> None:
    assert seen(by(Scope(Role.TOWNSHIP_OFFICE, BAODIAN))) == {rows["baodian"].pk}
    assert seen(by(Scope(Role.COUNTY_OFFICE, COUNTY))) == {row.pk for row in rows.values()}


def test_scopes_add_up(rows: dict[str, Membership]) -> None:
    both = by(Scope(Role.TOWNSHIP_OFFICE, BAODIAN), Scope(Role.VILLAGE, f"{SHIZHE}001"))

    assert seen(both) == {row.pk for row in rows.values()}


def test_a_department_sees_its_sector_everywhere_and_nothing_where_there_are_no_sectors(
    rows: dict[str, Membership],
) -> None:
    department = by(Scope(Role.INDUSTRY, COUNTY, frozenset({"CHECKER"})))

    assert seen(department) == {rows["shop"].pk}
    assert seen(department, sector=None) == set()


def test_a_manager_sees_the_own_organisations_rows_and_nothing_where_none_is_named(
    rows: dict[str, Membership],
) -> None:
    shop = Organisation.objects.get(name="福来顺")
    manager = by(Scope(Role.VENUE_MANAGER, SHIZHE, organisation=shop.pk))

    assert seen(manager) == {rows["shop"].pk}
    assert seen(manager, organisation=None) == set()
    assert seen(by(Scope(Role.VENUE_MANAGER, SHIZHE))) == set()


def test_only_the_scopes_of_the_roles_asked_for_count(rows: dict[str, Membership]) -> None:
    asker = by(Scope(Role.COUNTY_OFFICE, COUNTY), Scope(Role.VILLAGE, f"{BAODIAN}001"))

    found = visible(Membership.objects.all(), asker, sector=None, roles={Role.VILLAGE})

    assert {row.pk for row in found} == {rows["baodian"].pk}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_who_runs_the_system_sees_no_row(rows: dict[str, Membership], role: Role) -> None:
    assert seen(by(Scope(role, ""))) == set()


def test_nobody_sees_nothing_and_our_own_process_everything(rows: dict[str, Membership]) -> None:
    assert seen(by()) == set()
    assert len(seen(system("worker"))) == len(rows)


# --- the middleware and the guard of a page -------------------------------------------------------------------------


def asked(client: Client) -> Request:
    request: Request = client.get("/desk/sign/me").wsgi_request  # type: ignore[assignment]
    return request


def test_a_request_knows_who_asks_and_when(client: Client) -> None:
    before = asked(client)
    account = member(Role.VILLAGE, division=f"{BAODIAN}001")
    sign_in(client, account)

    after = asked(client)

    assert before.by is None and after.by == by_of(account)
    assert after.at >= before.at


def test_a_failing_page_takes_its_scope_back() -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise ValueError(actions.scopes._SCOPE.get())

    before = actions.scopes._SCOPE.get()
    request = RequestFactory().get("/")
    request.session = SessionStore()

    with pytest.raises(ValueError, match=r"^$"):
        WhoAsks(broken)(request)

    assert actions.scopes._SCOPE.get() == before


def test_scopes_nest_and_each_ends_with_its_block() -> None:
    outer = actions.scopes._SCOPE.get()

    with actions.scope_for(by(Scope(Role.VILLAGE, BAODIAN))):
        with actions.system_scope():
            inner = actions.scopes._SCOPE.get()
        between = actions.scopes._SCOPE.get()

    assert (inner, between) == ("%", f"d:{BAODIAN}")
    assert actions.scopes._SCOPE.get() == outer


def page(request: Request) -> HttpResponse:
    return HttpResponse(request.by.label)


def test_a_page_names_whom_it_is_for() -> None:
    request = cast(Request, RequestFactory().get("/"))
    request.by = by(Scope(Role.VILLAGE, BAODIAN))

    assert needs(Role.VILLAGE)(page)(request).content == b"x"
    assert needs(Role.VILLAGE)(page).needs == (Kind.STAFF, (Role.VILLAGE,))  # type: ignore[attr-defined]
    with pytest.raises(Forbidden):
        needs(Role.AUDITOR)(page)(request)


@pytest.mark.parametrize("kind", [Kind.DEVICE, Kind.RESIDENT])
def test_a_page_for_another_kind_of_asker_asks_to_sign_in_as_one(client: Client, kind: Kind) -> None:
    sign_in(client, member(Role.VILLAGE))

    with pytest.raises(SignInFirst):
        needs(kind=kind)(page)(asked(client))
