"""PROMISE 14: no look-up of other people.

Everything that can be typed into the resident's pages is in the table below; a parameter without a row fails. Where
one names a person, the answers for somebody we know and somebody we do not are equal in size, and equal in work.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from zhuanban.base.accounts.rules import By
from zhuanban.portal import forms
from zhuanban.portal.tests.conftest import LI, NOBODY, VILLAGE, SignIn, id_number, shown_code
from zhuanban.portal.urls import urlpatterns
from zhuanban.registry.people.models import CodeCount

OWN = "the browser's own row, else 404"
PUBLIC = "public words: divisions, units, doors"
TEXT = "kept, never compared with anybody"
EQUAL = "names a person; proved equal below"
TYPED = {
    "sign_in": {"next": PUBLIC, "phone": EQUAL},
    "code": {"code": TEXT},
    "code_again": {"code": TEXT},  # shows the form that `code` takes
    "register": {"accepted": TEXT},
    "register_name": {"name": TEXT, "kind": TEXT, "number": EQUAL},
    "register_home": {"in": PUBLIC, "division": PUBLIC},
    "register_outside": {"province": PUBLIC, "words": TEXT},
    "register_unit": {"q": PUBLIC, "unit": PUBLIC},
    "my": {"of": OWN},
    "notice_again": {"accepted": TEXT},
    "correction": {"text": TEXT},
    "family_add": {"name": TEXT, "relation": TEXT, "kind": TEXT, "number": EQUAL, "is_guardian": TEXT},
    "family_ask": {"phone": EQUAL, "relation": TEXT},
    "family_agree": {"pk": OWN},
    "family_decline": {"pk": OWN},
    "family_withdraw": {"pk": OWN},
    "family_end": {"pk": OWN},
    "data": {"sure": TEXT},  # shows the form that `delete` takes
    "delete": {"sure": TEXT},
    "data_home": {"in": PUBLIC, "division": PUBLIC},
    "data_unit": {"q": PUBLIC, "unit": PUBLIC},
    "data_outside": {"province": PUBLIC, "words": TEXT},
}


def typed_by(pattern: URLPattern) -> set[str]:
    """What a page reads from the address and from its forms."""
    source = inspect.getsource(inspect.unwrap(pattern.callback))
    found = set(pattern.pattern.converters) | set(re.findall(r'request\.GET\.get\("(\w+)"', source))
    for name in re.findall(r"forms\.(\w+Form)", source):
        found |= set(getattr(forms, name).base_fields)
    return found


def test_everything_that_can_be_typed_has_its_row() -> None:
    found = {str(pattern.name): typed_by(pattern) for pattern in urlpatterns}

    told = {name: set(parameters) for name, parameters in TYPED.items()}

    assert {name: typed for name, typed in found.items() if typed} == {
        name: typed for name, typed in told.items() if typed
    }


def test_no_page_reads_what_the_inventory_cannot_see() -> None:
    sources = {str(pattern.name): inspect.getsource(inspect.unwrap(pattern.callback)) for pattern in urlpatterns}

    hidden = [
        name for name, source in sources.items() if re.search(r"request\.(body|FILES|POST|META|headers)", source)
    ]

    assert hidden == []


Act = Callable[[], Any]  # the test client's answer


def weighed(act: Act) -> tuple[Any, list[str]]:
    """An answer by all that its receiver can weigh, and the work it took."""
    CodeCount.objects.all().delete()
    with CaptureQueriesContext(connection) as work:
        answer = act()
    cookies = {name: len(cookie.value) for name, cookie in answer.cookies.items()}
    seen = (answer.status_code, len(answer.content), answer.headers.get("Location"), cookies)
    return seen, [query["sql"].split()[0] for query in work.captured_queries]


def known_and_not(tries: Iterator[Act]) -> None:
    """The first of `tries` warms up, the second is for somebody known, the third for somebody unknown."""
    next(tries)()
    known, unknown = weighed(next(tries)), weighed(next(tries))

    assert known == unknown


@pytest.mark.django_db
def test_asking_for_a_code_answers_alike(wang: By, li: By) -> None:
    def tries() -> Iterator[Act]:
        for phone in ("13811111111", LI, NOBODY):
            yield partial(Client().post, "/my/sign-in", {"phone": phone})

    known_and_not(tries())


@pytest.mark.django_db
def test_the_page_for_the_code_looks_alike(wang: By, li: By) -> None:
    def tries() -> Iterator[Act]:
        for phone in ("13811111111", LI, NOBODY):
            browser = Client()
            browser.post("/my/sign-in", {"phone": phone})
            yield partial(browser.get, "/my/code")

    known_and_not(tries())


@pytest.mark.django_db
def test_a_wrong_code_answers_alike(wang: By, li: By) -> None:
    def tries() -> Iterator[Act]:
        for phone in ("13811111111", LI, NOBODY):
            browser = Client()
            browser.post("/my/sign-in", {"phone": phone})
            wrong = "000000" if shown_code(browser) != "000000" else "111111"
            yield partial(browser.post, "/my/code", {"code": wrong})

    known_and_not(tries())


@pytest.mark.django_db
def test_asking_to_be_family_answers_alike(li: By, browser: Client) -> None:
    def tries() -> Iterator[Act]:
        for phone in ("13811111111", LI, NOBODY):
            typed = {"phone": phone, "relation": "PARENT"}
            yield partial(browser.post, "/my/family/ask", typed)
            if phone == "13811111111":
                continue
            page = browser.get("/my/family").content.decode()
            assert f"{phone[:3]}****{phone[-4:]}" in page

    known_and_not(tries())


@pytest.mark.django_db
def test_adding_a_companion_by_document_answers_alike(li: By, browser: Client) -> None:
    def tries() -> Iterator[Act]:
        for number in (id_number("19510307", 6), id_number("19500307", 2), id_number("19520307", 8)):
            browser.cookies.pop("zbf", None)
            typed = {"name": "李秀英", "relation": "PARENT", "kind": "ID", "number": number}
            yield partial(browser.post, "/my/family/add", typed)
            _forget_family(browser)

    known_and_not(tries())


def _forget_family(browser: Client) -> None:
    """So that each try begins with the same family: of one."""
    page = browser.get("/my/family").content.decode()
    for url in re.findall(r'action="(/my/family/\d+/end)"', page):
        browser.post(url)


@pytest.mark.django_db
def test_registering_with_a_document_answers_alike(li: By) -> None:
    def tries() -> Iterator[Act]:
        numbers = (id_number("19510307", 6), id_number("19500307", 2), id_number("19520307", 8))
        for nth, number in enumerate(numbers):
            browser = Client()
            CodeCount.objects.all().delete()
            browser.post("/my/sign-in", {"phone": f"1390000000{nth}"})
            browser.post("/my/code", {"code": shown_code(browser)})
            browser.post("/my/register", {"accepted": "on"})
            browser.post("/my/register/name", {"name": "李秀英", "kind": "ID", "number": number})
            browser.post("/my/register/home", {"division": VILLAGE})
            yield partial(browser.post, "/my/register/unit", {})

    known_and_not(tries())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/my/?of={li}",
        "/my/family/requests/{request}/agree",
        "/my/family/requests/{request}/withdraw",
        "/my/family/{bond}/end",
    ],
)
def test_what_belongs_to_others_is_as_absent_as_what_is_not(
    path: str, li: By, browser: Client, sign_in: SignIn
) -> None:
    hers = sign_in(LI)
    hers.post("/my/family/ask", {"phone": "13811111111", "relation": "PARENT"})
    hers.post("/my/family/add", {"name": "李大爷", "relation": "PARENT", "kind": "ID"})
    page = hers.get("/my/family").content.decode()
    theirs = {"li": li.key}
    theirs |= {"request": re.search(r"requests/(\d+)/withdraw", page)[1]}  # type: ignore[index]
    theirs |= {"bond": re.search(r"family/(\d+)/end", page)[1]}  # type: ignore[index]
    nobodys = {"li": "0" * 32, "request": "99999999", "bond": "99999999"}
    ask = browser.get if "?" in path else browser.post

    known, unknown = ask(path.format(**theirs)), ask(path.format(**nobodys))

    assert known.status_code == unknown.status_code == 404
    assert _without_address(known) == _without_address(unknown)


def _without_address(answer: Any) -> str:
    """The page without the moment and the address that it repeats."""
    changing = r'data-at="[^"]+"|name="next" value="[^"]*"|csrfmiddlewaretoken" value="\w+"'
    return re.sub(changing, "", answer.content.decode())
