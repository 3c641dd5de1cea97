"""The invented county: `manage.py demo`. Deterministic, idempotent; `--scale N` makes it N times as large."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from zhuanban.base.accounts import actions as accounts
from zhuanban.demo import county, days, told


class Command(BaseCommand):
    help = "Build the invented demo county, or print its logins and doors with --json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="1: 400 venues, 3,000 residents")
        parser.add_argument("--json", action="store_true", help="print logins, residents and door URLs")
        parser.add_argument("--if-empty", action="store_true", help="say nothing when the county is there")

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只能装进演示：请设 DEMO=1")
        with accounts.system_scope():
            if not told.is_built():
                self._build(options["scale"])
            elif not (options["if_empty"] or options["json"]):
                self.stdout.write("演示县已经建好，没有改动。")
            if options["json"]:
                self.stdout.write(json.dumps(told.everything(timezone.now()), ensure_ascii=False, indent=1))

    def _build(self, scale: int) -> None:
        at = timezone.now()
        self.stderr.write(f"正在建演示县（{settings.COUNTY_NAME}，规模 {scale}）…")
        with transaction.atomic():  # one wait for the disk, not ten thousand
            made = county.build(scale=scale, at=at)
            days.colours(made, at=at)
        days.live(made, at=at)
        self.stderr.write(f"建好了：{len(made.venues)} 个场所，{len(made.residents)} 位居民。")
