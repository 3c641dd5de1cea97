"""A list for the tests: accounts, with a nullable column, a multi-valued search and two views."""

from datetime import UTC, datetime, timedelta

from zhuanban.base.accounts.models import Account
from zhuanban.base.ui.rules import Bulk, Column, Filter, ListSpec, Option, View

SPEC = ListSpec(
    columns=(
        Column("username", "账号", sort="username"),
        Column("label", "称呼", sort="label", width=20),
        Column("seen", "最近", sort="last_seen_at", value="last_seen_at", align="right"),
        Column("active", "在用", value="is_active"),
        Column("identity", "实名", in_page=False),
    ),
    sort="-seen",
    views=(
        View("", "全部"),
        View("active", "在用", {"is_active": True}),
        View("other", "其他", without={"label": "甲"}),
    ),
    filters=(
        Filter(
            "label", "称呼", "label", (Option("甲", "甲"), Option("乙", "乙"), Option("none", "空", {"label": ""}))
        ),
        Filter("since", "从", "last_seen_at", kind="from_day"),
        Filter("until", "到", "last_seen_at", kind="until_day"),
        Filter("town", "乡镇", "memberships__division__startswith"),
    ),
    search=("username__icontains", "memberships__organisation__name__icontains"),
    bulk=(Bulk("ui:parts", "提醒", "send"),),
    page_size=3,
    noun="个账号",
)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def make(username: str, *, label: str = "甲", days_ago: int | None = 0, is_active: bool = True) -> Account:
    seen = None if days_ago is None else NOON - timedelta(days=days_ago)
    return Account.objects.create(
        username=username, label=label, identity=username, last_seen_at=seen, is_active=is_active, password="!"
    )
