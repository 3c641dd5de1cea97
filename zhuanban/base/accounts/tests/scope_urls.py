"""Two addresses that answer with what the database was told: one for everybody, one for devices only."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.accounts.rules import Kind


def told(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.scope', true)")
        return HttpResponse(cursor.fetchone()[0])


@needs(kind=Kind.DEVICE)
def told_to_a_device(request: Request) -> HttpResponse:
    return told(request)


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(told(request).content.decode())


urlpatterns = [path("", told), path("device", told_to_a_device), path("broken", broken)]
