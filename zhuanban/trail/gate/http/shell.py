"""The frame of every page, and the pages that are only a message."""

from dataclasses import dataclass

from django.conf import settings

from zhuanban.trail.gate.http import assets, markup
from zhuanban.trail.gate.http.markup import Html
from zhuanban.trail.gate.http.visitors import Visitor

SHORT = "/s/"  # where a short code is typed


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say: what happened, what to do next."""

    title: str
    text: str
    code: str = ""
    button: str = ""
    href: str = ""


def frame(visitor: Visitor, *, title: str, body: Html, body_class: str = "", head: Html | None = None) -> Html:
    return markup.fill(
        "page",
        {
            "lang": Html('lang="en"' if visitor.is_english else 'lang="zh-Hans"'),
            "html_class": "care" if visitor.care else "",
            "title": title,
            "head": head or Html(""),
            "css": assets.path_of("scan.css"),
            "js": assets.path_of("scan.js"),
            "body_class": body_class,
            "body": body,
        },
    )


def top(visitor: Visitor) -> Html:
    """The name of the service, the other language, and larger type."""
    _ = visitor.words
    return markup.fill(
        "top",
        {
            "brand": _("{county}场所码").format(county=settings.COUNTY_NAME),
            "other_lang": "zh-Hans" if visitor.is_english else "en",
            "other_name": "中文" if visitor.is_english else "English",
            "lang_href": "?lang=zh-hans" if visitor.is_english else "?lang=en",
            "care_name": _("普通版") if visitor.care else _("关怀版"),
            "care_href": "?care=0" if visitor.care else "?care=1",
        },
    )


def message_page(visitor: Visitor, message: Message, *, form: Html | None = None) -> Html:
    action = Html("")
    if message.button:
        action = markup.fill("action", {"href": message.href, "label": message.button})
    body = markup.fill(
        "message",
        {
            "top": top(visitor),
            "title": message.title,
            "text": message.text,
            "code": message.code,
            "form": form or Html(""),
            "action": action if form is None else markup.fill("submit", {"form": "short", "label": message.button}),
        },
    )
    return frame(visitor, title=message.title, body=body)


def short_page(visitor: Visitor, *, typed: str = "", error: str = "") -> Html:
    """Where a short code is typed; what was typed stays."""
    _ = visitor.words
    form = markup.fill(
        "short",
        {
            "state": "bad" if error else "",
            "action": SHORT,
            "label": _("短码"),
            "hint": _("8 位，印在门口场所码的下方，如 B7K4-M2Q9"),
            "value": typed,
            "error": error,
            "hidden": markup.when(not error, "hidden"),
            "invalid": markup.when(error, 'aria-invalid="true"'),
        },
    )
    text = _("用微信或相机扫门上的场所码；扫不出来就输入码下面的短码。")
    return message_page(visitor, Message(_("您要进哪个门？"), text, button=_("打开")), form=form)
