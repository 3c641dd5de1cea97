"""A refusal reaches whoever asked in the form they can read, with a stable code."""

import json

import pytest
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from zhuanban.base.errors import Busy, Forbidden, SignInFirst
from zhuanban.base.ui import http

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/venues/?view=active"}


def request(path: str = "/desk/venues/", method: str = "GET") -> HttpRequest:
    made = RequestFactory().generic(method, path)
    SessionMiddleware(lambda _: HttpResponse()).process_request(made)
    MessageMiddleware(lambda _: HttpResponse()).process_request(made)
    return made


def test_a_page_says_what_happened_and_where_to_go(client: Client, settings: Settings) -> None:
    settings.DEMO = False

    answer = client.get("/ui/parts")

    assert answer.status_code == 404 and "没有这一页" in answer.content.decode()
    assert 'data-code="NOT_FOUND"' in answer.content.decode() and "HX-Request" in answer["Vary"]


def test_htmx_gets_a_toast_and_the_page_stays(client: Client, settings: Settings) -> None:
    settings.DEMO = False

    answer = client.get("/ui/parts", headers=HTMX)

    assert answer.status_code == 404 and answer["HX-Retarget"] == "#toasts" and answer["HX-Reselect"] == ".toast"
    assert answer.content.decode().lstrip().startswith('<div class="toast')


def test_a_script_gets_json(client: Client, settings: Settings) -> None:
    settings.DEMO = False

    answer = client.get("/ui/parts", headers={"Accept": "application/json"})

    assert answer.status_code == 404
    assert json.loads(answer.content) == {"code": "NOT_FOUND", "message": "没有这一页。"}


def test_nobody_is_led_to_the_sign_in_of_the_face_and_back() -> None:
    desk = http.refuse(request("/desk/venues/?q=1"), SignInFirst("请先登录"))
    phone = http.refuse(request("/my/"), SignInFirst("请先登录"))

    assert (desk.status_code, desk["Location"]) == (302, "/desk/sign/?next=%2Fdesk%2Fvenues%2F%3Fq%3D1")
    assert phone["Location"] == "/my/sign-in?next=%2Fmy%2F"


def test_a_form_of_nobody_is_refused_not_led_away() -> None:
    answer = http.refuse(request(method="POST"), SignInFirst("请先登录"))

    assert answer.status_code == 401 and "请先登录" in answer.content.decode()


def test_a_part_of_a_page_whose_sign_in_ran_out_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get("/desk/", headers=HTMX)

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/desk/sign/?next=%2Fdesk%2Fvenues%2F%3Fview%3Dactive"


def test_busy_says_when_to_come_again() -> None:
    answer = http.refuse(request(), Busy("正在忙", retry_after=5))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5") and "再试一次" in answer.content.decode()


def test_a_stale_form_is_explained() -> None:
    answer = http.csrf_failure(request(method="POST"), reason="CSRF cookie not set.")

    assert answer.status_code == 403 and "STALE_PAGE" in answer.content.decode()


def test_the_middleware_takes_refusals_and_leaves_bugs() -> None:
    middleware = http.RefusalMiddleware(lambda _: HttpResponse("ok"))

    refused = middleware.process_exception(request(), Forbidden("不行"))

    assert refused is not None and refused.status_code == 403
    assert middleware.process_exception(request(), ValueError()) is None
    assert middleware(request()).content == b"ok"
