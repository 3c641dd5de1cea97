"""What a resident's browser carries, and who it therefore is."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zhuanban.base import ciphers
from zhuanban.base.accounts.rules import By
from zhuanban.base.errors import Refusal, SignInFirst
from zhuanban.registry.people import queries as people
from zhuanban.registry.people import rules
from zhuanban.registry.people.models import Person

DRAFT_COOKIE = "zbd"  # what was typed so far on the way in; sealed
DRAFT_LIFETIME = timedelta(minutes=30)
DRAFT_BOUND_TO = b"portal draft"
BACK = ("/s/", "/my/")  # where a sign-in may lead back to: the door that was scanned, or one's own pages

P = ParamSpec("P")
Draft = dict[str, Any]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
OwnPage = Callable[Concatenate[HttpRequest, By, P], HttpResponse]


def resident(page: OwnPage[P]) -> Page[P]:
    """Give the page the resident who is signed in, whoever else the browser may be: `page(request, by, …)`.

    Raises: SignInFirst, which leads to the sign-in and back.
    """

    @wraps(page)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        by = people.resident_of(request)
        if by is None:
            raise SignInFirst(_("请先用手机号登录"))
        response = page(request, by, *args, **kwargs)
        _renew(request, response, by)
        return response

    return never_cache(shown)


def _renew(request: HttpRequest, response: HttpResponse, by: By) -> None:
    """A session in use does not run out under its owner."""
    at = timezone.now()
    session = people.session_of(request, at)
    is_old = session is not None and session.issued_at + rules.RENEW_AFTER < at
    if is_old and rules.cookie_name(settings.HTTPS) not in response.cookies:
        keep_session(response, people.own(by), at)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; an empty one too."""
    return request.POST if request.method == "POST" else None


def own_token(request: HttpRequest) -> str:
    """The session as the browser holds it: the proof that gate and keeper ask for."""
    return request.COOKIES.get(rules.cookie_name(settings.HTTPS), "")


def keep_session(response: HttpResponse, person: Person, at: datetime) -> None:
    """Sign this browser in."""
    _keep(response, rules.SESSION_COOKIE, people.session_token(person, at), rules.SESSION_LIFETIME)
    keep_family(response, person, at)
    _drop(response, DRAFT_COOKIE)


def keep_family(response: HttpResponse, person: Person, at: datetime) -> None:
    """Whom the scan page offers to tick, after every change in the family."""
    _keep(response, rules.FAMILY_COOKIE, people.family_token(person, at), rules.SESSION_LIFETIME)


def sign_out(response: HttpResponse) -> None:
    _drop(response, rules.SESSION_COOKIE)
    _drop(response, rules.FAMILY_COOKIE)


def read_draft(request: HttpRequest, at: datetime) -> Draft:
    """What was typed so far; empty when there is nothing, or it is older than half an hour."""
    text = request.COOKIES.get(rules.cookie_name(settings.HTTPS, name=DRAFT_COOKIE), "")
    try:
        plain = ciphers.open_(bytes.fromhex(text), key=ciphers.key("desk/people"), bound_to=DRAFT_BOUND_TO)
    except (ValueError, Refusal):
        return {}
    draft: Draft = json.loads(plain)
    return draft if datetime.fromisoformat(draft["until"]) > at else {}


def keep_draft(response: HttpResponse, draft: Draft, at: datetime) -> None:
    plain = json.dumps({**draft, "until": (at + DRAFT_LIFETIME).isoformat()}, ensure_ascii=False).encode()
    sealed = ciphers.seal(plain, key=ciphers.key("desk/people"), bound_to=DRAFT_BOUND_TO)
    _keep(response, DRAFT_COOKIE, sealed.hex(), DRAFT_LIFETIME)


def back_to(text: str) -> str:
    """Where the person came from, if that is a place of ours; else the first page of one's own."""
    is_ours = url_has_allowed_host_and_scheme(text, allowed_hosts=None) and text.startswith(BACK)
    return text if is_ours else "/my/"


def _keep(response: HttpResponse, name: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        rules.cookie_name(settings.HTTPS, name=name),
        value,
        max_age=lifetime,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _drop(response: HttpResponse, name: str) -> None:
    """`delete_cookie` does it right for __Host- too: Secure, root path, no domain."""
    response.delete_cookie(rules.cookie_name(settings.HTTPS, name=name), samesite="Lax")
