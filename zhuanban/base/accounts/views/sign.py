"""Signing in and out, the second asking, and a new member's first page."""

from typing import cast

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.forms import AgainForm, SignInForm, WelcomeForm
from zhuanban.base.accounts.http import Request, needs, sessions
from zhuanban.base.accounts.http.guards import HELD, again_page
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import Kind, Verb
from zhuanban.base.errors import Refusal


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    if request.method != "POST":
        return _empty_page(request)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    try:
        account = actions.check_login(request=request, **form.cleaned_data)
    except actions.WrongLogin as refusal:
        form.add_error(None, _(str(refusal)))
        return _sign_in_page(request, form, status=refusal.status)
    sessions.begin(request, account, request.at)
    actions.note_sign_in(account=account, at=request.at)
    return redirect(_next(request))


@require_POST
def sign_out(request: Request) -> HttpResponse:
    if request.by and request.by.kind == Kind.STAFF:
        account = cast(Account, request.user)
        actions.note_sign_in(account=account, at=request.at, verb=Verb.SIGN_OUT)
    auth.logout(request)
    return redirect("accounts:sign_in")


@sensitive_post_parameters("again-password", "again-code")
@needs()
def again(request: Request) -> HttpResponse:
    """Password and code before a sensitive act. A form that was interrupted is sent on as it was typed (307)."""
    if request.method != "POST":
        return again_page(request, to=_next(request))
    account, form = cast(Account, request.user), AgainForm(request.POST)
    if not form.is_valid():
        return again_page(request, form, to=_next(request), status=422)
    try:
        actions.check_login(request=request, username=account.username, **form.cleaned_data)
    except actions.WrongLogin as refusal:
        form.add_error(None, _(str(refusal)))
        return again_page(request, form, to=_next(request), status=refusal.status)
    sessions.proved(request, request.at)
    return HttpResponseRedirect(_next(request), preserve_request=HELD in request.POST)


@never_cache
@sensitive_post_parameters("password", "once_more", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: Request, secret: str) -> HttpResponse:
    """A new member's own link: password, authenticator, first code."""
    invitation = queries.welcome(secret, request.at)
    form = WelcomeForm(request.POST or None, account=invitation.account)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.settle_in(secret=secret, password=said["password"], code=said["code"], at=request.at)
            return render(request, "accounts/settled.html", {"account": invitation.account})
        except Refusal as refusal:
            form.add_error("code", _(str(refusal)))
    url = queries.generator_of(invitation).config_url
    context = {"form": form, "account": invitation.account, "qr": queries.qr(url), "url": url}
    return render(request, "accounts/welcome.html", context, status=422 if form.errors else 200)


def _empty_page(request: Request) -> HttpResponse:
    login = queries.demo_login(request.GET.get("as", ""), request.at)
    form = SignInForm(initial=login.filled if login else None)
    if login:
        form.show_password()
    return _sign_in_page(request, form, demo=login)


def _sign_in_page(
    request: Request, form: SignInForm, *, status: int = 200, demo: queries.DemoLogin | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "next": _next(request),
        "why": sessions.why(request),
        "logins": queries.demo_logins(),
        "demo": demo,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _next(request: HttpRequest) -> str:
    """A page of ours to go on to; anything else is one's own first page."""
    to = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/")
    return to if is_ours else reverse("accounts:home")
