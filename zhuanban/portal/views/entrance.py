"""Before anybody is known: the first page, the notice, and the way in by telephone."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts.http import address_of
from zhuanban.base.errors import Refusal
from zhuanban.base.ui.http import moment, render_page
from zhuanban.portal import forms, http, queries
from zhuanban.registry.people import actions as people
from zhuanban.registry.people import queries as persons
from zhuanban.registry.people import rules


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """How to scan, the short code to type, and the way to one's own pages."""
    by = persons.resident_of(request)
    me = persons.own(by) if by else None
    context = {
        "me": persons.masked(me) if me else None,
        "office": queries.office_phone(me),
    }
    return render_page(request, "portal/home.html", context)


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """How to scan, alone on a screen; for the care mode."""
    return render_page(request, "portal/scan.html")


@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    return render_page(request, "portal/notice.html", queries.notice(moment()))


@require_http_methods(["GET", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Which phone. The answer is the same for every phone, known or not."""
    at = moment()
    back = http.back_to(request.GET.get("next", ""))
    form = forms.PhoneForm(http.posted(request))
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            sent = people.sign_in_code(phone=phone, address=address_of(request), at=at)
        except Refusal as no:
            form.add_error("phone", _(str(no)))
        else:
            response = redirect("portal:code")
            http.keep_draft(response, {"phone": phone, "next": back, "shown": sent.shown}, at)
            return response
    return render_page(request, "portal/sign_in.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The six digits. A known phone is signed in, a new one goes on to register."""
    at = moment()
    draft = http.read_draft(request, at)
    if "phone" not in draft:
        return redirect("portal:sign_in")
    form = forms.CodeForm(http.posted(request))
    if form.is_valid():
        try:
            proof = people.confirm_code(phone=draft["phone"], code=form.cleaned_data["code"], at=at)
        except rules.WrongCode as no:
            form.add_error("code", _(str(no)))
        else:
            return _enter(draft, proof)
    context = {"form": form, "phone": rules.mask_phone(draft["phone"]), "shown": draft.get("shown", "")}
    return render_page(request, "portal/code.html", context, status=422 if form.errors else 200)


def _enter(draft: http.Draft, proof: people.Proof) -> HttpResponse:
    at = moment()
    if proof.person is not None:
        response: HttpResponse = HttpResponseRedirect(draft["next"])
        http.keep_session(response, proof.person, at)
        return response
    response = redirect("portal:register")
    http.keep_draft(response, {"phone": draft["phone"], "next": draft["next"], "is_proved": True}, at)
    return response


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Another code to the same phone."""
    at = moment()
    draft = http.read_draft(request, at)
    if "phone" not in draft:
        return redirect("portal:sign_in")
    try:
        sent = people.sign_in_code(phone=draft["phone"], address=address_of(request), at=at)
    except rules.CodeLimit as no:
        context = {"form": forms.CodeForm(), "phone": rules.mask_phone(draft["phone"]), "wait": _(str(no))}
        response = render_page(request, "portal/code.html", context, status=no.status)
        response["Retry-After"] = str(no.retry_after)
        return response
    response = redirect("portal:code")
    http.keep_draft(response, {**draft, "shown": sent.shown}, at)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Only this browser."""
    response = redirect("portal:home")
    http.sign_out(response)
    return response
