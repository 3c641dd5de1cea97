"""What PostgreSQL is told of each request, under WSGI and ASGI, and that nothing of it stays."""

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient, Client
from pytest_django import Settings

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests.doors import PIN, enrolled
from zhuanban.base.accounts.tests.scope_urls import told
from zhuanban.base.accounts.tests.signing import BAODIAN, member, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: python -m tests.postgres pytest …")


@pytest.fixture
def probing(settings: Settings, desk: Client) -> None:
    settings.ROOT_URLCONF = "zhuanban.base.accounts.tests.scope_urls"


def now_told() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.scope', true)")
        return str(cursor.fetchone()[0])


def test_a_request_is_told_for_its_asker_and_taken_back(client: Client, probing: None) -> None:
    before = now_told()
    nobody = Client().get("/").content
    sign_in(client, member(Role.TOWNSHIP_OFFICE, division=BAODIAN))

    somebody = client.get("/").content

    assert (nobody, somebody) == (b"", f"d:{BAODIAN}".encode())
    assert now_told() == before


def test_under_asgi_the_page_meets_the_same_connection(probing: None) -> None:
    before, client = now_told(), AsyncClient()
    account = member(Role.TOWNSHIP_OFFICE, division=BAODIAN)
    sign_in(client, account)  # type: ignore[arg-type]

    answer = async_to_sync(client.get)("/")

    assert answer.content == f"d:{BAODIAN}".encode()
    assert now_told() == before


def test_a_page_that_breaks_takes_its_scope_back_too(client: Client, probing: None) -> None:
    before = now_told()
    sign_in(client, member(Role.TOWNSHIP_OFFICE, division=BAODIAN))

    with pytest.raises(ValueError, match=f"d:{BAODIAN}"):
        client.get("/broken")

    assert now_told() == before


def test_a_page_for_the_device_is_told_the_devices_scope_whoever_else_the_browser_is(
    settings: Settings, desk: Client, guard: Account, manager: Account
) -> None:
    phone = enrolled(desk)
    phone.post(PIN, {"account": guard.pk, "pin": "2580"})
    sign_in(phone, member(Role.TOWNSHIP_OFFICE, division=BAODIAN))
    settings.ROOT_URLCONF = told.__module__

    answers = (phone.get("/").content.decode(), phone.get("/device").content.decode())

    organisation = manager.memberships.get().organisation_id
    assert answers == (f"d:{BAODIAN}", f"o:{organisation}")
    with actions.scope_for(None):
        assert now_told() == ""
