"""One request: whose it is, how far it may see, and whether the sign-in behind it still stands."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import SEEN_STEP, By, Ended, ended

SIGNED_IN, SEEN, PROVED, WHY = "signed_in_at", "seen_at", "proved_at", "why"  # keys of the session
POLL = "X-Poll"  # a page that asks by itself does not keep anybody signed in


class WhoAsks:
    """Sets `request.at` and `request.by`, and on PostgreSQL the scope for as long as the request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        setattr(request, "at", at)  # noqa: B010  (HttpRequest knows no such attribute)
        _end_or_note(request, at)
        by = viewer(request)
        setattr(request, "by", by)  # noqa: B010
        with actions.scope_for(by):
            return self.get_response(request)


def viewer(request: HttpRequest, kind: str = "") -> By | None:
    """The first of settings.VIEWERS that knows the request (as this `kind`)."""
    for path in settings.VIEWERS:
        by: By | None = import_string(path)(request)
        if by is not None and (not kind or by.kind == kind):
            return by
    return None


def begin(request: HttpRequest, account: Account, at: datetime) -> None:
    """Sign this browser in, under a session key of its own."""
    auth.login(request, account)
    for name in (SIGNED_IN, SEEN, PROVED):
        request.session[name] = at.isoformat()


def proved(request: HttpRequest, at: datetime) -> None:
    """Password and code were given again; the session goes on under another key."""
    request.session.cycle_key()
    request.session[PROVED] = at.isoformat()


def keep(request: HttpRequest, account: Account) -> None:
    """After a new password: this browser stays signed in, every other does not."""
    auth.update_session_auth_hash(request, account)


def moment_of(request: HttpRequest, name: str) -> datetime | None:
    text = request.session.get(name)
    return datetime.fromisoformat(text) if text else None


def why(request: HttpRequest) -> Ended | None:
    """Why the last sign-in ended, told once."""
    said = request.session.pop(WHY, None)
    return Ended(said) if said else None


def _end_or_note(request: HttpRequest, at: datetime) -> None:
    signed_in_at, seen_at = moment_of(request, SIGNED_IN), moment_of(request, SEEN)
    if signed_in_at is None or seen_at is None:
        return
    reason = ended(signed_in_at=signed_in_at, seen_at=seen_at, at=at) or _closed(request)
    if reason:
        auth.logout(request)
        request.session[WHY] = reason.value
    elif at >= seen_at + SEEN_STEP and POLL not in request.headers:
        request.session[SEEN] = at.isoformat()


def _closed(request: HttpRequest) -> Ended | None:
    return None if request.user.is_authenticated and request.user.is_active else Ended.CLOSED


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """What django-axes answers after five wrong tries by one name from one address."""
    return render(request, "accounts/locked.html", {"username": credentials.get("username", "")}, status=429)
