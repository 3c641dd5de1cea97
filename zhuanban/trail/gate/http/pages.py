"""The scan page and the result page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from zhuanban.base.spans import day_of
from zhuanban.registry.codes.rules import DoorFacts, OrderFacts, display_short
from zhuanban.registry.people.rules import NOTICE_VERSION
from zhuanban.trail.gate import rules
from zhuanban.trail.gate.http import markup, shell, times
from zhuanban.trail.gate.http.markup import Html
from zhuanban.trail.gate.http.notice import notice
from zhuanban.trail.gate.http.results import past_words
from zhuanban.trail.gate.http.visitors import FRESH, Show, Visitor
from zhuanban.trail.keys import rules as keys

FAMILY, LOOKS, SIGN_IN = "/my/family", "/my/looks", "/my/sign-in"
SLOTS = (  # of result.html
    *("stored", "word", "sub", "say", "clock", "day", "venue", "door", "address", "count", "note"),
    *("steps", "step1", "step2", "step3", "limit"),
    *("why", "term1", "why1", "term2", "why2", "term3", "why3", "end", "then_title", "then"),
    *("guard", "call", "call_href", "fix", "fix_href", "code", "code_href", "done", "done_href", "source"),
)


@dataclass(frozen=True, slots=True)
class Doorstep:
    """One door, seen by one visitor; `id` is what their entry will be called."""

    door: DoorFacts
    order: OrderFacts
    path: str
    id: str
    at: datetime
    session_key: bytes
    family: tuple[bytes, ...] = ()  # whom the visitor may enter today
    typed: Mapping[str, str] = field(default_factory=dict)  # of a form that was refused
    ticked: tuple[str, ...] = (rules.ME,)
    errors: Mapping[str, str] = field(default_factory=dict)  # by field; "" is the page's own


def scan_page(step: Doorstep, visitor: Visitor) -> Html:
    _ = visitor.words
    body = markup.fill("scan", {**_place(step, visitor), **_form(step, visitor)})
    title = _("{venue} {door}，登记进门").format(venue=step.door.venue_name, door=step.door.door_name)
    return shell.frame(visitor, title=title, body=body, body_class="on-scan")


def result_page(visitor: Visitor, shown: Show, *, path: str, at: datetime) -> Html:
    """The same as the page's script makes of the same texts. Left open, it goes back to the scan page."""
    title = f"{shown['word']} {shown['venue']}"
    seconds = FRESH // timedelta(seconds=1)
    head = (
        Html("") if shown["tone"] in ("red", "yellow") else markup.fill("expiry", {"seconds": seconds, "path": path})
    )
    body = _result(shown, at, visitor)
    return shell.frame(visitor, title=title, body=body, body_class=f"on-result b-{shown['tone']}", head=head)


def _place(step: Doorstep, visitor: Visitor) -> dict[str, object]:
    _ = visitor.words
    return {
        "top": shell.top(visitor),
        "lead": _("请与门头核对，您要进的是"),
        "venue": step.door.venue_name,
        "door": step.door.door_name,
        "short_label": _("短码"),
        "short": display_short(step.door.short),
        "address": step.door.address,
        "short_href": shell.SHORT,
        "not_here": _("不是这里？重新扫码或输入短码"),
    }


def _form(step: Doorstep, visitor: Visitor) -> dict[str, object]:
    _, is_known = visitor.words, visitor.session is not None
    told = visitor.session is not None and visitor.session.notice >= NOTICE_VERSION
    gone = keys.disappears_on(day_of(step.at), settings.RETENTION_DAYS)
    looks = Html(f'<a href="{LOOKS}">{markup.rich(_("谁看过您都能查到"))}</a>')
    tail = looks if is_known else markup.rich(_("谁看过您都能查到"))
    deletion = markup.rich(_("记录 {day}自动删除，").format(day=times.day(gone, _)))
    shown_notice = notice(step.order, county=settings.COUNTY_NAME, days=settings.RETENTION_DAYS, _=_)
    return {
        "action": step.path,
        "id": step.id,
        "problem": _problem(step),
        "notice": Html("") if told else shown_notice,
        "notice_version": NOTICE_VERSION,
        "who": _people(step, visitor) if is_known else _stranger(step, visitor),
        "go": _("登记进门") if told else _("看过了，登记进门"),
        "deletion": Html(deletion + tail),
        "result": _result({}, step.at, visitor),
        "words": _script_words(step, visitor),
    }


def _problem(step: Doorstep) -> Html:
    what = step.errors.get("", "") or step.errors.get("people", "")
    return markup.fill("problem", {"what": what, "next": "", "hidden": markup.when(not what, "hidden")})


