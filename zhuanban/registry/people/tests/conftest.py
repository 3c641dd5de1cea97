"""People of the tests: invented, valid by checksum."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from zhuanban.base.accounts.rules import By
from zhuanban.registry.people import actions, queries, rules
from zhuanban.registry.people.models import Person

AT = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)


def id_number(birth: str = "19900307", nth: int = 1) -> str:
    """An invented number of the county: 140428, birth, sequence, checksum."""
    body = f"140428{birth}{nth:03d}"
    return body + rules.check_digit(body)


def document(birth: str = "19900307", nth: int = 1) -> rules.Document:
    return rules.check_document(rules.DocumentKind.ID, id_number(birth, nth), AT)


Register = Callable[..., Person]


@pytest.fixture
def register(db: None) -> Register:
    """Somebody registered in the portal."""

    def made(name: str = "王小花", *, phone: str = "13800000001", nth: int = 1, birth: str = "19900307") -> Person:
        return actions.register(
            phone=phone,
            name=name,
            document=document(birth, nth),
            home=actions.Home("140428101201"),
            unit=None,
            notice=rules.NOTICE_VERSION,
            at=AT,
        )

    return made


@pytest.fixture
def wang(register: Register) -> By:
    return queries.resident(register())


@pytest.fixture
def li(register: Register) -> By:
    return queries.resident(register("李秀英", phone="13800000002", nth=2, birth="19500307"))
