"""Start-up refuses unsafe settings, each with a sentence that says what to do.

Every process asks `refuse_if_unsafe()` before it opens its door; `manage.py check` shows the same sentences.
"""

import contextlib
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.utils import DatabaseError

SECRET_CHARS = 50  # source: Django's own security.W009
RETENTION_FLOOR = 7  # days; late visits and open files need them (trail/visits)
RETENTION_CEILING = 28  # days; source: DESIGN §4
LOOPBACK = frozenset({"localhost", "127.0.0.1", "testserver", "[::1]"})


def complaints() -> Iterator[str]:
    """What is unsafe, in sentences for the person who starts the process."""
    if settings.DEBUG and not settings.DEMO:
        yield "DEBUG 只能在演示中打开：请去掉环境变量 DEBUG=1，或者设 DEMO=1。"
    if len(_secret()) < SECRET_CHARS:
        yield "SECRET_KEY 太短：请运行 manage.py make_keys，或者设一个至少 50 个字符的随机值。"
    if not settings.HTTPS and not settings.DEMO:
        yield "正式运行必须使用 HTTPS：请去掉 HTTPS=0，并按 docs/operations.md 配置 TLS 代理。"
    if not settings.DEMO and set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        yield "ALLOWED_HOSTS 只有本机：请设为居民扫码时访问的域名。"
    if settings.CIPHER not in {"AES", "SM4"}:
        yield "CIPHER 只能是 AES 或 SM4。"
    if not RETENTION_FLOOR <= settings.RETENTION_DAYS <= RETENTION_CEILING:
        span = f"{RETENTION_FLOOR} 到 {RETENTION_CEILING}"
        yield f"RETENTION_DAYS 必须在 {span} 之间：行踪记录最多保存 {RETENTION_CEILING} 天。"
    yield from _open_key_files()


def _secret() -> str:
    """Django refuses to read an empty one; here it is only too short."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


def _open_key_files() -> Iterator[str]:
    for path in sorted(Path(settings.KEYS).rglob("*")) if Path(settings.KEYS).exists() else ():
        if path.is_file() and path.suffix != ".pub" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            name = path.relative_to(settings.KEYS)
            yield f"密钥文件 {name} 能被别的用户读到：请运行 chmod 600 {name}，并考虑更换这把密钥。"


def database_complaints() -> Iterator[str]:
    """What PostgreSQL is set to lose. SQLite's own pragmas are set by us."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit"):
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off":
                yield f"PostgreSQL 的 {name} 是 off，断电会丢已确认的记录：请在 postgresql.conf 里改为 on。"
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            yield "应用连接数据库的角色能绕过行级安全：请按 docs/operations.md 使用 zhuanban_app 角色。"


def refuse_if_unsafe(*, database: bool = True) -> None:
    """Ends the process with every complaint; a database that cannot be reached is not unsafe, only absent."""
    found = list(complaints())
    if database:
        with contextlib.suppress(DatabaseError):
            found += database_complaints()
    if found:
        sys.exit("没有启动，因为设置不安全：\n  - " + "\n  - ".join(found))


def check(**_: object) -> list[CheckMessage]:
    """The same for `manage.py check`."""
    return [Error(sentence, id=f"zhuanban.E{number:03}") for number, sentence in enumerate(complaints(), start=1)]
