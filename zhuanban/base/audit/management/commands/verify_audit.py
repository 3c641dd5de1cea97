"""`manage.py verify_audit [--roots FILE]`: is the log what was written?"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhuanban.base.audit import queries
from zhuanban.base.audit.rules import Head


class Command(BaseCommand):
    help = "Walks the hash chain and compares it with the roots; ends with 1 and the first broken row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--roots", type=Path, help="roots kept elsewhere, one JSON a line, as audit_roots writes")

    def handle(self, *args: Any, **options: Any) -> None:
        published = _read(options["roots"]) if options["roots"] else []
        found = queries.first_break(published)
        if found:
            raise CommandError(f"审计记录在第 {found.seq} 条断了：{found.what}", returncode=1)
        newest = queries.last()
        self.stdout.write(f"审计记录完整：{newest.seq if newest else 0} 条，对过 {len(published)} 个外部的根")


def _read(path: Path) -> list[Head]:
    try:
        said = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
        return [Head(int(one["count"]), str(one["hash"])) for one in said]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"读不了 {path}：每行应是一个 JSON，含 count 和 hash", returncode=2) from error
