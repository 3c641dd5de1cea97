"""Make the installation's key files that are missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from zhuanban.base import ciphers


class Command(BaseCommand):
    help = "Make the key files that are missing, readable by their owner only, and print their names. Safe to repeat."
    requires_system_checks: list[str] = []  # they complain of the very keys that are made here

    def handle(self, *args: Any, **options: Any) -> None:
        made = ciphers.make_all()
        for name in made:
            self.stdout.write(str(settings.KEYS / name))
        if not made:
            self.stdout.write(_("密钥都在，没有新做。"))
