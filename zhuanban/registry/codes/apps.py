from django.apps import AppConfig
from django.utils.translation import gettext_noop

from zhuanban.base.accounts.rules import Role
from zhuanban.base.modules import Module


class CodesConfig(AppConfig):
    name = "zhuanban.registry.codes"
    label = "codes"
    entry = Module(
        title=gettext_noop("扫码命令"),
        icon="file",
        url_name="codes:orders",
        roles=frozenset({Role.COUNTY_OFFICE}),
        order=5,
        group=3,
    )
