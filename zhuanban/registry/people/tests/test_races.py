"""Only once is a constraint: many at the same moment make one account, and one holder of a document."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from zhuanban.registry.people import actions, rules
from zhuanban.registry.people.models import Person
from zhuanban.registry.people.tests.conftest import AT, document

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
    pytest.mark.django_db(transaction=True),
]
RIVALS = 8


def together(act: Callable[[int], Person]) -> list[Person]:
    """What each of the rivals got, when all began at once."""
    start = Barrier(RIVALS)

    def one(nth: int) -> Person:
        start.wait()
        try:
            return act(nth)
        finally:
            connection.close()

    with ThreadPoolExecutor(RIVALS) as pool:
        return list(pool.map(one, range(RIVALS)))


def register(phone: str, nth: int) -> Person:
    return actions.register(
        phone=phone,
        name="王小花",
        document=document(nth=nth),
        home=actions.Home("140428101201"),
        unit=None,
        notice=rules.NOTICE_VERSION,
        at=AT,
    )


def test_a_form_sent_many_times_makes_one_account() -> None:
    made = together(lambda nth: register("13800000001", 1))

    assert len({person.pk for person in made}) == Person.objects.count() == 1


def test_one_document_has_one_holder_and_the_others_claim_it() -> None:
    together(lambda nth: register(f"1380000000{nth}", 1))

    held = Person.objects.exclude(document_index=None)
    assert held.count() == 1 and Person.objects.exclude(claimed_index=None).count() == RIVALS
