"""What the demo tells whoever wants to walk through it: sign-ins, residents and doors."""

from datetime import datetime
from typing import Any

from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import DEMO_PASSWORD
from zhuanban.demo import staff, words
from zhuanban.registry.codes import queries as codes
from zhuanban.registry.codes import rules as code_rules
from zhuanban.registry.codes.models import DoorCode

SHOWN_DOORS = 12


def is_built() -> bool:
    return Account.objects.filter(username="county").exists()


def everything(at: datetime) -> dict[str, Any]:
    """Logins with password and authenticator secret, phones of residents, and doors to scan."""
    return {"logins": list(_logins()), "residents": _residents(), "doors": list(_doors()), "at": at.isoformat()}


def _logins() -> "list[dict[str, str]]":
    accounts = Account.objects.order_by("pk").prefetch_related("memberships")
    secrets = dict(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", "key"))
    return [
        {
            "username": account.username,
            "label": account.label,
            "password": DEMO_PASSWORD,
            "totp_secret": secrets[account.pk],  # hexadecimal
            "role": membership.role,
            "division": membership.division,
            "pin": staff.PIN,
        }
        for account in accounts
        for membership in account.memberships.all()[:1]
        if account.pk in secrets
    ]


def _residents() -> list[dict[str, str]]:
    """The first ones; the one-time code is shown on the page."""
    return [{"phone": words.phone(number)} for number in range(1, 11)]


def _doors() -> "list[dict[str, Any]]":
    rows = DoorCode.objects.filter(revoked_at=None).select_related("door__venue").order_by("door_id")[:SHOWN_DOORS]
    return [
        {
            "url": codes.url_of(code),
            "path": f"/s/{codes.token_of(code)}",
            "short": code_rules.display_short(code.short),
            "door": code.door_id,
            "venue": code.door.venue_id,
            "name": f"{code.door.venue.name} {code.door.name}",
        }
        for code in rows
    ]
