"""One's own: the code to show, where one has been, who looked, and what is wrong."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhuanban.base.accounts.rules import By
from zhuanban.base.errors import Refusal
from zhuanban.base.ui.http import moment, render_page
from zhuanban.portal import forms, http, queries, rules
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people.rules import NOTICE_VERSION
from zhuanban.trail.status import actions as status


@require_GET
@http.resident
def my(request: HttpRequest, by: By) -> HttpResponse:
    """The code for 60 s (htmx and the page's script ask for its part alone), and the first lines of the rest."""
    at = moment()
    me = persons.own(by)
    if me.notice_version < NOTICE_VERSION:
        return redirect("portal:notice_again")
    family = persons.family_of(me, at)
    context = {"family": family, "shown": queries.shown(me, family, request.GET.get("of", ""), at)}
    if not getattr(request, "htmx", False):
        stays, looks = queries.stays(http.own_token(request)), queries.looks(by)
        context |= {
            "stays": stays,
            "first_stays": stays.rows[: rules.VISITS_ON_FIRST_PAGE],
            "looks": looks,
            "first_looks": looks[: rules.LOOKS_ON_FIRST_PAGE],
            "asked": persons.requests_to(by, at),
        }
    return render_page(request, "portal/my.html", context, part="code")


@require_http_methods(["GET", "POST"])
@http.resident
def notice(request: HttpRequest, by: By) -> HttpResponse:
    """The 告知书 has a new version: read it once more, and go on."""
    at = moment()
    form = forms.NoticeForm(http.posted(request))
    if form.is_valid():
        response = redirect("portal:my")
        http.keep_session(response, people.accept_notice(by=by, version=NOTICE_VERSION, at=at), at)
        return response
    context = {"form": form, "again": True, **queries.notice(at)}
    return render_page(request, "portal/register_notice.html", context, status=422 if form.errors else 200)


@require_GET
@http.resident
def visits(request: HttpRequest, by: By) -> HttpResponse:
    return render_page(request, "portal/visits.html", {"stays": queries.stays(http.own_token(request))})


@require_GET
@http.resident
def looks(request: HttpRequest, by: By) -> HttpResponse:
    return render_page(request, "portal/looks.html", {"looks": queries.looks(by)})


@require_http_methods(["GET", "POST"])
@http.resident
def correction(request: HttpRequest, by: By) -> HttpResponse:
    """Say what is wrong: with a colour, a record, or a look."""
    at = moment()
    form = forms.CorrectionForm(http.posted(request))
    if form.is_valid():
        try:
            status.ask_correction(by=by, person=uuid.UUID(by.key), text=form.cleaned_data["text"], at=at)
        except Refusal as no:
            form.add_error("text", _(str(no)))
        else:
            return redirect("portal:correction")
    context = {"form": form, **queries.correction_page(by, at)}
    return render_page(request, "portal/correction.html", context, status=422 if form.errors else 200)
