"""What a device itself shows: enrolling, opening a shift with a PIN, ending it."""

from typing import cast

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhuanban.base.accounts import actions, queries
from zhuanban.base.accounts.forms import NewPinForm, PinForm
from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.accounts.models import Account, Device
from zhuanban.base.accounts.rules import DEVICE_LIFETIME, PIN_TRIES, Kind
from zhuanban.base.errors import Refusal

AT_WORK = "/door/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: Request, secret: str) -> HttpResponse:
    """Looking spends nothing (messengers fetch links by themselves); the button does."""
    if request.method != "POST":
        return render(request, "accounts/enrol.html", {"device": queries.invited(secret, request.at)})
    enrolment = actions.enrol_device(secret=secret, at=request.at)
    response = redirect("accounts:pin")
    response.set_cookie(
        queries.cookie_name(),
        enrolment.secret,
        max_age=DEVICE_LIFETIME,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: Request) -> HttpResponse:
    device = queries.device_in(request, request.at)
    if device is None:
        return render(request, "accounts/no_device.html", status=401)
    people = list(queries.people_at(device))
    form = PinForm(request.POST or None, people=people, initial={"account": _expected(device, people)})
    if form.is_valid():
        try:
            device = actions.open_shift(device=device, at=request.at, **form.cleaned_data)
            return redirect("accounts:first_pin" if _has_first_pin(device) else AT_WORK)
        except Refusal as refusal:
            form.add_error("pin", _(str(refusal)))
            device.refresh_from_db()
    context = {"form": form, "device": device, "people": people, "left": PIN_TRIES - device.failed_pins}
    return render(request, "accounts/pin.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("pin", "once_more")
@needs(kind=Kind.DEVICE)
def first_pin(request: Request) -> HttpResponse:
    """A PIN that a manager gave is known to two people: it is changed before the first shift."""
    form, device = NewPinForm(request.POST or None), cast(Device, queries.device_in(request, request.at))
    if form.is_valid():
        try:
            account = queries.at_device(device, cast(int, request.by.shift_account))
            actions.set_pin(by=request.by, account=account, pin=form.cleaned_data["pin"], at=request.at)
            return redirect(AT_WORK)
        except Refusal as refusal:
            form.add_error("pin", _(str(refusal)))
    return render(request, "accounts/first_pin.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@needs(kind=Kind.DEVICE)
def end_shift(request: Request) -> HttpResponse:
    device = cast(Device, queries.device_in(request, request.at))
    actions.end_shift(by=request.by, device=device, at=request.at)
    return redirect("accounts:pin")


def _expected(device: Device, people: list[Account]) -> int | None:
    """Who stood here last, or the only one there is; among several nobody is chosen for them."""
    return device.shift_account_id or (people[0].pk if len(people) == 1 else None)


def _has_first_pin(device: Device) -> bool:
    return bool(device.shift_account and device.shift_account.pin.is_first)
