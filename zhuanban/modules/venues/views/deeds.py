"""Deeds that stop or start something: each is asked once more on a page of its own, with its effect and a reason."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from zhuanban.base.accounts.http import Request, needs
from zhuanban.base.errors import NotFound
from zhuanban.base.spans import day_of
from zhuanban.base.ui.http import render_page
from zhuanban.modules.venues import actions
from zhuanban.modules.venues.forms import ReasonForm
from zhuanban.registry.places import actions as places
from zhuanban.registry.places import queries as places_queries
from zhuanban.registry.places.rules import MAY_MANAGE, MAY_STAFF

Words = Any  # lazy translations
KEY = re.compile(r"[0-9]{1,18}")  # a row's key, as far as a table can hold one


@dataclass(frozen=True, slots=True)
class Deed:
    """What is asked before it is done. `does` takes the row's key, by, reason and at by name."""

    question: Words
    effect: Words
    yes: Words
    done: Words
    does: Callable[..., Any]
    is_danger: bool = True


DEEDS = {
    "suspend": Deed(
        _("暂停这个场所？"),
        _("所有门的场所码马上不能扫。随时可以恢复，码不变。"),
        _("暂停 1 个场所"),
        _("已暂停，所有门不能再扫"),
        places.suspend_venue,
    ),
    "resume": Deed(
        _("恢复这个场所？"),
        _("所有启用的门马上可以扫，用原来的码。"),
        _("恢复"),
        _("已恢复，原来的码可以扫了"),
        places.resume_venue,
        is_danger=False,
    ),
    "close": Deed(
        _("注销这个场所？"),
        _("所有门的场所码永远停用，不能恢复；记录按期限保存。只是停业请用“暂停”。"),
        _("注销 1 个场所"),
        _("已注销"),
        places.close_venue,
    ),
}
DOOR_DEEDS = {
    "close": Deed(
        _("停用这个门？"),
        _("这个门的场所码马上不能扫，其他门照常。随时可以启用，码不变。"),
        _("停用 1 个门"),
        _("已停用这个门"),
        places.close_door,
    ),
    "open": Deed(
        _("启用这个门？"),
        _("这个门的场所码马上可以扫。"),
        _("启用"),
        _("已启用这个门"),
        places.open_door,
        is_danger=False,
    ),
}


@require_http_methods(["GET", "POST"])
@needs(*MAY_MANAGE)
def deed(request: Request, pk: int, name: str) -> HttpResponse:
    """Suspend, resume or close a venue."""
    venue = places_queries.venue(request.by, pk, roles=MAY_MANAGE)
    asked = _deed(DEEDS, name)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, asked, form, about=venue.name, back=reverse("venues:venue", args=[pk]))
    asked.does(venue=pk, by=request.by, reason=form.cleaned_data["reason"], at=request.at)
    messages.success(request, str(asked.done))
    return redirect("venues:venue", pk)


@require_http_methods(["GET", "POST"])
@needs(*MAY_MANAGE)
def door_deed(request: Request, pk: int, name: str) -> HttpResponse:
    """Close or open a door."""
    door = places_queries.door(request.by, pk, roles=MAY_MANAGE)
    asked = _deed(DOOR_DEEDS, name)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        back = reverse("venues:venue", args=[door.venue_id])
        return _ask(request, asked, form, about=f"{door.venue.name} {door.name}", back=back)
    asked.does(door=door.pk, by=request.by, reason=form.cleaned_data["reason"], at=request.at)
    messages.success(request, str(asked.done))
    return redirect("venues:venue", door.venue_id)


@require_POST
@needs(*MAY_MANAGE)
def suspend_many(request: Request) -> HttpResponse:
    """Suspend the venues chosen in the list: asked once more, then all or none."""
    picked = [int(key) for key in request.POST.getlist("pick") if KEY.fullmatch(key)]
    chosen = list(places_queries.venues(request.by, roles=MAY_MANAGE).filter(pk__in=picked).order_by("name"))
    if not chosen:
        messages.error(request, gettext("还没有选场所，什么都没有改"))
        return redirect("venues:index")
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if not form.is_valid():
        return _ask_many(request, form, chosen)
    picked = [venue.pk for venue in chosen]
    actions.suspend_many(by=request.by, venues=picked, reason=form.cleaned_data["reason"], at=request.at)
    messages.success(request, gettext("已暂停 %(n)d 个场所") % {"n": len(chosen)})
    return redirect("venues:index")


@require_http_methods(["GET", "POST"])
@needs(*MAY_STAFF)
def end_post(request: Request, pk: int) -> HttpResponse:
    post = places_queries.post(request.by, pk)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        asked = Deed(
            gettext("结束这个岗位？"),
            gettext("从今天起不再值守；账号和记录都保留。"),
            gettext("离岗"),
            gettext("已离岗"),
            places.end_post,
        )
        about = f"{post.venue.name} {post.account.label}"
        return _ask(request, asked, form, about=about, back=reverse("venues:venue", args=[post.venue_id]))
    reason, today = form.cleaned_data["reason"], day_of(request.at)
    places.end_post(by=request.by, post=pk, until_day=today, reason=reason, at=request.at)
    messages.success(request, gettext("已离岗"))
    return redirect("venues:venue", post.venue_id)


def _deed(deeds: Mapping[str, Deed], name: str) -> Deed:
    if name not in deeds:
        raise NotFound(gettext("没有这种操作"))
    return deeds[name]


def _ask(request: Request, asked: Deed, form: ReasonForm, *, about: str, back: str) -> HttpResponse:
    context = {"deed": asked, "form": form, "about": about, "back": back}
    return render_page(request, "venues/deed.html", context, status=422 if form.errors else 200)


def _ask_many(request: Request, form: ReasonForm, chosen: list[Any]) -> HttpResponse:
    asked = Deed(
        gettext("暂停这 %(n)d 个场所？") % {"n": len(chosen)},
        DEEDS["suspend"].effect,
        gettext("暂停 %(n)d 个场所") % {"n": len(chosen)},
        "",
        actions.suspend_many,
    )
    context = {"deed": asked, "form": form, "chosen": chosen, "back": reverse("venues:index")}
    return render_page(request, "venues/deed.html", context, status=422 if form.errors else 200)
