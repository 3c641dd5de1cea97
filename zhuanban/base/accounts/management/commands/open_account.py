"""`manage.py open_account NAME --label … --identity … --role SYSTEM_ADMIN`: the first administrators of a county.

Whoever has the server's command line has it all; from then on the pages do, and system and security stay apart.
"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from zhuanban.base.accounts import actions
from zhuanban.base.accounts.models import Organisation
from zhuanban.base.accounts.rules import WITHOUT_DATA, By, Grant, Role, system
from zhuanban.base.errors import Refusal


class Command(BaseCommand):
    help = "Opens an administrator's account and prints its owner's link (72 h, once)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", required=True, help="岗位称呼，代替姓名显示")
        parser.add_argument("--identity", required=True, help="工号；同一个人的几个账号相同")
        parser.add_argument("--role", required=True, choices=sorted(role.value for role in WITHOUT_DATA))

    def handle(self, *args: Any, **options: Any) -> None:
        by, at = system("command"), timezone.now()
        said = {name: options[name] for name in ("username", "label", "identity")}
        try:
            with transaction.atomic():
                opening = actions.open_account(by=by, at=at, **said)
                grant, place = Grant(Role(options["role"]), ""), _office(by)
                actions.join(by=by, account=opening.account, organisation=place, grant=grant, at=at)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        link = settings.PUBLIC_URL + reverse("accounts:welcome", args=[opening.secret])
        self.stdout.write(f"账号 {opening.account.username} 已开。请本人在 72 小时内打开，设密码和验证器：\n{link}")


def _office(by: By) -> Organisation:
    name, division = f"{settings.COUNTY_NAME}专班办公室", settings.COUNTY.ljust(12, "0")
    found = Organisation.objects.filter(name=name, division=division).first()
    if found:
        return found
    return actions.add_organisation(by=by, name=name, kind="OFFICE", division=division, at=timezone.now())
