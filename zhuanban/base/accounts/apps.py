from django.apps import AppConfig
from django.utils.translation import gettext_noop

from zhuanban.base.modules import Module

_ADMINS = frozenset({"SYSTEM_ADMIN", "SECURITY_ADMIN"})
_MANAGERS = frozenset({"VENUE_MANAGER", "TOWNSHIP_OFFICE", "COUNTY_OFFICE"})


class AccountsConfig(AppConfig):
    name = "zhuanban.base.accounts"
    label = "accounts"
    entry = Module(gettext_noop("账号与设备"), "key", "accounts:home", _ADMINS | _MANAGERS, order=91, group=3)
