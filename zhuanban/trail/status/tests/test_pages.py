"""The officers' pages: the inbox, a proposal, the corrections."""

from datetime import timedelta

import pytest
from django.test import Client

from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests import signing
from zhuanban.base.audit.models import Entry
from zhuanban.base.spans import day_of
from zhuanban.trail.status import actions
from zhuanban.trail.status.models import Correction, Fact, Proposal
from zhuanban.trail.status.tests import county
from zhuanban.trail.status.tests.county import DAY, NOW, SECOND

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "王小花",
    "kind": "PASSPORT",
    "number": "E12345678",
    "colour": "RED",
    "reason": "与病例同乘班车",
    "issuer": "长子县卫健局",
    "evidence": "判定 029-7",
    "until": (day_of(NOW) + timedelta(days=3)).isoformat(),
}


def browser(role: Role = Role.HEALTH_OFFICER, identity: str = "") -> Client:
    client = Client()
    signing.sign_in(client, signing.member(role, identity=identity))
    return client


def test_a_colour_is_proposed_by_one_and_confirmed_by_another() -> None:
    first, second = browser(identity="甲"), browser(identity="乙")

    proposed = first.post("/desk/status/propose/", TYPED, follow=True).content.decode()
    pk = Proposal.objects.get().pk
    own = first.get(f"/desk/status/{pk}/").content.decode()
    alone = first.post(f"/desk/status/{pk}/confirm/")
    confirmed = second.post(f"/desk/status/{pk}/confirm/", follow=True).content.decode()

    assert "颜色还没有变" in proposed and "王*花" in proposed and "王小花" not in proposed
    assert "这是您提出的" in own and alone.status_code == 403
    assert "已确认为红码" in confirmed and Fact.objects.get().until_at - NOW <= 4 * DAY


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "123"}, "姓名里只写文字"),
        ({"number": "1"}, "护照号码"),
        ({"number": ""}, "field-wrong"),
        ({"evidence": "无"}, "field-wrong"),
        ({"reason": ""}, "field-wrong"),
        ({"colour": "UNVERIFIED"}, "field-wrong"),
        ({"until": (day_of(NOW) + timedelta(days=40)).isoformat()}, "请选今天到"),
        ({"until": (day_of(NOW) - timedelta(days=1)).isoformat()}, "请选今天到"),
        ({"until": "明天"}, "field-wrong"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(wrong: dict[str, str], said: str) -> None:
    response = browser().post("/desk/status/propose/", TYPED | wrong)

    shown = response.content.decode()
    assert response.status_code == 422 and said in shown and "field-wrong" in shown
    assert "与病例同乘班车" in shown or "reason" in wrong
    assert Proposal.objects.count() == 0


def test_the_last_day_of_the_ceiling_is_cut_to_the_ceiling() -> None:
    last = {"until": (day_of(NOW) + timedelta(days=14)).isoformat()}

    response = browser().post("/desk/status/propose/", TYPED | last)

    proposal = Proposal.objects.get()
    assert response.status_code == 302 and proposal.until_at - proposal.from_at == 14 * DAY


def test_a_proposal_is_sent_back_with_a_reason() -> None:
    pk, officer = county.proposed().pk, browser()

    wrong = officer.post(f"/desk/status/{pk}/refuse/", {"answer": "不"})
    back = officer.post(f"/desk/status/{pk}/refuse/", {"answer": "证据不足，请补材料"}, follow=True)

    assert wrong.status_code == 422 and "已退回" in back.content.decode()
    assert "证据不足，请补材料" in officer.get(f"/desk/status/{pk}/").content.decode()


def test_a_name_is_shown_once_and_the_person_is_told() -> None:
    pk, officer = county.proposed().pk, browser()

    wrong = officer.post(f"/desk/status/{pk}/look/", {"reason": "看"})
    told = officer.post(f"/desk/status/{pk}/look/", {"reason": "核对本人身份"})
    again = officer.get(f"/desk/status/{pk}/")

    assert wrong.status_code == 422 and "王小花" in told.content.decode()
    assert "王小花" not in again.content.decode() and Entry.objects.filter(verb="people.look").count() == 1


def test_the_inbox_shows_what_waits_and_what_was_decided() -> None:
    waiting, done = county.proposed(), county.proposed(evidence="判定 030-1", reason="核酸已阴性")
    actions.confirm(by=SECOND, pk=done.pk, at=NOW)

    shown = browser(Role.COUNTY_DUTY).get("/desk/status/").content.decode()
    empty = browser().get("/desk/status/corrections/").content.decode()

    assert waiting.evidence in shown and "核酸已阴性" in shown and "已确认" in shown
    assert 'href="/desk/status/propose/"' not in shown and "没有等答复的" in empty


def test_a_correction_is_answered_in_time() -> None:
    proposal = county.proposed()
    actions.confirm(by=SECOND, pk=proposal.pk, at=NOW)
    asked = actions.ask_correction(by=county.resident(proposal.person), text="那天我不在车上", at=NOW)
    without = actions.ask_correction(by=county.resident(county.person(9)), text="我怎么是灰的", at=NOW)
    officer = browser(Role.COUNTY_DUTY)

    listed = officer.get("/desk/status/corrections/").content.decode()
    wrong = officer.post(f"/desk/status/corrections/{asked.pk}/answer/", {"answer": "好"})
    answered = officer.post(
        f"/desk/status/corrections/{asked.pk}/answer/", {"answer": "已核实，维持原判定"}, follow=True
    )

    assert "那天我不在车上" in listed and "我怎么是灰的" in listed and "判定 029-7" in listed
    assert wrong.status_code == 422 and "已答复" in answered.content.decode()
    assert list(Correction.objects.filter(answered_at=None)) == [without]


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICE, Role.TOWNSHIP_DUTY, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_other_roles_are_told_that_it_is_not_theirs(role: Role) -> None:
    pk, other = county.proposed().pk, browser(role)

    answers = {other.get(f"/desk/status/{path}").status_code for path in ("", "propose/", "corrections/", f"{pk}/")}

    assert answers == {403}


def test_an_officer_of_one_township_finds_nothing() -> None:
    pk, client = county.proposed().pk, Client()
    signing.sign_in(client, signing.member(Role.HEALTH_OFFICER, division="140428101"))

    assert client.get(f"/desk/status/{pk}/").status_code == 404
    assert client.post("/desk/status/propose/", TYPED).status_code == 403
