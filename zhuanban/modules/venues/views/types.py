"""The county's table of venue types."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.ui.http import render_page
from zhuanban.modules.venues import queries
from zhuanban.modules.venues.forms import TypeForm
from zhuanban.modules.venues.rules import SEES
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import queries as places_queries
from zhuanban.registry.places.rules import MAY_SET_TYPES, HouseRule


@require_GET
@needs(*SEES)
def types(request: Request) -> HttpResponse:
    found = queries.types_in_use(request.by)
    return render_page(request, "venues/types.html", {"types": found, "sets_types": queries.sets_types(request.by)})


@require_http_methods(["GET", "POST"])
@needs(*MAY_SET_TYPES)
def add_type(request: Request) -> HttpResponse:
    form = TypeForm(request.POST or None)
    if form.is_valid():
        try:
            made = places.add_type(by=request.by, facts=form.facts(), at=request.at)
        except HouseRule as refusal:
            form.add_error(None, _(str(refusal)))
        else:
            messages.success(request, _("已添加类型“%(name)s”") % {"name": made.name})
            return redirect("venues:types")
    return render_page(request, "venues/type.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(*MAY_SET_TYPES)
def change_type(request: Request, code: str) -> HttpResponse:
    held = places_queries.venue_type(code)
    form = TypeForm(request.POST or None, type_=held)
    if form.is_valid():
        try:
            made = places.change_type(by=request.by, code=code, facts=form.facts(), at=request.at)
        except HouseRule as refusal:
            form.add_error(None, _(str(refusal)))
        else:
            messages.success(request, _("已保存“%(name)s”，跟着类型走的场所马上生效") % {"name": made.name})
            return redirect("venues:types")
    return render_page(request, "venues/type.html", {"form": form, "type": held}, status=422 if form.errors else 200)
