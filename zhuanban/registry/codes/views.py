"""The office's pages on codes and orders, and the sheet to print."""

from urllib.parse import quote

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhuanban.base.accounts.http import Request, needs, reauthenticated
from zhuanban.base.accounts.rules import Role
from zhuanban.base.ui.http import render_page
from zhuanban.registry.codes import actions, queries, rules, sheets
from zhuanban.registry.codes.forms import OrderForm, ReasonForm
from zhuanban.registry.places import queries as places


@require_safe
@needs()
def poster(request: Request, pk: int) -> HttpResponse:
    """The A4 sheet as PDF."""
    code = queries.code(request.by, pk)
    sheet = queries.sheet(code)
    response = HttpResponse(sheets.poster(sheet), content_type="application/pdf")
    name = quote(f"{sheet.venue}_{sheet.door}_{sheet.version}.pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return response


@require_safe
@needs()
def door(request: Request, pk: int) -> HttpResponse:
    """Every version a door has had, and what may be done with the one that stands."""
    found = places.door(request.by, pk)
    codes = queries.codes_on(found)
    may_issue = queries.may_issue(request.by, found)
    return render_page(request, "codes/door.html", {"door": found, "codes": codes, "may_issue": may_issue})


@require_POST
@needs(*rules.ISSUERS)
def issue(request: Request, pk: int) -> HttpResponse:
    actions.issue(door=places.door(request.by, pk), by=request.by, at=request.at)
    return redirect("codes:door", pk)


@needs(*rules.ISSUERS)
def reissue(request: Request, pk: int) -> HttpResponse:
    code, form = queries.code(request.by, pk, roles=rules.ISSUERS), ReasonForm(_posted(request))
    if form.is_valid():
        actions.reissue(code=code, by=request.by, at=request.at, **form.cleaned_data)
        return redirect("codes:door", code.door_id)
    return render_page(request, "codes/reissue.html", {"code": code, "form": form}, status=_status(form))


@needs(*rules.ISSUERS)
def revoke(request: Request, pk: int) -> HttpResponse:
    code, form = queries.code(request.by, pk, roles=rules.ISSUERS), ReasonForm(_posted(request))
    if form.is_valid():
        actions.revoke(code=code, by=request.by, at=request.at, **form.cleaned_data)
        return redirect("codes:door", code.door_id)
    return render_page(request, "codes/revoke.html", {"code": code, "form": form}, status=_status(form))


@require_safe
@needs(Role.COUNTY_OFFICE)
def orders(request: Request) -> HttpResponse:
    lines = queries.order_lines(request.at)
    is_running = any(line.state is rules.OrderState.RUNNING for line in lines)
    return render_page(request, "codes/orders.html", {"lines": lines, "is_running": is_running})


@needs(Role.COUNTY_OFFICE)
@reauthenticated
def register_order(request: Request) -> HttpResponse:
    form = OrderForm(_posted(request))
    if form.is_valid():
        try:
            actions.register_order(**form.cleaned_data, by=request.by, at=request.at)
        except (actions.OrderNumberTaken, actions.OrderNeverRuns) as refusal:
            form.add_error(refusal.field, _(str(refusal)))
        else:
            return redirect("codes:orders")
    return render_page(request, "codes/register_order.html", {"form": form}, status=_status(form))


@needs(Role.COUNTY_OFFICE)
@reauthenticated
def end_order(request: Request, pk: int) -> HttpResponse:
    order, form = queries.order(pk), ReasonForm(_posted(request))
    if form.is_valid():
        actions.end_order(order=order, by=request.by, at=request.at, **form.cleaned_data)
        return redirect("codes:orders")
    return render_page(request, "codes/end_order.html", {"order": order, "form": form}, status=_status(form))


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _status(form: OrderForm | ReasonForm) -> int:
    return 422 if form.errors else 200
