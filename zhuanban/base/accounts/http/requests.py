"""What a view is given."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from zhuanban.base.accounts.rules import By


class Request(HttpRequest):
    """A request behind `needs`: somebody asks. `at` is the moment it came in."""

    by: By
    at: datetime
    htmx: HtmxDetails


def address_of(request: HttpRequest) -> str:
    """The browser's address: what our own proxy says last, since only the proxy can reach us."""
    told = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return told or str(request.META.get("REMOTE_ADDR", ""))
