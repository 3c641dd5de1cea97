"""The demands every action here makes of its asker; pages make them too, this is the last word."""

from django.utils.translation import gettext as _

from zhuanban.base.accounts.rules import By, Kind, Role
from zhuanban.base.errors import Forbidden


def only(by: By, *roles: Role) -> None:
    """Raises: Forbidden. A process of our own (a command on the server, the demo) may do all."""
    if by.kind is not Kind.SYSTEM and not by.has(*roles):
        raise Forbidden(_("您的角色不能这样做"))
