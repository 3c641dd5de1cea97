"""Pages around the parts: language, care, the living page of parts, the menu and its figures."""

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import get_language
from django_htmx.middleware import HtmxMiddleware
from pytest_django import Settings

from zhuanban.base.accounts.rules import By, Kind, Role, Scope
from zhuanban.base.modules import Card, Module
from zhuanban.base.ui import http, queries
from zhuanban.base.ui.rules import Face

pytestmark = pytest.mark.django_db
OFFICE = By(Kind.STAFF, "1", "县专班办公室 值班员", "x", (Scope(Role.COUNTY_OFFICE, "140428"),))


def test_the_page_of_parts_shows_every_part(client: Client, settings: Settings) -> None:
    settings.DEMO = True

    text = client.get("/ui/parts").content.decode()

    for part in (
        "button-danger-main",
        "h-unverified",
        "clock-late",
        "share-reported",
        "step-near",
        "timeline",
        "toast",
    ):
        assert part in text


def test_language_and_care_are_cookies_and_lead_back(client: Client) -> None:
    spoken = client.post("/ui/language", {"language": "en", "next": "/ui/parts?x=1"})
    cared = client.post("/ui/care", {"care": "1", "next": "/my/"})

    assert (spoken.status_code, spoken["Location"], client.cookies["lang"].value) == (302, "/ui/parts?x=1", "en")
    assert (cared["Location"], client.cookies["care"].value) == ("/my/", "1")


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_neither_leads_to_another_site(client: Client, address: str) -> None:
    answer = client.post("/ui/care", {"care": "no", "next": address})

    assert answer["Location"] == "/" and client.cookies["care"].value == "0"


def test_a_strange_language_is_the_countys_own(client: Client) -> None:
    client.post("/ui/language", {"language": "xx"})

    assert client.cookies["lang"].value == "zh-hans"


@pytest.mark.parametrize(
    ("path", "face"),
    [
        ("/desk/", Face.DESK),
        ("/desk/venues/", Face.DESK),
        ("/door/", Face.DOOR),
        ("/", Face.PORTAL),
        ("/my/", Face.PORTAL),
    ],
)
def test_a_face_is_known_by_its_address(path: str, face: Face) -> None:
    assert http.face_of(RequestFactory().get(path)) is face


def test_htmx_gets_the_part_it_asked_for_and_everybody_else_the_page(settings: Settings) -> None:
    _only_template(
        settings, "before {% load partials %}{% partialdef piece inline %}<b>{{ word }}</b>{% endpartialdef %} after"
    )
    asked = {"plain": {}, "part": {"HX-Request": "true"}}
    asked |= {name: {"HX-Request": "true", name: "true"} for name in ("HX-Boosted", "HX-History-Restore-Request")}

    shown = {name: _shown(headers) for name, headers in asked.items()}

    whole = ["before", "<b>好</b>", "after"]
    assert shown == {"plain": whole, "part": whole[1:2], "HX-Boosted": whole, "HX-History-Restore-Request": whole}


def _shown(headers: dict[str, str]) -> list[str]:
    request = RequestFactory().get("/x", headers=headers)
    HtmxMiddleware(lambda _: HttpResponse())(request)
    answer = http.render_page(request, "page.html", {"word": "好"}, part="piece", status=422)
    assert (answer.status_code, answer["Vary"]) == (422, "HX-Request")
    return answer.content.decode().split()


def _only_template(settings: Settings, source: str) -> None:
    loaders = [("template_partials.loader.Loader", [("django.template.loaders.locmem.Loader", {"page.html": source})])]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": loaders, "context_processors": []},
        }
    ]


@pytest.fixture
def three_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = (
        Card(
            "红码待处置", "条", "h-red", "ui:parts", "view=red", count=lambda by: 2, note=lambda by: "最近的剩 22 分"
        ),
        Card("沉默单位", "个", "silence", "ui:parts", "?view=silent", count=lambda by: 6, is_todo=False),
    )
    entries = [
        Module("今日", "calendar", Face.DESK.home, frozenset({"COUNTY_OFFICE"}), 0),
        Module("部件", "list", "ui:parts", frozenset({"COUNTY_OFFICE"}), 1, 2, badge=lambda by: 3, cards=cards),
        Module("审计", "shield", "ui:parts", frozenset({"AUDITOR"}), 2, 2),
    ]
    monkeypatch.setattr(apps, "get_app_configs", lambda: [type("Config", (), {"entry": entry})() for entry in entries])


@pytest.mark.usefixtures("three_modules")
def test_the_menu_has_what_my_roles_may_enter_in_groups() -> None:
    groups = queries.menu(OFFICE, path="/ui/parts", todo=17)

    assert [[(entry.title, entry.badge, entry.is_current) for entry in group] for group in groups] == [
        [("今日", 17, False)],
        [("部件", 3, True)],
    ]


@pytest.mark.usefixtures("three_modules")
def test_figures_lead_to_their_rows_and_the_sum_leaves_out_what_says_so() -> None:
    figures = queries.figures(OFFICE)

    assert [(figure.count, figure.url, figure.note) for figure in figures] == [
        (2, "/ui/parts?view=red", "最近的剩 22 分"),
        (6, "/ui/parts?view=silent", ""),
    ]
    assert queries.sum_of(figures) == 2


@pytest.mark.usefixtures("three_modules")
def test_the_shell_counts_only_when_it_is_drawn_and_only_for_somebody() -> None:
    request = RequestFactory().get("/desk/?x=1", headers={"Cookie": "care=1"})
    nobody = http.shell(request)["shell"]
    request.by = OFFICE  # type: ignore[attr-defined]
    somebody = http.shell(request)["shell"]

    assert (nobody.menu, nobody.figures, nobody.todo, nobody.who) == ([], [], 0, ("", ""))
    assert somebody.todo == 2 and somebody.who == ("县专班办公室", "值班员") and somebody.care
    assert (somebody.here, len(somebody.menu)) == ("/desk/?x=1", 2)


@pytest.mark.parametrize(
    ("cookie", "language"), [("", "zh-hans"), ("lang=en", "en"), ("lang=xx", "zh-hans"), ("lang=zh-hans", "zh-hans")]
)
def test_a_page_is_chinese_unless_the_reader_chose_otherwise(cookie: str, language: str) -> None:
    spoken = []
    middleware = http.SpokenLanguage(lambda _: spoken.append(get_language()) or HttpResponse())  # type: ignore[func-returns-value]

    answer = middleware(RequestFactory().get("/", headers={"Cookie": cookie, "Accept-Language": "en-US"}))

    assert (spoken, answer["Content-Language"]) == ([language], language)
