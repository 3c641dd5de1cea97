"""Accounts and rights: the system administrator opens, the security administrator grants."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.forms import AccountForm, GrantForm, OrganisationForm, ReasonForm
from zhuanban.base.accounts.http import Request, needs, reauthenticated
from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import OrganisationKind, Role
from zhuanban.base.errors import Refusal

ADMIN = needs(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
SYSTEM = needs(Role.SYSTEM_ADMIN)
SECURITY = needs(Role.SECURITY_ADMIN)


@require_GET
@ADMIN
def accounts(request: Request) -> HttpResponse:
    text, after = request.GET.get("q", "").strip()[:60], request.GET.get("after", "")[:40]
    page = queries.accounts(request.by, text=text, after=after)
    context = {"page": page, "q": text, "may_open": request.by.has(Role.SYSTEM_ADMIN)}
    return render(request, "accounts/accounts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@SYSTEM
@reauthenticated
def new(request: Request) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            opening = actions.open_account(by=request.by, at=request.at, **form.cleaned_data)
            return _link(request, opening)
        except Refusal as refusal:
            form.add_error("username", _(str(refusal)))
    return render(request, "accounts/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@ADMIN
def account(request: Request, pk: int) -> HttpResponse:
    return _account_page(request, pk)


@require_POST
@SYSTEM
@reauthenticated
def close(request: Request, pk: int) -> HttpResponse:
    row, form = queries.account(request.by, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, pk, reason=form, status=422)
    actions.close_account(by=request.by, account=row, at=request.at, **form.cleaned_data)
    messages.success(request, _("账号已停用"))
    return redirect("accounts:account", pk)


@require_POST
@SYSTEM
@reauthenticated
def open_again(request: Request, pk: int) -> HttpResponse:
    row, form = queries.account(request.by, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, pk, reason=form, status=422)
    return _link(request, actions.open_again(by=request.by, account=row, at=request.at, **form.cleaned_data))


@require_POST
@SECURITY
@reauthenticated
def grant(request: Request, pk: int) -> HttpResponse:
    row, form = queries.account(request.by, pk), GrantForm(request.POST, places=_places(request))
    if not form.is_valid():
        return _account_page(request, pk, grant=form, status=422)
    place = queries.organisation(request.by, form.cleaned_data["organisation"])
    try:
        actions.join(by=request.by, account=row, organisation=place, grant=form.grant(), at=request.at)
    except Refusal as refusal:
        form.add_error(None, _(str(refusal)))
        return _account_page(request, pk, grant=form, status=refusal.status)
    return redirect("accounts:account", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@SECURITY
@reauthenticated
def end_grant(request: Request, pk: int) -> HttpResponse:
    row, form = queries.standing_membership(request.by, pk), ReasonForm(request.POST or None)
    if not form.is_valid():
        context = {"membership": row, "form": form}
        return render(request, "accounts/end_grant.html", context, status=422 if form.errors else 200)
    actions.leave(by=request.by, membership=row, at=request.at, **form.cleaned_data)
    return redirect("accounts:account", row.account_id)


@require_http_methods(["GET", "HEAD", "POST"])
@ADMIN
def organisations(request: Request) -> HttpResponse:
    """Units that people belong to; the system administrator adds them."""
    text, form = request.GET.get("q", "").strip()[:60], OrganisationForm(request.POST or None)
    if form.is_valid():
        actions.add_organisation(by=request.by, at=request.at, **form.cleaned_data)
        return redirect("accounts:organisations")
    words = dict(OrganisationKind.choices())
    rows = [
        (row, words.get(row.kind, row.kind)) for row in queries.organisations(request.by, text=text)[: queries.PAGE]
    ]
    context = {"rows": rows, "q": text, "form": form, "may_add": request.by.has(Role.SYSTEM_ADMIN)}
    return render(request, "accounts/organisations.html", context, status=422 if form.errors else 200)


def _link(request: Request, opening: actions.Opening) -> HttpResponse:
    """The link is on this page only: it is stored nowhere."""
    url = settings.PUBLIC_URL + reverse("accounts:welcome", args=[opening.secret])
    return render(request, "accounts/link.html", {"account": opening.account, "url": url, "qr": queries.qr(url)})


def _places(request: Request) -> list[Organisation]:
    return list(queries.organisations(request.by))


def _account_page(
    request: Request, pk: int, *, grant: GrantForm | None = None, reason: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "account": queries.account(request.by, pk),
        "history": queries.history_of(request.by, pk),
        "grant": grant or GrantForm(places=_places(request)),
        "reason": reason or ReasonForm(),
        "may_open": request.by.has(Role.SYSTEM_ADMIN),
        "may_grant": request.by.has(Role.SECURITY_ADMIN),
    }
    return render(request, "accounts/account.html", context, status=status)
