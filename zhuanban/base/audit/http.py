"""The guard of the log's page. `accounts` stands above the audit, so it asks only for the role's name."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhuanban.base.errors import Forbidden, SignInFirst

AUDITOR = "AUDITOR"  # accounts.rules.Role

Page = Callable[[HttpRequest], HttpResponse]


def for_auditors(page: Page) -> Page:
    """Raises: SignInFirst, Forbidden."""

    @wraps(page)
    def shown(request: HttpRequest) -> HttpResponse:
        by = getattr(request, "by", None)
        if by is None or by.kind != "STAFF":
            raise SignInFirst(_("请先登录"))
        if not by.has(AUDITOR):
            raise Forbidden(_("只有审计员能看审计记录"))
        return page(request)

    shown.needs = ("STAFF", (AUDITOR,))  # type: ignore[attr-defined]  # the permission table reads it
    return shown
