"""The auditor's list, and the roots for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from zhuanban.base.audit import queries
from zhuanban.base.audit.forms import FilterForm
from zhuanban.base.audit.http import for_auditors

ROOTS_SHOWN = 168  # a week of hours


@require_GET
@for_auditors
def entries(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = form.wanted()
    page = queries.entries(getattr(request, "by"), wanted)  # noqa: B009  (`by` is set by accounts, above us)
    kept = {name: value for name, value in form.cleaned_data.items() if value and name != "before"}
    context = {"form": form, "page": page, "verbs": queries.verbs(), "kept": urlencode(kept)}
    return render(request, "audit/entries.html", context)


@require_GET
def roots(request: HttpRequest) -> HttpResponse:
    """Public: whoever keeps a copy can prove later that nothing before it was rewritten."""
    return render(request, "audit/roots.html", {"roots": queries.roots()[:ROOTS_SHOWN]})
