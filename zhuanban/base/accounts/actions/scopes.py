"""Telling PostgreSQL what may be seen (`app.scope`). On SQLite nothing happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DatabaseError, connection

from zhuanban.base.accounts.rules import By, scope_text, system

_SCOPE: ContextVar[str] = ContextVar("app.scope", default="")


@contextmanager
def scope_for(by: By | None) -> Iterator[None]:
    """Rows of walled tables exist, inside, only as far as `by` sees; afterwards as before, at first not at all."""
    before = _SCOPE.set(scope_text(by))
    try:
        _tell(_SCOPE.get())
        yield
    finally:
        _SCOPE.reset(before)
        _take_back(_SCOPE.get())


@contextmanager
def system_scope() -> Iterator[None]:
    """Everything, for a process of our own: commands, the worker, tests."""
    with scope_for(system("system")):
        yield


def _tell(text: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.scope', %s, false)", [text])


def _take_back(text: str) -> None:
    """A connection that cannot be told any more is closed rather than handed on with a scope."""
    try:
        if connection.connection is not None:
            _tell(text)
    except DatabaseError:
        connection.close()
