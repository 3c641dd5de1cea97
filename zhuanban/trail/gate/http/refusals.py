"""Every “no” as an answer: a stable code and a sentence, as JSON or as a page that says what to do next."""

from zhuanban.base.errors import Busy, Refusal
from zhuanban.trail.gate.http import shell
from zhuanban.trail.gate.http.answers import answer_json, answer_page, retry_after
from zhuanban.trail.gate.http.requests import Request, Send
from zhuanban.trail.gate.http.shell import Message
from zhuanban.trail.gate.http.visitors import Visitor
from zhuanban.trail.gate.http.words import Words
from zhuanban.trail.gate.rules import BadMethod, BadScan

UNAVAILABLE = 503


async def refuse(send: Send, request: Request, refusal: Refusal, visitor: Visitor) -> None:
    extra = headers_of(refusal)
    if request.wants_page:
        page = shell.message_page(visitor, _message(refusal, request, visitor.words))
        await answer_page(send, refusal.status, page, extra=extra)
        return
    await answer_json(send, refusal.status, content_of(refusal, visitor.words), extra=extra)


def content_of(refusal: Refusal, _: Words) -> dict[str, str]:
    content = {"code": refusal.code, "message": said(refusal, _)}
    field = field_of(refusal)
    return {**content, "field": field} if field else content


def said(refusal: Refusal, _: Words) -> str:
    return _(str(refusal))


def field_of(refusal: Refusal) -> str:
    """The field that is at fault, by the name it has in the request."""
    if isinstance(refusal, BadScan):
        return refusal.field
    return {"BAD_NAME": "name", "BAD_PHONE": "phone", "BAD_VISIT_ID": "id"}.get(refusal.code, "")


def headers_of(refusal: Refusal) -> list[tuple[bytes, bytes]]:
    if isinstance(refusal, BadMethod):
        return [(b"allow", refusal.allow.encode())]
    if isinstance(refusal, Busy) or refusal.status == UNAVAILABLE:
        return [(b"retry-after", str(retry_after()).encode())]
    return []


def _message(refusal: Refusal, request: Request, _: Words) -> Message:
    """What happened, and what to do."""
    short = (_("输入短码"), shell.SHORT)
    again = (_("再试一次"), request.path)
    pages = {
        "UNKNOWN_DOOR": (
            _("这个场所码不能用"),
            _("请核对门上贴的码，或输入码下面的短码。门口工作人员也能手工登记。"),
            short,
        ),
        "NO_ORDER": (_("现在不用扫码"), _("目前没有生效的扫码命令，请直接进门。"), ("", "")),
        "BUSY": (_("人多，请稍候"), _("还没有登记。请等几秒再试；急的话请门口工作人员手工登记。"), again),
        "JOURNAL_DOWN": (_("暂时登记不了"), _("还没有登记。请过一会儿再试，或请门口工作人员手工登记。"), again),
        "NOT_FOUND": (_("没有这个页面"), _("请重新扫门上的码，或输入短码。"), short),
    }
    title, text, (button, href) = pages.get(refusal.code, (said(refusal, _), _("还没有登记。请重新扫码再试。"), short))
    return Message(title, text, refusal.code, button, href)
