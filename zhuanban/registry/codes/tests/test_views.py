"""The office's pages, over HTTP: who may open them, what they do, what they say when it cannot be done."""

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse

from zhuanban.base.accounts.rules import Role
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.registry.codes import actions, queries
from zhuanban.registry.codes.models import DoorCode, ScanOrder
from zhuanban.registry.codes.tests import BAODIAN, COUNTY_OFFICE, NOON, SHIZHE, add_door, sign_in
from zhuanban.registry.places.models import Door

COUNTY = "140428"
ORDER = {
    "number": "长疫指〔2026〕12号",
    "title": "关于启用场所码的通告",
    "issuer": "县指挥部",
    "from_at": "2026-11-01T08:00",
    "until_at": "2099-01-01T00:00",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def code() -> DoorCode:
    return actions.issue(door=add_door(), by=COUNTY_OFFICE, at=NOON)


@pytest.fixture
def office() -> Client:
    return sign_in(Role.TOWNSHIP_OFFICE, BAODIAN)


@pytest.fixture
def county() -> Client:
    return sign_in(Role.COUNTY_OFFICE, COUNTY)


# --- codes ----------------------------------------------------------------------------------------------------------


def test_the_sheet_comes_as_a_pdf_whose_code_leads_to_the_door(code: DoorCode, office: Client) -> None:
    answer = office.get(reverse("codes:poster", args=[code.pk]))

    image = pypdfium2.PdfDocument(answer.content)[0].render(scale=2).to_pil()
    assert answer["Content-Type"] == "application/pdf" and "UTF-8''" in answer["Content-Disposition"]
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [queries.url_of(code)]


@pytest.mark.parametrize("name", ["poster", "reissue", "revoke", "door"])
def test_another_township_s_door_is_not_there(code: DoorCode, name: str) -> None:
    foreign = sign_in(Role.TOWNSHIP_OFFICE, SHIZHE)

    answer = foreign.get(reverse(f"codes:{name}", args=[code.door_id if name == "door" else code.pk]))

    assert answer.status_code == 404


@pytest.mark.parametrize("pk", [0, 1, 2**62, 2**63, 10**30])
def test_a_code_nobody_issued_is_not_there(office: Client, pk: int) -> None:
    assert office.get(reverse("codes:poster", args=[pk])).status_code == 404
    assert office.get(reverse("codes:door", args=[pk])).status_code == 404


def test_the_sheet_of_a_revoked_code_is_not_printed_again(code: DoorCode, office: Client) -> None:
    actions.revoke(code=code, by=COUNTY_OFFICE, reason="一门两码", at=NOON)

    answer = office.get(reverse("codes:poster", args=[code.pk]))

    assert answer.status_code == 410 and "已作废" in answer.content.decode()


def test_nobody_prints_without_signing_in(code: DoorCode) -> None:
    answer = Client().get(reverse("codes:poster", args=[code.pk]))

    assert answer.status_code == 302 and answer["Location"].startswith(reverse("accounts:sign_in"))


def test_a_door_gets_its_first_code_and_then_shows_it(office: Client) -> None:
    door = add_door()
    assert "还没有场所码" in office.get(reverse("codes:door", args=[door.pk])).content.decode()

    answer = office.post(reverse("codes:issue", args=[door.pk]), follow=True)

    code = queries.code_of(door)
    assert code and f"{code.short[:4]}-{code.short[4:]}" in answer.content.decode()
    assert office.post(reverse("codes:issue", args=[door.pk])).status_code == 409


def test_a_code_is_replaced_with_a_reason(code: DoorCode, office: Client) -> None:
    refused = office.post(reverse("codes:reissue", args=[code.pk]), {"reason": "  "})
    done = office.post(reverse("codes:reissue", args=[code.pk]), {"reason": "海报被撕"}, follow=True)

    page = done.content.decode()
    assert (
        refused.status_code == 422
        and "第 1 版" in office.get(reverse("codes:reissue", args=[code.pk])).content.decode()
    )
    assert "第 2 版" in page and "海报被撕" in page
    new = queries.code_of(code.door)
    assert new and new.version == 2


def test_a_code_is_revoked_with_a_reason_and_once(code: DoorCode, office: Client) -> None:
    assert office.get(reverse("codes:revoke", args=[code.pk])).status_code == 200

    done = office.post(reverse("codes:revoke", args=[code.pk]), {"reason": "一门两码"}, follow=True)
    again = office.post(reverse("codes:revoke", args=[code.pk]), {"reason": "一门两码"})

    assert "已作废" in done.content.decode() and again.status_code == 409
    assert queries.code_of(code.door) is None


def test_a_grid_worker_sees_the_versions_and_the_sheet_and_changes_nothing(code: DoorCode) -> None:
    grid = sign_in(Role.GRID_WORKER, BAODIAN)

    page = grid.get(reverse("codes:door", args=[code.door_id])).content.decode()

    assert "poster.pdf" in page and "revoke" not in page and "reissue" not in page
    assert grid.get(reverse("codes:poster", args=[code.pk])).status_code == 200
    assert grid.post(reverse("codes:revoke", args=[code.pk]), {"reason": "越权"}).status_code == 403
    assert Door.objects.get(pk=code.door_id).codes.get().revoked_at is None


# --- orders ---------------------------------------------------------------------------------------------------------


def test_an_order_is_registered_and_listed(county: Client) -> None:
    assert "还没有登记命令" in county.get(reverse("codes:orders")).content.decode()
    assert county.get(reverse("codes:register_order")).status_code == 200

    page = county.post(reverse("codes:register_order"), ORDER, follow=True).content.decode()

    assert ORDER["number"] in page and "执行中" in page and "全县扫码已停止" not in page
    order = ScanOrder.objects.get()
    assert order.from_at.astimezone(COUNTY_TIME).isoformat() == "2026-11-01T08:00:00+08:00"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"number": ""}, "number"),
        ({"until_at": "昨天"}, "until_at"),
        ({"until_at": "2026-10-01T00:00"}, "截止时间要晚于开始时间"),
        ({"title": "长" * 121}, "title"),
    ],
)
def test_a_wrong_order_loses_nothing_typed(county: Client, changes: dict[str, str], says: str) -> None:
    answer = county.post(reverse("codes:register_order"), ORDER | changes)

    page = answer.content.decode()
    assert answer.status_code == 422 and says in page and ORDER["issuer"] in page
    assert not ScanOrder.objects.exists()


