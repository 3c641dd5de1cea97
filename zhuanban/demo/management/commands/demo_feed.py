"""The demo's platform: says every minute that it is there, so that its colours stay fresh."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from zhuanban.base.accounts import actions as accounts
from zhuanban.demo.days import FEED
from zhuanban.trail.status import actions as status

EVERY = 60.0  # seconds


class Command(BaseCommand):
    help = "Keep the demo's colour feed alive (make run starts it)."

    def handle(self, *_: Any, **__: Any) -> None:
        if not settings.DEMO:
            raise CommandError("只有演示才有模拟的健康码平台")
        while True:
            try:
                with accounts.system_scope():
                    status.hear(issuer=FEED, at=timezone.now())
            except DatabaseError as fault:
                self.stderr.write(f"数据库暂时不可用：{type(fault).__name__}")
            close_old_connections()
            time.sleep(EVERY)
