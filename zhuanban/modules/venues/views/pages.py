"""The list, one venue, and what is typed about it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.spans import day_of
from zhuanban.base.ui.http import export, render_page
from zhuanban.modules.venues import queries
from zhuanban.modules.venues.forms import ChangeForm, DoorForm, PostForm, VenueForm
from zhuanban.modules.venues.rules import SEES
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import queries as places_queries
from zhuanban.registry.places.rules import MAY_MANAGE, MAY_STAFF, BadVenue, HouseRule


@require_GET
@needs(*SEES)
def index(request: Request) -> HttpResponse:
    """The list; with `?export=xlsx` the same rows as a file."""
    if plain := queries.plain_search(request.GET):
        return HttpResponseRedirect(f"{request.path}?{plain}")
    made = queries.listing(request.by, request.GET, at=request.at)
    if request.GET.get("export") == "xlsx":
        spec = queries.for_export(made, at=request.at)
        return export(request, spec, made.found, _("场所"), options=made.options)
    page = queries.page(made, request.GET, at=request.at)
    return render_page(request, "venues/index.html", {"page": page, **_may(request)})


@require_GET
@needs(*SEES)
def venue(request: Request, pk: int) -> HttpResponse:
    return _show(request, pk)


@require_http_methods(["GET", "POST"])
@needs(*MAY_MANAGE)
def add(request: Request) -> HttpResponse:
    form = VenueForm(request.POST or None, by=request.by)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = places.add_venue(
                by=request.by,
                facts=form.facts(),
                organisation=data["organisation"],
                doors=data["doors"],
                at=request.at,
            )
        except (BadVenue, HouseRule) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记。下一步：给每个门发码，打印海报"))
            return redirect("venues:venue", made.pk)
    return render_page(request, "venues/add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(*MAY_MANAGE)
def change(request: Request, pk: int) -> HttpResponse:
    held = places_queries.venue(request.by, pk, roles=MAY_MANAGE)
    form = ChangeForm(request.POST or None, by=request.by, venue=held)
    if form.is_valid():
        try:
            places.change_venue(by=request.by, venue=pk, facts=form.facts(), at=request.at)
        except BadVenue as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存。名称或地址变了的，请补打海报；场所码不变"))
            return redirect("venues:venue", pk)
    shown = {"form": form, "venue": held}
    return render_page(request, "venues/change.html", shown, status=422 if form.errors else 200)


@require_POST
@needs(*MAY_MANAGE)
def add_door(request: Request, pk: int) -> HttpResponse:
    form = DoorForm(request.POST)
    if form.is_valid():
        try:
            places.add_door(by=request.by, venue=pk, at=request.at, **form.cleaned_data)
        except HouseRule as refusal:
            form.add_error("name", _(str(refusal)))
        else:
            messages.success(request, _("已加一个门，请给它发码"))
            return redirect("venues:venue", pk)
    return _show(request, pk, door_form=form)


@require_POST
@needs(*MAY_STAFF)
def assign(request: Request, pk: int) -> HttpResponse:
    held = places_queries.venue(request.by, pk, roles=MAY_STAFF)
    form = PostForm(request.POST, venue=held, today=day_of(request.at))
    if form.is_valid():
        try:
            places.assign(by=request.by, venue=pk, facts=form.facts(), at=request.at)
        except HouseRule as refusal:
            form.add_error(None, _(str(refusal)))
        else:
            messages.success(request, _("岗位已安排"))
            return redirect("venues:venue", pk)
    return _show(request, pk, post_form=form)


def _show(
    request: Request, pk: int, *, door_form: DoorForm | None = None, post_form: PostForm | None = None
) -> HttpResponse:
    """The venue's page, with the one form that was sent and refused."""
    shown = queries.venue_page(request.by, pk, at=request.at)
    if shown.may_staff and post_form is None:
        fresh_post: PostForm | None = PostForm(venue=shown.venue, today=shown.today.day)
    else:
        fresh_post = post_form
    context = {"shown": shown, "door_form": door_form or DoorForm(), "post_form": fresh_post, **_may(request)}
    return render_page(request, "venues/venue.html", context, status=422 if door_form or post_form else 200)


def _may(request: Request) -> dict[str, bool]:
    return {"may_add": queries.is_manager(request.by), "sets_types": queries.sets_types(request.by)}
