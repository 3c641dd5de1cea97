from django.apps import AppConfig

from zhuanban.base.accounts.rules import By
from zhuanban.base.modules import Card, Module
from zhuanban.modules.venues.rules import SEES


def without_code(by: By) -> int:
    """Models are not ready while apps are being loaded."""
    from zhuanban.modules.venues import queries  # noqa: PLC0415

    return queries.count_without_code(by)


def note_without_code(by: By) -> str:
    from zhuanban.modules.venues import queries  # noqa: PLC0415

    return queries.note_without_code(by)


class VenuesConfig(AppConfig):
    name = "zhuanban.modules.venues"
    label = "venues"
    entry = Module(
        title="场所码",
        icon="door",
        url_name="venues:index",
        roles=frozenset(role.value for role in SEES),
        order=20,
        badge=without_code,
        cards=(
            Card(
                title="待发码场所",
                unit="个",
                icon="qr",
                url_name="venues:index",
                query="view=no_code",
                count=without_code,
                note=note_without_code,
            ),
        ),
    )
