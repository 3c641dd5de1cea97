"""One's own account: password and PIN."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from zhuanban.base import modules
from zhuanban.base.accounts import actions
from zhuanban.base.accounts.forms import NewPasswordForm, NewPinForm
from zhuanban.base.accounts.http import Request, needs, reauthenticated, sessions
from zhuanban.base.accounts.models import Account
from zhuanban.base.errors import Refusal


@require_GET
@needs()
def home(request: Request) -> HttpResponse:
    """Where a sign-in leads: the first entry of one's own menu."""
    roles = {scope.role.value for scope in request.by.scopes}
    mine = (module.url_name for module in modules.installed() if module.roles & roles)
    return redirect(next(mine, "accounts:me"))


@require_GET
@needs()
def me(request: Request) -> HttpResponse:
    account = cast(Account, request.user)
    scopes = [(scope.role.label, scope.division, ", ".join(sorted(scope.sectors))) for scope in request.by.scopes]
    return render(request, "accounts/me.html", {"account": account, "scopes": scopes})


@sensitive_post_parameters("password", "once_more")
@needs()
@reauthenticated
def password(request: Request) -> HttpResponse:
    account = cast(Account, request.user)
    form = NewPasswordForm(request.POST or None, account=account)
    if not form.is_valid():
        return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)
    secret = form.cleaned_data["password"]
    account = actions.change_password(by=request.by, account=account, password=secret, at=request.at)
    sessions.keep(request, account)
    messages.success(request, _("密码已改，别处的登录都已退出"))
    return redirect("accounts:me")


@sensitive_post_parameters("pin", "once_more")
@needs()
@reauthenticated
def pin(request: Request) -> HttpResponse:
    form = NewPinForm(request.POST or None)
    if form.is_valid():
        try:
            account = cast(Account, request.user)
            actions.set_pin(by=request.by, account=account, pin=form.cleaned_data["pin"], at=request.at)
            messages.success(request, _("PIN 已存"))
            return redirect("accounts:me")
        except Refusal as refusal:
            form.add_error("pin", _(str(refusal)))
    return render(request, "accounts/own_pin.html", {"form": form}, status=422 if form.errors else 200)
