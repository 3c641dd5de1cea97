"""Those who come together: who may be entered by whom, and which colour the screen shows."""

import re

from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people.models import Bond
from zhuanban.trail.gate.tests.conftest import FAMILY, NOW, County, say
from zhuanban.trail.gate.tests.phone import Phone
from zhuanban.trail.keys.queries import person_of
from zhuanban.trail.status.rules import Colour
from zhuanban.trail.visits.rules import Via


def refs(phone: Phone, path: str) -> dict[str, str]:
    """Masked name → what the page calls the person."""
    page = phone.get(path).text
    return {name: ref for ref, name in re.findall(r'name="people"\s+value="(\w+)".*?<b>([^<]+)</b>', page, re.DOTALL)}


def test_the_page_offers_oneself_and_the_family_and_ticks_oneself(county: County) -> None:
    phone = county.phone("王小花")

    page = phone.get(county.path()).text

    assert list(refs(phone, county.path())) == ["王*花", "李*英", "王*乐"]
    assert len(re.findall(r"checked", page)) == 1 and "母亲，" in page and "孩子，" in page
    assert county.people["李秀英"].pk.hex not in page and county.people["王小花"].pk.hex not in page


def test_a_mother_and_her_daughter_come_in_as_two_people(county: County) -> None:
    phone = county.phone("王小花")
    mother = refs(phone, county.path())["李*英"]

    told = phone.scan(county.path(), people=["me", mother]).json

    assert told["colour"] == "GREEN" and [one["who"] for one in told["people"]] == ["me", mother]
    key = county.house.desk.keys.of(NOW.date(), at=NOW) or county.house.desk.keys.of(county.stored()[0].id.day, at=NOW)
    own, other = county.stored()
    assert key and person_of(other.who, key=key) == county.people["李秀英"].pk.bytes
    assert (own.via, own.by, other.via, other.by) == (Via.SELF, None, Via.FAMILY, own.who)


def test_one_may_send_the_child_alone(county: County) -> None:
    phone = county.phone("王小花")

    told = phone.scan(county.path(), people=[refs(phone, county.path())["王*乐"]]).json

    assert told["colour"] == "UNVERIFIED" and len(county.stored()) == 1
    assert county.stored()[0].via is Via.FAMILY


def test_a_mixed_family_shows_the_worst_state_and_names_the_person(county: County) -> None:
    phone = county.phone("王小花")
    say(county.people["李秀英"], Colour.RED, reason="与病例同住", evidence="消息 红")
    county.refresh()
    known = refs(phone, county.path())

    told = phone.scan(county.path(), people=["me", known["王*乐"], known["李*英"]], page=True).json

    assert told["colour"] == "RED" and told["admitted"] is False
    assert [one["colour"] for one in told["people"]] == ["GREEN", "UNVERIFIED", "RED"]
    assert told["show"]["tone"] == "red" and told["show"]["say"].startswith("李*英")
    assert told["show"]["people"] == [
        ["王*花", "绿码", "green"],
        ["王*乐", "未核验", "unverified"],
        ["李*英", "红码", "red"],
    ]
    assert len(county.outbox()) == 1


def test_nobody_enters_somebody_who_is_not_family(county: County) -> None:
    stranger_ref = "0badcafe"
    bond = Bond.objects.get(member=county.people["李秀英"])
    phone = county.phone("王小花")
    mother = refs(phone, county.path())["李*英"]

    people.end_bond(by=persons.resident(county.people["王小花"]), pk=bond.pk, at=NOW)
    county.refresh()
    answers = [phone.scan(county.path(), people=["me", ref]) for ref in (stranger_ref, mother)]

    assert [(answer.status, answer.json["code"], answer.json["field"]) for answer in answers] == [
        (422, "BAD_SCAN", "people")
    ] * 2
    assert list(refs(phone, county.path())) == ["王*花", "王*乐"] and county.stored() == []


def test_a_ref_of_one_family_is_worth_nothing_in_another(county: County) -> None:
    mother = refs(county.phone("王小花"), county.path())["李*英"]

    answer = county.phone("周红").scan(county.path(), people=[mother])

    assert answer.json["code"] == "BAD_SCAN" and county.stored() == []


def test_the_family_of_whoever_used_this_browser_before_is_not_shown(county: County) -> None:
    phone = county.phone("周红")
    phone.cookies[FAMILY] = county.phone("王小花").cookies[FAMILY]

    page = phone.get(county.path()).text

    assert "李*英" not in page and list(refs(phone, county.path())) == ["本人"]
