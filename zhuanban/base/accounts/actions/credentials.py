"""Password and code, checked as one: the answer never says which of them was wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib import auth
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhuanban.base.accounts import queries
from zhuanban.base.accounts.models import Account
from zhuanban.base.accounts.rules import Verb
from zhuanban.base.audit import actions as audit
from zhuanban.base.errors import Refusal


class WrongLogin(Refusal):
    code = "WRONG_LOGIN"
    status = 401


def check_login(*, request: HttpRequest, username: str, password: str, code: str) -> Account:
    """Whoever this is. A wrong code counts with django-axes as a wrong password does.

    Raises: WrongLogin, Busy.
    """
    with _nothing_to_copy(request):
        account = auth.authenticate(request, username=username, password=password)
        if isinstance(account, Account) and _code_is_right(account, code):
            return account
        if account is not None:
            user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
    raise WrongLogin(_("登录名、密码或验证码不对。验证码用过一次就作废，请等验证器换一个新的。"))


@contextmanager
def _nothing_to_copy(request: HttpRequest) -> Iterator[None]:
    """django-axes copies a failed form into its table, and knows secrets by the name `password` only."""
    typed, request.POST = request.POST, QueryDict()
    try:
        yield
    finally:
        request.POST = typed


def _code_is_right(account: Account, code: str) -> bool:
    """Locks the generator: one code signs in once, however many try it at the same moment."""
    with transaction.atomic():
        generator = TOTPDevice.objects.select_for_update().filter(user=account, confirmed=True).first()
        if generator is None or not generator.verify_token(code):
            return False
    account.otp_device = generator  # type: ignore[attr-defined]  # login() keeps it in the session
    return True


@transaction.atomic
def note_sign_in(*, account: Account, at: datetime, verb: Verb = Verb.SIGN_IN) -> Account:
    Account.objects.filter(pk=account.pk).update(last_seen_at=at)
    audit.record(by=queries.by_of(account), verb=verb, at=at, target=f"account:{account.pk}")
    return account
