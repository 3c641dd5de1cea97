"""One's own data: take it along, change where one lives, sign out everywhere, have it deleted."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts.rules import By
from zhuanban.base.ui.http import moment, render_page
from zhuanban.portal import forms, http, queries
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons


@require_GET
@http.resident
def data(request: HttpRequest, by: By) -> HttpResponse:
    return render_page(request, "portal/data.html", queries.data_page(by) | {"form": forms.DeleteForm()})


@require_POST
@http.resident
def export(request: HttpRequest, by: By) -> HttpResponse:
    """Everything we hold, as a file of JSON in plain words."""
    at = moment()
    told = people.export_own(by=by, at=at) | queries.export_rest(by, http.own_token(request), at)
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="my-data-{at:%Y%m%d}.json"'
    return response


@require_POST
@http.resident
def sign_out_everywhere(request: HttpRequest, by: By) -> HttpResponse:
    people.sign_out_everywhere(by=by, at=moment())
    response = redirect("portal:home")
    http.sign_out(response)
    return response


@require_POST
@http.resident
def delete(request: HttpRequest, by: By) -> HttpResponse:
    at = moment()
    form = forms.DeleteForm(http.posted(request))
    if form.is_valid():
        try:
            people.delete_own(by=by, at=at, is_held=lambda person: queries.is_held(person, at))
        except people.StillNeeded as no:
            form.add_error(None, _(str(no)))
        else:
            response = redirect("portal:deleted")
            http.sign_out(response)
            return response
    return render_page(request, "portal/data.html", queries.data_page(by) | {"form": form}, status=422)


@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    return render_page(request, "portal/deleted.html")


@require_http_methods(["GET", "POST"])
@http.resident
def home(request: HttpRequest, by: By) -> HttpResponse:
    """Moved to another village of the county, or elsewhere."""
    me, township = persons.own(by), request.GET.get("in", "")
    form = forms.VillageForm(http.posted(request))
    if form.is_valid():
        return _moved(by, people.Home(form.cleaned_data["division"]))
    context = {"form": form, "townships": queries.townships(), "now": queries.home_words(me)}
    if township:
        context["township"], context["villages"] = queries.villages_of(township)
    screen = "village" if township else "home"
    return render_page(request, f"portal/register_{screen}.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@http.resident
def outside(request: HttpRequest, by: By) -> HttpResponse:
    form = forms.OutsideForm(http.posted(request))
    if form.is_valid():
        return _moved(by, people.Home(form.cleaned_data["province"], form.cleaned_data["words"]))
    return render_page(request, "portal/register_outside.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@http.resident
def unit(request: HttpRequest, by: By) -> HttpResponse:
    """Works or learns elsewhere now, or nowhere."""
    me, words = persons.own(by), request.GET.get("q", "")
    form = forms.UnitForm(http.posted(request))
    if form.is_valid():
        people.change_unit(by=by, unit=form.cleaned_data["unit"], at=moment())
        return redirect("portal:data")
    context = {"form": form, "words": words, "units": queries.units(words), "me": me}
    return render_page(request, "portal/register_unit.html", context, status=422 if form.errors else 200)


def _moved(by: By, home: people.Home) -> HttpResponse:
    people.move_home(by=by, home=home, at=moment())
    return redirect("portal:data")
