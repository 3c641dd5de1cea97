"""What the administrators see: accounts and rights, and no rows of the county's work."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from zhuanban.base.accounts.models import Account, Membership, Organisation
from zhuanban.base.accounts.rules import By, Kind, Role, Verb
from zhuanban.base.audit.models import Entry
from zhuanban.base.errors import Forbidden, NotFound

PAGE = 50  # accounts
ADMINS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


@dataclass(frozen=True, slots=True)
class Row:
    """One page of accounts; `next_after` is the last username, empty on the last page."""

    accounts: Sequence[Account]
    total: int
    next_after: str


def accounts(by: By, *, text: str = "", after: str = "") -> Row:
    """Accounts by name, a page at a time. Raises: Forbidden."""
    _only_admins(by)
    standing = Membership.objects.filter(ended_at=None).select_related("organisation").order_by("pk")
    found = Account.objects.prefetch_related(Prefetch("memberships", standing, to_attr="standing"))
    if text:
        found = found.filter(Q(username__icontains=text) | Q(label__icontains=text) | Q(identity=text))
    page = list(found.filter(username__gt=after).order_by("username")[: PAGE + 1])
    return Row(page[:PAGE], found.count(), page[PAGE - 1].username if len(page) > PAGE else "")


def account(by: By, pk: int) -> Account:
    """Raises: Forbidden, NotFound."""
    _only_admins(by)
    every = Membership.objects.select_related("organisation").order_by("ended_at", "pk")
    found = Account.objects.prefetch_related(Prefetch("memberships", every, to_attr="every")).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这个账号"))
    return found


def standing_membership(by: By, pk: int) -> Membership:
    """Raises: Forbidden, NotFound."""
    _only_admins(by)
    found = Membership.objects.select_related("account", "organisation").filter(pk=pk, ended_at=None).first()
    if found is None:
        raise NotFound(_("没有这项授权，或已停用"))
    return found


def history_of(by: By, pk: int) -> list[tuple[str, Entry]]:
    """What was done to and by an account: in words, with the entry; the newest first."""
    _only_admins(by)
    about = Q(target=f"account:{pk}") | Q(actor=str(pk), actor_kind=Kind.STAFF, verb__startswith="accounts.")
    words = dict(Verb.choices())
    return [(words.get(one.verb, one.verb), one) for one in Entry.objects.filter(about).order_by("-seq")[:PAGE]]


def organisations(by: By, *, text: str = "") -> QuerySet[Organisation]:
    """Raises: Forbidden."""
    _only_admins(by)
    found = Organisation.objects.order_by("name", "pk")
    return found.filter(Q(name__icontains=text) | Q(uscc=text)) if text else found


def organisation(by: By, pk: int) -> Organisation:
    """Raises: Forbidden, NotFound."""
    found = organisations(by).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这个单位"))
    return found


def _only_admins(by: By) -> None:
    if by.kind is not Kind.SYSTEM and not by.has(*ADMINS):
        raise Forbidden(_("只有系统管理员和安全管理员能看账号"))
