"""How the house answers over HTTP: a page, the part of it that htmx asked for, a refusal, an Excel file."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhuanban.base.accounts.rules import By
from zhuanban.base.errors import Busy, Refusal, SignInFirst
from zhuanban.base.spans import COUNTY_TIME
from zhuanban.base.ui import queries, sheets
from zhuanban.base.ui.rules import CARE_COOKIE, Face, ListSpec


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page; to htmx only `part`, a `{% partialdef %}` of the same template, when there is one."""
    htmx = getattr(request, "htmx", None)
    is_part = part and htmx and not (htmx.boosted or htmx.history_restore_request)
    name = f"{template}#{part}" if is_part else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def moment() -> datetime:
    """Now, for the templates: what is drawn on a page is drawn at one moment."""
    return timezone.now()


def face_of(request: HttpRequest) -> Face:
    """Whose page this is, by its address."""
    return Face.of_path(request.path)


class Shell:
    """What stands around a page. Read lazily: a page without a menu counts nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.by: By | None = getattr(request, "by", None)
        self.face = face_of(request)
        self.path = request.path
        self.here = request.get_full_path()
        self.at: datetime = getattr(request, "at", None) or moment()
        self.county = settings.COUNTY_NAME
        self.is_demo = settings.DEMO
        self.languages = settings.LANGUAGES  # each by its own name
        self.care = request.COOKIES.get(CARE_COOKIE) == "1"

    @cached_property
    def menu(self) -> list[list[queries.Entry]]:
        return queries.menu(self.by, path=self.path, todo=self.todo) if self.by else []

    @cached_property
    def figures(self) -> list[queries.Figure]:
        return queries.figures(self.by) if self.by else []

    @cached_property
    def todo(self) -> int:
        return queries.sum_of(self.figures)

    @property
    def who(self) -> tuple[str, str]:
        """“鲍店镇专班 值班员” in two lines."""
        first, _, rest = (self.by.label if self.by else "").partition(" ")
        return first, rest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context every template has: `shell`, and `at`, the moment the page was made."""
    made = Shell(request)
    return {"shell": made, "by": made.by, "at": made.at, "care": made.care, "is_demo": made.is_demo}


class SpokenLanguage:
    """Chinese, unless the reader has chosen another: a browser's own setting says little at a county's counter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class BadQuery(Refusal):
    """The address carries something that no search can mean."""

    code = "BAD_QUERY"
    status = 400


class RefusalMiddleware:
    """Turns a Refusal raised by a view into HTTP. Everything else that is raised is a bug and passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META["QUERY_STRING"]:  # no text of ours has one, and PostgreSQL refuses to compare it
            return refuse(request, BadQuery(_("网址里有不能用的字符")))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refuse(request, exception) if isinstance(exception, Refusal) else None


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the form the asker can read: a page, htmx's toast, or JSON for a script."""
    if getattr(request, "htmx", None):
        response = _to_htmx(request, refusal)
    elif _wants_json(request):
        response = JsonResponse({"code": refusal.code, "message": _(str(refusal))}, status=refusal.status)
    elif isinstance(refusal, SignInFirst) and request.method == "GET":
        response = HttpResponseRedirect(_sign_in(request, request.get_full_path()))
    else:
        said = {"refusal": refusal, "words": _(str(refusal)), "home": _home(request)}
        response = render_page(request, "ui/refusal.html", said, status=refusal.status)
    if isinstance(refusal, Busy):
        response["Retry-After"] = str(refusal.retry_after)
    patch_vary_headers(response, ["HX-Request", "Accept"])
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that stood open across a sign-in, or from another site."""
    return refuse(request, StalePage(_("这一页开得太久了，什么都没有提交。请返回上一页，刷新后再提交一次。")))


class StalePage(Refusal):
    code = "STALE_PAGE"
    status = 403


def _to_htmx(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A toast at the foot of the page; what the person was looking at stays as it is."""
    said = {"refusal": refusal, "words": _(str(refusal))}
    response = render_page(request, "ui/_refusal.html", said, status=refusal.status)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "#toasts", "beforeend", ".toast"
    if isinstance(refusal, SignInFirst):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        response["HX-Redirect"] = _sign_in(request, page.path + (f"?{page.query}" if page.query else "") or "/")
    return response


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _home(request: HttpRequest) -> str:
    return reverse(face_of(request).home)


def _sign_in(request: HttpRequest, back_to: str) -> str:
    return f"{reverse(face_of(request).sign_in)}?{urlencode({'next': back_to})}"


def export(
    request: HttpRequest,
    spec: ListSpec,
    queryset: QuerySet[Any],
    filename: str,
    *,
    options: queries.Options | None = None,
) -> HttpResponse:
    """`<filename>_20261123.xlsx` of exactly what the address filters, over all pages. Raises: BadList."""
    at = timezone.now().astimezone(COUNTY_TIME)
    page = queries.page_of(queryset, spec, request.GET, options=options)
    rows = queries.sorted_rows(queryset, spec, request.GET, options=options).iterator(chunk_size=500)
    conditions = [(chip.title, chip.value) for chip in page.chips]
    about = [(_("导出时间"), at), (_("行数"), page.total), *conditions]
    response = HttpResponse(sheets.workbook(spec.columns, rows, about=about), content_type=sheets.XLSX)
    name = quote(f"{filename}_{at:%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
