"""What a page demands of its asker."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.forms import AgainForm
from zhuanban.base.accounts.http.requests import Request
from zhuanban.base.accounts.http.sessions import PROVED, moment_of, viewer
from zhuanban.base.accounts.rules import Kind, Role, is_fresh
from zhuanban.base.errors import Forbidden, SignInFirst

HELD = "again-held"  # there is a form waiting behind the question

P = ParamSpec("P")
Page = Callable[Concatenate[Request, P], HttpResponse]
Shown = Callable[Concatenate[HttpRequest, P], HttpResponse]


def needs(*roles: Role, kind: Kind = Kind.STAFF) -> Callable[[Page[P]], Shown[P]]:
    """Only for an asker of this kind, holding one of `roles` if any are named.

    A browser may be a device, a resident and a member of staff at once: the page gets the one it needs.
    Raises: SignInFirst (which leads to the sign-in and back), Forbidden.
    """

    def decorate(page: Page[P]) -> Shown[P]:
        @wraps(page)
        def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast(Request, request)
            is_known = asked.by is not None and asked.by.kind == kind
            by = asked.by if is_known else viewer(request, kind)
            if by is None:
                raise SignInFirst(_("请先登录") if kind != Kind.DEVICE else _("请先在这台设备上开班"))
            if roles and not by.has(*roles):
                raise Forbidden(_("您的角色不能打开这一页"))
            asked.by = by
            with nullcontext() if is_known else actions.scope_for(by):
                return page(asked, *args, **kwargs)

        guarded = never_cache(shown)
        cast(Any, guarded).needs = (kind, roles)  # the permission table reads it
        return cast(Shown[P], guarded)

    return decorate


def reauthenticated(page: Page[P]) -> Page[P]:
    """Only within five minutes of password and code; else they are asked for, and what was typed is sent on after.

    Stands under `needs`.
    """

    @wraps(page)
    def shown(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_fresh(moment_of(request, PROVED), request.at):
            return page(request, *args, **kwargs)
        if request.method == "POST":
            return again_page(request, to=request.get_full_path())
        return HttpResponseRedirect(f"{reverse('accounts:again')}?{urlencode({'next': request.get_full_path()})}")

    return cast(Page[P], shown)


def again_page(request: Request, form: AgainForm | None = None, *, to: str, status: int = 200) -> HttpResponse:
    """Asks for password and code; holds, as hidden fields, the form that is waiting to be sent to `to`."""
    ours = {"csrfmiddlewaretoken", "next", HELD}
    typed = [(name, values) for name, values in request.POST.lists() if name not in ours and not _is_again(name)]
    held = [(name, value) for name, values in typed for value in values]
    is_held = request.method == "POST" and (HELD in request.POST or not _is_answer(request))
    demo = None if form else queries.demo_login(request.user.get_username(), request.at)
    context = {"form": form or _asking(demo), "next": to, "held": held, "is_held": is_held, "demo": demo}
    return render(request, "accounts/again.html", context, status=status)


def _asking(demo: queries.DemoLogin | None) -> AgainForm:
    form = AgainForm(initial=demo.filled if demo else None)
    if demo:
        form.show_password()
    return form


def _is_again(name: str) -> bool:
    return name.startswith(f"{AgainForm.prefix}-")


def _is_answer(request: Request) -> bool:
    return any(_is_again(name) for name in request.POST)
