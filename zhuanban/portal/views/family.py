"""Whom one may enter, and who may enter oneself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts.rules import By
from zhuanban.base.errors import Refusal
from zhuanban.base.ui.http import moment, render_page
from zhuanban.portal import forms, http, queries
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people.rules import Relation


@require_GET
@http.resident
def family(request: HttpRequest, by: By) -> HttpResponse:
    return render_page(request, "portal/family.html", {"page": queries.family_page(by, moment())})


@require_http_methods(["GET", "POST"])
@http.resident
def add(request: HttpRequest, by: By) -> HttpResponse:
    """A companion without an account: a child, an elder."""
    at = moment()
    form = forms.CompanionForm(http.posted(request), at=at)
    if form.is_valid():
        told = form.cleaned_data
        try:
            people.add_companion(
                by=by,
                name=told["name"],
                relation=Relation(told["relation"]),
                document=form.document,
                is_guardian=told["is_guardian"],
                at=at,
            )
        except Refusal as no:
            form.add_error(None, _(str(no)))
        else:
            return _back(by)
    return render_page(request, "portal/family_add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@http.resident
def ask(request: HttpRequest, by: By) -> HttpResponse:
    """Somebody with a phone of their own. Nobody learns here whether the phone is known."""
    form = forms.AskForm(http.posted(request))
    if form.is_valid():
        told = form.cleaned_data
        try:
            people.ask_bond(by=by, phone=told["phone"], relation=Relation(told["relation"]), at=moment())
        except Refusal as no:
            form.add_error("phone", _(str(no)))
        else:
            return redirect("portal:family")
    return render_page(request, "portal/family_ask.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@http.resident
def agree(request: HttpRequest, by: By, pk: int) -> HttpResponse:
    people.agree_bond(by=by, pk=pk, at=moment())
    return redirect("portal:family")


@require_POST
@http.resident
def decline(request: HttpRequest, by: By, pk: int) -> HttpResponse:
    people.decline_bond(by=by, pk=pk, at=moment())
    return redirect("portal:family")


@require_POST
@http.resident
def withdraw(request: HttpRequest, by: By, pk: int) -> HttpResponse:
    people.withdraw_request(by=by, pk=pk, at=moment())
    return redirect("portal:family")


@require_POST
@http.resident
def end(request: HttpRequest, by: By, pk: int) -> HttpResponse:
    people.end_bond(by=by, pk=pk, at=moment())
    return _back(by)


def _back(by: By) -> HttpResponse:
    """To the family page, with the scan page's list brought up to date."""
    response = redirect("portal:family")
    http.keep_family(response, persons.own(by), moment())
    return response
