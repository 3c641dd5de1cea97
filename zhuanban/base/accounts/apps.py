from django.apps import AppConfig
from django.core import checks

from zhuanban.base import safety
from zhuanban.base.modules import Module

_ADMINS = frozenset({"SYSTEM_ADMIN", "SECURITY_ADMIN"})
_MANAGERS = frozenset({"VENUE_MANAGER", "TOWNSHIP_OFFICE", "COUNTY_OFFICE"})


class AccountsConfig(AppConfig):
    name = "zhuanban.base.accounts"
    label = "accounts"
    devices = Module("设备与值守", "scan", "accounts:devices", _MANAGERS, order=91, group=3)
    accounts = Module("账号与授权", "key", "accounts:accounts", _ADMINS, order=92, group=3)

    def ready(self) -> None:
        checks.register(safety.check, deploy=True)