def _people(step: Doorstep, visitor: Visitor) -> Html:
    """Oneself, and those of the family whose names this browser holds and whom one may enter today."""
    _, own = visitor.words, visitor.own or b""
    rows = [_tick(step, rules.ME, visitor.name_of(own), _("本人"))]
    for member in visitor.family:
        if member.person in step.family:
            kin = visitor.relation_of(member.person)
            if member.age is not None:
                kin = _("{kin}，{age} 岁").format(kin=kin, age=member.age)
            rows.append(_tick(step, rules.ref_of(own, member.person, key=step.session_key), member.name, kin))
    return markup.fill(
        "people",
        {
            "title": _("谁一起进门"),
            "hint": _("不用手机的家人也在这里勾选"),
            "rows": markup.each("person", rows),
            "add": _("添加家人或同行人"),
            "add_href": FAMILY,
        },
    )


def _tick(step: Doorstep, ref: str, name: str, kin: str) -> dict[str, object]:
    return {"ref": ref, "name": name, "kin": kin, "checked": markup.when(ref in step.ticked, "checked")}


def _stranger(step: Doorstep, visitor: Visitor) -> Html:
    _ = visitor.words
    name = _field(step, "name", label=_("姓名"), kind="text", autocomplete="name", inputmode="text")
    phone = _field(step, "phone", label=_("手机号"), kind="tel", autocomplete="tel-national", inputmode="tel")
    link = Html(f'<a href="{SIGN_IN}?next={step.path}">{markup.rich(_("已注册的，用手机号登录"))}</a>')
    return markup.fill(
        "stranger",
        {
            "title": _("填一次，以后扫码不用再填"),
            "hint": _("不核对健康码，记为“未核验”，照样登记。"),
            "fields": Html(name + phone),
            "sign_in": link,
        },
    )


def _field(step: Doorstep, name: str, *, label: str, **kinds: str) -> Html:
    error = step.errors.get(name, "")
    return markup.fill(
        "field",
        {
            "name": name,
            "label": label,
            "value": step.typed.get(name, ""),
            "state": "bad" if error else "",
            "error": error,
            "hidden": markup.when(not error, "hidden"),
            "invalid": markup.when(error, 'aria-invalid="true"'),
            "focus": markup.when(error and name == next(iter(step.errors)), "autofocus"),
            **kinds,
        },
    )


def _result(shown: Show, at: datetime, visitor: Visitor) -> Html:
    """Filled, or empty and hidden for the script to fill."""
    values: dict[str, object] = {slot: markup.rich(str(shown.get(slot, ""))) for slot in SLOTS}
    values |= {f"if_{slot}": markup.when(slot not in shown, "hidden") for slot in SLOTS}
    second = (times.millis(at) // 1000) % 60
    return markup.fill(
        "result",
        {
            **values,
            "tone": shown.get("tone", "none"),
            "rhythm": f"{(times.millis(at) // 60_000) % 6}",
            "turn": second * 6,
            "at_ms": shown.get("at_ms", 0),
            "due_ms": shown.get("due_ms", 0),
            "people": markup.each("shown_person", _shown_people(shown)),
            "done_style": "line" if "code" in shown else "full",
            "if_result": markup.when(not shown, "hidden"),
        },
    )


def _shown_people(shown: Show) -> list[dict[str, object]]:
    return [{"name": name, "note": note, "tone": tone} for name, note, tone in shown.get("people", [])]


def _script_words(step: Doorstep, visitor: Visitor) -> Html:
    """What the script may have to say by itself, and what it must know. `<` cannot close the element it lies in."""
    _ = visitor.words
    said = {
        "at": times.millis(step.at),
        "day": f"{day_of(step.at):%Y%m%d}",
        "lang": "en-US" if visitor.is_english else "zh-CN",
        "n": _("{n} 人"),
        "sending": _("正在登记…"),
        "offline": _("没有网络，还没登记成功。连上网会自动再送。"),
        "busy": _("人多，正在排队，{s} 秒后再送，请别关页面。"),
        "nobody": _("请至少勾选一个人"),
        "failed": _("没有登记成功，请再试一次"),
        "left": _("，还有 ⟦{m} 分 {s} 秒⟧"),
        "left_long": _("，还有 ⟦{h} 时 {m} 分⟧"),
        "late": _("，已过，请打电话"),
        "past": {
            "after_ms": FRESH // timedelta(milliseconds=1),
            "texts": {**past_words(_), "done_href": step.path},
        },
        "mute": _("静音"),
        "muted": _("已静音"),
    }
    return Html(json.dumps(said, ensure_ascii=False).replace("<", "\\u003c"))
