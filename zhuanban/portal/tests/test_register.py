"""Registering, one decision a screen: nothing typed is lost, and each wrong thing is told where it stands."""

import pytest
from django.test import Client

from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import By
from zhuanban.portal.tests.conftest import NOBODY, VILLAGE, id_number, shown_code
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(county: None) -> Client:
    """A browser with a proved phone that nobody has."""
    browser = Client()
    browser.post("/my/sign-in?next=/s/abc", {"phone": NOBODY})
    browser.post("/my/code", {"code": shown_code(browser)})
    return browser


def told(browser: Client, **changed: str) -> None:
    """Everything up to the home."""
    browser.post("/my/register", {"accepted": "on"})
    browser.post("/my/register/name", {"name": "赵明", "kind": "ID", "number": id_number(nth=3), **changed})


def test_the_whole_way_in(newcomer: Client) -> None:
    school = Organisation.objects.get(kind="SCHOOL")
    told(newcomer)
    assert "鲍店镇" in newcomer.get("/my/register/home").content.decode()
    assert "鲍店村" in newcomer.get("/my/register/home?in=140428101000").content.decode()
    newcomer.post("/my/register/home", {"division": VILLAGE})
    assert "第一中学" in newcomer.get("/my/register/unit?q=中学").content.decode()

    answer = newcomer.post("/my/register/unit", {"unit": school.pk})

    person = Person.objects.get()
    assert answer["Location"] == "/s/abc" and answer.cookies["zb"].value
    assert (person.home_division, person.unit, persons.masked(person).name) == (VILLAGE, school, "赵*")
    assert newcomer.get("/my/").status_code == 200


def test_a_home_outside_the_county(newcomer: Client) -> None:
    told(newcomer)
    newcomer.post("/my/register/outside", {"province": "410000000000", "words": "郑州市中原区"})

    newcomer.post("/my/register/unit", {})

    person = Person.objects.get()
    assert person.home_division == "410000000000" and persons.open_card(person).home == "郑州市中原区"
    assert "河南省 郑州市中原区" in newcomer.get("/my/data").content.decode()


def test_the_notice_is_accepted_first(newcomer: Client) -> None:
    refused = newcomer.post("/my/register", {})

    assert refused.status_code == 422 and "读完后打勾" in refused.content.decode()
    assert newcomer.get("/my/register/name")["Location"] == "/my/register"


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"name": "=1+1"}, "不写数字和符号"),
        ({"name": ""}, "请写姓名"),
        ({"number": "14042819900307"}, "再数一下"),
        ({"number": "140428199003070011"}, "写错了"),
        ({"number": ""}, "请写证件号码"),
        ({"kind": "HKMO", "number": "12"}, "H 或 M"),
        ({"kind": "LICENCE"}, "LICENCE"),
        ({"number": id_number("20180307", 4)}, "监护人"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(newcomer: Client, changed: dict[str, str], hint: str) -> None:
    newcomer.post("/my/register", {"accepted": "on"})
    typed = {"name": "赵明", "kind": "ID", "number": id_number(nth=3), **changed}

    answer = newcomer.post("/my/register/name", typed)

    page = answer.content.decode()
    assert answer.status_code == 422 and hint in page
    for text in (typed["name"], typed["number"]):
        assert f'value="{text}"' in page or not text


def test_what_was_told_before_is_there_on_coming_back(newcomer: Client) -> None:
    told(newcomer)

    page = newcomer.get("/my/register/name").content.decode()

    assert 'value="赵明"' in page and f'value="{id_number(nth=3)}"' in page


@pytest.mark.parametrize(
    ("path", "typed", "hint"),
    [
        ("home", {"division": "110101001001"}, "从列表里选"),
        ("home", {}, "从列表里选"),
        ("outside", {"province": "410000000000", "words": ""}, "请写到市、县"),
        ("outside", {"province": "999", "words": "郑州"}, "郑州"),
    ],
)
def test_a_home_is_chosen_from_what_there_is(newcomer: Client, path: str, typed: dict[str, str], hint: str) -> None:
    told(newcomer)

    answer = newcomer.post(f"/my/register/{path}", typed)

    assert answer.status_code == 422 and hint in answer.content.decode()


def test_a_township_that_is_none_is_not_found(newcomer: Client) -> None:
    told(newcomer)

    answer = newcomer.get("/my/register/home?in=999")

    assert answer.status_code == 404


def test_a_unit_is_chosen_from_what_there_is(newcomer: Client) -> None:
    told(newcomer)
    newcomer.post("/my/register/home", {"division": VILLAGE})

    wrong, search = newcomer.post("/my/register/unit", {"unit": 999}), newcomer.get("/my/register/unit?q=中学")

    assert (
        wrong.status_code == 422 and "从列表里选" in wrong.content.decode() and "第一中学" in search.content.decode()
    )
    assert "没有找到" in newcomer.get("/my/register/unit?q=没有这个").content.decode()


@pytest.mark.parametrize("path", ["", "/name", "/home", "/outside", "/unit"])
def test_no_screen_opens_without_a_proved_phone(path: str, county: None) -> None:
    browser = Client()
    browser.post("/my/sign-in", {"phone": NOBODY})  # asked, not proved

    answer = browser.post(f"/my/register{path}", {})

    assert answer["Location"] == "/my/sign-in" and not Person.objects.exists()


def test_registering_with_somebody_elses_document_shows_nothing_of_theirs(wang: By, newcomer: Client) -> None:
    told(newcomer, number=id_number(nth=1))
    newcomer.post("/my/register/home", {"division": VILLAGE})

    newcomer.post("/my/register/unit", {})

    page = newcomer.get("/my/").content.decode()
    assert "赵*" in page and "王*花" not in page and "h-unverified" in page
