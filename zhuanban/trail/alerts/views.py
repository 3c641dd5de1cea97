"""The list of alerts, one alert, its moves and the look at a name; and the county's clocks."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.accounts.rules import Role
from zhuanban.base.ui.http import export, render_page
from zhuanban.base.ui.rules import Crumb
from zhuanban.trail.alerts import actions, queries
from zhuanban.trail.alerts.forms import MOVES, AcknowledgeForm, CloseForm, HandOverForm, LimitsForm, LookForm
from zhuanban.trail.alerts.rules import SEEING, Kind, Move

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Deed:
    """A move that may be made, with the form that makes it."""

    move: Move
    title: str
    url: str
    form: forms.Form


@require_GET
@needs(*SEEING)
def index(request: Request) -> HttpResponse:
    """The list; with `?export=xlsx` the same rows as a file, without names."""
    if request.GET.get("export") == "xlsx":
        found, spec = queries.listed(request.by), queries.spec(request.at)
        return export(request, spec, found, _("健康预警"), options=queries.townships())
    page = queries.page(request.by, request.GET, at=request.at)
    may_set = request.by.has(Role.COUNTY_OFFICE)
    return render_page(request, "alerts/list.html", {"page": page, "may_set": may_set}, part="list")


@require_GET
@needs(*SEEING)
def alert(request: Request, pk: int) -> HttpResponse:
    """One alert. Its page asks for its clocks again; when somebody has moved it meanwhile, all is loaded anew."""
    shown = queries.detail(request.by, pk, at=request.at)
    response = _render(request, shown)
    if request.htmx and request.GET.get("state", shown.row.state) != shown.row.state:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(*SEEING)
def acknowledge(request: Request, pk: int) -> HttpResponse:
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, Move.ACKNOWLEDGE, form)
    actions.acknowledge(by=request.by, pk=pk, at=request.at, **form.cleaned_data)
    messages.success(request, _("已接单，转交的钟开始走"))
    return redirect("alerts:alert", pk)


@require_POST
@needs(*SEEING)
def hand_over(request: Request, pk: int) -> HttpResponse:
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, Move.HAND_OVER, form)
    actions.hand_over(by=request.by, pk=pk, at=request.at, **form.cleaned_data)
    messages.success(request, _("已记下转交，等另一人核对销号"))
    return redirect("alerts:alert", pk)


@require_POST
@needs(*SEEING)
def close(request: Request, pk: int) -> HttpResponse:
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, Move.CLOSE, form)
    actions.close(by=request.by, pk=pk, at=request.at, **form.cleaned_data)
    messages.success(request, _("已销号"))
    return redirect("alerts:alert", pk)


@require_POST
@needs(*SEEING)
def look(request: Request, pk: int) -> HttpResponse:
    """Name and telephone, for this answer only: the row that says so is in the audit before they are deciphered."""
    form = LookForm(request.POST)
    identity = None
    if form.is_valid():
        identity = actions.look(by=request.by, pk=pk, at=request.at, **form.cleaned_data)
    shown = queries.detail(request.by, pk, at=request.at)
    return _render(request, shown, look_form=form, identity=identity, status=200 if identity else UNPROCESSABLE)


@require_http_methods(["GET", "POST"])
@needs(Role.COUNTY_OFFICE)
def limits(request: Request) -> HttpResponse:
    """How long each step may take."""
    form = LimitsForm(request.POST or None, limits=queries.limits())
    if form.is_valid():
        actions.set_limits(by=request.by, minutes=form.minutes(), at=request.at)
        messages.success(request, _("已保存。新的预警按新时限，正在走的钟不变"))
        return redirect("alerts:list")
    crumbs = [Crumb(_("健康预警"), reverse("alerts:list")), Crumb(_("时限设置"))]
    status = UNPROCESSABLE if form.errors else 200
    return render_page(request, "alerts/limits.html", {"form": form, "crumbs": crumbs}, status=status)


def _again(request: Request, pk: int, move: Move, form: forms.Form) -> HttpResponse:
    """The page once more, with what was typed and what is wrong with it."""
    shown = queries.detail(request.by, pk, at=request.at)
    return _render(request, shown, bound={move: form}, status=UNPROCESSABLE)


def _render(request: Request, shown: queries.Detail, *, status: int = 200, **more: Any) -> HttpResponse:
    """`more`: `bound`, the forms that came back wrong, by move; `look_form` and `identity` after a look."""
    bound = more.get("bound", {})
    context = {
        "shown": shown,
        "row": shown.row,
        "deeds": [_deed(shown, move, bound) for move in shown.offers],
        "look_form": more.get("look_form") or LookForm(),
        "identity": more.get("identity"),
        "crumbs": [Crumb(_("健康预警"), reverse("alerts:list")), Crumb(shown.row.number)],
    }
    return render_page(request, "alerts/alert.html", context, part="live", status=status)


def _deed(shown: queries.Detail, move: Move, bound: dict[Move, forms.Form]) -> Deed:
    title = queries.title_of(Kind(shown.row.kind), move)
    if move is Move.HAND_OVER and shown.row.state == Move.HAND_OVER:
        title = _("再次转交")
    url = reverse(f"alerts:{move.lower()}", args=[shown.row.pk])
    return Deed(move, title, url, bound.get(move) or MOVES[move](auto_id=f"{move.lower()}_%s"))