def test_a_number_is_taken_once_and_the_field_says_so(county: Client) -> None:
    county.post(reverse("codes:register_order"), ORDER)

    answer = county.post(reverse("codes:register_order"), ORDER | {"title": "另一份"})

    assert answer.status_code == 422 and "已经登记过" in answer.content.decode()
    assert ScanOrder.objects.count() == 1


def test_an_order_is_ended_with_a_reason_and_the_list_says_that_scanning_has_stopped(county: Client) -> None:
    county.post(reverse("codes:register_order"), ORDER)
    end = reverse("codes:end_order", args=[ScanOrder.objects.get().pk])
    assert county.get(end).status_code == 200 and county.post(end, {}).status_code == 422

    page = county.post(end, {"reason": "疫情解除"}, follow=True).content.decode()

    assert "疫情解除" in page and "全县扫码已停止" in page
    assert county.post(end, {"reason": "再来"}).status_code == 409
    assert ScanOrder.objects.get().ended_reason == "疫情解除"


def test_only_the_county_office_opens_the_orders(office: Client) -> None:
    assert [office.get(path).status_code for path in (reverse("codes:orders"), reverse("codes:register_order"))] == [
        403,
        403,
    ]


@pytest.mark.parametrize("name", ["register_order", "end_order"])
def test_sensitive_acts_ask_for_password_and_code_again(county: Client, name: str) -> None:
    county.post(reverse("codes:register_order"), ORDER)
    order = ScanOrder.objects.get()
    url = reverse(f"codes:{name}", args=[order.pk] if name == "end_order" else [])
    stale = sign_in(Role.COUNTY_OFFICE, "140400", proved=False)

    answer = stale.post(url, ORDER | {"number": "2", "reason": "越权"})

    assert "password" in answer.content.decode() and stale.get(url).status_code == 302
    order.refresh_from_db()
    assert ScanOrder.objects.count() == 1 and order.ended_at is None
