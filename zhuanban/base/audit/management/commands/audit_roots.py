"""`manage.py audit_roots [--publish]`: the roots as JSON lines, for the second machine to fetch and keep."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhuanban.base.audit import actions, queries


class Command(BaseCommand):
    help = "Prints every published root, oldest first; verify_audit --roots reads it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--publish", action="store_true", help="publish the root of this moment first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["publish"]:
            actions.publish_root(at=timezone.now())
        for root in queries.roots().reverse():
            self.stdout.write(json.dumps({"count": root.count, "hash": root.hash, "at": root.at.isoformat()}))
