"""The 告知书 that a person is shown before the first entry, and again whenever its version rises.

source: 个人信息保护法 Articles 17 (what must be told), 30 and 31 (sensitive data, children under 14), 44–48 (rights).
"""

from zhuanban.registry.codes.rules import OrderFacts
from zhuanban.trail.gate.http import markup
from zhuanban.trail.gate.http.markup import Html
from zhuanban.trail.gate.http.words import Words

WHOLE = "/notice"  # the portal's page with every sentence


def notice(order: OrderFacts, *, county: str, days: int, _: Words) -> Html:
    """Who, why, on what basis, what, how long, which rights, and children."""
    rows = (
        (_("谁在登记"), order.issuer),
        (_("为什么"), _("只用于疫情防控流调，不作他用")),
        (_("依据"), _("{title}（{number}）").format(title=order.title, number=order.number)),
        (_("记什么"), _("姓名、电话、门、时间、健康码")),
        (_("存多久"), _("加密保存 {days} 天，到期销毁").format(days=days)),
        (
            _("您的权利"),
            _("可查看、复制、更正、删除，也可向{county}专班投诉；谁看过您的信息都能查到").format(county=county),
        ),
        (_("孩子"), _("不满 14 岁，由监护人代为登记")),
    )
    terms = markup.each("notice_row", [{"term": term, "text": text} for term, text in rows])
    words = {"title": _("第一次登记，请先看告知书"), "rows": terms, "whole": _("看告知书全文"), "whole_href": WHOLE}
    return markup.fill("notice", words)
