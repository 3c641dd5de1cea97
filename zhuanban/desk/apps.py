from django.apps import AppConfig
from django.utils.translation import gettext_noop

from zhuanban.base.accounts.rules import WITHOUT_DATA, Role
from zhuanban.base.modules import Module


class DeskConfig(AppConfig):
    name = "zhuanban.desk"
    label = "desk"
    entry = Module(
        gettext_noop("今日"), "calendar", "desk:today", frozenset(role.value for role in Role), order=0, group=1
    )
    county = Module(
        gettext_noop("全县地图"),
        "map",
        "desk:map",
        frozenset(role.value for role in Role if role not in WITHOUT_DATA),
        order=1,
        group=3,
    )
