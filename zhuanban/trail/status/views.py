"""Colours set by hand: the inbox, one proposal and its decision; and the corrections that people ask for."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.ui.http import render_page
from zhuanban.base.ui.rules import Crumb
from zhuanban.trail.status import actions, queries
from zhuanban.trail.status.forms import AnswerForm, LookForm, ProposalForm, RefuseForm
from zhuanban.trail.status.queries import DECIDERS, PROPOSERS

UNPROCESSABLE = 422
LATELY = timedelta(days=7)  # decided proposals that the inbox still shows


@require_GET
@needs(*DECIDERS)
def index(request: Request) -> HttpResponse:
    context = {
        "proposals": queries.proposals(request.by),
        "decided": queries.decided(request.by, since=request.at - LATELY),
        "disputed": queries.corrections(request.by).count(),
        "may_propose": request.by.has(*PROPOSERS),
    }
    return render_page(request, "status/index.html", context)


@require_http_methods(["GET", "POST"])
@needs(*PROPOSERS)
def propose(request: Request) -> HttpResponse:
    form = ProposalForm(request.POST or None, at=request.at)
    if form.is_valid():
        actions.propose(by=request.by, at=request.at, **form.proposal())
        messages.success(request, _("已提出，颜色还没有变：等另一个人确认"))
        return redirect("status:index")
    crumbs = [Crumb(_("颜色核定"), reverse("status:index")), Crumb(pgettext("action", "提出"))]
    context = {"form": form, "crumbs": crumbs}
    return render_page(request, "status/propose.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@needs(*DECIDERS)
def proposal(request: Request, pk: int) -> HttpResponse:
    return _show(request, pk)


@require_POST
@needs(*DECIDERS)
def confirm(request: Request, pk: int) -> HttpResponse:
    fact = actions.confirm(by=request.by, pk=pk, at=request.at)
    messages.success(request, _("已确认为%(colour)s，各门口马上生效") % {"colour": _(fact.get_colour_display())})
    return redirect("status:index")


@require_POST
@needs(*DECIDERS)
def refuse(request: Request, pk: int) -> HttpResponse:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, refuse_form=form, status=UNPROCESSABLE)
    actions.refuse(by=request.by, pk=pk, at=request.at, **form.cleaned_data)
    messages.success(request, _("已退回，颜色没有变"))
    return redirect("status:index")


@require_POST
@needs(*DECIDERS)
def look(request: Request, pk: int) -> HttpResponse:
    """Whom it is about, for this answer only: the row that says so is in the audit before anything is deciphered."""
    form = LookForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, look_form=form, status=UNPROCESSABLE)
    told = actions.look(by=request.by, pk=pk, at=request.at, **form.cleaned_data)
    return _show(request, pk, identity=told)


@require_GET
@needs(*DECIDERS)
def corrections(request: Request) -> HttpResponse:
    return _corrections(request)


@require_POST
@needs(*DECIDERS)
def answer(request: Request, pk: int) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _corrections(request, wrong=(queries.correction(request.by, pk).pk, form), status=UNPROCESSABLE)
    actions.answer_correction(by=request.by, pk=pk, at=request.at, **form.cleaned_data)
    messages.success(request, _("已答复，本人看得到"))
    return redirect("status:corrections")


def _show(request: Request, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    row = queries.proposal(request.by, pk)
    context = {
        "row": row,
        "is_mine": row.proposed_by == request.by.identity,
        "refuse_form": RefuseForm(),
        "look_form": LookForm(),
        "crumbs": [Crumb(_("颜色核定"), reverse("status:index")), Crumb(row.called)],
    }
    return render_page(request, "status/proposal.html", context | more, status=status)


def _corrections(request: Request, *, wrong: tuple[int, AnswerForm] | None = None, status: int = 200) -> HttpResponse:
    """Each open correction with its form; the one that came back wrong with what was typed."""
    wrong_pk, wrong_form = wrong or (0, AnswerForm())
    rows = [
        (asked, due_at, wrong_form if asked.pk == wrong_pk else AnswerForm(auto_id=f"answer_{asked.pk}_%s"))
        for asked, due_at in queries.with_clocks(queries.corrections(request.by))
    ]
    crumbs = [Crumb(_("颜色核定"), reverse("status:index")), Crumb(_("更正申请"))]
    return render_page(request, "status/corrections.html", {"rows": rows, "crumbs": crumbs}, status=status)
