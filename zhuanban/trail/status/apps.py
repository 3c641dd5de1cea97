from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext, gettext_noop

from zhuanban.base.accounts.rules import By, Role
from zhuanban.base.modules import Card, Module


def waiting(by: By) -> int:
    """Models are not ready while apps are being loaded."""
    return proposed(by) + disputed(by)


def proposed(by: By) -> int:
    from zhuanban.trail.status import queries  # noqa: PLC0415

    return queries.proposals(by).count()


def disputed(by: By) -> int:
    from zhuanban.trail.status import queries  # noqa: PLC0415

    return queries.corrections(by).count()


def note_of_proposed(by: By) -> str:
    from zhuanban.base.ui import http  # noqa: PLC0415
    from zhuanban.base.ui.rules import parts_of  # noqa: PLC0415
    from zhuanban.base.ui.templatetags.ui import span_words  # noqa: PLC0415
    from zhuanban.trail.status import queries  # noqa: PLC0415

    waited = queries.waited(by, http.moment())
    return "" if waited is None else gettext("最早的等了 %(span)s") % {"span": span_words(parts_of(waited))}


def note_of_disputed(by: By) -> str:
    from zhuanban.base.ui import http  # noqa: PLC0415
    from zhuanban.base.ui.rules import parts_of  # noqa: PLC0415
    from zhuanban.base.ui.templatetags.ui import span_words  # noqa: PLC0415
    from zhuanban.trail.status import queries  # noqa: PLC0415

    left = queries.left(by, http.moment())
    if left is None:
        return ""
    words = gettext("最近的剩 %(span)s") if left > timedelta(0) else gettext("最早的已超 %(span)s")
    return words % {"span": span_words(parts_of(abs(left)))}


class StatusConfig(AppConfig):
    name = "zhuanban.trail.status"
    label = "status"
    entry = Module(
        title=gettext_noop("颜色核定"),
        icon="medical",
        url_name="status:index",
        roles=frozenset({Role.HEALTH_OFFICER.value, Role.COUNTY_DUTY.value}),
        order=40,
        badge=waiting,
        cards=(
            Card(
                gettext_noop("颜色待确认"), gettext_noop("件"), "key", "status:index", "", proposed, note_of_proposed
            ),
            Card(
                gettext_noop("更正待答复"),
                gettext_noop("件"),
                "pen",
                "status:corrections",
                "",
                disputed,
                note_of_disputed,
            ),
        ),
    )
