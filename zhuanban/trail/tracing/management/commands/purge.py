"""`manage.py purge`: destroys the days that are due now, as the keeper does by itself every minute."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhuanban.base.errors import Refusal
from zhuanban.trail.tracing.actions import Keeper


class Command(BaseCommand):
    help = "Destroy key and file of every day that is due. Run it as the keeper's user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="the clock is right, whatever the keeper thinks")

    def handle(self, *, force: bool, **_: Any) -> None:
        keeper, at = Keeper.here(), datetime.now(UTC)
        try:
            keeper.take_over(at=at)
            destroyed = keeper.purge(at=at, force=force)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for certificate in destroyed:
            self.stdout.write(f"{certificate.day}  {certificate.rows} 条  SHA-256 {certificate.sha256}")
        self.stdout.write(f"已清除 {len(destroyed)} 天")
