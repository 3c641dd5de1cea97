from django.apps import AppConfig

from zhuanban.base.modules import Module


class AuditConfig(AppConfig):
    name = "zhuanban.base.audit"
    label = "audit"
    entry = Module("审计", "shield", "audit:entries", frozenset({"AUDITOR"}), order=90, group=3)
