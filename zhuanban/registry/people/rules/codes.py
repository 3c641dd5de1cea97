"""The one-time code that proves a telephone: how long it lives and how often it is sent."""

import secrets
from datetime import datetime, timedelta

from zhuanban.base.errors import Busy, Refusal
from zhuanban.registry.people.rules.marks import _

CODE_DIGITS = 6  # source: as banks and WeChat send them; five tries hit one code in 200,000
CODE_LIFETIME = timedelta(minutes=5)  # source: county-set; a slow SMS arrives within two
CODE_TRIES = 5  # source: county-set
RESEND_AFTER = timedelta(seconds=60)  # source: county-set
CODES_PER_PHONE = 10  # a day; source: county-set
CODES_PER_ADDRESS = (
    100  # a day; source: county-set; a carrier or a town hall puts hundreds of phones behind one address
)


class WrongCode(Refusal):
    """Wrong, run out, spent, or never sent: all say the same."""

    code = "WRONG_CODE"
    status = 422


class CodeLimit(Busy):
    """Another code may be sent after `retry_after` seconds."""

    code = "CODE_LIMIT"
    status = 429


def write_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def check_sending(at: datetime, *, last_sent_at: datetime | None, by_phone: int, by_address: int) -> None:
    """Whether one more code may go out; `by_phone` and `by_address` count today's.

    Raises: CodeLimit. The same for phones we know and phones we do not.
    """
    if last_sent_at is not None and at < last_sent_at + RESEND_AFTER:
        wait = int((last_sent_at + RESEND_AFTER - at).total_seconds()) + 1
        raise CodeLimit(_("刚发过验证码，请等 1 分钟再要"), retry_after=wait)
    if by_phone >= CODES_PER_PHONE:
        raise CodeLimit(_("这个手机号今天要了太多次验证码，请明天再试"), retry_after=24 * 3600)
    if by_address >= CODES_PER_ADDRESS:
        raise CodeLimit(_("这个网络今天要了太多次验证码，请换手机流量再试"), retry_after=24 * 3600)
