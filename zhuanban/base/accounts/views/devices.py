"""The devices a manager looks after, and who stands at them."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.forms import CheckerForm, FieldDeviceForm, NewPinForm, ReasonForm
from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.accounts.rules import INVITERS, PIN_TRIES, Binding, Role
from zhuanban.base.errors import Refusal

MANAGER = needs(*sorted(INVITERS))
KEY_DIGITS = 18  # of a row's key, as far as a table can hold one
SHOWN_ONCE = "invitation"  # session key: the secret of the QR that is on the screen now


@require_GET
@MANAGER
def devices(request: Request) -> HttpResponse:
    """Devices and people, the newest and the nameless first."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@MANAGER
def invite(request: Request) -> HttpResponse:
    """A device for a door (`?door=17`): what it will be, then its QR."""
    number = request.POST.get("door") or request.GET.get("door") or "0"
    binding = queries.door_binding(request.by, int(number) if number.isdecimal() and len(number) <= KEY_DIGITS else 0)
    if request.method != "POST":
        return render(request, "accounts/invite.html", {"binding": binding})
    return _show_qr(request, binding)


@require_POST
@MANAGER
def invite_field(request: Request) -> HttpResponse:
    """A device for a grid."""
    form = FieldDeviceForm(request.POST)
    if form.is_valid():
        try:
            return _show_qr(request, Binding(**form.cleaned_data))
        except Refusal as refusal:
            form.add_error("division", _(str(refusal)))
    return _page(request, field=form, status=422)


@require_POST
@MANAGER
def renew(request: Request, pk: int) -> HttpResponse:
    """Another device in the place of this one, which stands until it is revoked."""
    old = queries.device(request.by, pk)
    return _show_qr(request, Binding(old.label, old.division, old.door, old.organisation_id))


@require_GET
@MANAGER
def qr(request: Request, pk: int) -> HttpResponse:
    """The QR that was made in this sign-in; once it is spent or old the page says so."""
    device = queries.device(request.by, pk)
    kept = request.session.get(SHOWN_ONCE, {})
    is_open = kept.get("device") == pk and not device.enrolled_at and device.invitation_until > request.at
    url = settings.PUBLIC_URL + reverse("accounts:enrol", args=[kept["secret"]]) if is_open else ""
    context = {"device": device, "url": url, "qr": queries.qr(url) if url else ""}
    return render(request, "accounts/qr.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@MANAGER
def revoke(request: Request, pk: int) -> HttpResponse:
    """It cannot be taken back: the device is enrolled anew."""
    device, form = queries.device(request.by, pk), ReasonForm(request.POST or None)
    if not form.is_valid():
        context = {"device": device, "form": form}
        return render(request, "accounts/revoke.html", context, status=422 if form.errors else 200)
    actions.revoke_device(by=request.by, device=device, at=request.at, **form.cleaned_data)
    messages.success(request, _("设备已停用：%(label)s") % {"label": device.label})
    return redirect("accounts:devices")


@require_POST
@MANAGER
def unlock(request: Request, pk: int) -> HttpResponse:
    device = actions.unlock_device(by=request.by, device=queries.device(request.by, pk), at=request.at)
    messages.success(request, _("设备已打开：%(label)s") % {"label": device.label})
    return redirect("accounts:devices")


@sensitive_post_parameters("pin")
@require_POST
@MANAGER
def add_checker(request: Request) -> HttpResponse:
    form = CheckerForm(request.POST, places=list(queries.own_organisations(request.by)))
    if not form.is_valid():
        return _page(request, checker=form, status=422)
    said = form.cleaned_data
    organisation = queries.own_organisations(request.by).get(pk=said["organisation"])
    try:
        actions.add_checker(
            by=request.by, organisation=organisation, label=said["label"], pin=said["pin"], at=request.at
        )
    except Refusal as refusal:
        form.add_error("pin", _(str(refusal)))
        return _page(request, checker=form, status=422)
    return redirect("accounts:devices")


@sensitive_post_parameters("pin", "once_more")
@require_http_methods(["GET", "HEAD", "POST"])
@MANAGER
def checker_pin(request: Request, pk: int) -> HttpResponse:
    """A first PIN for somebody who forgot theirs; they change it at their next shift."""
    account, form = queries.checker(request.by, pk), NewPinForm(request.POST or None)
    if form.is_valid():
        try:
            pin = form.cleaned_data["pin"]
            actions.set_pin(by=request.by, account=account, pin=pin, at=request.at, is_first=True)
            return redirect("accounts:devices")
        except Refusal as refusal:
            form.add_error("pin", _(str(refusal)))
    context = {"form": form, "account": account}
    return render(request, "accounts/checker_pin.html", context, status=422 if form.errors else 200)


def _show_qr(request: Request, binding: Binding) -> HttpResponse:
    made = actions.invite_device(by=request.by, binding=binding, at=request.at)
    request.session[SHOWN_ONCE] = {"device": made.device.pk, "secret": made.secret}
    return redirect("accounts:qr", made.device.pk)


def _page(
    request: Request, *, field: FieldDeviceForm | None = None, checker: CheckerForm | None = None, status: int = 200
) -> HttpResponse:
    by = request.by
    places = list(queries.own_organisations(by))
    context = {
        "devices": queries.devices(by)[: queries.DEVICES_SHOWN],
        "checkers": queries.checkers(by)[: queries.DEVICES_SHOWN],
        "field": field or FieldDeviceForm(),
        "checker": checker or CheckerForm(places=places),
        "places": places,
        "may_field": by.has(Role.TOWNSHIP_OFFICE, Role.COUNTY_OFFICE),
        "tries": PIN_TRIES,
    }
    return render(request, "accounts/devices.html", context, status=status)
