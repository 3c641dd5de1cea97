"""A county with two people in it, and a browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import By
from zhuanban.base.ui.http import moment
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules
from zhuanban.registry.people.models import CodeCount
from zhuanban.registry.places.models import Division

WANG, LI, NOBODY = "13800000001", "13800000002", "13899999999"
VILLAGE = "140428101201"


def id_number(birth: str = "19900307", nth: int = 1) -> str:
    body = f"140428{birth}{nth:03d}"
    return body + rules.check_digit(body)


def made(name: str, phone: str, nth: int, birth: str = "19900307") -> By:
    at = moment() - timedelta(days=1)
    document = rules.check_document(rules.DocumentKind.ID, id_number(birth, nth), at)
    person = people.register(
        phone=phone,
        name=name,
        document=document,
        home=people.Home(VILLAGE),
        unit=None,
        notice=rules.NOTICE_VERSION,
        at=at,
    )
    return persons.resident(person)


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.DEMO, settings.HTTPS, settings.CODE_SENDER = True, False, None


@pytest.fixture
def county(db: None) -> None:
    rows = (
        ("140428000000", "长子县", "county", None),
        ("140428101000", "鲍店镇", "township", "140428000000"),
        (VILLAGE, "鲍店村", "village", "140428101000"),
    )
    for code, name, level, parent in rows:
        defaults = {"name": name, "display": name, "level": level, "parent_id": parent}
        Division.objects.get_or_create(code=code, defaults=defaults)
    Organisation.objects.create(name="长子县第一中学", kind="SCHOOL", division=VILLAGE)
    Organisation.objects.create(name="鲍店镇专班", kind="OFFICE", division="140428101000", phone="0355-8322222")


@pytest.fixture
def wang(county: None) -> By:
    return made("王小花", WANG, 1)


@pytest.fixture
def li(county: None) -> By:
    return made("李秀英", LI, 2, "19500307")


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which the phone's owner has typed the code."""

    def signed_in(phone: str = WANG, *, back: str = "/my/") -> Client:
        CodeCount.objects.all().delete()
        client = Client()
        client.post(f"/my/sign-in?next={back}", {"phone": phone})
        client.post("/my/code", {"code": shown_code(client)})
        return client

    return signed_in


def shown_code(client: Client) -> str:
    found = re.search(r'class="code">\s*(\d{6})', client.get("/my/code").content.decode())
    assert found
    return found[1]


@pytest.fixture
def browser(wang: By, sign_in: SignIn) -> Client:
    return sign_in()
