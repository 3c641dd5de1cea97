"""The guard's pages: one screen, and what can be done on it."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.accounts.rules import Kind
from zhuanban.base.errors import Refusal
from zhuanban.base.ui.http import render_page
from zhuanban.door import actions, queries
from zhuanban.door.forms import ManualForm, PhotoForm, ScanForm, VerifyForm

GUARD = needs(kind=Kind.DEVICE)
SCREEN = "door/screen.html"


@require_GET
@GUARD
def screen(request: Request) -> HttpResponse:
    """The whole screen; to htmx only the arrivals and the person being decided."""
    at = timezone.now()
    shown = queries.screen(request.by, at=at, chosen=request.GET.get("line", ""))
    form = ScanForm(initial={"id": actions.new_id(at)})
    return render_page(request, SCREEN, {"screen": shown, "form": form}, part="live")


@require_POST
@GUARD
def scan(request: Request) -> HttpResponse:
    """A personal code, from the camera, a hand scanner or the keyboard."""
    form, at = ScanForm(request.POST), timezone.now()
    if not form.is_valid():
        return _again(request, form, str(next(iter(form.errors.values()))[0]))
    data = form.cleaned_data
    try:
        line = actions.admit_code(by=request.by, text=data["code"], visit=data["id"], at=at)
    except Refusal as refusal:
        return _again(request, ScanForm(initial={"id": actions.new_id(at)}), _(str(refusal)), status=refusal.status)
    return _to(line)


@require_POST
@GUARD
def photo(request: Request) -> HttpResponse:
    """A picture of a code, for phones whose browser has no camera for us."""
    form, at = PhotoForm(request.POST, request.FILES), timezone.now()
    if not form.is_valid():
        return _again(request, ScanForm(initial={"id": actions.new_id(at)}), _("请先拍一张照片"))
    data = form.cleaned_data
    try:
        text = actions.read_photo(data["photo"].read())
        line = actions.admit_code(by=request.by, text=text, visit=data["id"], at=at)
    except Refusal as refusal:
        return _again(request, ScanForm(initial={"id": actions.new_id(at)}), _(str(refusal)), status=refusal.status)
    return _to(line)


@GUARD
def manual(request: Request) -> HttpResponse:
    """Somebody without a phone: name and any valid document."""
    at = timezone.now()
    if request.method != "POST":
        return render_page(
            request, "door/manual.html", {"form": ManualForm(at=at, initial={"id": actions.new_id(at)})}
        )
    form = ManualForm(request.POST, at=at)
    if not form.is_valid():
        return render_page(request, "door/manual.html", {"form": form}, status=422)
    data = form.cleaned_data
    line = actions.admit_by_document(
        by=request.by, name=data["name"], document=data["document"], phone=data["phone"], visit=data["id"], at=at
    )
    return _to(line)


@require_POST
@GUARD
def verify(request: Request) -> HttpResponse:
    """放行 / 引导就诊 / 劝返 / 暂候 for one arrival."""
    form, at = VerifyForm(request.POST), timezone.now()
    if not form.is_valid():
        return _again(request, ScanForm(initial={"id": actions.new_id(at)}), _("请选择一项处置"))
    data = form.cleaned_data
    actions.verify(
        by=request.by,
        visit=data["visit"],
        nth=data["nth"],
        outcome=data["outcome"],
        reason=data["reason"],
        at=at,
    )
    return _to("")


@require_POST
@GUARD
def greens(request: Request) -> HttpResponse:
    """One tap for all recent greens together."""
    actions.verify_greens(by=request.by, at=timezone.now())
    return _to("")


def _to(line: str) -> HttpResponse:
    query = f"?{urlencode({'line': line})}" if line else ""
    return HttpResponseRedirect(reverse("door:screen") + query)


def _again(request: Request, form: ScanForm, problem: str, *, status: int = 422) -> HttpResponse:
    shown = queries.screen(request.by, at=timezone.now())
    return render_page(request, SCREEN, {"screen": shown, "form": form, "problem": problem}, status=status)
