"""For load tests: `manage.py mint --doors N --residents M --out FILE` writes pairs of a door and a signed-in resident.

One JSON object a line: `{"path": "/s/…", "cookie": "name=value"}`. Each line is a valid check-in by itself.
"""

import json
import uuid
from argparse import ArgumentParser
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhuanban.base import ciphers
from zhuanban.base.accounts import actions as accounts
from zhuanban.registry.codes import queries as codes
from zhuanban.registry.codes.models import DoorCode
from zhuanban.registry.people import rules as people
from zhuanban.registry.people.models import Person


class Command(BaseCommand):
    help = "Write valid (door, resident) pairs for load tests. Refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--doors", type=int, required=True)
        parser.add_argument("--residents", type=int, required=True)
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("只有演示才能制作测试用的登录：正式运行时没有人可以替居民登录")
        with accounts.system_scope():
            paths = [f"/s/{codes.token_of(code)}" for code in _doors(options["doors"])]
            people_ = list(_people(options["residents"]))
        if not paths or not people_:
            raise CommandError("演示县还没有建好：请先运行 manage.py demo")
        rows = max(len(paths), len(people_))
        pairs = islice(zip(cycle(paths), cycle(people_), strict=False), rows)
        with options["out"].open("w") as out:
            out.writelines(json.dumps({"path": path, "cookie": _cookie(person)}) + "\n" for path, person in pairs)
        self.stdout.write(f"{rows} lines")


def _doors(count: int) -> "list[DoorCode]":
    return list(DoorCode.objects.filter(revoked_at=None, door__is_open=True).order_by("door_id")[:count])


def _people(count: int) -> "list[uuid.UUID]":
    return list(
        Person.objects.filter(deleted_at=None).order_by("created_at", "pk").values_list("pk", flat=True)[:count]
    )


def _cookie(person: uuid.UUID) -> str:
    token = people.write_session(
        person.bytes,
        issued_at=timezone.now(),
        level=people.Level.ACCOUNT,
        notice=people.NOTICE_VERSION,
        key=ciphers.key("shared/session"),
    )
    return f"{people.cookie_name(settings.HTTPS)}={token}"
