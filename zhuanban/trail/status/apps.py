from django.apps import AppConfig
from django.utils.translation import gettext_noop

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
            Card(gettext_noop("颜色待确认"), gettext_noop("件"), "key", "status:index", "", proposed),
            Card(gettext_noop("更正待答复"), gettext_noop("件"), "pen", "status:corrections", "", disputed),
        ),
    )
