"""Opening an account through the page, for more than one test."""

import re

from django.test import Client

from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import Role
from zhuanban.base.accounts.tests.signing import organisation

LIST = "/desk/sign/accounts"
NEW = {"username": "new.one", "label": "鲍店镇值班员", "identity": "gh-17"}
LINK = re.compile(r"/desk/sign/welcome/[\w-]+")


def opened(system: Client) -> tuple[Account, str]:
    """A new account, and the path its owner is given."""
    page = system.post(f"{LIST}/new", NEW).content.decode()
    found = LINK.search(page)
    assert found
    return Account.objects.get(username=NEW["username"]), found[0]


def grant_form(**changed: str) -> dict[str, str]:
    said = {"role": Role.TOWNSHIP_DUTY.value, "organisation": str(organisation().pk), "division": "140428101"}
    return {**said, "sectors": "", **changed}
