"""Becoming known, one decision a screen: the notice, the name, the home, the unit. The draft travels sealed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhuanban.base.ui.http import moment, render_page
from zhuanban.portal import forms, http, queries
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules

Step = Callable[[HttpRequest, http.Draft], HttpResponse]


def step(*needs: str) -> Callable[[Step], Callable[[HttpRequest], HttpResponse]]:
    """A screen of the registration: only with a proved phone, and after the screens that told `needs`."""

    def around(page: Step) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(page)
        def shown(request: HttpRequest) -> HttpResponse:
            draft = http.read_draft(request, moment())
            if not draft.get("is_proved"):
                return redirect("portal:sign_in")
            if any(need not in draft for need in needs):
                return redirect("portal:register")
            return page(request, draft)

        return never_cache(require_http_methods(["GET", "POST"])(shown))

    return around


@step()
def register(request: HttpRequest, draft: http.Draft) -> HttpResponse:
    """The 告知书, before anything is asked."""
    form = forms.NoticeForm(http.posted(request))
    if form.is_valid():
        return _on("portal:register_name", draft, notice=rules.NOTICE_VERSION)
    return _page(request, "notice", {"form": form, **queries.notice(moment())})


@step("notice")
def name(request: HttpRequest, draft: http.Draft) -> HttpResponse:
    known = {key: draft[key] for key in ("name", "kind", "number") if key in draft}
    form = forms.DocumentForm(http.posted(request), at=moment(), initial=known)
    if form.is_valid():
        document = form.document
        if document and document.birth and rules.age(document.birth, form.at) < rules.GUARDIAN_AGE:
            form.add_error("number", _("未满 14 周岁请由监护人注册，再在“家人”里添加孩子"))
        else:
            return _on("portal:register_home", draft, **form.cleaned_data)
    return _page(request, "name", {"form": form})


@step("name")
def home(request: HttpRequest, draft: http.Draft) -> HttpResponse:
    """Which township, then which village; or elsewhere."""
    township = request.GET.get("in", "")
    form = forms.VillageForm(http.posted(request))
    if form.is_valid():
        return _on("portal:register_unit", draft, division=form.cleaned_data["division"], words="")
    if township:
        found, villages = queries.villages_of(township)
        return _page(request, "village", {"form": form, "township": found, "villages": villages})
    return _page(request, "home", {"form": form, "townships": queries.townships()})


@step("name")
def outside(request: HttpRequest, draft: http.Draft) -> HttpResponse:
    form = forms.OutsideForm(http.posted(request))
    if form.is_valid():
        told = form.cleaned_data
        return _on("portal:register_unit", draft, division=told["province"], words=told["words"])
    return _page(request, "outside", {"form": form})


@step("division")
def unit(request: HttpRequest, draft: http.Draft) -> HttpResponse:
    """Where one works or learns, if anywhere; and with that the account is made."""
    words = request.GET.get("q", "")
    form = forms.UnitForm(http.posted(request))
    if form.is_valid():
        return _finish(request, draft, form.cleaned_data["unit"])
    return _page(request, "unit", {"form": form, "words": words, "units": queries.units(words)})


def _finish(request: HttpRequest, draft: http.Draft, unit: int | None) -> HttpResponse:
    at = moment()
    person = people.register(
        phone=draft["phone"],
        name=draft["name"],
        document=rules.check_document(rules.DocumentKind(draft["kind"]), draft["number"], at),
        home=people.Home(draft["division"], draft["words"]),
        unit=unit,
        notice=draft["notice"],
        at=at,
        stranger=persons.session_of(request, at),
    )
    response = HttpResponseRedirect(draft["next"])
    http.keep_session(response, person, at)
    return response


def _on(to: str, draft: http.Draft, **told: Any) -> HttpResponse:
    response = redirect(to)
    http.keep_draft(response, {**draft, **told}, moment())
    return response


def _page(request: HttpRequest, screen: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render_page(request, f"portal/register_{screen}.html", context, status=status)
