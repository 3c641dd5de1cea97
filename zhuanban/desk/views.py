"""The office's first page, its map and its search."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.ui.http import render_page
from zhuanban.base.ui.rules import Crumb
from zhuanban.desk import queries


@needs()
@require_GET
def today(request: Request) -> HttpResponse:
    """今天要您办的; the page asks for its `waiting` part again every half minute."""
    return render_page(request, "desk/today.html", {"day": queries.day(request.by, at=request.at)}, part="waiting")


@needs()
@require_GET
def county(request: Request) -> HttpResponse:
    crumbs = [Crumb(_("今日"), reverse("desk:today")), Crumb(_("全县地图"))]
    return render_page(request, "desk/map.html", {"county": queries.county(request.by), "crumbs": crumbs})


@needs()
@require_GET
def search(request: Request) -> HttpResponse:
    found = queries.search(request.by, request.GET.get("q", ""), at=request.at)
    if found.only:
        return HttpResponseRedirect(found.only)
    return render_page(request, "desk/search.html", {"found": found, "q": "" if found.is_personal else found.q})
