from django.apps import AppConfig
from django.utils.translation import gettext_noop

from zhuanban.base.accounts.rules import By
from zhuanban.base.modules import Card, Module
from zhuanban.trail.alerts import rules


def waiting(by: By) -> int:
    """Models are not ready while apps are being loaded."""
    from zhuanban.trail.alerts import queries  # noqa: PLC0415

    return queries.open_alerts(by).count()


def reds(by: By) -> int:
    from zhuanban.trail.alerts import queries  # noqa: PLC0415

    return queries.open_reds(by).count()


def yellows(by: By) -> int:
    from zhuanban.trail.alerts import queries  # noqa: PLC0415

    return queries.waiting_yellows(by).count()


def note_of_reds(by: By) -> str:
    from zhuanban.base.ui import http  # noqa: PLC0415
    from zhuanban.trail.alerts import queries  # noqa: PLC0415

    return queries.note(queries.open_reds(by), at=http.moment())


def note_of_yellows(by: By) -> str:
    from zhuanban.base.ui import http  # noqa: PLC0415
    from zhuanban.trail.alerts import queries  # noqa: PLC0415

    return queries.note(queries.waiting_yellows(by), at=http.moment())


class AlertsConfig(AppConfig):
    name = "zhuanban.trail.alerts"
    label = "alerts"
    entry = Module(
        title=gettext_noop("健康预警"),
        icon="warning",
        url_name="alerts:list",
        roles=frozenset(role.value for role in rules.SEEING),
        order=30,
        badge=waiting,
        cards=(
            Card(
                gettext_noop("红码待处置"), gettext_noop("条"), "h-red", "alerts:list", "view=red", reds, note_of_reds
            ),
            Card(
                gettext_noop("黄码待转交"),
                gettext_noop("条"),
                "h-yellow",
                "alerts:list",
                "view=yellow",
                yellows,
                note_of_yellows,
            ),
        ),
    )
